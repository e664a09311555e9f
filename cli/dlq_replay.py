"""Deliver dead letters again."""

import json
import time
from typing import Annotated

import typer

from cli.console import err, plain
from cli.counting import counting
from cli.dead_letters.queues import Depth
from cli.dead_letters.replay import FAILURES, MAX_ATTEMPTS, Fate, Options, Replay, Report
from cli.dead_letters.selection import Selection, parse_time
from cli.dlq_place import AsJson, Place, QueueName, Yes, place, said
from cli.target import LOCAL, StageOption

_FATES = {
    Fate.NOT_SELECTED: "not selected",
    Fate.CAME_BACK: "came in after the run began, left to the next one",
    Fate.EXHAUSTED: "replayed as often as --max-attempts allows, left",
    Fate.NO_DESTINATION: "without a queue of this stage as destination, left (say where with --to)",
    Fate.NOT_SENT: "not taken by SQS, left",
    Fate.NOT_DELETED: "sent but not deleted: the next run sends them again, which the ledger makes harmless",
}

DryRun = Annotated[bool, typer.Option("--dry-run", help="Only tell what would be replayed.")]
Filter = Annotated[
    str | None,
    typer.Option(
        "--filter", metavar="JMESPATH",
        help="Only messages for which this is true, such as \"detail.name == 'ContactSubmitted'\". It sees the body's "
        "fields, and message.id, .sent_at, .receive_count, .replays, .attributes.",
    ),
]  # fmt: skip
Since = Annotated[
    str | None,
    typer.Option(metavar="TIME", help="Only those sent then or later: 2026-11-23T14:00:00Z, or 2h for an age."),
]
Until = Annotated[str | None, typer.Option(metavar="TIME", help="Only those sent before.")]
Ids = Annotated[
    list[str] | None, typer.Option("--id", metavar="ID", help="Only this one, as 'show' tells it; may be repeated.")
]
Limit = Annotated[int | None, typer.Option(min=1, help="Replay so many at most.")]
Rate = Annotated[float | None, typer.Option(min=0.01, help="Messages a second, at most.")]
Attempts = Annotated[int, typer.Option(min=1, help="Leave what was replayed so often, across all runs.")]
To = Annotated[
    str | None,
    typer.Option(metavar="QUEUE", help="Not to where it failed, but to this worker's or any queue of the account."),
]


def replay(  # noqa: PLR0913  an option is a parameter
    queue: QueueName,
    *,
    dry_run: DryRun = False,
    filter_: Filter = None,
    since: Since = None,
    until: Until = None,
    ids: Ids = None,
    limit: Limit = None,
    rate: Rate = None,
    max_attempts: Attempts = MAX_ATTEMPTS,
    to: To = None,
    yes: Yes = False,
    as_json: AsJson = False,
    stage: StageOption = LOCAL,
) -> None:
    """Deliver dead letters again: to the worker that failed on them, or to the queue that a rule could not reach.

    A message is sent, SQS confirms it, then it is deleted. Ctrl-C or a crash loses nothing: run it again to go on. What
    is sent twice meanwhile is applied once. Messages that come back during the run are left to the next one, and what
    was replayed --max-attempts times stays. A run ends where its filter has left 100,000 messages: SQS hides no more.

    Exit codes:
    0 whatever was meant is delivered again, or in a dry run would be;
    1 a message that was meant is still there, an --id was not found, the stage does not run, or AWS refused;
    2 there is no such queue, or an option can't be understood: nothing was sent;
    130 interrupted, or not confirmed: run it again to go on.

    Example: sitewire dlq replay store_contact --since 2h --rate 20 --dry-run

    Example: sitewire dlq replay aggregate_analytics --filter "name == 'RecordAnalytics'" --yes --json
    """
    here = place(stage, queue)
    with said():
        now = time.time()
        selection = Selection(
            expression=filter_,
            since=parse_time(since, now=now) if since is not None else None,
            until=parse_time(until, now=now) if until is not None else None,
            ids=ids or (),
        )
        options = Options(limit, rate, max_attempts, _destination(here, to), dry_run)
    depth = here.queues.depth(here.queue)
    if not (yes or dry_run):
        meant = "" if selection.is_everything else "those selected of "
        question = f"Replay {meant}about {depth.total:,} messages of {here.queue.name} on {stage}?"
        typer.confirm(question, abort=True, err=True)
    run = Replay(here.sqs, here.queues, here.queue, selection=selection, options=options)
    with said():
        _run(run, depth, selection, dry_run=dry_run, as_json=as_json)
    if run.report.failed or selection.missing:
        raise typer.Exit(1)


def _destination(here: Place, name: str | None) -> str | None:
    """Return the URL of the queue that --to names."""
    if name is None:
        return None
    url = here.queues.work_queue(name)
    if url == here.queue.url:
        message = f"--to names {here.queue.queue_name}, where the messages are"
        raise typer.BadParameter(message)
    return url


def _run(run: Replay, depth: Depth, selection: Selection, *, dry_run: bool, as_json: bool) -> None:
    """Run with a progress bar, and tell in any case what became of the messages."""
    try:
        with counting("Looking at" if dry_run else "Replaying", depth.total) as advance:
            run.run(depth, advance)
    except KeyboardInterrupt:
        err.print("Interrupted: nothing is lost; run it again to go on.")
        raise
    finally:
        _tell(run.report, selection, dry_run=dry_run, as_json=as_json)


def _tell(report: Report, selection: Selection, *, dry_run: bool, as_json: bool) -> None:
    """Tell what became of the messages: on standard output in JSON, on standard error in sentences."""
    if as_json:
        fates = {fate.value: report.counts[fate] for fate in Fate}
        examples = {fate.value: report.examples[fate] for fate in FAILURES if report.counts[fate]}
        document = {"dry_run": dry_run, **fates, "examples": examples, "errors": dict(report.errors),
                    "missing_ids": selection.missing, "complete": not report.is_full}  # fmt: skip
        typer.echo(json.dumps(document, indent=2))
        return
    count = report.counts[Fate.REPLAYED]
    err.print(f"{'Would replay' if dry_run else 'Replayed'} {count:,} {'message' if count == 1 else 'messages'}.")
    for fate, meaning in _FATES.items():
        if count := report.counts[fate]:
            ids = f": {', '.join(report.examples[fate])}{' ...' if count > len(report.examples[fate]) else ''}"
            err.print(plain(f"  {count:,} {meaning}{ids if fate in FAILURES else ''}"))
    for code, count in report.errors.items():
        err.print(plain(f"  SQS said {code} of {count:,}"))
    if selection.missing:
        err.print(plain(f"  not found: {', '.join(selection.missing)}"))
    if report.is_full:
        err.print("  more could not be looked at in one run: SQS hides so many at most; select fewer, or 'purge' those")
