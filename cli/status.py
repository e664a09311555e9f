"""Show how a stage is, on one screen."""

import json
import time
from collections.abc import Callable
from typing import Annotated

import typer
from rich.console import Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from cli.ages import age
from cli.console import columns, out, plain
from cli.dlq_place import AsJson, said
from cli.health.cloud import CloudFigures
from cli.health.here import LocalFigures
from cli.health.looking import Figures, look
from cli.health.state import Queue, Status
from cli.target import LOCAL, StageOption, target
from local.outputs import running_outputs

_UNKNOWN = "-"


def status(
    *,
    watch: Annotated[bool, typer.Option("--watch", "-w", help="Look again and again, until Ctrl-C.")] = False,
    every: Annotated[float, typer.Option(min=1, metavar="SECONDS", help="With --watch: how often.")] = 5,
    as_json: AsJson = False,
    stage: StageOption = LOCAL,
) -> None:
    """Show how a stage is: queues, dead letters, functions, alarms and the last deployment.

    Functions are looked at for the last 15 minutes: crashes and timeouts
    (errors), what they gave back to be tried again (failed), refused invocations
    (throttles), the duration of 95 of 100 and how many ran at once. On a deployed
    stage that is the worst of three periods of CloudWatch's metrics, which lag by
    minutes. Here it is counted from the log lines, and what the embedded AWS does
    not tell is a dash, with the reason below.

    With --json: one object, with --watch one a line. Exit codes:
    0 nothing is wrong;
    1 an alarm sounds, a dead-letter queue is not empty, or the last deployment
    failed; or the stage does not run, or AWS refused;
    2 sitewire.toml has no such stage.
    Ctrl-C ends --watch with what the last look told.

    Example: sitewire status --watch

    Example: sitewire status --stage production --json | jq '.problems[]'
    """
    place = target(stage)
    figures: Figures = (
        LocalFigures(place.client("logs"), running_outputs()["aws_endpoint_url"])
        if stage == LOCAL
        else CloudFigures(place.client("cloudwatch"))
    )

    def see() -> Status:
        with said():
            return look(stage, place.client, figures)

    found = see()
    if watch:
        found = _watch(found, see, every, as_json=as_json)
    elif as_json:
        typer.echo(json.dumps(found.document(), indent=2))
    else:
        out.print(screen(found))
    if found.problems:
        raise typer.Exit(1)


def _watch(found: Status, see: Callable[[], Status], every: float, *, as_json: bool) -> Status:
    """Show one look after another, and return the last when it is interrupted."""
    try:
        if as_json:
            while True:
                typer.echo(json.dumps(found.document()))
                time.sleep(every)
                found = see()
        with Live(screen(found), console=out, auto_refresh=False) as live:
            while True:
                live.update(screen(found), refresh=True)
                time.sleep(every)
                found = see()
    except KeyboardInterrupt:
        return found


def screen(found: Status) -> Group:
    """Return what is shown."""
    deployment = found.deployment
    head = f"{found.stage} at {found.at}, deployed {deployment.at}: {deployment.status}"
    functions = columns("function", "errors", "failed", "throttles", "p95 ms", "concurrency")
    for function in found.functions:
        functions.add_row(function.name, *(_number(figure) for figure in function[1:]))
    alarms = [plain(f"{alarm.name} since {alarm.since}") for alarm in found.alarms]
    silence = Text(_UNKNOWN if "alarms" in found.unknown else "none sounds")
    return Group(
        Text(head, style="bold"), Text(),
        _queues("queue", found.queues), Text(), _queues("dead letters", found.dlqs), Text(), functions, Text(),
        Text("alarms"), *(alarms or [silence]), Text(),
        *(plain(f"- {what}: {why}") for what, why in found.unknown.items()),
        *(Text(problem, style="red") for problem in found.problems),
        *([] if found.problems else [Text("Nothing is wrong.", style="green")]),
    )  # fmt: skip


def _queues(title: str, queues: list[Queue]) -> Table:
    table = columns(title, "depth", "in flight", "oldest")
    for queue in queues:
        oldest = _UNKNOWN if queue.oldest_seconds is None else age(queue.oldest_seconds)
        table.add_row(queue.name, f"{queue.depth:,}", f"{queue.in_flight:,}", oldest)
    return table


def _number(figure: object) -> str:
    return f"{figure:,}" if isinstance(figure, int) else _UNKNOWN
