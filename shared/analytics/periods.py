"""Periods of a report: days of a site, in its time zone, and the hours, days or months that they are divided into."""

import math
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

HOUR, DAY, MONTH = "hour", "day", "month"
INTERVALS = (HOUR, DAY, MONTH)

NAMES = ("day", "7d", "30d", "12mo")
"""Periods that have a name: today; the last days, today among them; this month and the eleven before it."""

EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)
MOST_DAYS = 5 * 366
MOST_DAYS_BY_HOUR = 31
HOURS_KEPT_DAYS = 90
"""Days for which hours are kept; days are kept for ever."""

_LONGEST_BY_DAY = 100
_MONTHS_OF_A_YEAR = 12


class Period(NamedTuple):
    """Days from the first to the last, both included, and what they are divided into."""

    first: date
    last: date
    interval: str
    time_zone: str

    @property
    def days(self) -> int:
        """Return how many days it has."""
        return (self.last - self.first).days + 1

    def previous(self) -> "Period":
        """Return the period of the same number of days that ends where this one begins."""
        return self._replace(first=self.first - timedelta(days=self.days), last=self.first - timedelta(days=1))

    def dates(self) -> list[str]:
        """Return every day, as keys of the table spell it."""
        return [str(self.first + timedelta(days=number)) for number in range(self.days)]

    def slots(self) -> list[str]:
        """Return what a series of it has: every hour, day or month, in order, as the API spells it."""
        if self.interval == HOUR:
            return [label for day in self.dates() for label in hour_labels(day, self.time_zone)]
        return list(dict.fromkeys(slot_of(day, self.interval) for day in self.dates()))


def named(name: str, today: date, time_zone: str, interval: str | None = None) -> Period:
    """Return the period of `NAMES` that ends today."""
    if name == "12mo":
        months = today.year * _MONTHS_OF_A_YEAR + today.month - _MONTHS_OF_A_YEAR
        first = date(months // _MONTHS_OF_A_YEAR, months % _MONTHS_OF_A_YEAR + 1, 1)
    else:
        days = {"day": 1, "7d": 7, "30d": 30}[name]
        first = today - timedelta(days=days - 1)
    return Period(first, today, interval or usual_interval(first, today), time_zone)


def usual_interval(first: date, last: date) -> str:
    """Return what a period is divided into where nobody says it: one day into hours, a long one into months."""
    days = (last - first).days + 1
    return HOUR if days == 1 else DAY if days <= _LONGEST_BY_DAY else MONTH


def today(seconds: float, time_zone: str) -> date:
    """Return which day it is at a site."""
    return datetime.fromtimestamp(seconds, ZoneInfo(time_zone)).date()


def slot_of(day: str, interval: str) -> str:
    """Return which day or month of a series a day is counted in."""
    return day[:7] if interval == MONTH else day


def hour_labels(day: str, time_zone: str) -> list[str]:
    """Return the hours of a day as local times with their offsets, by the number of hours since its midnight.

    A day has 23 or 25 where clocks are changed, and half an hour less or more at Lord Howe; what is left counts as one.
    """
    zone = ZoneInfo(time_zone)
    begins, ends = _midnight(date.fromisoformat(day), zone), _midnight(date.fromisoformat(day) + timedelta(1), zone)
    count = math.ceil((ends - begins) / timedelta(hours=1))
    return [(begins + timedelta(hours=number)).astimezone(zone).isoformat() for number in range(count)]


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the instant at which a day begins, in UTC: differences of local times would ignore changed clocks.

    Where clocks go from midnight to one, it is the moment of the change.
    """
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
