"""Dead letters: see them, and deliver them again."""

import json
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer
from rich.text import Text

from cli.ages import age
from cli.console import columns, err, out, plain
from cli.counting import counting
from cli.dead_letters.peek import Group, grouped, oldest_sent_at, peek
from cli.dead_letters.queues import DeadLetterQueue, StageQueues
from cli.dead_letters.transfer import checked, export, import_
from cli.dlq_place import AsJson, QueueName, Yes, place, said, tell
from cli.dlq_replay import replay
from cli.target import LOCAL, StageOption, target
from local.errors import LocalError

_SHOWN = 1000
_IDS_SHOWN = 5

app = typer.Typer(
    no_args_is_help=True,
    help="""
    Dead letters: messages that a worker failed on five times, or that a rule could not deliver in a day.

    See which queues hold some ('list'), see why they died ('show'), mend the cause, then 'replay': each message is
    applied once, because the ledger knows it by its event's id.
    """,
)


class _Row(NamedTuple):
    """What 'list' tells of a queue."""

    name: str
    depth: int
    oldest_seconds: int | None
    source: str
    consumer: str | None


@app.command("list")
def list_(*, as_json: AsJson = False, stage: StageOption = LOCAL) -> None:
    """List the dead-letter queues: how many messages, how old, where they come from.

    The age is that of the oldest among the first hundred that SQS gives, since they were first sent. With --json: an
    array of objects with name, depth, oldest_seconds, source and consumer.

    Exit codes:
    0 they are listed, whether they hold messages or not;
    1 the stage does not run, or AWS refused.

    Example: sitewire dlq list --json | jq '.[] | select(.depth > 0) | .name'
    """
    here = target(stage)
    sqs = here.client("sqs")
    with said():
        queues = StageQueues(sqs, stage)
        found = queues.dead_letter_queues()
        rows = [_row(sqs, queues, queue) for queue in found]
        if as_json:
            typer.echo(json.dumps([row._asdict() for row in rows], indent=2))
            return
        events = here.client("events")
        rules = [queues.rules(events, queue) for queue in found]
    table = columns("name", "depth", "oldest", "source", "rule", "consumer")
    for row, names in zip(rows, rules, strict=True):
        oldest = "" if row.oldest_seconds is None else age(row.oldest_seconds)
        filled_by = "\n".join(names) or "none: sent to directly"
        consumer = row.consumer or "none: its rules could not deliver"
        table.add_row(row.name, f"{row.depth:,}", oldest, row.source, filled_by, consumer)
    out.print(table)


@app.command()
def show(
    queue: QueueName,
    *,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="Messages to look at, at most.")] = _SHOWN,
    as_json: AsJson = False,
    stage: StageOption = LOCAL,
) -> None:
    """Show why messages died, grouped by cause, without taking any out.

    The cause is the last error that the worker's log has for a message; for 'undelivered' it is EventBridge's. With
    --json: an array of groups with cause, event, count, first_at, last_at, receive_count, ids and messages.

    Exit codes:
    0 the messages are shown, or there is none;
    1 the stage does not run, or AWS refused;
    2 there is no such queue.

    Example: sitewire dlq show store_contact

    Example: sitewire dlq show aggregate_analytics --json | jq '.[] | {cause, count}'
    """
    here = place(stage, queue)
    messages = peek(here.sqs, here.queue, limit)
    groups = grouped(here.target.client("logs"), here.queue, messages)
    if as_json:
        typer.echo(json.dumps([group.document() for group in groups], indent=2))
        return
    for group in groups:
        _show_group(group)
    depth = here.queues.depth(here.queue)
    err.print(
        f"{len(messages):,} of about {max(depth.total, len(messages)):,} messages of {here.queue.name} on {stage}."
    )


app.command()(replay)


