"""Look into a dead-letter queue without taking anything out of it."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from cli.dead_letters.causes import WorkerErrors, delivery_error
from cli.dead_letters.messages import DeadLetter, moment
from cli.dead_letters.queues import DeadLetterQueue
from cli.dead_letters.sweep import Sweep, full_batch, hold_seconds

AGE_SAMPLE = 100
"""Messages that are looked at for the age of the oldest: SQS itself does not tell it."""


class Letter(NamedTuple):
    """What is told of one message; `id` is the event's, or SQS's where there is none."""

    id: str
    message_id: str
    correlation_id: str | None
    receive_count: int
    replays: int
    sent_at: str


class Group(NamedTuple):
    """Messages that died alike."""

    cause: str
    event: str | None
    letters: list[Letter]

    def document(self) -> dict[str, Any]:
        """Return it as JSON takes it."""
        times = sorted(letter.sent_at for letter in self.letters)
        return {
            "cause": self.cause,
            "event": self.event,
            "count": len(self.letters),
            "first_at": times[0],
            "last_at": times[-1],
            "receive_count": max(letter.receive_count for letter in self.letters),
            "ids": [letter.id for letter in self.letters],
            "messages": [letter._asdict() for letter in self.letters],
        }


def peek(client: Any, queue: DeadLetterQueue, limit: int) -> list[DeadLetter]:  # noqa: ANN401
    """Return up to `limit` messages without their content; when this returns they are visible again."""
    with Sweep(client, queue.url, hold_seconds=hold_seconds(limit), keeps=True) as sweep:
        return list(_some(sweep, limit))


def oldest_sent_at(client: Any, queue: DeadLetterQueue) -> float | None:  # noqa: ANN401
    """Return when the oldest message was first sent, of the first hundred that SQS gives; None if there is none."""
    return min((message.sent_at for message in peek(client, queue, AGE_SAMPLE)), default=None)


def grouped(logs: Any, queue: DeadLetterQueue, messages: Sequence[DeadLetter]) -> list[Group]:  # noqa: ANN401
    """Return messages grouped by what they died of and by event, the largest group first.

    Parameters
    ----------
    logs
        CloudWatch Logs client.
    queue, messages
        Where they lie, and what was found there.
    """
    cause = delivery_error
    if queue.log_group is not None and messages:
        cause = WorkerErrors(logs, queue.log_group, messages).of
    groups: dict[tuple[str, str | None], Group] = {}
    for message in sorted(messages, key=lambda message: message.sent_at):
        key = (cause(message), message.event_name)
        groups.setdefault(key, Group(*key, [])).letters.append(_letter(message))
    return sorted(groups.values(), key=lambda group: -len(group.letters))


def _some(sweep: Sweep, limit: int) -> Iterator[DeadLetter]:
    looked_at = 0

    def size() -> int:
        return min(limit - looked_at, full_batch())

    for batch in sweep.batches(size):
        looked_at += len(batch)
        yield from map(_without_content, batch)


def _without_content(message: DeadLetter) -> DeadLetter:
    """Return a message without what a visitor wrote, which is most of it and is not told."""
    told = {"id": message.event_id, "name": message.event_name, "correlation_id": message.correlation_id}
    return message._replace(body="", event=told)


def _letter(message: DeadLetter) -> Letter:
    return Letter(
        id=message.id,
        message_id=message.message_id,
        correlation_id=message.correlation_id,
        receive_count=message.receive_count,
        replays=message.replays,
        sent_at=moment(message.sent_at),
    )
