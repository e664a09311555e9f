"""Documents for request schemas: valid ones, valid ones with something broken, and junk."""

import json
from datetime import datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st

from schemas.projects import LARGEST_POSITION
from tests.unit.properties import json_values, texts

Document = dict[str, Any]

_ADDRESSES = st.sampled_from(["ada@example.org", "a.b+c@mail.example.co", " ada@example.org ", "x@a-b.museum"])
_SENTENCES = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=40).filter(str.strip)
_MESSAGES = st.lists(_SENTENCES, min_size=1, max_size=3).map("\r\n\t".join)
_FIELD_NAMES = st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9_.-]{0,20}\Z")

_CONTACT_REQUESTS: st.SearchStrategy[Document] = st.fixed_dictionaries(
    {"name": _SENTENCES, "email": _ADDRESSES, "message": _MESSAGES},
    optional={
        "subject": _SENTENCES,
        "phone": st.sampled_from(["+49 30 123456", "(030) 123-456", "0301234/56"]),
        "page_url": st.sampled_from(["https://example.org/contact?a=b#c", "http://münchen.example/"]),
        "locale": st.sampled_from(["de", "pt-BR", "zh-Hant-TW"]),
        "consent": st.booleans(),
        "fields": st.dictionaries(_FIELD_NAMES, _SENTENCES, max_size=5),
        "website": _SENTENCES | st.just(""),
        "elapsed_ms": st.integers(0, 7 * 24 * 3600 * 1000),
    },
)

_CONTACT_UPDATES: st.SearchStrategy[Document] = st.fixed_dictionaries(
    {}, optional={"status": st.sampled_from(["new", "read", "archived", "spam"]), "notes": _MESSAGES | st.just("")}
)

_ROLES = st.sampled_from(["viewer", "editor", "admin"])
_PASSWORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=256)
_EXACT_ADDRESSES = _ADDRESSES.map(str.strip)
_SESSIONS = st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), min_size=20, max_size=60)

_SLUGS = st.from_regex(r"\A[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,3}\Z")
_LOCALES = st.sampled_from(["de", "pt-BR", "zh-Hant-TW", "es-419"])
_SOURCES = st.sampled_from(["https://example.org/a.jpg?w=1", "content:pictures/engine.webp", "content:1"])
_DAYS = st.dates().map(str)
_OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
# What is kept of times is four digits of their year.
_MOMENTS = st.datetimes(min_value=datetime(1000, 1, 2), max_value=datetime(9999, 12, 30), timezones=_OFFSETS).map(
    lambda moment: moment.isoformat()
)
_POSITIONS = st.integers(0, LARGEST_POSITION)
_IDS = st.from_regex(r"\A[0-9a-f]{8}-[0-9a-f]{4}-[57][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\Z")
_PIXELS = st.integers(1, 100_000)
_STATUSES = st.sampled_from(["draft", "published", "archived"])
_MARKDOWN = _MESSAGES | st.just("")
_TAGS = st.lists(_SENTENCES, max_size=10)
_LINKS = st.lists(
    st.fixed_dictionaries({"url": st.just("https://example.org/")}, optional={"label": _SENTENCES}), max_size=3
)
_PICTURE_TEXTS = {"alt": _SENTENCES, "caption": _SENTENCES, "width": _PIXELS, "height": _PIXELS}
_IMAGES = st.fixed_dictionaries({"src": _SOURCES}, optional=_PICTURE_TEXTS)
_CUSTOM_FIELDS = st.dictionaries(_FIELD_NAMES, _SENTENCES, max_size=5)
_SEO_FIELDS = {
    "title": _SENTENCES, "description": _SENTENCES, "image": _SOURCES,
    "canonical_url": st.just("https://example.org/engine"), "noindex": st.booleans(),
}  # fmt: skip
_KEPT_FIELDS = {
    "locale": _LOCALES, "status": _STATUSES, "featured": st.booleans(), "position": _POSITIONS,
}  # fmt: skip
_REMOVABLE_FIELDS = {
    "slug": _SLUGS, "summary": _MARKDOWN, "body": _MARKDOWN, "tags": _TAGS, "links": _LINKS,
    "images": st.lists(_IMAGES, max_size=3), "date": _DAYS, "end_date": _DAYS, "client": _SENTENCES,
    "publish_at": _MOMENTS, "unpublish_at": _MOMENTS,
}  # fmt: skip


def _or_null(fields: dict[str, st.SearchStrategy[Any]]) -> dict[str, st.SearchStrategy[Any]]:
    return {name: values | st.none() for name, values in fields.items()}


_PROJECTS: st.SearchStrategy[Document] = st.fixed_dictionaries(
    {"title": _SENTENCES},
    optional={
        **_KEPT_FIELDS,
        **_REMOVABLE_FIELDS,
        "cover": _IMAGES,
        "custom": _CUSTOM_FIELDS,
        "seo": st.fixed_dictionaries({}, optional=_SEO_FIELDS),
    },
)

