"""Events on the bus, as their consumers read them: fields they do not know are ignored."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from schemas.envelope import Event
from schemas.project_events import PROJECT_COMMANDS, PROJECT_FACTS
from schemas.requests import ContactForm


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


EVENTS: dict[str, type[BaseModel]] = {"ContactSubmitted": ContactSubmitted, **PROJECT_COMMANDS, **PROJECT_FACTS}
"""Every event by its name; docs/events.md is generated from it."""
