"""Measure what it costs to count visits, beside one UpdateItem an event, and to report on a small and a large site.

Write units follow from the sizes of the items that the worker writes on the embedded AWS (`capacity.py`), and reports
are read there. Processor time is the caller's alone: both workers write to a table that answers at once, in a process
of its own. All of it happens in one run.
"""

import argparse
import contextlib
import io
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any, NamedTuple

import schemas
from load.instant_table import instant_table
from load.options import at_least
from load.read_units import Meter as ReadMeter
from load.report_sites import DAYS, LARGE, PAGES, SMALL, put_site
from load.table_engine import TABLE, Engine, Meter, engine, put_visitors_before
from load.visits import DAY_BEFORE, EVENTS_A_MESSAGE, SITE, VISITORS_A_DAY, Visits, sqs_event
from local.paths import ROOT
from schemas.compiler import compile_all
from shared.analytics.aggregation import Aggregation
from shared.analytics.live import Live
from shared.table.revisions import RevisedItems

CPU_TARGETS = {1000: 6.0}
"""Microseconds an event, by messages a batch."""

UNIT_TARGETS = {100: 1.0, 1000: 0.5}
"""Write units an event, by messages a batch."""

_WARM_UP = 3
"""Batches before those that are measured."""

REPORT_TARGET = 1.2
"""The large site against the small one, in latency and in read units."""

QUESTIONS = {
    "all metrics by day": {},
    "pages": {"dimension": "page"},
    "sources, all metrics": {"dimension": "source"},
}

_KINDS = {"receipts": "ledger", "visitors": "visitors", "rollup": "rollups", "analytics": "who is there"}
_EVENT = ROOT / "tests" / "unit" / "events" / "api_get_analytics.json"


class Cost(NamedTuple):
    """What a batch of so many messages costs an event: microseconds of either worker, units by kind of item."""

    messages: int
    ours: list[float]
    baseline: list[float]
    units: dict[str, float]
    transactions: float


class Report(NamedTuple):
    """What one question costs on either site: milliseconds of each answer, and read units."""

    title: str
    small: list[float]
    large: list[float]
    small_units: float
    large_units: float

    @property
    def latency_ratio(self) -> float:
        """Return the large site's median against the small one's."""
        return statistics.median(self.large) / statistics.median(self.small)


class _Context:
    aws_request_id = "bench"
    function_name = "bench"
    memory_limit_in_mb = 1024
    invoked_function_arn = "arn:aws:lambda:eu-central-1:000000000000:function:bench"

    def get_remaining_time_in_millis(self) -> int:
        """Return that there is time."""
        return 60_000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0], epilog="Takes about two minutes.")
    parser.add_argument("--batches", type=at_least(1), default=10, help="batches of each size (default: %(default)s)")
    parser.add_argument("--reports", type=at_least(1), default=40, help="reports on each site (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print one object instead of tables")
    asked = parser.parse_args()
    compile_all(Path(schemas.__file__).parent / "compiled")
    with tempfile.TemporaryDirectory() as scratch, engine(Path(scratch)) as table, instant_table() as instant:
        os.environ.update(table.environment | _settings() | {"AWS_ENDPOINT_URL": instant})
        put_visitors_before(table.client(instant), SITE, DAY_BEFORE, VISITORS_A_DAY)
        times = {messages: _processor_time(messages, asked.batches) for messages in UNIT_TARGETS}
        os.environ.update(table.environment)
        table.create()
        put_visitors_before(table.client(), SITE, DAY_BEFORE, VISITORS_A_DAY)
        costs = [Cost(messages, *times[messages], *_units(table, messages, asked.batches)) for messages in UNIT_TARGETS]
        reports = _report(table, asked.reports)
    if asked.json:
        print(json.dumps(_summary(costs, reports), indent=2))
    else:
        print("\n\n".join([*map(_cost_table, costs), _report_table(reports)]))


