"""Events on the bus, as their consumers read them: fields they do not know are ignored."""

from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from schemas.requests import ContactForm


class Event[Data](BaseModel):
    """The envelope of every event; it travels as the `detail` of an EventBridge event.

    `id` is the message's identity: the ledger applies it once, whatever delivers it.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str = Field(description="Identity of the message: UUIDv7, or UUIDv5 where an Idempotency-Key was sent.")
    name: str = Field(description="Also the `detail-type` on the bus.")
    version: Literal[1] = Field(description="A breaking change is a new version beside the old one.")
    occurred_at: AwareDatetime = Field(description="When the request was accepted, in UTC.")
    correlation_id: str = Field(description="The caller's X-Correlation-Id, or the request's id; in every log line.")
    data: Data


class SpamVerdict(BaseModel):
    """Points that `shared.spam` gave, and the names of the rules that gave them."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    is_spam: bool = Field(description="Stored as spam, and no mail is sent.")
    score: int = Field(description="The sum of the points.")
    reasons: tuple[str, ...] = Field(description="Names of the rules that gave points.")


class ContactSubmittedData(BaseModel):
    """A contact form that was accepted."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    submission: ContactForm
    spam: SpamVerdict


class ContactSubmitted(Event[ContactSubmittedData]):
    """Someone submitted a contact form."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "019aa2f4-7c7e-7b3e-9d0a-5a1f0c5d2e11",
                    "name": "ContactSubmitted",
                    "version": 1,
                    "occurred_at": "2026-01-31T12:00:00.000Z",
                    "correlation_id": "4f6c2f5e-8c1a-4a57-9a53-0d1f6c3b7e20",
                    "data": {
                        "submission": {"name": "Ada", "email": "ada@example.org", "message": "Hello!"},
                        "spam": {"is_spam": False, "score": 0, "reasons": []},
                    },
                }
            ]
        }
    )

    name: Literal["ContactSubmitted"] = Field(description="Also the `detail-type` on the bus.")


EVENTS: dict[str, type[BaseModel]] = {"ContactSubmitted": ContactSubmitted}
"""Every event by its name; docs/events.md is generated from it."""
