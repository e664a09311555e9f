"""String types that several models use.

The patterns are valid in Rust (the validators), ECMAScript (OpenAPI clients) and Java (API Gateway) alike, and hold
to what can be compiled into a validator: no Python function takes part.
"""

from typing import Annotated

from pydantic import Field

from schemas.identities import RECORD_ID, UUID7

# U+0000-001F, U+007F and U+0080-009F. They have no place in a name or a subject, and would forge mail headers.
ONE_LINE = r"^[^\x00-\x1f\x7f-\x9f]*$"
# The same, but tab, line feed and carriage return are what a message is made of.
MANY_LINES = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$"

# What a browser accepts in <input type="email"> (WHATWG HTML, "valid e-mail address"), and a dot in the domain.
EMAIL = (
    r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}$"
)

WEB_URL = r"^https?://[^\s\x00-\x1f\x7f-\x9f]+$"
LANGUAGE_TAG = r"^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$"
PHONE_NUMBER = r"^\+?[0-9 ()./-]{3,39}$"
FIELD_NAME = r"^[A-Za-z0-9][A-Za-z0-9_. -]*$"
ONE_TIME_CODE = r"^[0-9]{6}$"
SLUG = r"^[a-z0-9]+(?:-[a-z0-9]+)*$"
# Written in one way only, because it is part of keys: de, pt-BR, zh-Hant-TW (RFC 5646, section 2.1.1).
CANONICAL_LOCALE = r"^[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?$"
# A picture or file of the site's own content by its id, or an address.
CONTENT_SOURCE = r"^(?:https?://[^\s\x00-\x1f\x7f-\x9f]+|content:[A-Za-z0-9][A-Za-z0-9._/-]{0,199})$"
# A name that is not empty and no white space, without control characters: tabs join it with others in keys.
EVENT_NAME = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$"
SCREEN_SIZE = r"^[0-9]{1,5}x[0-9]{1,5}$"
# Cognito's refresh tokens are JSON Web Encryptions: parts in base64url, joined by dots.
REFRESH_TOKEN = r"^[A-Za-z0-9_=.-]+$"  # noqa: S105  a pattern

EXPLANATIONS = {
    ONE_LINE: "Must be one line without control characters.",
    MANY_LINES: "Must not hold control characters other than line breaks and tabs.",
    EMAIL: "Must be an e-mail address such as ada@example.org.",
    WEB_URL: "Must be an absolute URL that starts with http:// or https://.",
    LANGUAGE_TAG: "Must be a language tag such as de or pt-BR.",
    PHONE_NUMBER: "Must be a telephone number of digits, spaces and + ( ) . / -.",
    FIELD_NAME: "A field's name must be letters, digits, spaces, dots, dashes and underscores.",
    ONE_TIME_CODE: "Must be the six digits that the authenticator shows.",
    REFRESH_TOKEN: "Must be a refresh token as it was answered.",
    SLUG: "Must be words of small letters and digits, joined by single dashes.",
    CANONICAL_LOCALE: "Must be a language tag such as de, pt-BR or zh-Hant-TW, written in exactly this way.",
    CONTENT_SOURCE: "Must be a URL that starts with http:// or https://, or content: and the id of a content.",
    EVENT_NAME: "Must be one line with something to read, without control characters.",
    SCREEN_SIZE: "Must be width and height such as 1920x1080.",
    UUID7: "Must be a UUIDv7 in lower case.",
    RECORD_ID: "Must be an id that this API gave out.",
}
"""What to tell a person whose input does not match a pattern."""

EmailAddress = Annotated[str, Field(max_length=254, pattern=EMAIL)]
"""An address that a browser's form would accept."""

WebUrl = Annotated[str, Field(max_length=2048, pattern=WEB_URL)]
"""An absolute http or https URL."""

LanguageTag = Annotated[str, Field(max_length=35, pattern=LANGUAGE_TAG)]
"""A language tag such as `de` or `pt-BR` (RFC 5646)."""

CanonicalLocale = Annotated[str, Field(max_length=11, pattern=CANONICAL_LOCALE)]
"""A language tag in its canonical form."""

Slug = Annotated[str, Field(min_length=1, max_length=100, pattern=SLUG)]
"""A record's name in URLs."""

RecordId = Annotated[str, Field(pattern=RECORD_ID)]
"""The id of a record, as this API gives them out."""

ContentSource = Annotated[str, Field(max_length=2048, pattern=CONTENT_SOURCE)]
"""Where a picture or file is: a URL, or a content of this site."""

PhoneNumber = Annotated[str, Field(max_length=40, pattern=PHONE_NUMBER)]
"""A telephone number as people write it."""

Password = Annotated[str, Field(min_length=1, max_length=256)]
"""A password: any characters, passed on as they are. What makes a good one is the user pool's to say."""

SHORTEST_PASSWORD = 12
"""Characters that the user pool asks of a password, beside one of each kind."""

OneTimeCode = Annotated[str, Field(pattern=ONE_TIME_CODE)]
"""A code of an authenticator app."""

RefreshToken = Annotated[str, Field(max_length=8192, pattern=REFRESH_TOKEN)]
"""A refresh token of the user pool."""

ChallengeSession = Annotated[str, Field(min_length=20, max_length=2048)]
"""What ties the answer of a challenge to its question; the bounds are Cognito's."""


def line(*, min_length: int = 0, max_length: int) -> object:
    """Return the constraints of one line of text, in characters."""
    return Field(min_length=min_length, max_length=max_length, pattern=ONE_LINE)


def text(*, min_length: int = 0, max_length: int) -> object:
    """Return the constraints of text of several lines, in characters."""
    return Field(min_length=min_length, max_length=max_length, pattern=MANY_LINES)
