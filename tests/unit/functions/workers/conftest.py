import io
import json
from collections.abc import Callable, Iterable
from contextlib import redirect_stdout
from types import ModuleType
from typing import Any

import pytest

from shared.analytics.aggregation import Aggregation
from shared.analytics.live import Live
from tests.unit import events
from tests.unit.shared.analytics.tables import MemoryTable
from tests.unit.shared.analytics.workers import items_of, worker
from tests.unit.shared.consumers import Context

PLENTY = 120
"""Seconds that an invocation has left where it matters to nobody."""


class AnalyticsBench:
    """The function that counts visits, fed with batches: its table, and what it wrote.

    Parameters
    ----------
    module
        The function's module.
    table
        The table that it counts into.
    """

    def __init__(self, module: ModuleType, table: MemoryTable) -> None:
        self._module = module
        self._output = io.StringIO()
        self.table = table

    def deliver(self, bodies: Iterable[str], *, remaining_seconds: float = PLENTY) -> dict[str, Any]:
        """Deliver a batch of messages, called `message-0`, `message-1` and so on, and return the answer."""
        with redirect_stdout(self._output):
            answer: dict[str, Any] = self._module.handler(
                events.sqs_event(bodies), Context(remaining_seconds=remaining_seconds)
            )
        return answer

    def restart(self) -> None:
        """Let the function forget all, and empty its table."""
        self.table.items.clear()
        vars(self._module)["aggregation"] = worker(self.table)

    @property
    def written(self) -> str:
        """Return all that it wrote."""
        return self._output.getvalue()

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Return what it logged."""
        return [json.loads(line) for line in self.written.splitlines()]

    @property
    def metrics(self) -> dict[str, float]:
        """Return the values of the metrics of the last batch."""
        line = self.lines[-1]
        (directive,) = line["_aws"]["CloudWatchMetrics"]
        return {metric["Name"]: line[metric["Name"]] for metric in directive["Metrics"]}


@pytest.fixture(scope="session")
def aggregate_analytics(load: Callable[[str], ModuleType]) -> ModuleType:
    """Return the module of the function that counts visits."""
    return load("functions.workers.aggregate_analytics")


@pytest.fixture
def bench(aggregate_analytics: ModuleType, monkeypatch: pytest.MonkeyPatch) -> AnalyticsBench:
    """Return the function that counts visits, on a table of its own."""
    table = MemoryTable()
    aggregation: Aggregation = worker(table)
    monkeypatch.setattr(aggregate_analytics, "aggregation", aggregation)
    monkeypatch.setattr(aggregate_analytics, "live", Live(items_of(table)))
    return AnalyticsBench(aggregate_analytics, table)
