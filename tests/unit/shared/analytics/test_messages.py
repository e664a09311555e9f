import json
from typing import Any

import msgspec
import pytest

from shared.analytics.messages import MessageReader, UnreadableMessageError
from shared.analytics.receipts import EXCLUDED, FOREIGN
from shared.analytics.sites import Site, Sites
from tests.unit.shared.analytics.parts import document, part
from tests.unit.shared.analytics.workers import identifier

_SITES = Sites(
    [
        Site("example.org", ("https://example.org", "https://www.example.org"), "UTC"),
        Site("beispiel.de", ("https://beispiel.de",), "Europe/Berlin"),
    ]
)
_READER = MessageReader(_SITES, ("q",))
_ID = "3c9fa3ae-9a3f-1e0d-0f0b-2f1f6e7c5d4b"
_HIT: dict[str, Any] = {
    "id": _ID, "url": "https://example.org/a?q=1&x=2#f", "referrer": "https://news.example/x?y", "title": "T",
    "user_agent": "Mozilla", "country": "de", "at": 1_795_780_800_000,
}  # fmt: skip


def read(value: object) -> Any:
    return _READER.read(json.dumps(value, separators=(",", ":")))


def pixel(**changes: Any) -> Any:
    return read({"pixel": {**_HIT, **changes}})


def altered(**changes: Any) -> dict[str, Any]:
    return {**document(identifier(1), part((0, "/"))), **changes}


def with_part(**changes: Any) -> dict[str, Any]:
    return altered(data=part((0, "/"), **{"batch": identifier(1), **changes}))


def test_a_message_is_read_with_its_part() -> None:
    data = part((5, "/a", "", ("x.example", "", "", "", "", ""), "T"), (6, "/a", "signup", None, "", {"plan": "pro"}))

    message = read(document(identifier(1), data))

    assert (message.id, message.accepted_at, message.correlation_id, message.reason) == (
        identifier(1), 1_795_780_800.0, "analytics-test", "",
    )  # fmt: skip
    assert message.part.events == [
        (5, "/a", "", ("x.example", "", "", "", "", ""), "T", None),
        (6, "/a", "signup", None, "", {"plan": "pro"}),
    ]


@pytest.mark.parametrize(("fields", "reason"), [({}, ""), ({"excluded": False}, ""), ({"excluded": True}, EXCLUDED)])
def test_a_message_may_say_that_its_visitor_is_excluded(fields: dict[str, bool], reason: str) -> None:
    assert read(with_part(**fields)).reason == reason


@pytest.mark.parametrize(
    ("occurred_at", "accepted_at"),
    [
        ("1970-01-01T00:00:01.500Z", 1.5),
        ("1970-01-01T00:00:01+00:00", 1.0),
        ("1970-01-01T01:00:00+01:00", 0.0),
    ],
)
def test_a_message_was_accepted_at_the_moment_it_names(occurred_at: str, accepted_at: float) -> None:
    assert read(altered(occurred_at=occurred_at)).accepted_at == accepted_at


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        {"id": identifier(1)},
        altered(id="x"),
        altered(id=f"{identifier(1)}\n"),
        altered(id=identifier(1).upper().replace("7", "4")),
        altered(name="CreateProject"),
        altered(version=2),
        altered(occurred_at="yesterday"),
        altered(occurred_at="2026-11-27T12:00:00"),
        altered(data={}),
        with_part(day="2026-02-30"),
        with_part(day="2026-1-1"),
        with_part(day="2026-W48-5"),
        with_part(site=""),
        with_part(parts=0),
        with_part(cut="x" * 17),
        with_part(excluded="perhaps"),
        with_part(events=[[-1, "/", "", None, "", None]]),
        with_part(events=[[26 * 3_600_000, "/", "", None, "", None]]),
        with_part(events=[[0, "/", "", ["x"], "", None]]),
        with_part(events=[[0, "/", "", None, "", {"a": 1}]]),
        with_part(events=[[0, "/"]]),
        with_part(events=[[0, "/", "", None, "", None]] * 101),
    ],
)
def test_what_is_no_message_is_refused(value: object) -> None:
    with pytest.raises(UnreadableMessageError):
        read(value)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        '{"pixel"',
        '{"pixel":{}}',
        '{"pixel":null}',
        "\x00",
        '"\\ud800"',
        "\ud800",
        "[" * 1000,
        '{"x":' + "[" * 100_000,
    ],
)
def test_what_is_no_json_is_refused(body: str) -> None:
    with pytest.raises(UnreadableMessageError):
        _READER.read(body)


