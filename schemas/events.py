"""Events on the bus, as their consumers read them: fields they do not know are ignored."""

from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from schemas.requests import ContactForm


class Event[Data](BaseModel):
    """The envelope of every event; it travels as the `detail` of an EventBridge event.

    `id` is the message's identity: the ledger applies it once, whatever delivers it.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    name: str
    version: Literal[1]
    occurred_at: AwareDatetime
    correlation_id: str
    data: Data


class SpamVerdict(BaseModel):
    """Points that `shared.spam` gave, and the names of the rules that gave them."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    is_spam: bool
    score: int
    reasons: tuple[str, ...]


class ContactSubmittedData(BaseModel):
    """A contact form that was accepted."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    submission: ContactForm
    spam: SpamVerdict


class ContactSubmitted(Event[ContactSubmittedData]):
    """Someone submitted a contact form."""

    name: Literal["ContactSubmitted"]


EVENTS: dict[str, type[BaseModel]] = {"ContactSubmitted": ContactSubmitted}
"""Every event by its name; docs/events.md is generated from it."""
