"""What messages change of the rollups.

Sums need no memory: page views and events count in the hour in which they occurred. What is said of visits does: their
numbers are those of the visits as they are, minus those of the visits as they were known before.

A batch runs through here once for every visitor, so what is done there is spelled out, and the rest is done at the end.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import compress
from operator import add

from schemas.analytics_messages import PackedEvent
from shared.analytics.agents import Agent
from shared.analytics.dimensions import METRICS, OF_VISITS, PROPERTY_SEPARATOR, TOTAL, Document, Vector
from shared.analytics.origins import acquisition_dimensions, agent_dimensions, dimensions_of, parts_of
from shared.analytics.times import HOUR_MS
from shared.analytics.vectors import numbers_of, unit
from shared.analytics.visits import (
    MOST_SEEN,
    Columns,
    Visit,
    Visitor,
    active_hours,
    columns_of,
    digest_of,
    merged,
    visits_in,
)

_DESCRIBING = tuple(dimension for dimension, metrics in METRICS.items() if metrics is OF_VISITS)

# Here, vectors with visitors have one more number: those of the hour, then those that are the day's as well. The first
# is the page views'.
_, _VISIT, _BOUNCE, _SECOND, _EVENT, _OF_HOUR, _OF_DAY = map(unit, range(7))
_VISITOR = _OF_HOUR + _OF_DAY


class _Hour:
    """What an hour's messages tell. What is merely counted is listed, and counted at the end.

    Attributes
    ----------
    pages, names, titles, properties
        Those of each page view or event; a page view has an empty name.
    pages_seen, names_seen
        What visitors have not seen in the hour before, and, in the second list, not on the day.
    visitors
        How many visitors the hour has, and how many of them are new on the day.
    of_nobody
        How many page views are of no visitor.
    agents, acquisitions
        Vectors of visits by what several dimensions follow from.
    visits
        Vectors of visits by the values of the other dimensions that describe them.
    """

    def __init__(self) -> None:
        self.pages: list[str] = []
        self.names: list[str] = []
        self.titles: list[str] = []
        self.properties: list[Mapping[str, str] | None] = []
        self.pages_seen: tuple[list[str], list[str]] = [], []
        self.names_seen: tuple[list[str], list[str]] = [], []
        self.visitors = [0, 0]
        self.of_nobody = 0
        self.agents: defaultdict[Agent, int] = defaultdict(int)
        self.acquisitions: defaultdict[str, int] = defaultdict(int)
        self.visits: dict[str, defaultdict[str, int]] = {dimension: defaultdict(int) for dimension in _DESCRIBING}

    def add(self, visit: Visit, agent: Agent, vector: int) -> None:
        """Add a vector to all that describes a visit but its exit page."""
        came_from, country, screen, language = parts_of(visit.origin)
        visits = self.visits
        self.agents[agent] += vector
        self.acquisitions[came_from] += vector
        visits["country"][country] += vector
        visits["screen"][screen] += vector
        visits["language"][language] += vector
        visits["entry_page"][visit.entry] += vector

    def add_exit(self, visit: Visit, vector: int) -> None:
        """Add a vector to a visit's exit page."""
        self.visits["exit_page"][visit.exit] += vector

    def document(self) -> Document:
        """Return the changes of all dimensions."""
        is_view = [not name for name in self.names]
        pages, names = [*compress(self.pages, is_view)], [*filter(None, self.names)]
        # Page views and events of the site count where they occurred, and visitors where they were; a visit is of one
        # country.
        _, visits, bounces, seconds, *_ = numbers_of(sum(self.visits["country"].values()))
        return {
            TOTAL: {"": (len(pages), visits, bounces, seconds, len(names), *self.visitors, self.of_nobody)},
            **self._of_visits(),
            "page": _counted(pages, self.pages_seen),
            "title": _counted(filter(None, compress(self.titles, is_view))),
            "event": _counted(names, self.names_seen),
            "property": _counted(_properties(names, compress(self.properties, self.names))),
        }

    def _of_visits(self) -> Document:
        found = {dimension: vectors.copy() for dimension, vectors in self.visits.items()}
        for agent, vector in self.agents.items():
            for dimension, value in agent_dimensions(agent):
                found[dimension][value] += vector
        for came_from, vector in self.acquisitions.items():
            for dimension, value in acquisition_dimensions(came_from):
                found[dimension][value] += vector
        return {
            dimension: {value: numbers_of(vector) for value, vector in vectors.items()}
            for dimension, vectors in found.items()
        }


