"""What is counted by what: the dimensions, the metrics of each, and the rollups in which they are kept.

A rollup is one item of the table for one group of dimensions, of one site, over a day or an hour of it. Its document
maps each dimension's values to a vector of numbers, one for each metric: `{"country": {"DE": [12, 3, 1, 345, 2, 3]}}`.
"""

from collections.abc import Sequence

Vector = Sequence[int]

Document = dict[str, dict[str, Vector]]
"""A rollup's document: by dimension and value a vector of numbers."""

PAGEVIEWS, VISITS, BOUNCES, DURATION, EVENTS, VISITORS = (
    "pageviews", "visits", "bounces", "duration", "events", "visitors",
)  # fmt: skip

OF_VISITS = (PAGEVIEWS, VISITS, BOUNCES, DURATION, EVENTS, VISITORS)
"""Metrics of what describes a visit; `duration` in whole seconds, `visitors` distinct within the day (or the hour)."""

OF_NOBODY = "pageviews_of_nobody"
"""The metric of page views that are of no visitor and so in no visit, such as the pixel's."""

TOTAL = "total"
"""The dimension of the whole site, whose only value is the empty string."""

UTM = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")

METRICS: dict[str, tuple[str, ...]] = {
    TOTAL: (*OF_VISITS, OF_NOBODY),
    "country": OF_VISITS,
    "browser": OF_VISITS,
    "os": OF_VISITS,
    "device": OF_VISITS,
    "screen": OF_VISITS,
    "language": OF_VISITS,
    "channel": OF_VISITS,
    "source": OF_VISITS,
    "referrer": OF_VISITS,
    **dict.fromkeys(UTM, OF_VISITS),
    "entry_page": OF_VISITS,
    "exit_page": OF_VISITS,
    "page": (PAGEVIEWS, VISITORS),
    "title": (PAGEVIEWS,),
    "event": (EVENTS, VISITORS),
    "property": (EVENTS,),
}
"""The metrics of each dimension, in the order of its vectors."""

GROUPS: dict[str, tuple[str, ...]] = {
    "totals": (TOTAL,),
    "audience": ("country", "browser", "os", "device", "screen", "language"),
    "acquisition": ("channel", "source", "referrer", *UTM),
    "journeys": ("entry_page", "exit_page"),
    "pages": ("page",),
    "titles": ("title",),
    "events": ("event", "property"),
}
"""The dimensions that one rollup holds: those that change together."""

GROUP_OF = {dimension: group for group, dimensions in GROUPS.items() for dimension in dimensions}

MOST_VALUES = 1000
"""Values of a dimension in one rollup; what comes later counts as `OTHER`. The total has one value."""

OTHER = "(other)"
DIRECT = "(direct)"
UNKNOWN = "(unknown)"

PROPERTY_SEPARATOR = "\t"
"""Between the event's name, the property's name and its value, in a value of `property`."""

VITALS = "web-vitals"
"""An event that is told when a page is left, of the page on which the visitor landed."""

PASSIVE_EVENTS = frozenset({"scroll", VITALS})
"""Events that a page sends by itself: a visit of one page view with no others is a bounce."""

VISIT_GAP_MS = 30 * 60 * 1000
"""After a longer silence, a visitor's next event begins another visit."""

LIVE_MINUTES = 5
"""For so long a visitor counts as present after the browser sent something."""


def named(text: str) -> str:
    """Return what a page calls something as a value of a dimension, of which none is taken for `OTHER`."""
    return "other" if text == OTHER else text
