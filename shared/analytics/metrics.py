"""What a report tells of a value: sums as they were counted, and what is computed from them."""

from collections.abc import Sequence

from shared.analytics.dimensions import BOUNCES, DURATION, EVENTS, METRICS, OF_NOBODY, PAGEVIEWS, VISITORS, VISITS

BOUNCE_RATE, VISIT_DURATION, VIEWS_PER_VISIT = "bounce_rate", "visit_duration", "views_per_visit"
_IN_VISITS = "pageviews_in_visits"

# Of each: the sum above the line, the sum below it, and to how many digits it is told.
_QUOTIENTS = {
    BOUNCE_RATE: (BOUNCES, VISITS, 4),
    VISIT_DURATION: (DURATION, VISITS, 1),
    VIEWS_PER_VISIT: (_IN_VISITS, VISITS, 2),
}

REPORTED = (PAGEVIEWS, VISITORS, VISITS, EVENTS, *_QUOTIENTS)
"""Metrics that reports have, in their order.

`bounce_rate` is a fraction from 0 to 1, `visit_duration` the average in seconds. `visitors` of several days are the sum
of each day's: who comes on two days is two visitors, because nothing that is kept would tell.
"""

Value = int | float | None
"""A metric; None where there is nothing that an average could be of."""


def metrics_of(dimension: str) -> tuple[str, ...]:
    """Return the metrics that values of a dimension have."""
    counted = {_IN_VISITS, *METRICS[dimension]}
    return tuple(name for name in REPORTED if {*_QUOTIENTS.get(name, (name, name))[:2]} <= counted)


def measured(dimension: str, sums: Sequence[int], metrics: Sequence[str]) -> dict[str, Value]:
    """Return metrics of a value of a dimension whose vectors were added up to `sums`."""
    by_name = dict(zip(METRICS[dimension], sums, strict=True))
    by_name[_IN_VISITS] = by_name.get(PAGEVIEWS, 0) - by_name.get(OF_NOBODY, 0)
    return {name: _quotient(name, by_name) if name in _QUOTIENTS else by_name[name] for name in metrics}


def change(before: Value, after: Value) -> float | None:
    """Return by which fraction of what it was a metric has changed: 0.5 is half as much again; None from nothing."""
    if not before or after is None:
        return None
    return round((after - before) / before, 4)


def _quotient(name: str, sums: dict[str, int]) -> float | None:
    above, below, digits = _QUOTIENTS[name]
    return round(sums[above] / sums[below], digits) if sums[below] else None
