import datetime
import zoneinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.analytics.times import Calendar, milliseconds
from tests.unit.properties import reproducible

HOUR_MS = 3_600_000
ZONES = [
    "UTC", "Europe/Berlin", "America/New_York", "Africa/Cairo", "Asia/Beirut", "Asia/Kathmandu", "Australia/Lord_Howe",
    "Pacific/Apia", "Pacific/Kiritimati",
]  # fmt: skip


def at(text: str, zone: str) -> int:
    """Return a local time in milliseconds since the epoch."""
    return milliseconds(datetime.datetime.fromisoformat(text).replace(tzinfo=zoneinfo.ZoneInfo(zone)))


@pytest.mark.parametrize(
    ("zone", "moment", "day", "hours"),
    [
        ("UTC", "2026-11-27T00:00", "2026-11-27", 0),
        ("UTC", "2026-11-27T23:30", "2026-11-27", 23.5),
        ("Europe/Berlin", "2026-07-01T12:00", "2026-07-01", 12),
        # Clocks go forward at two: the day has 23 hours.
        ("Europe/Berlin", "2026-03-29T01:59", "2026-03-29", 1 + 59 / 60),
        ("Europe/Berlin", "2026-03-29T03:00", "2026-03-29", 2),
        ("Europe/Berlin", "2026-03-29T23:00", "2026-03-29", 22),
        # Clocks go back at three: the day has 25.
        ("Europe/Berlin", "2026-10-25T23:00", "2026-10-25", 24),
        # There is no midnight: the day begins at one.
        ("Asia/Beirut", "2026-03-29T01:00", "2026-03-29", 0),
    ],
)
def test_time_passes_since_midnight_whatever_clocks_say(zone: str, moment: str, day: str, hours: float) -> None:
    assert Calendar(zone).place(at(moment, zone)) == (day, round(hours * HOUR_MS))


@reproducible
@given(
    moment=st.integers(at("2012-01-01T00:00", "UTC"), at("2037-12-31T00:00", "UTC")),
    zone=st.sampled_from(ZONES),
    ahead=st.lists(st.integers(-30 * HOUR_MS, 30 * HOUR_MS), max_size=4),
)
def test_a_moment_is_in_the_day_that_its_local_date_says(moment: int, zone: str, ahead: list[int]) -> None:
    calendar = Calendar(zone)
    for offset in ahead:
        calendar.place(moment + offset)

    day, since_midnight = calendar.place(moment)

    local = datetime.datetime.fromtimestamp(moment / 1000, zoneinfo.ZoneInfo(zone))
    assert day == local.date().isoformat()
    assert 0 <= since_midnight < 25 * HOUR_MS
    # The first moment of the day, and the last of the day before.
    assert calendar.place(moment - since_midnight) == (day, 0)
    assert calendar.place(moment - since_midnight - 1)[0] < day


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1970-01-01T00:00:00+00:00", 0),
        ("1970-01-01T01:00:00.123+01:00", 123),
        ("0001-01-01T00:00:00+23:59", -62135683140000),
        ("9999-12-31T23:59:59-23:59", 253402387139000),
    ],
)
def test_a_moment_of_any_offset_is_so_many_milliseconds(text: str, expected: int) -> None:
    assert milliseconds(datetime.datetime.fromisoformat(text)) == expected
