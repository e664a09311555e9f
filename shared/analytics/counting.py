"""What messages change of the rollups.

Sums need no memory: page views and events count in the hour in which they occurred. What is said of visits does: their
numbers are those of the visits as they are, minus those of the visits as they were known before.
"""

from collections.abc import Iterable, Mapping, Sequence

from shared.analytics.agents import Agent
from shared.analytics.dimensions import METRICS, OF_VISITS, PROPERTY_SEPARATOR, TOTAL, VISITORS
from shared.analytics.origins import dimensions_of
from shared.analytics.visits import (
    HOUR_MS,
    MOST_EVENT_NAMES,
    MOST_PAGES,
    Packed,
    Visit,
    Visitor,
    active_hours,
    merged,
    visits_in,
)

Document = dict[str, dict[str, list[int]]]
"""A rollup's document: by dimension and value a vector of numbers, as `shared.analytics.dimensions` orders them."""

_WIDTH = {dimension: len(metrics) for dimension, metrics in METRICS.items()}
_VISITORS_AT = {dimension: metrics.index(VISITORS) for dimension, metrics in METRICS.items() if VISITORS in metrics}
_PV, _VISITS, _BOUNCES, _DURATION, _EVENTS, _VISITORS = range(len(OF_VISITS))


class Counts:
    """Changes of the rollups of one site, on one day."""

    def __init__(self) -> None:
        self.hours: dict[int, Document] = {}
        self._visitors: dict[tuple[str, str], int] = {}
        """Changes of the day's distinct visitors, which are not the sum of the hours'."""

    def add_events(self, events: Sequence[Packed]) -> None:
        """Count what needs no memory, of whomever it is."""
        for time, page, name, _, title, properties in events:
            hour = self.hour(time // HOUR_MS)
            total = _vector(hour, TOTAL, "")
            if name:
                total[_EVENTS] += 1
                _vector(hour, "event", name)[0] += 1
                for key, value in (properties or {}).items():
                    _vector(hour, "property", PROPERTY_SEPARATOR.join((name, key, value)))[0] += 1
                continue
            total[_PV] += 1
            _vector(hour, "page", page)[0] += 1
            if title:
                _vector(hour, "title", title)[0] += 1

    def add_visitor(
        self, before: Visitor | None, events: Sequence[Packed], agent: Agent, profile: tuple[str, str, str]
    ) -> Visitor:
        """Count a message's events, all of one visitor, and return what is known of the visitor after it.

        Parameters
        ----------
        before
            What was known before.
        events
            The events.
        agent
            What the visitor's browser is.
        profile
            Country, class of screen and language.
        """
        self.add_events(events)
        known = before.visits if before else []
        visits = merged(known, visits_in(events, *profile))
        self._move_visits(known, visits, agent)
        self._add_hours(active_hours(known), active_hours(visits), TOTAL, "")
        pages = dict(before.pages) if before else {}
        names = dict(before.names) if before else {}
        for time, page, name, *_ in events:
            if name:
                self._see(names, name, time // HOUR_MS, "event", MOST_EVENT_NAMES)
            else:
                self._see(pages, page, time // HOUR_MS, "page", MOST_PAGES)
        return Visitor(visits, pages, names)

    def hour(self, number: int) -> Document:
        """Return the changes of an hour."""
        found = self.hours.get(number)
        if found is None:
            found = self.hours[number] = {}
        return found

    def day(self) -> Document:
        """Return the changes of the day: the sum of the hours, with its own distinct visitors."""
        total: Document = {}
        for hour in self.hours.values():
            for dimension, values in hour.items():
                place = _VISITORS_AT.get(dimension)
                for value, vector in values.items():
                    summed = _vector(total, dimension, value)
                    for at, number in enumerate(vector):
                        if at != place:
                            summed[at] += number
        for (dimension, value), number in self._visitors.items():
            _vector(total, dimension, value)[_VISITORS_AT[dimension]] += number
        return total

    def _see(self, seen: dict[str, int], value: str, hour: int, dimension: str, most: int) -> None:
        """Count a visitor of a page or event, who is one in each hour and one in the day."""
        hours = seen.get(value, 0)
        if not hours and len(seen) >= most:
            return
        seen[value] = hours | 1 << hour
        self._add_hours(hours, seen[value], dimension, value)

    def _add_hours(self, before: int, after: int, dimension: str, value: str) -> None:
        added, place = after & ~before, _VISITORS_AT[dimension]
        while added:
            lowest = added & -added
            _vector(self.hour(lowest.bit_length() - 1), dimension, value)[place] += 1
            added ^= lowest
        if after and not before:
            self._add_visitors(dimension, value, 1)

    def _move_visits(self, before: list[Visit], after: list[Visit], agent: Agent) -> None:
        gone = [visit for visit in before if visit not in after]
        come = [visit for visit in after if visit not in before]
        if len(gone) == len(come) == 1 and gone[0][:3] == come[0][:3]:
            self._extend(gone[0], come[0], agent)
        else:
            for visit in gone:
                self._add_visit(visit, agent, -1)
            for visit in come:
                self._add_visit(visit, agent, 1)
        if len(before) == len(after) == 1 and gone and gone[0][:3] == come[0][:3] and gone[0].exit == come[0].exit:
            return
        was, is_ = _descriptions(before, agent), _descriptions(after, agent)
        for sign, only in ((-1, was - is_), (1, is_ - was)):
            for hour, dimension, value in only:
                if hour < 0:
                    self._add_visitors(dimension, value, sign)
                else:
                    _vector(self.hour(hour), dimension, value)[_VISITORS] += sign

    def _extend(self, gone: Visit, come: Visit, agent: Agent) -> None:
        """Count a visit that went on: nothing of where it began has changed."""
        change = [now - then for now, then in zip(_numbers(come), _numbers(gone), strict=True)]
        hour = self.hour(come.start // HOUR_MS)
        for dimension, value in dimensions_of(come.origin, agent):
            _accumulate(_vector(hour, dimension, value), change, 1)
        _accumulate(_vector(hour, "entry_page", come.entry), change, 1)
        if gone.exit == come.exit:
            _accumulate(_vector(hour, "exit_page", come.exit), change, 1)
        else:
            _accumulate(_vector(hour, "exit_page", gone.exit), _numbers(gone), -1)
            _accumulate(_vector(hour, "exit_page", come.exit), _numbers(come), 1)
        _accumulate_total(_vector(hour, TOTAL, ""), change, 1)

    def _add_visit(self, visit: Visit, agent: Agent, sign: int) -> None:
        numbers, hour = _numbers(visit), self.hour(visit.start // HOUR_MS)
        for dimension, value in _described(visit, agent):
            _accumulate(_vector(hour, dimension, value), numbers, sign)
        _accumulate_total(_vector(hour, TOTAL, ""), numbers, sign)

    def _add_visitors(self, dimension: str, value: str, number: int) -> None:
        key = dimension, value
        self._visitors[key] = self._visitors.get(key, 0) + number


def _vector(document: Document, dimension: str, value: str) -> list[int]:
    values = document.get(dimension)
    if values is None:
        values = document[dimension] = {}
    vector = values.get(value)
    if vector is None:
        vector = values[value] = [0] * _WIDTH[dimension]
    return vector


def _numbers(visit: Visit) -> tuple[int, int, int, int, int]:
    """Return page views, visits, bounces, seconds and events of a visit."""
    return visit.pageviews, 1, int(visit.is_bounce), (visit.last - visit.start) // 1000, visit.events


def _accumulate(vector: list[int], numbers: Sequence[int], sign: int) -> None:
    vector[_PV] += sign * numbers[_PV]
    vector[_VISITS] += sign * numbers[_VISITS]
    vector[_BOUNCES] += sign * numbers[_BOUNCES]
    vector[_DURATION] += sign * numbers[_DURATION]
    vector[_EVENTS] += sign * numbers[_EVENTS]


def _accumulate_total(vector: list[int], numbers: Sequence[int], sign: int) -> None:
    """Add what is known of visits alone: page views and events of the site count where they occurred."""
    vector[_VISITS] += sign * numbers[_VISITS]
    vector[_BOUNCES] += sign * numbers[_BOUNCES]
    vector[_DURATION] += sign * numbers[_DURATION]


def _described(visit: Visit, agent: Agent) -> Iterable[tuple[str, str]]:
    """Return the values of all dimensions that describe a visit."""
    return (*dimensions_of(visit.origin, agent), ("entry_page", visit.entry), ("exit_page", visit.exit))


def _descriptions(visits: Iterable[Visit], agent: Agent) -> set[tuple[int, str, str]]:
    """Return what a visitor counts for: by hour, and by day as hour -1."""
    return {
        (hour, dimension, value)
        for visit in visits
        for dimension, value in _described(visit, agent)
        for hour in (-1, visit.start // HOUR_MS)
    }


def without_zeros(document: Mapping[str, Mapping[str, list[int]]]) -> Document:
    """Return the changes that change something."""
    found = {
        dimension: {value: vector for value, vector in values.items() if any(vector)}
        for dimension, values in document.items()
    }
    return {dimension: values for dimension, values in found.items() if values}
