"""What messages change of the rollups.

Sums need no memory: page views and events count in the hour in which they occurred. What is said of visits does: their
numbers are those of the visits as they are, minus those of the visits as they were known before.

A batch runs through here once for every event, so the loops are spelled out.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import add, sub

from shared.analytics.agents import Agent
from shared.analytics.dimensions import METRICS, OF_VISITS, PROPERTY_SEPARATOR, TOTAL, VISITORS, Document
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

_OF_VISITS = tuple(dimension for dimension, metrics in METRICS.items() if metrics is OF_VISITS)

_WITH_VISITORS = frozenset(dimension for dimension, metrics in METRICS.items() if metrics[-1] == VISITORS)
"""Dimensions with distinct visitors, which always are the last of their vectors.

Here, those have one more number: visitors of the hour, then those that are the day's as well.
"""

_PV, _VISITS, _BOUNCES, _DURATION, _EVENTS, _OF_HOUR, _OF_DAY = range(7)

Numbers = tuple[int, int, int, int, int]
"""Page views, visits, bounces, seconds and events."""

_ALL = ((TOTAL, ""),)


class _Hour:
    """What an hour's messages tell. What is merely counted is listed, and counted at the end.

    Attributes
    ----------
    visits
        Vectors of the dimensions that describe visits, and of the total.
    pages, titles, names, properties
        Those of each page view or event.
    pages_seen, names_seen
        What visitors have not seen in the hour before, and, in the second list, not on the day.
    """

    def __init__(self) -> None:
        self.visits: Document = {dimension: {} for dimension in _OF_VISITS}
        self.pages: list[str] = []
        self.titles: list[str] = []
        self.names: list[str] = []
        self.properties: list[str] = []
        self.pages_seen: tuple[list[str], list[str]] = [], []
        self.names_seen: tuple[list[str], list[str]] = [], []

    def document(self) -> Document:
        """Return the changes of all dimensions, with the day's visitors in a number more."""
        total = _vector(self.visits, TOTAL, "")
        total[_PV] += len(self.pages)
        total[_EVENTS] += len(self.names)
        return self.visits | {
            "page": _counted(self.pages, self.pages_seen),
            "title": _counted(filter(None, self.titles)),
            "event": _counted(self.names, self.names_seen),
            "property": _counted(self.properties),
        }


