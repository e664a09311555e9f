import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.analytics_messages import PackedEvent
from shared.analytics.parts import BYTES_PER_PART, HOURS_PER_PART, OLDEST_MS, SKEW_MS, divide, moment_of
from shared.analytics.times import HOUR_MS, Calendar
from tests.unit.properties import reproducible

NOON = 1_795_780_800_000  # 2026-11-27T12:00:00Z


def timed(moment: int, title: str = "") -> tuple[int, PackedEvent]:
    return moment, (0, "/", "", None, title, None)


@pytest.mark.parametrize(
    ("occurred_at", "expected"),
    [
        (None, NOON + 3),
        (NOON - 1, NOON - 1),
        (NOON + SKEW_MS, NOON + SKEW_MS),
        (NOON + SKEW_MS + 1, NOON + 3),
        (NOON - OLDEST_MS, NOON - OLDEST_MS),
        (NOON - OLDEST_MS - 1, None),
    ],
)
def test_a_moment_is_believed_within_a_window(occurred_at: int | None, expected: int | None) -> None:
    assert moment_of(occurred_at, NOON, 3) == expected


def test_no_events_are_one_part_of_the_day_on_which_they_arrived() -> None:
    assert divide([], Calendar("UTC"), NOON) == [("2026-11-27", [])]


def test_a_request_of_one_hour_is_one_part() -> None:
    (part,) = divide([timed(NOON), timed(NOON + 1)], Calendar("UTC"), NOON)

    assert part.day == "2026-11-27"
    assert [event[0] for event in part.events] == [12 * HOUR_MS, 12 * HOUR_MS + 1]


@reproducible
@given(
    back=st.lists(st.integers(-SKEW_MS, OLDEST_MS), max_size=100),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "Pacific/Apia"]),
    title=st.sampled_from(["", "t" * 300, "ü" * 4000]),
)
def test_every_event_is_in_one_part_of_one_day_and_few_hours(back: list[int], zone: str, title: str) -> None:
    moments = [NOON - offset for offset in back]

    parts = divide([timed(moment, title) for moment in moments], Calendar(zone), NOON)

    placed = sorted((part.day, event[0]) for part in parts for event in part.events)
    assert placed == sorted(Calendar(zone).place(moment) for moment in moments)
    for part in parts:
        assert len({event[0] // HOUR_MS for event in part.events}) <= HOURS_PER_PART
        assert len(json.dumps(part.events, ensure_ascii=False, separators=(",", ":")).encode()) <= BYTES_PER_PART
        assert part.events or not back


@reproducible
@given(back=st.lists(st.integers(0, OLDEST_MS), max_size=20))
def test_the_same_events_make_the_same_parts_whenever_they_arrive(back: list[int]) -> None:
    events = [timed(NOON - offset) for offset in back] or [timed(NOON)]

    assert divide(events, Calendar("UTC"), NOON) == divide(events, Calendar("UTC"), NOON + OLDEST_MS)