def test_a_hit_of_the_pixel_is_a_page_view_of_nobody() -> None:
    message = pixel()

    assert (message.id, message.accepted_at, message.correlation_id, message.reason) == (_ID, 1_795_780_800.0, _ID, "")
    assert msgspec.structs.asdict(message.part) == {
        "batch": _ID, "parts": 1, "site": "example.org", "day": "2026-11-27", "visitor": "", "screen": "",
        "language": "", "user_agent": "Mozilla", "country": "DE", "cut": "",
        "excluded": False,
        "events": [(12 * 3_600_000, "/a?q=1", "", ("news.example/x", "", "", "", "", ""), "T", None)],
    }  # fmt: skip


def test_what_a_hit_tells_is_one_line_that_steers_no_terminal() -> None:
    message = pixel(
        url="https://example.org/\x1b[2Ja?q=1", referrer="https://news.example/\x85x", title=" \x1b[2J(x)\n\x00 "
    )

    (event,) = message.part.events
    assert (event[1], event[4]) == ("/ [2Ja?q=1", "[2J(x)")
    assert event[3] == ("news.example/ x", "", "", "", "", "")


def test_a_title_of_a_hit_is_not_taken_for_the_overflow() -> None:
    assert pixel(title="(other)").part.events[0][4] == "other"


def test_a_hit_is_placed_in_the_days_of_its_own_site() -> None:
    message = pixel(url="https://beispiel.de/", at=1_795_820_400_001)

    assert (message.part.site, message.part.day) == ("beispiel.de", "2026-11-28")
    assert message.part.events[0][0] == 1


@pytest.mark.parametrize(
    "url",
    ["https://elsewhere.example/", "http://example.org/", "https://example.org.evil.example/", "", "x", "http://["],
)
def test_a_hit_of_a_foreign_page_is_not_counted(url: str) -> None:
    message = pixel(url=url)

    assert (message.reason, message.part.events, message.part.site) == (FOREIGN, [], "example.org")


def test_a_hit_tells_its_campaign() -> None:
    message = pixel(url="https://example.org/?utm_source=letter&utm_medium=email", referrer="")

    assert message.part.events[0][3] == ("", "letter", "email", "", "", "")


@pytest.mark.parametrize("referrer", ["", "https://www.example.org/b", "no address", "http://["])
def test_a_hit_without_a_referrer_from_outside_has_no_source(referrer: str) -> None:
    assert pixel(referrer=referrer).part.events[0][3] is None


@pytest.mark.parametrize(
    ("told", "country"),
    [("de", "DE"), ("DE", "DE"), ("", ""), ("DEU", ""), ("d", ""), ("1x", ""), ("ß", ""), ("de\n", "")],
)
def test_a_hit_has_a_country_of_two_letters_or_none(told: str, country: str) -> None:
    assert pixel(country=told).part.country == country


@pytest.mark.parametrize("at", [0, 10**14 - 1])
def test_a_hit_may_be_of_any_time_that_there_is(at: int) -> None:
    assert pixel(at=at).accepted_at == at / 1000


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "x"},
        {"id": _ID.upper()},
        {"id": f"{_ID}0"},
        {"id": f"{_ID}\n"},
        {"id": None},
        {"at": -1},
        {"at": 10**14},
        {"at": "soon"},
        {"at": None},
        {"url": None},
        {"url": f"https://example.org/{'x' * 2048}"},
        {"referrer": "x" * 2049},
        {"title": "x" * 301},
        {"user_agent": "x" * 513},
        {"country": "x" * 9},
    ],
)
def test_what_is_no_hit_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(UnreadableMessageError):
        pixel(**changes)
