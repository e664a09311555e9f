"""Read a dead-letter queue through once, in bounded memory, and leave what was only looked at as it was."""

import tempfile
import time
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, Self

from cli.dead_letters.batches import ENTRIES_PER_CALL, set_visibility
from cli.dead_letters.messages import DeadLetter, parse

BATCH_SECONDS = 10
"""For how long a batch is hidden while it is worked on: as long as a killed run can hide it."""

MAX_HELD = 100_000
"""Messages that a sweep keeps hidden at most: SQS allows 120,000 in flight, and our memory is to be bounded."""

_LEAST_HOLD_SECONDS, _LONGEST_HOLD_SECONDS = 30, 3600
# SQS answers a call in some 15 ms: ten messages received, sent and deleted are four times as fast as this.
_SLOWEST_MESSAGES_A_SECOND = 50
_WAIT_SECONDS = 1


def hold_seconds(depth: int, *, rate: float | None = None) -> int:
    """Return for how long a message must be hidden to be met once in a sweep through `depth` messages."""
    slowest = min(_SLOWEST_MESSAGES_A_SECOND, rate or _SLOWEST_MESSAGES_A_SECOND)
    return min(round(_LEAST_HOLD_SECONDS + depth / slowest), _LONGEST_HOLD_SECONDS)


def full_batch() -> int:
    """Ask for as many messages as a call gives."""
    return ENTRIES_PER_CALL


class Sweep:
    """One pass through a queue; as a context manager it shows again, in the end, whatever it has hidden.

    SQS gives a message again as soon as it is visible, so what was looked at stays hidden until the pass ends. Messages
    themselves are kept for one batch only: of those that stay, the id is remembered, and the receipt in a file.
    A killed process can't show them again; then they come back by themselves, after `hold_seconds` at most.

    Parameters
    ----------
    client, url
        SQS client and queue.
    hold_seconds
        For how long a message that stays is hidden, unless the pass ends before.
    keeps
        Whether most messages will stay: they are hidden for that long from the start, which saves a call.
    patient
        Whether to wait, at the end, for messages that somebody hides, such as a run that was killed a moment ago.
    """

    def __init__(
        self, client: Any, url: str, *, hold_seconds: int, keeps: bool = False, patient: bool = False  # noqa: ANN401
    ) -> None:  # fmt: skip
        self._client = client
        self._url = url
        self._hold_seconds = hold_seconds
        self._batch_seconds = hold_seconds if keeps else min(BATCH_SECONDS, hold_seconds)
        self._deadline: float | None = None if patient else 0.0
        self._open: dict[str, str] = {}
        self._held: set[str] = set()
        self._receipts = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115  closed by __exit__

    def __enter__(self) -> Self:
        """Return the sweep."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Show every message again that was not settled, whatever happened."""
        try:
            self._receipts.seek(0)
            set_visibility(self._client, self._url, (line.rstrip("\n") for line in self._receipts), 0)
            set_visibility(self._client, self._url, self._open.values(), 0)
        finally:
            self._receipts.close()

    @property
    def is_full(self) -> bool:
        """Tell whether it ended because it can't keep more messages hidden."""
        return len(self._held) >= MAX_HELD

    def batches(self, size: Callable[[], int] = full_batch) -> Iterator[list[DeadLetter]]:
        """Yield messages, each once, until there are no others; what is not settled before the next batch stays.

        Parameters
        ----------
        size
            Called before each batch: how many messages to ask for; it may take its time, none is hidden meanwhile.
            0 ends the pass.
        """
        known_in_a_row = 0
        while not self.is_full and (count := size()):
            batch = self._receive(min(count, ENTRIES_PER_CALL))
            self._open = {message.message_id: message.receipt for message in batch}
            fresh = [message for message in batch if message.message_id not in self._held]
            if fresh:
                known_in_a_row = 0
                yield fresh
            elif batch:
                # Held messages come back when the pass takes longer than they are hidden: once around is enough.
                known_in_a_row += len(batch)
                if known_in_a_row > len(self._held):
                    return
            elif not self._somebody_hides_messages():
                return
            self._hold()

    def settle(self, message: DeadLetter) -> None:
        """Forget a message that was deleted."""
        self._open.pop(message.message_id, None)

    def _receive(self, count: int) -> list[DeadLetter]:
        # Long polling asks all of SQS's servers; without it, a queue that holds a few messages may seem empty.
        answer = self._client.receive_message(
            QueueUrl=self._url,
            MaxNumberOfMessages=count,
            VisibilityTimeout=self._batch_seconds,
            WaitTimeSeconds=_WAIT_SECONDS,
            MessageAttributeNames=["All"],
            MessageSystemAttributeNames=["All"],
        )
        return [parse(message) for message in answer.get("Messages", [])]

    def _hold(self) -> None:
        """Keep what is left of a batch hidden, so that the next call gives other messages."""
        if self._open and self._batch_seconds < self._hold_seconds:
            set_visibility(self._client, self._url, self._open.values(), self._hold_seconds)
        for message_id, receipt in self._open.items():
            self._held.add(message_id)
            self._receipts.write(f"{receipt}\n")
        self._open = {}

    def _somebody_hides_messages(self) -> bool:
        """Tell whether to look again: for as long as a run that was killed just before could hide a batch."""
        if self._deadline is None:
            self._deadline = time.monotonic() + BATCH_SECONDS + _WAIT_SECONDS
        if time.monotonic() > self._deadline:
            return False
        count = "ApproximateNumberOfMessagesNotVisible"
        attributes = self._client.get_queue_attributes(QueueUrl=self._url, AttributeNames=[count])["Attributes"]
        return int(attributes[count]) > len(self._held)