@app.command()
def purge(queue: QueueName, *, yes: Yes = False, as_json: AsJson = False, stage: StageOption = LOCAL) -> None:
    """Delete every message of a dead-letter queue for good; asks for the queue's name.

    What is deleted was promised to somebody: 'export' keeps a copy. With --json: an object with queue and purged, which
    is as many as SQS estimated.

    Exit codes:
    0 they are deleted;
    1 nothing is: the stage does not run, AWS refused, or the queue was purged within the last minute;
    2 nothing is: there is no such queue, or what was typed is not its name;
    130 nothing is: nobody answered.

    Example: sitewire dlq export undelivered kept.jsonl && sitewire dlq purge undelivered
    """
    here = place(stage, queue)
    depth = here.queues.depth(here.queue).total
    if not yes:
        question = f"This deletes about {depth:,} messages of {here.queue.name} on {stage}. Type the queue's name"
        if typer.prompt(question, err=True) != here.queue.name:
            message = "that is not the queue's name: nothing was deleted"
            raise typer.BadParameter(message)
    try:
        here.sqs.purge_queue(QueueUrl=here.queue.url)
    except here.sqs.exceptions.PurgeQueueInProgress:
        message = "SQS purges a queue once a minute at most: try again in a minute"
        raise LocalError(message) from None
    sentence = f"Deleted about {depth:,} messages of {here.queue.name}; SQS takes up to a minute."
    tell(sentence, as_json=as_json, queue=here.queue.name, purged=depth)


@app.command("export")
def export_(
    queue: QueueName,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="JSON Lines; must not exist.")],
    *,
    as_json: AsJson = False,
    stage: StageOption = LOCAL,
) -> None:
    """Write every message of a dead-letter queue to a file, one JSON object a line; they stay in the queue.

    The file holds what visitors wrote, and only you can read it. It has its name once it is whole. With --json: an
    object with queue, exported and file.

    Exit codes:
    0 every message is in FILE;
    1 there is no FILE: the stage does not run, AWS refused, or the queue holds more than 100,000 messages;
    2 there is no such queue, or FILE exists or can't be written;
    130 interrupted: there is no FILE, run it again.

    Example: sitewire dlq export store_contact letters.jsonl
    """
    here = place(stage, queue)
    depth = here.queues.depth(here.queue)
    with said(), counting("Writing", depth.total) as advance:
        count = export(here.sqs, here.queue, file, depth, advance)
    sentence = f"Wrote {count:,} messages of {here.queue.name} to {file}."
    tell(sentence, as_json=as_json, queue=here.queue.name, exported=count, file=str(file))


@app.command("import")
def import_command(
    queue: QueueName,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="JSON Lines, as 'export' writes them.")],
    *,
    as_json: AsJson = False,
    stage: StageOption = LOCAL,
) -> None:
    """Put the messages of a file into a dead-letter queue; from there 'replay' delivers them.

    Every line needs a 'body'; 'attributes' are message attributes as SQS takes them. A file with a bad line is refused
    as a whole. With --json: an object with queue, imported and file.

    Exit codes:
    0 every message is in the queue;
    1 some are not: the stage does not run, or SQS did not take them;
    2 none is: there is no such queue, or a line is no message;
    130 interrupted: run it again. What is then in the queue twice is applied once.

    Example: sitewire dlq import store_contact mended.jsonl && sitewire dlq replay store_contact
    """
    here = place(stage, queue)
    with said():
        count = checked(file)
        with counting("Sending", count) as advance:
            import_(here.sqs, here.queue, file, advance)
    sentence = f"Put {count:,} messages into {here.queue.name}."
    tell(sentence, as_json=as_json, queue=here.queue.name, imported=count, file=str(file))


def _row(sqs: Any, queues: StageQueues, queue: DeadLetterQueue) -> _Row:  # noqa: ANN401  boto3's clients
    depth = queues.depth(queue)
    sent_at = oldest_sent_at(sqs, queue) if depth.visible else None
    oldest = None if sent_at is None else max(0, round(depth.counted_at - sent_at))
    return _Row(queue.name, depth.total, oldest, queue.source, queue.consumer)


def _show_group(group: Group) -> None:
    told = group.document()
    # Names and ids are whatever somebody put into the queue.
    out.print(
        Text.assemble((f"{told['count']:,} ", "bold"), plain(group.event or "no event"), ": ", plain(group.cause))
    )
    out.print(f"  first sent from {told['first_at']} to {told['last_at']}")
    table = columns("id", "correlation id", "receives", "replays", "first sent")
    for letter in group.letters[:_IDS_SHOWN]:
        counts = (str(letter.receive_count), str(letter.replays))
        table.add_row(plain(letter.id), plain(letter.correlation_id or ""), *counts, letter.sent_at)
    out.print(table)
    if len(group.letters) > _IDS_SHOWN:
        out.print(f"  and {len(group.letters) - _IDS_SHOWN:,} more: --json tells all")
