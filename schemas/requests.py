"""Request bodies.

They are TypedDicts with declarative constraints only, so that `schemas.compiler` can turn each into a validator that
a function loads without importing Pydantic. A rule that spans fields belongs in the handler's code.
"""

from typing import Annotated, Literal, NotRequired, TypedDict

from pydantic import ConfigDict, Field, with_config

from schemas.analytics import AnalyticsRequest
from schemas.projects import PreviewRequest, ProjectContent, ProjectOrder, ProjectPatch, ProjectRevert
from schemas.text import (
    FIELD_NAME,
    ChallengeSession,
    EmailAddress,
    LanguageTag,
    OneTimeCode,
    Password,
    PhoneNumber,
    RefreshToken,
    WebUrl,
    line,
    text,
)

_STRICT_SHAPE = ConfigDict(extra="forbid", str_strip_whitespace=True)
# Nothing is trimmed: white space at a password's ends is part of it.
_VERBATIM_SHAPE = ConfigDict(extra="forbid")

FieldName = Annotated[str, Field(min_length=1, max_length=64, pattern=FIELD_NAME)]
FieldValue = Annotated[str, text(max_length=2000)]
RoleName = Literal["viewer", "editor", "admin"]


class ContactForm(TypedDict):
    """What a visitor writes in a contact form, as events and records carry it: fields they do not know are ignored."""

    name: Annotated[str, line(min_length=1, max_length=200)]
    email: EmailAddress
    message: Annotated[str, text(min_length=1, max_length=10_000)]
    subject: NotRequired[Annotated[str, line(max_length=200)]]
    phone: NotRequired[PhoneNumber]
    page_url: NotRequired[Annotated[WebUrl, Field(description="The page the form stands on.")]]
    locale: NotRequired[LanguageTag]
    consent: NotRequired[Annotated[bool, Field(description="The visitor agreed to be contacted.")]]
    fields: NotRequired[
        Annotated[
            dict[FieldName, FieldValue],
            Field(max_length=20, description="The site's own fields: at most 20, all strings."),
        ]
    ]
    website: NotRequired[
        Annotated[
            str,
            line(max_length=2048),
            Field(description="A trap for robots: hide it from people and leave it empty."),
        ]
    ]
    elapsed_ms: NotRequired[
        Annotated[
            int,
            Field(ge=0, le=7 * 24 * 3600 * 1000),
            Field(description="Milliseconds from showing the form to sending it; people need more than two seconds."),
        ]
    ]


@with_config(_STRICT_SHAPE)
class ContactRequest(ContactForm):
    """What a visitor writes in a contact form; nothing else is accepted."""


@with_config(_STRICT_SHAPE)
class ContactUpdate(TypedDict):
    """What an editor may change of a submission; what is absent stays as it is."""

    status: NotRequired[Literal["new", "read", "archived", "spam"]]
    notes: NotRequired[Annotated[str, text(max_length=10_000)]]


@with_config(_STRICT_SHAPE)
class UserCreate(TypedDict):
    """Whom an administrator invites."""

    email: Annotated[EmailAddress, Field(description="Where the invitation goes, and what the user signs in with.")]
    role: RoleName
    name: NotRequired[Annotated[str, line(max_length=200)]]


@with_config(_STRICT_SHAPE)
class UserUpdate(TypedDict):
    """What an administrator may change of a user; what is absent stays as it is."""

    role: NotRequired[RoleName]
    enabled: NotRequired[Annotated[bool, Field(description="false ends the user's sessions and refuses new ones.")]]
    name: NotRequired[Annotated[str, line(max_length=200), Field(description="Empty to remove it.")]]


@with_config(_STRICT_SHAPE)
class ProfileUpdate(TypedDict):
    """What users may change of themselves."""

    name: Annotated[str, line(max_length=200), Field(description="Empty to remove it.")]


@with_config(_VERBATIM_SHAPE)
class TokenRequest(TypedDict):
    """A sign-in: an address with a password; or with a challenge's session and what the challenge asks for."""

    email: EmailAddress
    password: NotRequired[Password]
    session: NotRequired[Annotated[ChallengeSession, Field(description="The challenge's `session`.")]]
    new_password: NotRequired[Annotated[Password, Field(description="Answers `new_password_required`.")]]
    code: NotRequired[Annotated[OneTimeCode, Field(description="Answers `software_token_mfa`.")]]


@with_config(_VERBATIM_SHAPE)
class RefreshRequest(TypedDict):
    """The refresh token of a sign-in: to be given an access token for it, or to end it."""

    refresh_token: RefreshToken


REQUESTS: dict[str, type] = {
    model.__name__: model
    for model in (
        AnalyticsRequest,
        ContactRequest,
        ContactUpdate,
        PreviewRequest,
        ProfileUpdate,
        ProjectContent,
        ProjectOrder,
        ProjectPatch,
        ProjectRevert,
        RefreshRequest,
        TokenRequest,
        UserCreate,
        UserUpdate,
    )
}
"""Every request body by its name: what is compiled, and what the API's models are made from."""
