"""Tell what became of projects: on standard output in JSON, on standard error in sentences."""

import json

import typer

from cli.console import err, plain
from cli.projects.import_ import Report
from cli.projects.lines import STANDARD

_MOST_TOLD = 50
_MOST_NUMBERS = 10
_MEANINGS = {"slug_taken": "another project of its locale has the slug, or had it"}


def tell_export(count: int, file: str, *, dry_run: bool, as_json: bool) -> None:
    """Tell how many projects are in a file, or would be."""
    if as_json:
        typer.echo(json.dumps({"dry_run": dry_run, "file": file, "projects": count}, indent=2))
        return
    place = "standard output" if file == STANDARD else file
    err.print(plain(f"{'Would write' if dry_run else 'Wrote'} {_counted(count)} to {place}."))


def tell_import(report: Report, lines: int, name: str, *, dry_run: bool, as_json: bool) -> None:
    """Tell what became of the lines of a file."""
    if as_json:
        typer.echo(json.dumps({"dry_run": dry_run, "lines": lines, **report.document()}, indent=2))
        return
    if dry_run:
        err.print(plain(f"Would send {_counted(lines)} of {name}; every line is one."))
        return
    err.print(f"Created {_counted(report.created)} of {lines:,}.")
    if report.rejected:
        err.print(f"  {len(report.rejected):,} rejected:")
    for rejection in sorted(report.rejected)[:_MOST_TOLD]:
        meaning = _MEANINGS.get(rejection.reason)
        reason = f"{rejection.reason} ({meaning})" if meaning else rejection.reason
        err.print(plain(f"  {name}:{rejection.line}: {reason}"))
    if len(report.rejected) > _MOST_TOLD:
        err.print("  and more: --json tells all")
    if report.pending:
        numbers = ", ".join(map(str, sorted(report.pending)[:_MOST_NUMBERS]))
        more = " ..." if len(report.pending) > _MOST_NUMBERS else ""
        err.print(f"  {len(report.pending):,} accepted and not known to be applied yet: lines {numbers}{more}")
        err.print(
            "  run the same command again to look again; if that does not help, 'sitewire dlq list' tells of failures"
        )
    unknown = lines - report.created - len(report.rejected) - len(report.pending)
    if unknown:
        err.print(f"  {unknown:,} left: run the same command again to go on, it creates nothing twice")


def _counted(count: int) -> str:
    return f"{count:,} {'project' if count == 1 else 'projects'}"
