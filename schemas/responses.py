"""Response bodies."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from schemas.requests import ContactForm

SubmissionStatus = Literal["new", "read", "archived", "spam"]


class Accepted(BaseModel):
    """A promise: the request will be applied once, and `status_url` tells when."""

    id: str
    status_url: str


class Delivery(BaseModel):
    """One attempt to tell somebody of a submission."""

    channel: Literal["notification", "autoresponse"]
    status: Literal["claimed", "sent", "skipped"]
    at: datetime
    attempts: int = Field(description="More than one: an earlier attempt ended without telling its outcome.")
    ses_message_id: str | None = None
    reason: str | None = Field(default=None, description="Why it was skipped.")


class Submission(BaseModel):
    """A stored contact form."""

    id: str
    status: SubmissionStatus
    received_at: datetime
    updated_at: datetime
    updated_by: str | None = None
    version: int
    notes: str = ""
    spam_score: int
    spam_reasons: list[str]
    submission: ContactForm
    deliveries: list[Delivery] | None = Field(default=None, description="Given when one submission is read.")


class SubmissionPage(BaseModel):
    """A page of submissions, newest first."""

    items: list[Submission]
    next_cursor: str | None = Field(description="Pass it as `cursor` for the next page; null on the last one.")


class ConsumerOutcome(BaseModel):
    """What one consumer did with the message."""

    consumer: str
    outcome: Literal["claimed", "applied", "rejected"]
    at: datetime
    reason: str | None = None


class Operation(BaseModel):
    """What became of an accepted request."""

    id: str
    status: Literal["pending", "applied", "rejected"]
    reason: str | None = None
    consumers: list[ConsumerOutcome]


class Health(BaseModel):
    """API Gateway's own answer."""

    status: Literal["ok"]


class FieldError(BaseModel):
    """One thing that is wrong with a request."""

    pointer: str = Field(description="JSON Pointer (RFC 6901) into the body; empty for the body as a whole.")
    detail: str


class Problem(BaseModel):
    """Problem details (RFC 9457), the shape of every error."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    request_id: str
    errors: list[FieldError] | None = None


RESPONSES: dict[str, type[BaseModel]] = {
    model.__name__: model for model in (Accepted, Health, Operation, Problem, Submission, SubmissionPage)
}
"""Every response body by its name, for the OpenAPI document."""
