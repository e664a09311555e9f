"""What messages change of the rollups.

Sums need no memory: page views and events count in the hour in which they occurred. What is said of visits does: their
numbers are those of the visits as they are, minus those of the visits as they were known before.

A batch runs through here once for every event, so the loops are spelled out.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import compress
from operator import add, sub

from shared.analytics.agents import Agent
from shared.analytics.dimensions import METRICS, OF_VISITS, PROPERTY_SEPARATOR, TOTAL, Document
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

_PV, _VISITS, _BOUNCES, _DURATION, _EVENTS, _OF_HOUR, _OF_DAY = range(7)
"""Here, vectors with visitors have one more number: those of the hour, then those that are the day's as well."""

Numbers = tuple[int, int, int, int, int]
"""Page views, visits, bounces, seconds and events."""

_ZEROS = (0,) * (_OF_DAY + 1)


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
        """Return the changes of all dimensions."""
        total = _vector(self.visits, TOTAL, "")
        # Page views and events of the site count where they occurred, and visitors where they were; a visit is of one
        # country.
        total[_PV], total[_EVENTS] = len(self.pages), len(self.names)
        for place in (_VISITS, _BOUNCES, _DURATION):
            total[place] = sum(vector[place] for vector in self.visits["country"].values())
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
        times, pages, names, _, titles, properties = zip(*events, strict=True)
        number = min(times) // HOUR_MS
        if max(times) // HOUR_MS != number:
            for each in sorted({time // HOUR_MS for time in times}):
                self.add_events([event for event in events if event[0] // HOUR_MS == each], visitor)
            return
        hour = self._hour(number)
        if any(names):
            is_view = [not name for name in names]
            pages, titles = tuple(compress(pages, is_view)), tuple(compress(titles, is_view))
            named = [name for name in names if name]
            hour.names += named
            hour.properties += _properties(named, compress(properties, names))
            if visitor:
                different = list(dict.fromkeys(named))
                visitor.names = _see(different, different, visitor.names, number, hour.names_seen)
        hour.pages += pages
        hour.titles += titles
        if visitor:
            different = list(dict.fromkeys(pages))
            visitor.pages = _see(different, map(digest_of, different), visitor.pages, number, hour.pages_seen)

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
        """Yield what changes in each hour, and under None in the day, as `Rollup.add` takes it."""
        total: Document = {}
        for number, hour in self._hours.items():
            document = hour.document()
            yield number, document
            total = _sum(total, document) if total else document
        if total:
            yield None, total

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
        self._add(before, (("exit_page", before.exit),), _negative(was), -1)
        self._add(after, (("exit_page", after.exit),), is_, 1)

    def _add(self, visit: Visit, described: Iterable[tuple[str, str]], numbers: Numbers, visitors: int = 0) -> None:
        """Add numbers of a visit to some of what describes it."""
        document = self._hour(visit.start // HOUR_MS).visits
        pageviews, visits, bounces, duration, events = numbers
        for dimension, value in described:
            values = document[dimension]
            # Spelled out, because nothing else is done as often.
            a, b, c, d, e, f, g = values.get(value, _ZEROS)
            values[value] = [
                a + pageviews, b + visits, c + bounces, d + duration, e + events, f + visitors, g + visitors,
            ]  # fmt: skip


def _see(
    values: list[str], keys: Iterable[str], seen: dict[str, int], number: int, lists: tuple[list[str], list[str]]
) -> dict[str, int]:
    """List what of different values is new to a visitor in an hour and on the day, and return what was seen by keys."""
    of_hour, of_day = lists
    bit = 1 << number
    if not seen and len(values) <= MOST_SEEN:
        of_hour += values
        of_day += values
        return dict.fromkeys(keys, bit)
    for value, key in zip(values, keys, strict=True):
        hours = seen.get(key, 0)
        if not hours & bit and (hours or len(seen) < MOST_SEEN):
            seen[key] = hours | bit
            of_hour.append(value)
            if not hours:
                of_day.append(value)
    return seen


def _vector(document: Document, dimension: str, value: str) -> list[int]:
    return document[dimension].setdefault(value, [*_ZEROS])


def _counted(values: Iterable[str], seen: tuple[list[str], list[str]] | None = None) -> dict[str, list[int]]:
    """Return how often each value is there; with what visitors saw, how many of the hour and of the day did."""
    if seen is None:
        return {value: [number] for value, number in Counter(values).items()}
    of_hour, of_day = map(Counter, seen)
    return {value: [number, of_hour[value], of_day[value]] for value, number in Counter(values).items()}


def _properties(names: Iterable[str], properties: Iterable[Mapping[str, str] | None]) -> Iterator[str]:
    for name, known in zip(names, properties, strict=True):
        if known:
            for key, value in known.items():
                yield PROPERTY_SEPARATOR.join((name, key, value))


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