def _settings() -> dict[str, str]:
    names = (SITE, SMALL.name, LARGE.name)
    sites = [{"name": name, "origins": [f"https://{name}"], "time_zone": "UTC"} for name in names]
    return {
        "ALLOWED_ORIGINS": f"https://{SITE}",
        "QUERY_PARAMETERS": "",
        "SITES": json.dumps(sites),
        "POWERTOOLS_METRICS_NAMESPACE": "bench",
        "POWERTOOLS_TRACE_DISABLED": "true",
    }


def _units(table: Engine, messages: int, batches: int) -> tuple[dict[str, float], float]:
    """Return the write units of an event by kind of item, and the transactions of a batch."""
    from functions.workers import aggregate_analytics as ours  # noqa: PLC0415  it reads the environment

    visits, meter = Visits(seed=messages), Meter(table.client())
    items = RevisedItems(meter, TABLE)
    aggregation, live = Aggregation(items), Live(items)
    for place in range(_WARM_UP + batches):
        _say(f"write units of {messages} messages: batch {place + 1} of {_WARM_UP + batches}")
        if place == _WARM_UP:
            meter.reset()
        batch = [ours.reader.read(record["body"]) for record in sqs_event(visits.messages(messages))["Records"]]
        aggregation.count(batch, seconds_left=lambda: 60.0)
        live.note(batch, now=batch[-1].accepted_at)
    events = batches * messages * EVENTS_A_MESSAGE
    return {kind: number / events for kind, number in meter.units.items()}, meter.transactions / batches


