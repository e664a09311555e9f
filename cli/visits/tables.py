"""A report as tables in a terminal."""

from typing import Any

from cli.console import columns, out, plain
from cli.visits.sparkline import sparkline
from shared.analytics.metrics import BOUNCE_RATE, REPORTED, VISIT_DURATION

_SECONDS_OF_A_MINUTE = 60


def show(report: dict[str, Any]) -> None:
    """Print a report: totals with their course, then rows."""
    period = report["period"]
    narrowed = report.get("filter")
    of_what = f", {narrowed['dimension']} {narrowed['value']}" if narrowed else ""
    out.print(plain(f"{report['site']}{of_what}: {period['from']} to {period['to']} ({period['time_zone']})"))
    _show_totals(report)
    if report.get("dimension"):
        out.print()
        _show_rows(report["rows"], report["dimension"])
    if "realtime" in report:
        visitors = report["realtime"]["visitors"]
        out.print(f"\n{visitors:,} {'visitor' if visitors == 1 else 'visitors'} in the last five minutes")


def _show_totals(report: dict[str, Any]) -> None:
    comparison = report.get("comparison")
    before = comparison["period"] if comparison else None
    changes = (f"than {before['from']} to {before['to']}",) if before else ()
    table = columns("metric", "total", *changes, f"by {report['period']['interval']}")
    for name, value in report["totals"].items():
        change = (_change(comparison["changes"][name]),) if comparison else ()
        course = sparkline([moment[name] for moment in report["series"]])
        table.add_row(_spoken(name), _number(name, value), *change, course)
    out.print(table)


def _show_rows(rows: list[dict[str, Any]], dimension: str) -> None:
    if not rows:
        out.print(plain(f"nothing is counted by {_spoken(dimension)} in this period"))
        return
    names = list(rows[0])
    table = columns(*map(_spoken, names))
    for row in rows:
        # What pages and visitors call themselves is theirs to say.
        table.add_row(*(_number(name, row[name]) if name in REPORTED else plain(row[name]) for name in names))
    out.print(table)


def _spoken(name: str) -> str:
    return name.replace("_", " ")


def _number(name: str, value: float | None) -> str:
    if value is None:
        return "-"
    if name == BOUNCE_RATE:
        return f"{value:.0%}"
    if name == VISIT_DURATION:
        minutes, seconds = divmod(round(value), _SECONDS_OF_A_MINUTE)
        return f"{minutes}m {seconds:02}s" if minutes else f"{seconds}s"
    return f"{value:,}"


def _change(fraction: float | None) -> str:
    return "-" if fraction is None else f"{fraction:+.0%}"
