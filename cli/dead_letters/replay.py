"""Deliver dead letters again: send, be told that they were taken, then delete.

A run can end anywhere. What was not deleted is still in the dead-letter queue, so running it again goes on; what was
sent and not deleted is sent twice, and the ledger applies it once.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from cli.dead_letters.batches import ENTRIES_PER_CALL, Outgoing, Sleep, delete, send
from cli.dead_letters.messages import TARGET, DeadLetter
from cli.dead_letters.queues import DeadLetterQueue, Depth, StageQueues
from cli.dead_letters.selection import Selection
from cli.dead_letters.sweep import Sweep, hold_seconds

MAX_ATTEMPTS = 3
"""Replays of one message, across all runs, after which it stays."""

_EXAMPLES = 10


class Fate(StrEnum):
    """What became of a message."""

    REPLAYED = "replayed"
    """Sent and deleted; in a dry run: would be."""
    NOT_SELECTED = "not_selected"
    CAME_BACK = "came_back"
    """It was sent after the run began: most likely by the run itself, and it failed again."""
    EXHAUSTED = "exhausted"
    """It was replayed as often as allowed."""
    NO_DESTINATION = "no_destination"
    """Its rule's target is not a queue of this stage."""
    NOT_SENT = "not_sent"
    """SQS did not take it."""
    NOT_DELETED = "not_deleted"
    """It was sent, and is still here: the next run sends it again, which the ledger makes harmless."""


FAILURES = (Fate.EXHAUSTED, Fate.NO_DESTINATION, Fate.NOT_SENT, Fate.NOT_DELETED)
"""Fates of messages that were meant and are still in the dead-letter queue."""


class Options(NamedTuple):
    """How to replay: at most `limit` messages, `rate` a second, to the queue with the URL `to` instead of their own."""

    limit: int | None = None
    rate: float | None = None
    max_attempts: int = MAX_ATTEMPTS
    to: str | None = None
    dry_run: bool = False


class Report:
    """What became of the messages of a run: counts, the first ids of each fate, and whether the sweep had to end."""

    def __init__(self) -> None:
        self.counts: Counter[Fate] = Counter()
        self.examples: defaultdict[Fate, list[str]] = defaultdict(list)
        self.errors: Counter[str] = Counter()
        self.is_full = False

    def add(self, fate: Fate, message: DeadLetter, error: str | None = None) -> None:
        """Count a message."""
        self.counts[fate] += 1
        if len(self.examples[fate]) < _EXAMPLES:
            self.examples[fate].append(message.id)
        if error is not None:
            self.errors[error] += 1

    @property
    def failed(self) -> bool:
        """Tell whether a message that was meant is still in the dead-letter queue."""
        return self.is_full or any(self.counts[fate] for fate in FAILURES)


class Replay:
    """One run.

    Parameters
    ----------
    client
        SQS client.
    queues, queue
        The stage's queues, and the one whose messages are replayed.
    selection, options
        Which messages, and how.
    clock, sleep
        Seconds that only grow, and how to wait.
    """

    def __init__(
        self, client: Any, queues: StageQueues, queue: DeadLetterQueue, *, selection: Selection,  # noqa: ANN401
        options: Options, clock: Callable[[], float] = time.monotonic, sleep: Sleep = time.sleep,
    ) -> None:  # fmt: skip
        self.report = Report()
        self._client = client
        self._queues = queues
        self._queue = queue
        self._selection = selection
        self._options = options
        self._clock = clock
        self._sleep = sleep
        self._started = clock()

    def run(self, depth: Depth, done: Callable[[int], None]) -> Report:
        """Replay, and return what became of the messages.

        Parameters
        ----------
        depth
            Of the queue before the run; messages sent after it was counted are left to the next run, so that poison
            that fails again at once is not replayed for ever.
        done
            Called with the number of messages that were dealt with.
        """
        hold = hold_seconds(depth.total, rate=self._options.rate)
        self._started = self._clock()
        with Sweep(
            self._client, self._queue.url, hold_seconds=hold, keeps=self._options.dry_run, patient=True
        ) as sweep:
            for batch in sweep.batches(self._next_size):
                self._process(sweep, batch, depth.counted_at)
                done(len(batch))
            self.report.is_full = sweep.is_full
        return self.report

    def _process(self, sweep: Sweep, batch: Sequence[DeadLetter], began: float) -> None:
        routes: defaultdict[str, list[DeadLetter]] = defaultdict(list)
        remaining = self._remaining()
        for message in batch:
            fate, url = self._judge(message, began)
            if fate is not Fate.REPLAYED:
                self.report.add(fate, message)
            elif remaining is None or remaining > 0:
                remaining = None if remaining is None else remaining - 1
                routes[url].append(message)
        for url, messages in routes.items():
            if self._options.dry_run:
                for message in messages:
                    self.report.add(Fate.REPLAYED, message)
            else:
                self._move(sweep, url, messages)

    def _judge(self, message: DeadLetter, began: float) -> tuple[Fate, str]:
        """Return what is to become of a message, and where it goes."""
        if message not in self._selection:
            return Fate.NOT_SELECTED, ""
        if message.sent_at >= began:
            return Fate.CAME_BACK, ""
        if message.replays >= self._options.max_attempts:
            return Fate.EXHAUSTED, ""
        url = self._destination(message)
        return (Fate.REPLAYED, url) if url else (Fate.NO_DESTINATION, "")

    def _destination(self, message: DeadLetter) -> str | None:
        """Return the URL of the queue that did not deliver a message, or that a rule could not fill."""
        if self._options.to is not None:
            return self._options.to
        if self._queue.consumer is not None:
            return self._queues.work_queue(self._queue.consumer)
        target = message.attribute(TARGET)
        return self._queues.target(target) if target else None

    def _move(self, sweep: Sweep, url: str, messages: Sequence[DeadLetter]) -> None:
        """Send messages, and delete those that SQS confirmed."""
        outgoing = [Outgoing(message.body, message.replayed_attributes(), message.trace_header) for message in messages]
        not_sent = send(self._client, url, outgoing, sleep=self._sleep)
        sent = [message for place, message in enumerate(messages) if place not in not_sent]
        for place, code in not_sent.items():
            self.report.add(Fate.NOT_SENT, messages[place], code)
        not_deleted = delete(self._client, self._queue.url, [message.receipt for message in sent], sleep=self._sleep)
        for place, message in enumerate(sent):
            if place in not_deleted:
                self.report.add(Fate.NOT_DELETED, message, not_deleted[place])
            else:
                sweep.settle(message)
                self.report.add(Fate.REPLAYED, message)

    def _next_size(self) -> int:
        """Wait until the rate allows more, and return how many messages to ask for."""
        size = ENTRIES_PER_CALL
        remaining = self._remaining()
        if remaining is not None:
            # A filter may leave most of a batch, so only without one is it known how many are needed.
            size = min(size, remaining) if self._selection.is_everything else size * bool(remaining)
        rate = self._options.rate
        if rate is None or self._options.dry_run:
            return size
        due = self._started + self._sent() / rate
        if (early := due - self._clock()) > 0:
            self._sleep(early)
        # A batch is hidden while it waits, so at a slow rate it is small.
        return min(size, max(1, int(rate)))

    def _remaining(self) -> int | None:
        """Return how many messages the limit still allows."""
        return None if self._options.limit is None else max(0, self._options.limit - self._sent())

    def _sent(self) -> int:
        return self.report.counts[Fate.REPLAYED] + self.report.counts[Fate.NOT_DELETED]
