"""What messages change of the rollups.

Sums need no memory: page views and events count in the hour in which they occurred. What is said of visits does: their
numbers are those of the visits as they are, minus those of the visits as they were known before.

A batch runs through here once for every event, so the loops are spelled out.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from shared.analytics.agents import Agent
from shared.analytics.dimensions import METRICS, PROPERTY_SEPARATOR, TOTAL, VISITORS, Document
from shared.analytics.origins import dimensions_of
from shared.analytics.visits import (
    HOUR_MS,
    MOST_SEEN,
    Packed,
    Visit,
    Visitor,
    active_hours,
    digest_of,
    merged,
    visits_in,
)

_WITH_VISITORS = frozenset(dimension for dimension, metrics in METRICS.items() if metrics[-1] == VISITORS)
"""Dimensions with distinct visitors, which always are the last of their vectors."""

_SIZES = {
    dimension: len(metrics) + 1 if dimension in _WITH_VISITORS else len(metrics)
    for dimension, metrics in METRICS.items()
}
"""Here, vectors with visitors have one more number: visitors of the hour, then those that are the day's as well."""

_PV, _VISITS, _BOUNCES, _DURATION, _EVENTS = range(5)


class Counts:
    """Changes of the rollups of one site, on one day."""

    def __init__(self) -> None:
        self._hours: dict[int, Document] = {}

    def add_events(self, events: Sequence[Packed], visitor: Visitor | None = None) -> None:
        """Count what needs no memory but which pages and events the visitor has seen, which is noted in `visitor`."""
        number, document, pages, titles, total = -1, {}, {}, {}, [0]
        seen_pages, seen_names = (visitor.pages, visitor.names) if visitor else (None, {})
        for time, page, name, _, title, properties in events:
            if time // HOUR_MS != number:
                number = time // HOUR_MS
                document = self._hour(number)
                pages, titles, total = document["page"], document["title"], _vector(document, TOTAL, "")
            if name:
                total[_EVENTS] += 1
                vector = _vector(document, "event", name)
                if properties:
                    _count_properties(document, name, properties)
            else:
                total[_PV] += 1
                vector = pages[page] if page in pages else _vector(document, "page", page)
                if title:
                    titles.setdefault(title, [0])[0] += 1
            vector[0] += 1
            if seen_pages is None:
                continue
            seen, key = (seen_names, name) if name else (seen_pages, digest_of(page))
            hours = seen.get(key, 0)
            if not hours >> number & 1 and (hours or len(seen) < MOST_SEEN):
                seen[key] = hours | 1 << number
                vector[-2] += 1
                if not hours:
                    vector[-1] += 1

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
        known = before.visits if before else []
        visits = visits_in(events, *profile)
        if known:
            visits = merged(known, visits)
        after = Visitor(visits, {**before.pages}, {**before.names}) if before else Visitor(visits, {}, {})
        self.add_events(events, after)
        self._move_visits(known, visits, agent)
        self._add_hours(active_hours(known), active_hours(visits))
        return after

    def hours(self) -> Iterator[tuple[int, Document]]:
        """Return the changes of each hour that change something."""
        for number, hour in self._hours.items():
            yield (
                number,
                _changes(
                    {
                        dimension: {value: vector[:-1] for value, vector in values.items()}
                        if dimension in _WITH_VISITORS
                        else values
                        for dimension, values in hour.items()
                    }
                ),
            )

    def day(self) -> Document:
        """Return the changes of the day that change something: the sum of the hours, with its own distinct visitors."""
        total: Document = {}
        for hour in self._hours.values():
            for dimension, values in hour.items():
                known = total.setdefault(dimension, {})
                for value, vector in values.items():
                    known[value] = list(map(int.__add__, known[value], vector)) if value in known else vector
        return _changes(
            {
                dimension: {value: [*vector[:-2], vector[-1]] for value, vector in values.items()}
                if dimension in _WITH_VISITORS
                else values
                for dimension, values in total.items()
            }
        )

    def _hour(self, number: int) -> Document:
        hour = self._hours.get(number)
        if hour is None:
            hour = self._hours[number] = {dimension: {} for dimension in METRICS}
        return hour

    def _add_hours(self, before: int, after: int) -> None:
        """Count a visitor of the site in the hours that are not known yet, and in the day when none is."""
        added = after & ~before
        while added:
            lowest = added & -added
            vector = _vector(self._hour(lowest.bit_length() - 1), TOTAL, "")
            vector[-2] += 1
            if not before:
                vector[-1] += 1
                before = after
            added ^= lowest

    def _move_visits(self, before: list[Visit], after: list[Visit], agent: Agent) -> None:
        """Count the visits that there are, in place of those that were known.

        Nearly all messages begin a visitor's first visit, or go on with the only one; what they change is known without
        comparing all that describes the visits.
        """
        if not before and len(after) == 1:
            self._begin(after[0], agent)
        elif len(before) == len(after) == 1 and before[0][:3] == after[0][:3]:
            self._go_on(before[0], after[0], agent)
        else:
            for visit in before:
                if visit not in after:
                    self._add_visit(visit, agent, -1)
            for visit in after:
                if visit not in before:
                    self._add_visit(visit, agent, 1)
            was, is_ = _descriptions(before, agent), _descriptions(after, agent)
            for sign, only in ((-1, was - is_), (1, is_ - was)):
                for hour, of_day, dimension, value in only:
                    _vector(self._hour(hour), dimension, value)[-1 if of_day else -2] += sign

    def _begin(self, visit: Visit, agent: Agent) -> None:
        """Count a visitor's first visit."""
        hour = self._hour(visit.start // HOUR_MS)
        pageviews, _, bounces, duration, events = numbers = _numbers(visit)
        for dimension, value in _described(visit, agent):
            vector = hour[dimension].get(value)
            if vector is None:
                hour[dimension][value] = [*numbers, 1, 1]
                continue
            vector[_PV] += pageviews
            vector[_VISITS] += 1
            vector[_BOUNCES] += bounces
            vector[_DURATION] += duration
            vector[_EVENTS] += events
            vector[-2] += 1
            vector[-1] += 1
        _accumulate_total(_vector(hour, TOTAL, ""), numbers, 1)

    def _go_on(self, before: Visit, after: Visit, agent: Agent) -> None:
        """Count a visitor's only visit further: nothing of where it began has changed."""
        change = [now - then for now, then in zip(_numbers(after), _numbers(before), strict=True)]
        hour = self._hour(after.start // HOUR_MS)
        for dimension, value in (*dimensions_of(after.origin, agent), ("entry_page", after.entry)):
            _accumulate(_vector(hour, dimension, value), change, 1)
        _accumulate_total(_vector(hour, TOTAL, ""), change, 1)
        if before.exit == after.exit:
            _accumulate(_vector(hour, "exit_page", after.exit), change, 1)
            return
        for visit, sign in ((before, -1), (after, 1)):
            vector = _vector(hour, "exit_page", visit.exit)
            _accumulate(vector, _numbers(visit), sign)
            vector[-2] += sign
            vector[-1] += sign

    def _add_visit(self, visit: Visit, agent: Agent, sign: int) -> None:
        numbers, hour = _numbers(visit), self._hour(visit.start // HOUR_MS)
        for dimension, value in _described(visit, agent):
            _accumulate(_vector(hour, dimension, value), numbers, sign)
        _accumulate_total(_vector(hour, TOTAL, ""), numbers, sign)


def _vector(document: Document, dimension: str, value: str) -> list[int]:
    values = document[dimension]
    vector = values.get(value)
    if vector is None:
        vector = values[value] = [0] * _SIZES[dimension]
    return vector


def _count_properties(document: Document, name: str, properties: Mapping[str, str]) -> None:
    for key, value in properties.items():
        _vector(document, "property", PROPERTY_SEPARATOR.join((name, key, value)))[0] += 1


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


def _descriptions(visits: Iterable[Visit], agent: Agent) -> set[tuple[int, bool, str, str]]:
    """Return what a visitor counts for, once: in the hours, and in the day, which is noted in a value's first hour."""
    found: set[tuple[int, bool, str, str]] = set()
    days: dict[tuple[str, str], int] = {}
    for visit in visits:
        hour = visit.start // HOUR_MS
        for dimension, value in _described(visit, agent):
            found.add((hour, False, dimension, value))
            days.setdefault((dimension, value), hour)
    return found | {(hour, True, dimension, value) for (dimension, value), hour in days.items()}


def _changes(document: Mapping[str, Mapping[str, list[int]]]) -> Document:
    found = {
        dimension: {value: vector for value, vector in values.items() if any(vector)}
        for dimension, values in document.items()
        if values
    }
    return {dimension: values for dimension, values in found.items() if values}
