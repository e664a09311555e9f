"""What a report is asked for."""

import re
from datetime import date, timedelta

from shared.analytics.dimensions import METRICS, TOTAL
from shared.analytics.metrics import REPORTED, metrics_of
from shared.analytics.periods import (
    EARLIEST,
    HOUR,
    HOURS_KEPT_DAYS,
    INTERVALS,
    LATEST,
    MOST_DAYS,
    MOST_DAYS_BY_HOUR,
    NAMES,
    Period,
    named,
    usual_interval,
)
from shared.analytics.report import EVENT, PROPERTY, SITE, Narrowed, Question
from shared.analytics.sites import Site, Sites
from shared.http.queries import invalid, whole_number
from shared.http.request import Request

DIMENSIONS = tuple(name for name in METRICS if name != TOTAL)
MOST_ROWS = 1000
CSV = "text/csv"
_ROWS = 20
_LONGEST_VALUE = 500
_PERIOD = "30d"
_DATE = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_site(request: Request, sites: Sites) -> Site:
    """Return the site that a report is about; the first one where none is named.

    Raises
    ------
    InvalidRequestError
        When there is no such site.
    """
    name = request.query.get("site")
    site = sites.default if name is None else sites.get(name)
    if site is None:
        raise invalid("site", f"Must be one of {', '.join(site.name for site in sites)}.")
    return site


def read_question(request: Request, *, today: date, time_zone: str) -> Question:
    """Return what a report is asked for, on a day at its site.

    Raises
    ------
    InvalidRequestError
        When a parameter is not valid, or does not go with another.
    """
    subject = _subject(request)
    dimension = _dimension(request, subject)
    return Question(
        period=_period(request, today, time_zone),
        subject=subject,
        dimension=dimension,
        metrics=_metrics(request, subject, dimension),
        limit=whole_number(request, "limit", default=_ROWS, least=1, most=MOST_ROWS),
    )


def compares(request: Request) -> bool:
    """Tell whether the period before is asked for too."""
    return _one_of("compare", request.query.get("compare"), ("previous",)) is not None


def is_csv(request: Request) -> bool:
    """Tell whether a report is asked for as CSV: by `format`, or else by the Accept header."""
    chosen = _one_of("format", request.query.get("format"), ("json", "csv"))
    if chosen is not None:
        return chosen == "csv"
    accepted = [part.partition(";")[0].strip().lower() for part in request.headers.get("accept", "").split(",")]
    return CSV in accepted and "application/json" not in accepted


def _period(request: Request, today: date, time_zone: str) -> Period:
    interval = _one_of("interval", request.query.get("interval"), INTERVALS)
    name = _one_of("period", request.query.get("period"), NAMES)
    first, last = _day("from", request.query.get("from")), _day("to", request.query.get("to"))
    if first is None and last is None:
        period = named(name or _PERIOD, today, time_zone, interval)
    elif name is not None:
        raise invalid("period", "Must be left out where from and to are given.")
    elif first is None:
        raise invalid("from", "Must be given with to.")
    else:
        last = last or max(first, today)
        if last < first:
            raise invalid("to", "Must not be before from.")
        period = Period(first, last, interval or usual_interval(first, last), time_zone)
    if period.days > MOST_DAYS:
        raise invalid("from", "Must be less than five years before to.")
    return _with_hours(period, today, is_asked_for=interval is not None)


def _with_hours(period: Period, today: date, *, is_asked_for: bool) -> Period:
    """Return a period that is divided into hours only if there are hours of it."""
    if period.interval != HOUR:
        return period
    if period.days > MOST_DAYS_BY_HOUR:
        raise invalid("interval", f"hour is possible for {MOST_DAYS_BY_HOUR} days at most.")
    if period.first <= today - timedelta(days=HOURS_KEPT_DAYS):
        if is_asked_for:
            raise invalid("interval", f"hour is possible for the last {HOURS_KEPT_DAYS} days: older hours are gone.")
        return period._replace(interval="day")
    return period


def _subject(request: Request) -> Narrowed:
    raw = request.query.get("filter")
    if raw is None:
        return SITE
    dimension, colon, value = raw.partition(":")
    if dimension not in DIMENSIONS or not colon:
        raise invalid("filter", f"Must be dimension:value, with a dimension of {', '.join(DIMENSIONS)}.")
    if not 1 <= len(value) <= _LONGEST_VALUE:
        raise invalid("filter", f"The value must be 1 to {_LONGEST_VALUE} characters.")
    return Narrowed(dimension, value)


def _dimension(request: Request, subject: Narrowed) -> str | None:
    dimension = _one_of("dimension", request.query.get("dimension"), DIMENSIONS)
    possible = {None, subject.dimension} | ({PROPERTY} if subject.dimension == EVENT else set())
    if subject != SITE and dimension not in possible:
        raise invalid(
            "filter",
            f"One dimension at a time: values are counted by {dimension} and by {subject.dimension}, not by both. Only "
            "a filter on event goes with dimension=property.",
        )
    return dimension


def _metrics(request: Request, subject: Narrowed, dimension: str | None) -> tuple[str, ...] | None:
    raw = request.query.get("metrics")
    if raw is None:
        return None
    # Each once: a line of a report has every column once.
    names = tuple(dict.fromkeys(filter(None, (name.strip() for name in raw.split(",")))))
    if not names or not {*names} <= {*REPORTED}:
        raise invalid("metrics", f"Must be some of {', '.join(REPORTED)}, separated by commas.")
    for place in dict.fromkeys((dimension or subject.dimension, subject.dimension)):
        known = metrics_of(place)
        if missing := [name for name in names if name not in known]:
            raise invalid("metrics", f"{place} has no {', '.join(missing)}; it has {', '.join(known)}.")
    return names


def _day(parameter: str, raw: str | None) -> date | None:
    if raw is None:
        return None
    try:
        day = date.fromisoformat(raw) if _DATE.fullmatch(raw) else None
    except ValueError:
        day = None
    if day is None or not EARLIEST <= day <= LATEST:
        raise invalid(parameter, f"Must be a date such as 2026-01-31, from {EARLIEST} to {LATEST}.")
    return day


def _one_of(parameter: str, value: str | None, known: tuple[str, ...]) -> str | None:
    if value is not None and value not in known:
        raise invalid(parameter, f"Must be one of {', '.join(known)}.")
    return value
