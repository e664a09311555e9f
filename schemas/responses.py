"""Response bodies."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field, RootModel

from schemas.analytics_responses import AnalyticsReport
from schemas.project_responses import (
    Applied,
    ChangeAccepted,
    Preview,
    Project,
    ProjectDiff,
    ProjectPage,
    ProjectVersionPage,
)
from schemas.requests import ContactForm, RoleName

SubmissionStatus = Literal["new", "read", "archived", "spam"]
UserStatus = Literal["invited", "active", "reset_required", "other"]


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
    outcome: Literal["claimed", "applied", "rejected", "counted", "dropped"]
    at: datetime
    reason: str | None = None


class Operation(BaseModel):
    """What became of an accepted request."""

    id: str
    status: Literal["pending", "applied", "rejected", "counted", "dropped"] = Field(
        description="Page views and events are counted, or dropped for a reason; all else is applied or rejected. "
        "What was never sent is pending too: nobody knows what is still on its way."
    )
    reason: str | None = Field(
        default=None,
        description="Why it was rejected; or why it was dropped: `bot`, `excluded`, `foreign` or `too old`.",
    )
    consumers: list[ConsumerOutcome]


class User(BaseModel):
    """Someone who may sign in."""

    id: str
    email: str
    name: str | None = None
    role: RoleName | None = Field(default=None, description="Absent: the user has none, and may call nothing.")
    enabled: bool = Field(description="Whether the user may sign in.")
    status: UserStatus = Field(description="`invited` until the first sign-in with a password of the user's own.")
    created_at: datetime
    updated_at: datetime
    email_verified: bool
    mfa: bool | None = Field(
        default=None, description="Whether an authenticator app is asked for; given when one user is read."
    )


class UserPage(BaseModel):
    """A page of users, in no particular order."""

    items: list[User]
    next_cursor: str | None = Field(description="Pass it as `cursor` for the next page; null on the last one.")


class Tokens(BaseModel):
    """A sign-in that succeeded."""

    access_token: str = Field(description="Send it as `Authorization: Bearer <token>`.")
    refresh_token: str | None = Field(
        default=None, description="Exchanges for further access tokens; the one that was sent stays valid on a refresh."
    )
    token_type: Literal["Bearer"]
    expires_in: int = Field(description="Seconds that the access token is valid.")


class Challenge(BaseModel):
    """What a sign-in asks for next: send it with the same `email` and this `session` within three minutes."""

    challenge: Literal["new_password_required", "software_token_mfa"]
    session: str


class TokenAnswer(RootModel[Tokens | Challenge]):
    """Tokens, or a challenge that comes before them."""


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
    operation_id: str | None = Field(default=None, description="The change that was refused.")
    record: dict[str, Any] | None = Field(default=None, description="The record as it is, where a change was refused.")


RESPONSES: dict[str, type[BaseModel]] = {
    model.__name__: model
    for model in (
        Accepted, AnalyticsReport, Applied, ChangeAccepted, Health, Operation, Preview, Problem, Project, ProjectDiff,
        ProjectPage, ProjectVersionPage, Submission, SubmissionPage, TokenAnswer, Tokens, User, UserPage,
    )
}  # fmt: skip
"""Every response body by its name, for the OpenAPI document."""
