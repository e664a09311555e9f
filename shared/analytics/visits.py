"""Visits: what a visitor did without being silent for half an hour.

Messages of one visitor may come in any order. What is known of the visits so far is merged with what a message tells,
and the result is the same as if all events had been sorted by time first.
"""

from base64 import b64encode
from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

import msgspec

from schemas.analytics_messages import PackedEvent
from shared.analytics.dimensions import PASSIVE_EVENTS, VISIT_GAP_MS, VITALS
from shared.analytics.times import HOUR_MS

MOST_SEEN = 100
"""Pages, and names of events, of a visitor and day, whose distinct visitors are counted; who sees more is no person."""

NOWHERE = -1
"""When a visitor was at a page of which only `VITALS` told: before all other pages."""

_TIME = itemgetter(0)


class Columns(NamedTuple):
    """Events by what they consist of."""

    times: tuple[int, ...]
    pages: tuple[str, ...]
    names: tuple[str, ...]
    sources: tuple[tuple[str, ...] | None, ...]
    titles: tuple[str, ...]
    properties: tuple[dict[str, str] | None, ...]

    def cut(self, start: int, end: int) -> "Columns":
        """Return some of the events."""
        return Columns._make(column[start:end] for column in self)


class Visit(NamedTuple):
    """A visit: its bounds in milliseconds since midnight, what happened in it, and where it began and ended.

    `engaged` counts the events that a page does not send by itself; `origin` is what describes the visit by its first
    event, as `origin_of` joins it. `exit_at` is when the visitor was at `exit`; `NOWHERE` if that is not known.
    """

    start: int
    entry: str
    origin: str
    last: int
    exit: str
    pageviews: int
    events: int
    engaged: int
    exit_at: int = NOWHERE

    @property
    def is_bounce(self) -> bool:
        """Tell whether it was one page view and nothing else."""
        return self.pageviews == 1 and not self.engaged


_read_visitor = msgspec.json.Decoder(tuple[list[Visit], dict[str, int], dict[str, int]]).decode


class Visitor:
    """What is known of a visitor on a day.

    Parameters
    ----------
    visits
        In order of time, each after a silence.
    pages, names
        Pages that were viewed, as digests, and names of events, each with the hours in which, as bits.
    """

    __slots__ = ("names", "pages", "visits")

    def __init__(self, visits: list[Visit], pages: dict[str, int], names: dict[str, int]) -> None:
        self.visits = visits
        self.pages = pages
        self.names = names

    @classmethod
    def from_json(cls, text: str) -> "Visitor":
        """Return what `to_json` wrote."""
        return cls(*_read_visitor(text))

    def to_json(self) -> str:
        """Return the visitor as the table keeps it."""
        return msgspec.json.encode((self.visits, self.pages, self.names)).decode()


@lru_cache(maxsize=20_000)
def origin_of(source: tuple[str, ...] | None, country: str, screen: str, language: str) -> str:
    """Return what describes a visit, as one text: its parts are joined by tabs, which none of them holds."""
    parts = (*(source or ("",) * 6), country, screen, language)
    joined = "\t".join(parts)
    if joined.count("\t") == len(parts) - 1:
        return joined
    return "\t".join(part.replace("\t", " ") for part in parts)


def columns_of(events: Iterable[PackedEvent]) -> Columns:
    """Return events, of which there is one at least, in the order of time."""
    return Columns(*zip(*sorted(events, key=_TIME), strict=True))


def visits_in(columns: Columns, country: str, screen: str, language: str) -> list[Visit]:
    """Return the visits that events of one visitor make up, given in the order of time."""
    times, pages, names, sources, _, _ = columns
    cuts = [0]
    if times[-1] - times[0] > VISIT_GAP_MS:
        cuts += [place for place in range(1, len(times)) if times[place] - times[place - 1] > VISIT_GAP_MS]
    found: list[Visit] = []
    for begin, end in pairwise((*cuts, len(times))):
        start, last = times[begin], times[end - 1]
        entry, exit_ = pages[begin], pages[end - 1]
        origin = origin_of(sources[begin], country, screen, language)
        # At the same time, the first page by name is the entry, the last the exit, and the first origin is taken.
        if (first := times.count(start)) > 1:
            entry = min(pages[begin : begin + first])
            origin = min(
                origin_of(sources[place], country, screen, language)
                for place in range(begin, begin + first)
                if pages[place] == entry
            )
        exit_at = last
        if (ending := times.count(last)) > 1:
            exit_ = max(pages[end - ending : end])
        named = [name for name in names[begin:end] if name]
        if VITALS in named:
            exit_at, exit_ = _exit(columns.cut(begin, end))
        engaged = len(named) - sum(map(PASSIVE_EVENTS.__contains__, named))
        views = end - begin - len(named)
        found.append(Visit(start, entry, origin, last, exit_, views, len(named), engaged, exit_at))
    return found


def merged(visits: Iterable[Visit], more: Iterable[Visit]) -> list[Visit]:
    """Return the visits that remain when those without a silence between them are one."""
    result: list[Visit] = []
    for visit in sorted([*visits, *more]):
        if result and visit.start - result[-1].last <= VISIT_GAP_MS:
            result[-1] = _joined(result[-1], visit)
        else:
            result.append(visit)
    return result


def active_hours(visits: Iterable[Visit]) -> int:
    """Return the hours in which there was an event, as bits: a silence is too short to skip one."""
    hours = 0
    for visit in visits:
        first, last = visit.start // HOUR_MS, visit.last // HOUR_MS
        hours |= (1 << last + 1) - (1 << first)
    return hours


def _joined(first: Visit, second: Visit) -> Visit:
    """Return one visit for two, of which `first` sorts before `second`, so that the beginning is its."""
    exit_at, exit_ = max((first.exit_at, first.exit), (second.exit_at, second.exit))
    return Visit(
        first.start, first.entry, first.origin, max(first.last, second.last), exit_,
        first.pageviews + second.pageviews, first.events + second.events, first.engaged + second.engaged, exit_at,
    )  # fmt: skip


def _exit(columns: Columns) -> tuple[int, str]:
    """Return when and where the visitor was last, by what was not told of the page on which the visit began."""
    places = zip(columns.times, columns.pages, columns.names, strict=True)
    return max((NOWHERE if name == VITALS else time, page) for time, page, name in places)


class _Digests(dict[str, str]):
    """Digests of pages, of which most are asked for again and again."""

    _MOST = 10_000

    def __missing__(self, page: str) -> str:
        if len(self) >= self._MOST:
            self.clear()
        digest = self[page] = b64encode(blake2b(page.encode(), digest_size=6).digest()).decode()
        return digest


digest_of = _Digests().__getitem__
"""Return what stands for a page in what is kept of a visitor: 48 bits, which tell a hundred pages apart."""