_PROJECT_PATCHES: st.SearchStrategy[Document] = st.fixed_dictionaries(
    {},
    optional={
        "title": _SENTENCES,
        **_KEPT_FIELDS,
        **_or_null(_REMOVABLE_FIELDS),
        "cover": st.fixed_dictionaries({}, optional={"src": _SOURCES, **_or_null(_PICTURE_TEXTS)}) | st.none(),
        "custom": st.dictionaries(_FIELD_NAMES, _SENTENCES | st.none(), max_size=5) | st.none(),
        "seo": st.fixed_dictionaries({}, optional=_or_null(_SEO_FIELDS)) | st.none(),
    },
)

_PLACEMENTS = st.fixed_dictionaries({"id": _IDS, "position": _POSITIONS})

_UUID7S = st.from_regex(r"\A[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\Z")
_EVENTS: st.SearchStrategy[Document] = st.fixed_dictionaries(
    {"type": st.sampled_from(["pageview", "event"]), "url": st.sampled_from(["https://example.org/", "http://a.b/?q"])},
    optional={
        "referrer": _SENTENCES | st.just(""),
        "title": _SENTENCES,
        "name": _SENTENCES,
        "props": st.dictionaries(
            _SENTENCES,
            _SENTENCES | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False),
            max_size=4,
        ),
        "screen": st.sampled_from(["390x844", "1920x1080"]),
        "language": st.sampled_from(["de", "en-US", "zh-Hant-TW"]),
        "occurred_at": _MOMENTS,
    },
)

VALID: dict[str, st.SearchStrategy[Document]] = {
    "AnalyticsRequest": st.fixed_dictionaries(
        {"events": st.lists(_EVENTS, min_size=1, max_size=3)}, optional={"id": _UUID7S}
    ),
    "ContactRequest": _CONTACT_REQUESTS,
    "ContactUpdate": _CONTACT_UPDATES,
    "PreviewRequest": st.fixed_dictionaries({}, optional={"expires_in": st.integers(60, 30 * 24 * 3600)}),
    "ProfileUpdate": st.fixed_dictionaries({"name": _SENTENCES | st.just("")}),
    "ProjectContent": _PROJECTS,
    "ProjectOrder": st.fixed_dictionaries({"positions": st.lists(_PLACEMENTS, min_size=1, max_size=5)}),
    "ProjectPatch": _PROJECT_PATCHES,
    "ProjectRevert": st.fixed_dictionaries({"version": st.integers(1, LARGEST_POSITION)}),
    "RefreshRequest": st.fixed_dictionaries({"refresh_token": st.from_regex(r"\A[A-Za-z0-9_=.-]{1,80}\Z")}),
    "TokenRequest": st.fixed_dictionaries(
        {"email": _EXACT_ADDRESSES},
        optional={
            "password": _PASSWORDS,
            "session": _SESSIONS,
            "new_password": _PASSWORDS,
            "code": st.from_regex(r"\A[0-9]{6}\Z"),
        },
    ),
    "UserCreate": st.fixed_dictionaries({"email": _ADDRESSES, "role": _ROLES}, optional={"name": _SENTENCES}),
    "UserUpdate": st.fixed_dictionaries(
        {}, optional={"role": _ROLES, "enabled": st.booleans(), "name": _SENTENCES | st.just("")}
    ),
}
"""Documents that a request schema accepts, by its name."""

_ODD_VALUES = st.one_of(
    json_values,
    st.sampled_from(
        [
            "",
            " ",
            "\x00",
            "a\nb",
            "\x85",
            "true",
            "on",
            "12",
            "1.5",
            "new ",
            "x" * 201,
            "x" * 10_001,
            2**70,
            -1,
            1.0,
            1.5,
        ]
    ),
    st.dictionaries(texts, texts, min_size=19, max_size=22),
)


@st.composite
def broken(draw: st.DrawFn, valid: st.SearchStrategy[Document]) -> Document:
    """Draw a valid document and remove, replace or add something; it may still be valid."""
    document = dict(draw(valid))
    names = st.sampled_from([*document, "fields", "status", "elapsed_ms", "cover", "tags", "unknown"]) | texts
    for _ in range(draw(st.integers(1, 3))):
        name = draw(names)
        if draw(st.booleans()):
            document.pop(name, None)
        else:
            document[name] = draw(_ODD_VALUES)
    return document


@st.composite
def _cut(draw: st.DrawFn, valid: st.SearchStrategy[Document]) -> bytes:
    body = json.dumps(draw(valid), ensure_ascii=False).encode()
    return body[: draw(st.integers(0, len(body)))]


def _encoded(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def bodies(name: str) -> st.SearchStrategy[bytes]:
    """Return bodies for the request schema `name`: what clients send, and what anybody can."""
    return st.one_of(
        VALID[name].map(_encoded),
        broken(VALID[name]).map(_encoded),
        _cut(VALID[name]),
        json_values.map(_encoded),
        st.binary(max_size=30),
    )
