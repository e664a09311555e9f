"""Divide a request's events into the parts in which they travel: each on one day of a site, of few of its hours."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from shared.analytics.times import HOUR_MS, Calendar
from shared.ids import derived_id
from shared.publishing import compact

TYPE_CHECKING = False
if TYPE_CHECKING:
    # It imports msgspec.
    from schemas.analytics_messages import PackedEvent

HOURS_PER_PART = 4
"""Hours in which the events of a part lie, at most: each hour is another item for the worker to write."""

BYTES_PER_PART = 240 * 1024
"""Bytes of a part's events; with what surrounds them a message stays below 256 KiB."""

OLDEST_MS = 23 * HOUR_MS
"""How long an event may have waited to be sent: its day, which may have 25 hours, began at most 48 hours ago then."""

SKEW_MS = 5 * 60 * 1000
"""How far a visitor's clock may be ahead; what is later happened when it arrived."""


class Part(NamedTuple):
    """Events of one day of a site, in the order in which they were sent."""

    day: str
    events: "list[PackedEvent]"


def moment_of(occurred_at: int | None, arrival: int, place: int) -> int | None:
    """Return when an event happened, in milliseconds since the epoch; None where that is too long ago.

    Parameters
    ----------
    occurred_at
        When its page says that it happened.
    arrival
        When the request arrived.
    place
        Its place among the request's events: those that happened on arrival follow each other.
    """
    if occurred_at is None or occurred_at > arrival + SKEW_MS:
        return arrival + place
    return occurred_at if occurred_at >= arrival - OLDEST_MS else None


def divide(events: "Sequence[tuple[int, PackedEvent]]", calendar: Calendar, arrival: int) -> list[Part]:
    """Return the parts of events that happened at certain moments; those are replaced by the time of the day."""
    days: dict[str, list[PackedEvent]] = {}
    for moment, event in events:
        day, since_midnight = calendar.place(moment)
        days.setdefault(day, []).append((since_midnight, *event[1:]))
    parts = [
        Part(day, fitting) for day, of_day in days.items() for few in _few_hours(of_day) for fitting in _fitting(few)
    ]
    return parts or [Part(calendar.place(arrival)[0], [])]


def cut_of(documents: Sequence[Mapping[str, Any]]) -> str:
    """Return what tells the documents of a request's parts from all others; nothing where there is one.

    A request that is repeated may be cut otherwise, because events have become too old, or happened when it arrived.
    """
    if len(documents) == 1:
        return ""
    return hashlib.sha256(compact(documents).encode()).hexdigest()[:16]


def part_id(batch: str, cut: str, place: int) -> str:
    """Return the id of a part of a batch by its place in the cut: of the first the batch's own."""
    return derived_id(batch.encode(), f"{cut}{place}".encode()) if place else batch


def _few_hours(events: "list[PackedEvent]") -> "Iterator[list[PackedEvent]]":
    hours = sorted({event[0] // HOUR_MS for event in events})
    for start in range(0, len(hours), HOURS_PER_PART):
        few = hours[start : start + HOURS_PER_PART]
        yield events if len(few) == len(hours) else [event for event in events if event[0] // HOUR_MS in few]


def _fitting(events: "list[PackedEvent]") -> "Iterator[list[PackedEvent]]":
    """Halve events until each half is small enough; one alone always is."""
    size = len(compact(events).encode())
    if size <= BYTES_PER_PART or len(events) == 1:
        yield events
        return
    middle = len(events) // 2
    yield from _fitting(events[:middle])
    yield from _fitting(events[middle:])
