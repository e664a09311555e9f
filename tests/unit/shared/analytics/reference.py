"""The totals that there must be, counted the simple way: all events in memory, sorted, and walked through once."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from shared.analytics.agents import agent_of
from shared.analytics.dimensions import METRICS
from shared.analytics.origins import dimensions_of
from shared.analytics.visits import origin_of

HOUR = 3_600_000
GAP = 30 * 60 * 1000
DAY = -1
"""The hour that stands for the whole day."""

Rollups = dict[tuple[int, str, str], list[int]]
"""Vectors by hour (or `DAY`), dimension and value."""


class Reference:
    """What the messages of one site and day come to."""

    def __init__(self, parts: Iterable[dict[str, Any]]) -> None:
        self._rollups: Rollups = defaultdict(list)
        self._seen: set[tuple[int, str, str, str]] = set()
        by_visitor: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for part in parts:
            self._count_events(part)
            if part["visitor"]:
                by_visitor[part["visitor"]].append(part)
        for visitor, found in by_visitor.items():
            self._count_visits(visitor, found)

    @property
    def rollups(self) -> Rollups:
        """Return the vectors in which there is a number."""
        return {place: vector for place, vector in self._rollups.items() if any(vector)}

    def _count_events(self, part: dict[str, Any]) -> None:
        for time, page, name, _, title, props in part["events"]:
            for hour in (DAY, time // HOUR):
                if name:
                    self._add(hour, "total", "", events=1)
                    self._add(hour, "event", name, events=1)
                    self._see(hour, "event", name, part["visitor"])
                    for key, value in (props or {}).items():
                        self._add(hour, "property", f"{name}\t{key}\t{value}", events=1)
                else:
                    self._add(hour, "total", "", pageviews=1, pageviews_of_nobody=int(not part["visitor"]))
                    self._add(hour, "page", page, pageviews=1)
                    self._see(hour, "page", page, part["visitor"])
                    if title:
                        self._add(hour, "title", title, pageviews=1)

    def _count_visits(self, visitor: str, parts: list[dict[str, Any]]) -> None:
        agent = agent_of(parts[0]["user_agent"])
        events = sorted(
            (time, page, _origin(source, part), name)
            for part in parts
            for time, page, name, source, _, _ in part["events"]
        )
        visits: list[list[Any]] = []
        for event in events:
            if visits and event[0] - visits[-1][-1][0] <= GAP:
                visits[-1].append(event)
            else:
                visits.append([event])
        for visit in visits:
            first, last = visit[0], visit[-1]
            views = sum(1 for *_, name in visit if not name)
            others = [name for *_, name in visit if name]
            engaged = [name for name in others if name not in {"scroll", "web-vitals"}]
            if not (views or engaged):
                continue
            numbers = {
                "visits": 1,
                "bounces": int(views == 1 and not engaged),
                "duration": (last[0] - first[0]) // 1000,
            }
            pages = [event for event in visit if event[3] != "web-vitals"]
            # Where only vitals are known, nothing tells in which order.
            exit_page = max(pages, key=lambda event: event[:2])[1] if pages else max(page for _, page, *_ in visit)
            described = [*dimensions_of(first[2], agent), ("entry_page", first[1]), ("exit_page", exit_page)]
            for hour in {DAY, *(event[0] // HOUR for event in visit)}:
                self._see(hour, "total", "", visitor)
            for hour in (DAY, first[0] // HOUR):
                self._add(hour, "total", "", **numbers)
                for dimension, value in described:
                    self._add(hour, dimension, value, pageviews=views, events=len(others), **numbers)
                    self._see(hour, dimension, value, visitor)

    def _add(self, hour: int, dimension: str, value: str, **numbers: int) -> None:
        metrics = METRICS[dimension]
        vector = self._rollups.setdefault((hour, dimension, value), [0] * len(metrics))
        for name, number in numbers.items():
            vector[metrics.index(name)] += number

    def _see(self, hour: int, dimension: str, value: str, visitor: str) -> None:
        place = hour, dimension, value, visitor
        if visitor and place not in self._seen:
            self._seen.add(place)
            self._add(hour, dimension, value, visitors=1)


def _origin(source: Sequence[str] | None, part: dict[str, Any]) -> str:
    return origin_of(tuple(source) if source else None, part["country"], part["screen"], part["language"])