def _processor_time(messages: int, batches: int) -> tuple[list[float], list[float]]:
    """Return the microseconds an event of the worker and of the baseline, batch by batch, taking turns."""
    from functions.workers import aggregate_analytics as ours  # noqa: PLC0415  it reads the environment
    from load.usual_way import analytics_worker as baseline  # noqa: PLC0415

    visits = Visits(seed=messages)
    samples: tuple[list[float], list[float]] = ([], [])
    for place in range(_WARM_UP + batches):
        _say(f"processor time of {messages} messages: batch {place + 1} of {_WARM_UP + batches}")
        # A tenth of the batch is enough of the same over and over again.
        spent = _run(ours.handler, visits.messages(messages)), _run(baseline.handler, visits.messages(messages // 10))
        if place >= _WARM_UP:
            for found, microseconds in zip(samples, spent, strict=True):
                found.append(microseconds)
    return samples


def _run(handler: Callable[..., Any], messages: list[dict[str, Any]]) -> float:
    """Return the microseconds of processor time an event that a handler takes for a batch."""
    event = sqs_event(messages)
    with contextlib.redirect_stdout(io.StringIO()):
        started = time.process_time()
        answer = handler(event, _Context())
        spent = time.process_time() - started
    if answer["batchItemFailures"]:
        sys.exit(f"{len(answer['batchItemFailures'])} messages failed")
    return spent / (len(messages) * EVENTS_A_MESSAGE) * 1e6


def _report(table: Engine, reports: int) -> list[Report]:
    """Return what each question costs on the small and on the large site."""
    from functions.query import analytics as query  # noqa: PLC0415  it reads the environment

    for site in (SMALL, LARGE):
        _say(f"putting a site with {site.events:,} events in {DAYS} days")
        put_site(table, site)
    meter, found = ReadMeter(query.dynamodb), []
    for title, question in QUESTIONS.items():
        _say(f"reporting {title}")
        samples: dict[str, list[float]] = {SMALL.name: [], LARGE.name: []}
        units: dict[str, float] = {}
        for _ in range(reports + 1):
            for site in (SMALL, LARGE):
                before, started = meter.units, time.perf_counter()
                _ask(query.handler, {"site": site.name, "period": "30d", **question})
                samples[site.name].append((time.perf_counter() - started) * 1000)
                units[site.name] = meter.units - before
        # The first report of each opens connections.
        found.append(
            Report(title, samples[SMALL.name][1:], samples[LARGE.name][1:], units[SMALL.name], units[LARGE.name])
        )
    return found


def _ask(handler: Callable[..., Any], question: dict[str, str]) -> None:
    event = json.loads(_EVENT.read_text()) | {"queryStringParameters": question}
    with contextlib.redirect_stdout(io.StringIO()):
        answer = handler(event, _Context())
    if answer["statusCode"] != HTTPStatus.OK:
        sys.exit(f"a report was answered with {answer['statusCode']}: {answer['body']}")


def _summary(costs: list[Cost], reports: list[Report]) -> dict[str, Any]:
    counting = [
        {
            "messages": cost.messages,
            "events": cost.messages * EVENTS_A_MESSAGE,
            "cpu_us_per_event": round(statistics.median(cost.ours), 2),
            "baseline_us_per_event": round(statistics.median(cost.baseline), 1),
            "cpu_us_target": CPU_TARGETS.get(cost.messages),
            "ratio": round(statistics.median(cost.ours) / statistics.median(cost.baseline), 4),
            "write_units_per_event": {kind: round(number, 3) for kind, number in cost.units.items()},
            "write_units": round(sum(cost.units.values()), 3),
            "write_units_target": UNIT_TARGETS[cost.messages],
            "transactions": cost.transactions,
        }
        for cost in costs
    ]
    reporting = [
        {
            "question": report.title,
            "ms": [round(statistics.median(samples), 1) for samples in (report.small, report.large)],
            "ratio": round(report.latency_ratio, 3),
            "read_units": [report.small_units, report.large_units],
            "target": REPORT_TARGET,
        }
        for report in reports
    ]
    return {"counting": counting, "reports": reporting}


def _cost_table(cost: Cost) -> str:
    ours, baseline = statistics.median(cost.ours), statistics.median(cost.baseline)
    units, target = sum(cost.units.values()), UNIT_TARGETS[cost.messages]
    most = CPU_TARGETS.get(cost.messages)
    aim = f"; target: at most {most:.0f} us, {_verdict(ours <= most)}" if most else ""
    split = ", ".join(f"{_KINDS[kind]} {number:.3f}" for kind, number in sorted(cost.units.items()))
    return "\n".join(
        (
            f"{cost.messages:,} messages of {EVENTS_A_MESSAGE} events a batch, {cost.transactions:.1f} transactions",
            f"  {'':<26}{'median':>10}{'fastest':>10}{'slowest':>10}",
            f"  {'this worker, us an event':<26}{ours:>10.1f}{min(cost.ours):>10.1f}{max(cost.ours):>10.1f}",
            f"  {'one UpdateItem an event':<26}{baseline:>10.1f}{min(cost.baseline):>10.1f}{max(cost.baseline):>10.1f}",
            f"  ratio {ours / baseline:.4f}{aim}",
            f"  write units an event {units:.3f}: {split} (one UpdateItem an event: 1 at least)",
            f"  target: at most {target:.1f}, {_verdict(units <= target)}",
        )
    )


def _report_table(reports: list[Report]) -> str:
    lines = [
        f"Report over {DAYS} days, {SMALL.events:,} events against {LARGE.events:,} on the same {PAGES} pages",
        f"  {'':<26}{'ms':>8}{'ms':>8}{'ratio':>8}{'units':>8}{'units':>8}{'ratio':>8}",
    ]
    for report in reports:
        small, large = statistics.median(report.small), statistics.median(report.large)
        lines.append(
            f"  {report.title:<26}{small:>8.1f}{large:>8.1f}{report.latency_ratio:>8.3f}"
            f"{report.small_units:>8.1f}{report.large_units:>8.1f}{report.large_units / report.small_units:>8.3f}"
        )
    reached = all(
        report.latency_ratio <= REPORT_TARGET and report.large_units <= REPORT_TARGET * report.small_units
        for report in reports
    )
    return "\n".join([*lines, f"  target: ratios of at most {REPORT_TARGET}, {_verdict(reached)}"])


def _verdict(reached: bool) -> str:
    return "reached" if reached else "missed"


def _say(message: str) -> None:
    print(message, file=sys.stderr)


if __name__ == "__main__":
    main()