class Counts:
    """Changes of the rollups of one site, on one day."""

    def __init__(self) -> None:
        self._hours: dict[int, _Hour] = {}

    def add_events(self, events: Iterable[PackedEvent]) -> None:
        """Count events of nobody who is known."""
        self._add_events(columns_of(events), None)

    def add_visitor(
        self, before: Visitor | None, events: Iterable[PackedEvent], agent: Agent, profile: tuple[str, str, str]
    ) -> Visitor:
        """Count events, all of one visitor, and return what is known of the visitor after them.

        Parameters
        ----------
        before
            What was known before.
        events
            The events, one at least.
        agent
            What the visitor's browser is.
        profile
            Country, class of screen and language.
        """
        columns = columns_of(events)
        known = before.visits if before else []
        visits = visits_in(columns, *profile)
        if known:
            visits = merged(known, visits)
        after = Visitor(visits, {**before.pages}, {**before.names}) if before else Visitor(visits, {}, {})
        self._add_events(columns, after)
        counted, to_count = _active(known), _active(visits)
        self._move_visits(counted, to_count, agent)
        self._add_hours(active_hours(counted), active_hours(to_count))
        return after

    def sums(self) -> tuple[int, int]:
        """Return how many page views were counted, and how many events."""
        hours = self._hours.values()
        pageviews = sum(hour.names.count("") for hour in hours)
        return pageviews, sum(len(hour.names) for hour in hours) - pageviews

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

    def _hour_of(self, visit: Visit) -> _Hour:
        """Return the hour in which a visit counts: the one in which it began."""
        return self._hour(visit.start // HOUR_MS)

    def _add_events(self, columns: Columns, visitor: Visitor | None) -> None:
        """Count events, and what the visitor has not seen before, which is noted in `visitor`."""
        times, pages, names, _, titles, properties = columns
        number = times[0] // HOUR_MS
        if times[-1] // HOUR_MS != number:
            cut = bisect_left(times, (number + 1) * HOUR_MS)
            self._add_events(columns.cut(0, cut), visitor)
            self._add_events(columns.cut(cut, len(times)), visitor)
            return
        hour = self._hour(number)
        hour.pages += pages
        hour.names += names
        hour.titles += titles
        hour.properties += properties
        if visitor is None:
            hour.of_nobody += names.count("")
            return
        viewed: Iterable[str] = pages
        if named := dict.fromkeys(filter(None, names)):
            viewed = compress(pages, [not name for name in names])
            visitor.names = _see([*named], named, visitor.names, number, hour.names_seen)
        different = [*dict.fromkeys(viewed)]
        visitor.pages = _see(different, map(digest_of, different), visitor.pages, number, hour.pages_seen)

    def _add_hours(self, before: int, after: int) -> None:
        """Count a visitor of the site in the hours that are not known yet, and in the day when none is."""
        added = after & ~before
        while added:
            lowest = added & -added
            visitors = self._hour(lowest.bit_length() - 1).visitors
            visitors[0] += 1
            if not before:
                visitors[1] += 1
                before = after
            added ^= lowest

    def _move_visits(self, before: list[Visit], after: list[Visit], agent: Agent) -> None:
        """Count the visits that there are, in place of those that were known.

        Nearly all events begin a visitor's first visit, or go on with the only one; what they change is known without
        comparing all that describes the visits.
        """
        if not before and len(after) == 1:
            self._move(after[0], agent, _vector(after[0]) + _VISITOR)
        elif len(before) == len(after) == 1 and before[0][:3] == after[0][:3]:
            self._go_on(before[0], after[0], agent)
        else:
            for visit in before:
                if visit not in after:
                    self._move(visit, agent, -_vector(visit))
            for visit in after:
                if visit not in before:
                    self._move(visit, agent, _vector(visit))
            was, is_ = _descriptions(before, agent), _descriptions(after, agent)
            for sign, only in ((-1, was - is_), (1, is_ - was)):
                for number, of_day, dimension, value in only:
                    self._hour(number).visits[dimension][value] += sign * (_OF_DAY if of_day else _OF_HOUR)

    def _move(self, visit: Visit, agent: Agent, vector: int) -> None:
        """Add a vector to all that describes a visit."""
        hour = self._hour_of(visit)
        hour.add(visit, agent, vector)
        hour.add_exit(visit, vector)

    def _go_on(self, before: Visit, after: Visit, agent: Agent) -> None:
        """Count a visitor's only visit further: nothing of where it began has changed."""
        hour, was, is_ = self._hour_of(after), _vector(before), _vector(after)
        hour.add(after, agent, is_ - was)
        if before.exit == after.exit:
            hour.add_exit(after, is_ - was)
        else:
            hour.add_exit(before, -was - _VISITOR)
            hour.add_exit(after, is_ + _VISITOR)


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


def _counted(values: Iterable[str], seen: tuple[list[str], list[str]] | None = None) -> dict[str, Vector]:
    """Return how often each value is there; with what visitors saw, how many of the hour and of the day did."""
    if seen is None:
        return {value: (number,) for value, number in Counter(values).items()}
    of_hour = Counter(seen[0])
    of_day = of_hour if seen[0] == seen[1] else Counter(seen[1])
    return {value: (number, of_hour[value], of_day[value]) for value, number in Counter(values).items()}


def _properties(names: Iterable[str], properties: Iterable[Mapping[str, str] | None]) -> Iterator[str]:
    for name, known in zip(names, properties, strict=True):
        if known:
            for key, value in known.items():
                yield PROPERTY_SEPARATOR.join((name, key, value))


def _active(visits: list[Visit]) -> list[Visit]:
    """Return the visits that count: what a page tells by itself, long after the last that its visitor did, is none."""
    return [visit for visit in visits if visit.pageviews or visit.engaged]


def _vector(visit: Visit) -> int:
    """Return what a visit counts, without its visitor."""
    seconds = (visit.last - visit.start) // 1000
    vector = visit.pageviews + _VISIT + seconds * _SECOND + visit.events * _EVENT
    return vector + _BOUNCE if visit.is_bounce else vector


def _descriptions(visits: Iterable[Visit], agent: Agent) -> set[tuple[int, bool, str, str]]:
    """Return what a visitor counts for, once: in the hours, and in the day, which is noted in a value's first hour."""
    found: set[tuple[int, bool, str, str]] = set()
    days: dict[tuple[str, str], int] = {}
    for visit in visits:
        hour = visit.start // HOUR_MS
        described = *dimensions_of(visit.origin, agent), ("entry_page", visit.entry), ("exit_page", visit.exit)
        for dimension, value in described:
            found.add((hour, False, dimension, value))
            days.setdefault((dimension, value), hour)
    return found | {(hour, True, dimension, value) for (dimension, value), hour in days.items()}


def _sum(document: Document, more: Document) -> Document:
    found: Document = {}
    for dimension, values in document.items():
        known = found[dimension] = {**values}
        for value, vector in more[dimension].items():
            known[value] = tuple(map(add, known[value], vector)) if value in known else vector
    return found
