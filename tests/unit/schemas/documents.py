"""Documents for request schemas: valid ones, valid ones with something broken, and junk."""

import json
from typing import Any

from hypothesis import strategies as st

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

VALID: dict[str, st.SearchStrategy[Document]] = {
    "ContactRequest": _CONTACT_REQUESTS,
    "ContactUpdate": _CONTACT_UPDATES,
    "ProfileUpdate": st.fixed_dictionaries({"name": _SENTENCES | st.just("")}),
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
    names = st.sampled_from([*document, "fields", "status", "elapsed_ms", "consent", "unknown"]) | texts
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
