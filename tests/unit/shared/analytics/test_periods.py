from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.analytics.periods import EARLIEST, LATEST, Period, hour_labels, named, today, usual_interval
from tests.unit.properties import reproducible

TODAY = date(2026, 11, 27)
ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "Asia/Kathmandu",
    "Asia/Gaza",
)

days = st.dates(date(2001, 1, 1), date(2098, 12, 31))


@pytest.mark.parametrize(
    ("name", "first", "interval"),
    [
        ("day", date(2026, 11, 27), "hour"),
        ("7d", date(2026, 11, 21), "day"),
        ("30d", date(2026, 10, 29), "day"),
        ("12mo", date(2025, 12, 1), "month"),
    ],
)
def test_a_named_period_ends_today(name: str, first: date, interval: str) -> None:
    assert named(name, TODAY, "UTC") == Period(first, TODAY, interval, "UTC")


@pytest.mark.parametrize(("month", "first"), [(1, date(2025, 2, 1)), (12, date(2026, 1, 1))])
def test_twelve_months_are_whole_but_the_last(month: int, first: date) -> None:
    period = named("12mo", date(2026, month, 15), "UTC")

    assert (period.first, len(period.slots())) == (first, 12)


def test_a_named_period_is_divided_as_is_asked_for() -> None:
    assert named("7d", TODAY, "UTC", "hour").interval == "hour"


@pytest.mark.parametrize(("count", "interval"), [(1, "hour"), (2, "day"), (100, "day"), (101, "month")])
def test_what_nobody_says_depends_on_the_length(count: int, interval: str) -> None:
    assert usual_interval(TODAY - timedelta(days=count - 1), TODAY) == interval


@pytest.mark.parametrize(
    ("zone", "day"), [("UTC", TODAY), ("Pacific/Kiritimati", date(2026, 11, 28)), ("Europe/Berlin", date(2026, 11, 28))]
)
def test_today_is_the_sites(zone: str, day: date) -> None:
    assert today(datetime(2026, 11, 27, 23, 30, tzinfo=UTC).timestamp(), zone) == day


@pytest.mark.parametrize(
    ("zone", "day", "count", "last"),
    [
        ("Europe/Berlin", "2026-03-28", 24, "2026-03-28T23:00:00+01:00"),
        ("Europe/Berlin", "2026-03-29", 23, "2026-03-29T23:00:00+02:00"),
        ("Europe/Berlin", "2026-10-25", 25, "2026-10-25T23:00:00+01:00"),
        ("Australia/Lord_Howe", "2026-04-05", 25, "2026-04-05T23:30:00+10:30"),
        ("Australia/Lord_Howe", "2026-10-04", 24, "2026-10-04T23:30:00+11:00"),
    ],
)
def test_a_day_has_the_hours_that_pass_in_it(zone: str, day: str, count: int, last: str) -> None:
    labels = hour_labels(day, zone)

    assert (len(labels), labels[-1]) == (count, last)


def test_the_hour_that_comes_twice_is_told_apart_by_its_offset() -> None:
    assert hour_labels("2026-10-25", "Europe/Berlin")[2:4] == ["2026-10-25T02:00:00+02:00", "2026-10-25T02:00:00+01:00"]


def test_a_day_without_midnight_begins_when_clocks_are_changed() -> None:
    assert hour_labels("2026-04-24", "Africa/Cairo")[0] == "2026-04-24T01:00:00+03:00"


@reproducible
@given(day=days, zone=st.sampled_from(ZONES))
def test_the_hours_of_two_days_follow_each_other(day: date, zone: str) -> None:
    labels = [datetime.fromisoformat(label) for label in hour_labels(str(day), zone)]
    following = datetime.fromisoformat(hour_labels(str(day + timedelta(days=1)), zone)[0])

    assert {label.date() for label in labels} == {day}
    assert all(after - before == timedelta(hours=1) for before, after in pairwise(labels))
    assert timedelta(0) < following - labels[-1] <= timedelta(hours=1)


@reproducible
@given(day=days, zone=st.sampled_from(ZONES), seconds=st.integers(0, 90_000))
def test_an_hour_is_found_by_what_passed_since_midnight(day: date, zone: str, seconds: int) -> None:
    labels = hour_labels(str(day), zone)
    moment = datetime.fromisoformat(labels[0]).astimezone(UTC) + timedelta(seconds=seconds)

    if moment.astimezone(ZoneInfo(zone)).date() == day:
        begins = datetime.fromisoformat(labels[seconds // 3600])
        assert begins <= moment < begins + timedelta(hours=1)


@reproducible
@given(first=days, length=st.integers(1, 400))
def test_the_period_before_is_as_long_and_ends_where_this_one_begins(first: date, length: int) -> None:
    period = Period(first, first + timedelta(days=length - 1), "day", "UTC")

    before = period.previous()

    assert before.days == period.days == length
    assert before.last + timedelta(days=1) == period.first


@reproducible
@given(first=days, length=st.integers(1, 400))
def test_days_and_months_of_a_series_are_in_order_and_none_is_left_out(first: date, length: int) -> None:
    period = Period(first, first + timedelta(days=length - 1), "day", "UTC")

    assert len(period.slots()) == len(period.dates()) == length
    months = period._replace(interval="month").slots()
    assert months == sorted({day[:7] for day in period.dates()})


def test_there_is_a_period_before_the_earliest_one() -> None:
    longest = Period(EARLIEST, EARLIEST + timedelta(days=5 * 366 - 1), "month", "UTC")

    assert longest.previous().first < EARLIEST
    assert Period(LATEST, LATEST, "hour", "UTC").slots()
