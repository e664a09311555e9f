"""What every command about dead letters begins with: the stage, its queues, and how errors are said."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, NamedTuple

import typer

from cli.console import err, plain
from cli.dead_letters.errors import DeadLetterError, RefusedError
from cli.dead_letters.queues import DeadLetterQueue, StageQueues
from cli.target import Target, target
from local.errors import LocalError

QueueName = Annotated[str, typer.Argument(metavar="QUEUE", help="A name that 'sitewire dlq list' shows.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON, for scripts.")]
Yes = Annotated[bool, typer.Option("--yes", help="Don't ask.")]


class Place(NamedTuple):
    """A dead-letter queue of a stage, and the SQS client to work with."""

    target: Target
    sqs: Any
    queues: StageQueues
    queue: DeadLetterQueue


def place(stage: str, queue: str) -> Place:
    """Return a dead-letter queue by what a person calls it."""
    found = target(stage)
    sqs = found.client("sqs")
    with said():
        queues = StageQueues(sqs, stage)
        return Place(found, sqs, queues, queues.dead_letter_queue(queue))


@contextmanager
def said() -> Iterator[None]:
    """Say what went wrong in a sentence."""
    try:
        yield
    except RefusedError as error:
        raise LocalError(str(error)) from None
    except DeadLetterError as error:
        raise typer.BadParameter(str(error)) from None


def tell(sentence: str, *, as_json: bool, **fields: object) -> None:
    """Tell what was done: in JSON on standard output, or as a sentence on standard error."""
    if as_json:
        typer.echo(json.dumps(fields, indent=2))
    else:
        err.print(plain(sentence))
