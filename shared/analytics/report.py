"""A report: what rollups say of a period, added up. It reads nothing: whoever reads them counts them in, in any order.

`shared.table.rollups` reads them, a group at a time; `Report.groups` are those that a report needs.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from shared.analytics.dimensions import GROUP_OF, METRICS, OTHER, PROPERTY_SEPARATOR, TOTAL
from shared.analytics.metrics import Value, change, measured, metrics_of
from shared.analytics.periods import HOUR, Period, hour_labels, slot_of

EVENT, PROPERTY = "event", "property"

Document = Mapping[str, Mapping[str, Sequence[int]]]
"""What a rollup holds: vectors by value by dimension."""


class Narrowed(NamedTuple):
    """One value of a dimension, to which a report is narrowed."""

    dimension: str
    value: str


SITE = Narrowed(TOTAL, "")
"""All of a site."""


class Question(NamedTuple):
    """What a report is asked for.

    Parameters
    ----------
    period
        The days, and what the series is divided into.
    subject
        What totals and series are of: the site, or one value.
    dimension
        What rows are by; None for none.
    metrics
        Those that are asked for; None for all that there are.
    limit
        Rows, beside that of all others.
    """

    period: Period
    subject: Narrowed = SITE
    dimension: str | None = None
    metrics: tuple[str, ...] | None = None
    limit: int = 20

    @property
    def subject_metrics(self) -> tuple[str, ...]:
        """Return the metrics of totals and series."""
        return self.metrics or metrics_of(self.subject.dimension)

    @property
    def row_metrics(self) -> tuple[str, ...]:
        """Return the metrics of rows."""
        return self.metrics or metrics_of(self.dimension or self.subject.dimension)


class Report:
    """The sums of a period.

    Parameters
    ----------
    question
        What is asked for.
    """

    def __init__(self, question: Question) -> None:
        self._question = question
        self._period = question.period
        self._total = Sums(question.subject.dimension)
        self._before = Sums(question.subject.dimension)
        self._series = {slot: Sums(question.subject.dimension) for slot in question.period.slots()}
        self._rows: dict[str, Sums] = {}
        self._hours: dict[str, list[str]] = {}

    @property
    def subject_group(self) -> str:
        """Return the group of rollups that totals and series are read from."""
        return GROUP_OF[self._question.subject.dimension]

    @property
    def groups(self) -> tuple[str, ...]:
        """Return the groups whose days are needed, each once."""
        rows = () if self._question.dimension is None else (GROUP_OF[self._question.dimension],)
        return tuple(dict.fromkeys((self.subject_group, *rows)))

    @property
    def has_hours(self) -> bool:
        """Tell whether hours of `subject_group` are needed beside the days."""
        return self._period.interval == HOUR

    def count_day(self, group: str, day: str, document: Document) -> None:
        """Count a rollup of a day of the period in."""
        if group == self.subject_group:
            vector = self._vector(document)
            self._total.add(vector)
            if not self.has_hours:
                self._series[slot_of(day, self._period.interval)].add(vector)
        dimension = self._question.dimension
        if dimension is not None and group == GROUP_OF[dimension]:
            for value, vector in document.get(dimension, {}).items():
                if any(vector) and self._is_asked_for(value):
                    self._rows.setdefault(value, Sums(dimension)).add(vector)

    def count_hour(self, day: str, hour: int, document: Document) -> None:
        """Count a rollup of an hour of the period in: it is told of in the series.

        Visitors of hours are not added up to those of a day: who stays for two hours is one visitor.
        """
        if day not in self._hours:
            self._hours[day] = hour_labels(day, self._period.time_zone)
        # A day may have had an hour more in the time zone that the site was in.
        hours = self._hours[day]
        self._series[hours[min(hour, len(hours) - 1)]].add(self._vector(document))

    def count_before(self, document: Document) -> None:
        """Count a rollup of a day of the period before in."""
        self._before.add(self._vector(document))

    @property
    def columns(self) -> tuple[str, ...]:
        """Return what lines of the report have, of its rows or, where it has none, of its series."""
        dimension = self._question.dimension
        if dimension is None:
            return ("time", *self._question.subject_metrics)
        return (*_named(dimension, ""), *self._question.row_metrics)

    def totals(self) -> dict[str, Value]:
        """Return the metrics of the whole period."""
        return self._total.measured(self._question.subject_metrics)

    def series(self) -> list[dict[str, Any]]:
        """Return the metrics of each hour, day or month, those in which nothing happened included."""
        metrics = self._question.subject_metrics
        return [{"time": slot, **sums.measured(metrics)} for slot, sums in self._series.items()]

    def rows(self) -> list[dict[str, Any]]:
        """Return the values with most of the first metric, and after them all others as one.

        Without metrics that are asked for, the first is what the dimension counts: events of `event`, else page views.
        """
        dimension = self._question.dimension
        if dimension is None:
            return []
        metrics = self._question.row_metrics
        first = metrics[0] if self._question.metrics else METRICS[dimension][0]
        told = {value: sums.measured(metrics) for value, sums in self._rows.items() if value != OTHER}
        ranking = sorted(told, key=lambda value: (-(told[value][first] or 0), value))
        shown, rest = ranking[: self._question.limit], ranking[self._question.limit :]
        rows = [{**_named(dimension, value), **told[value]} for value in shown]
        if rest or OTHER in self._rows:
            others = Sums(dimension)
            for value in (*rest, OTHER):
                others.add(self._rows[value].vector if value in self._rows else ())
            rows.append({**_named(dimension, OTHER), **others.measured(metrics)})
        return rows

    def comparison(self) -> dict[str, Any]:
        """Return the totals of the period before, and by which fraction of them they have changed."""
        before, after = self._before.measured(self._question.subject_metrics), self.totals()
        period = self._period.previous()
        return {
            "period": {"from": str(period.first), "to": str(period.last)},
            "totals": before,
            "changes": {name: change(before[name], after[name]) for name in before},
        }

    def _vector(self, document: Document) -> Sequence[int]:
        dimension, value = self._question.subject
        return document.get(dimension, {}).get(value, ())

    def _is_asked_for(self, value: str) -> bool:
        """Tell whether a value is of the subject: it itself, or a property of the event."""
        subject = self._question.subject
        if subject == SITE:
            return True
        if subject.dimension == self._question.dimension:
            return value == subject.value
        return value.startswith(subject.value + PROPERTY_SEPARATOR)


class Sums:
    """Vectors of a dimension, added up."""

    def __init__(self, dimension: str) -> None:
        self._dimension = dimension
        self.vector = [0] * len(METRICS[dimension])

    def add(self, vector: Sequence[int]) -> None:
        """Add a vector; an empty one is of nothing."""
        for place, number in enumerate(vector):
            self.vector[place] += number

    def measured(self, metrics: Sequence[str]) -> dict[str, Value]:
        """Return metrics of the sums."""
        return measured(self._dimension, self.vector, metrics)


def _named(dimension: str, value: str) -> dict[str, str]:
    """Return how a row names its value; a property by its event, its name and its value."""
    if dimension != PROPERTY:
        return {dimension: value}
    event, name, text = (*value.split(PROPERTY_SEPARATOR, 2), value, value)[:3]
    return {EVENT: event, PROPERTY: name, "value": text}