class Counts:
    """Changes of the rollups of one site, on one day."""

    def __init__(self) -> None:
        self._hours: dict[int, _Hour] = {}

    def add_events(self, events: Sequence[Packed], visitor: Visitor | None = None) -> None:
        """Count what needs no memory but which pages and events the visitor has seen, which is noted in `visitor`."""
        for number, simultaneous in _by_hour(events):
            hour = self._hour(number)
            named = [event for event in simultaneous if event[2]]
            views = [event for event in simultaneous if not event[2]] if named else simultaneous
            pages = [event[1] for event in views]
            hour.pages += pages
            hour.titles += [event[4] for event in views]
            if visitor and pages:
                pages = list(dict.fromkeys(pages))
                _see(pages, list(map(digest_of, pages)), visitor.pages, number, hour.pages_seen)
            if named:
                names = [event[2] for event in named]
                hour.names += names
                hour.properties += [property_ for event in named if event[5] for property_ in _properties(event)]
                if visitor:
                    names = list(dict.fromkeys(names))
                    _see(names, names, visitor.names, number, hour.names_seen)

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

    def sums(self) -> tuple[int, int]:
        """Return how many page views were counted, and how many events."""
        hours = self._hours.values()
        return sum(len(hour.pages) for hour in hours), sum(len(hour.names) for hour in hours)

    def documents(self) -> Iterator[tuple[int | None, Document]]:
        """Return what changes in each hour, and under None in the day: the sum, with its own distinct visitors.

        It is to be called once, after all is counted.
        """
        total: Document = {}
        for number, hour in self._hours.items():
            document = hour.document()
            yield number, _changes(document, lambda vector: vector[:-1])
            total = _sum(total, document) if total else document
        if total:
            yield None, _changes(total, lambda vector: [*vector[:-2], vector[-1]])

    def _hour(self, number: int) -> _Hour:
        hour = self._hours.get(number)
        if hour is None:
            hour = self._hours[number] = _Hour()
        return hour

    def _add_hours(self, before: int, after: int) -> None:
        """Count a visitor of the site in the hours that are not known yet, and in the day when none is."""
        added = after & ~before
        while added:
            lowest = added & -added
            vector = _vector(self._hour(lowest.bit_length() - 1).visits, TOTAL, "")
            vector[_OF_HOUR] += 1
            if not before:
                vector[_OF_DAY] += 1
                before = after
            added ^= lowest

    def _move_visits(self, before: list[Visit], after: list[Visit], agent: Agent) -> None:
        """Count the visits that there are, in place of those that were known.

        Nearly all messages begin a visitor's first visit, or go on with the only one; what they change is known without
        comparing all that describes the visits.
        """
        if not before and len(after) == 1:
            visit = after[0]
            self._add(visit, _described(visit, agent), _numbers(visit), visitors=1)
        elif len(before) == len(after) == 1 and before[0][:3] == after[0][:3]:
            self._go_on(before[0], after[0], agent)
        else:
            for visit in before:
                if visit not in after:
                    self._add(visit, _described(visit, agent), _negative(_numbers(visit)))
            for visit in after:
                if visit not in before:
                    self._add(visit, _described(visit, agent), _numbers(visit))
            was, is_ = _descriptions(before, agent), _descriptions(after, agent)
            for sign, only in ((-1, was - is_), (1, is_ - was)):
                for hour, of_day, dimension, value in only:
                    vector = _vector(self._hour(hour).visits, dimension, value)
                    vector[_OF_DAY if of_day else _OF_HOUR] += sign

    def _go_on(self, before: Visit, after: Visit, agent: Agent) -> None:
        """Count a visitor's only visit further: nothing of where it began has changed."""
        was, is_ = _numbers(before), _numbers(after)
        pageviews, _, bounces, duration, events = map(sub, is_, was)
        described = *dimensions_of(after.origin, agent), ("entry_page", after.entry)
        if before.exit == after.exit:
            self._add(after, (*described, ("exit_page", after.exit)), (pageviews, 0, bounces, duration, events))
            return
        self._add(after, described, (pageviews, 0, bounces, duration, events))
        for visit, numbers, sign in ((before, _negative(was), -1), (after, is_, 1)):
            _add_numbers(self._hour(visit.start // HOUR_MS).visits, [("exit_page", visit.exit)], numbers, sign)

    def _add(self, visit: Visit, described: Iterable[tuple[str, str]], numbers: Numbers, visitors: int = 0) -> None:
        """Add numbers of a visit to what describes it, and to the total what is known of visits alone."""
        hour = self._hour(visit.start // HOUR_MS).visits
        _add_numbers(hour, described, numbers, visitors)
        # Page views and events of the site count where they occurred, and visitors where they were.
        _, visits, bounces, duration, _ = numbers
        _add_numbers(hour, _ALL, (0, visits, bounces, duration, 0), 0)


def _by_hour(events: Sequence[Packed]) -> Iterable[tuple[int, Sequence[Packed]]]:
    """Return events by hour; those of a message are in different ones only now and then."""
    hours = {event[0] // HOUR_MS for event in events}
    if len(hours) == 1:
        return ((hours.pop(), events),)
    return ((hour, [event for event in events if event[0] // HOUR_MS == hour]) for hour in sorted(hours))


def _see(
    values: list[str], keys: list[str], seen: dict[str, int], number: int, lists: tuple[list[str], list[str]]
) -> None:
    """Note different values that a visitor sees in an hour, by keys, and list what is new to the hour and the day."""
    of_hour, of_day = lists
    bit = 1 << number
    if not seen and len(values) <= MOST_SEEN:
        seen |= dict.fromkeys(keys, bit)
        of_hour += values
        of_day += values
        return
    for value, key in zip(values, keys, strict=True):
        hours = seen.get(key, 0)
        if not hours & bit and (hours or len(seen) < MOST_SEEN):
            seen[key] = hours | bit
            of_hour.append(value)
            if not hours:
                of_day.append(value)


def _add_numbers(document: Document, described: Iterable[tuple[str, str]], numbers: Numbers, visitors: int) -> None:
    pageviews, visits, bounces, duration, events = numbers
    for dimension, value in described:
        values = document[dimension]
        vector = values.get(value)
        if vector is None:
            values[value] = [pageviews, visits, bounces, duration, events, visitors, visitors]
            continue
        vector[_PV] += pageviews
        vector[_DURATION] += duration
        if visits:
            vector[_VISITS] += visits
        if bounces:
            vector[_BOUNCES] += bounces
        if events:
            vector[_EVENTS] += events
        if visitors:
            vector[_OF_HOUR] += visitors
            vector[_OF_DAY] += visitors


def _vector(document: Document, dimension: str, value: str) -> list[int]:
    values = document[dimension]
    vector = values.get(value)
    if vector is None:
        vector = values[value] = [0] * 7
    return vector


def _counted(values: Iterable[str], seen: tuple[list[str], list[str]] | None = None) -> dict[str, list[int]]:
    """Return how often each value is there; with what visitors saw, how many of the hour and of the day did."""
    if seen is None:
        return {value: [number] for value, number in Counter(values).items()}
    of_hour, of_day = map(Counter, seen)
    return {value: [number, of_hour[value], of_day[value]] for value, number in Counter(values).items()}


def _properties(event: Packed) -> Iterator[str]:
    for name, value in (event[5] or {}).items():
        yield PROPERTY_SEPARATOR.join((event[2], name, value))


def _numbers(visit: Visit) -> Numbers:
    return visit.pageviews, 1, int(visit.is_bounce), (visit.last - visit.start) // 1000, visit.events


def _negative(numbers: Numbers) -> Numbers:
    pageviews, visits, bounces, duration, events = numbers
    return -pageviews, -visits, -bounces, -duration, -events


def _described(visit: Visit, agent: Agent) -> Iterable[tuple[str, str]]:
    """Return the values of all dimensions that describe a visit."""
    return *dimensions_of(visit.origin, agent), ("entry_page", visit.entry), ("exit_page", visit.exit)


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


def _sum(document: Document, more: Document) -> Document:
    found: Document = {}
    for dimension, values in document.items():
        known = found[dimension] = {**values}
        for value, vector in more[dimension].items():
            known[value] = list(map(add, known[value], vector)) if value in known else vector
    return found


def _changes(document: Document, with_visitors: Callable[[list[int]], list[int]]) -> Document:
    """Return what changes something; of vectors with visitors what is left of them by `with_visitors`."""
    found: Document = {}
    for dimension, values in document.items():
        if dimension in _WITH_VISITORS:
            kept = {value: vector for value, whole in values.items() if any(vector := with_visitors(whole))}
        else:
            kept = {value: vector for value, vector in values.items() if any(vector)}
        if kept:
            found[dimension] = kept
    return found
