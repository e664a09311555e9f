"""The queues as SQS would keep them: what fails comes back, and after its last attempt it is a dead letter."""

import random
from collections.abc import Iterable
from typing import Any, NamedTuple

_REACH = 40
"""How far a message may overtake others: it is taken from so many that are visible."""

STEP_SECONDS = 1
"""What the driver's time advances with each of its turns."""


class Message(NamedTuple):
    """A message in a queue: `label` is its name in the history, whatever its ids are in this run."""

    label: str
    body: str
    sqs_id: str


class Parcel:
    """A message on its way, or the second copy of one.

    Parameters
    ----------
    message
        The message.
    visible_at
        From when on it may be delivered, in the driver's seconds.
    """

    def __init__(self, message: Message, visible_at: int) -> None:
        self.message = message
        self.visible_at = visible_at
        self.receives = 0

    def record(self) -> dict[str, Any]:
        """Return the record that Lambda makes of it."""
        return {
            "messageId": self.message.sqs_id,
            "receiptHandle": f"{self.message.sqs_id}-{self.receives}",
            "body": self.message.body,
            "attributes": {"ApproximateReceiveCount": str(self.receives), "SentTimestamp": "0"},
            "messageAttributes": {},
            "eventSource": "aws:sqs",
            "eventSourceARN": "arn:aws:sqs:eu-central-1:000000000000:chaos",
            "awsRegion": "eu-central-1",
        }


class WorkQueue:
    """The queue of one worker.

    Parameters
    ----------
    worker
        Short name of its function.
    visibility
        Seconds after which a message comes back that was not deleted.
    most_receives
        Deliveries after which it is a dead letter.
    chance
        Decides what overtakes what.
    """

    def __init__(self, worker: str, *, visibility: int, most_receives: int, chance: random.Random) -> None:
        self.worker = worker
        self._visibility = visibility
        self._most_receives = most_receives
        self._chance = chance
        self._waiting: list[Parcel] = []
        self.dead: list[Message] = []
        self.deliveries = 0
        self.repeated = 0
        self._kept: set[str] = set()
        self.receives: dict[str, int] = {}
        """The most deliveries that one copy of a message has had, by label."""

    def put(self, messages: Iterable[Message], *, anywhere: bool = False) -> None:
        """Put messages at the queue's end, or anywhere in it."""
        for message in messages:
            place = self._chance.randrange(len(self._waiting) + 1) if anywhere else len(self._waiting)
            self._waiting.insert(place, Parcel(message, 0))

    def repeat(self, count: int, *, within: int) -> None:
        """Let SQS deliver some messages twice, as it may: at the same time, or so many seconds later at most."""
        originals = [parcel.message for parcel in self._waiting]
        for message in self._chance.choices(originals, k=count):
            self.repeated += 1
            parcel = Parcel(message, self._chance.randrange(within))
            self._waiting.insert(self._chance.randrange(len(self._waiting) + 1), parcel)

    def keep(self, count: int) -> None:
        """Let SQS miss each deletion of some messages: they end as dead letters, although they were processed."""
        labels = sorted({parcel.message.label for parcel in self._waiting})
        self._kept = set(self._chance.sample(labels, count))

    def revive(self) -> None:
        """Forget the dead messages, which are in the dead-letter queue, and miss no deletion any more."""
        self.dead.clear()
        self._kept.clear()

    def visible(self, now: int) -> bool:
        """Tell whether there is something to deliver."""
        return any(parcel.visible_at <= now for parcel in self._waiting)

    def next_visible(self) -> int | None:
        """Return when something becomes visible; None when nothing is left."""
        return min((parcel.visible_at for parcel in self._waiting), default=None)

    def receive(self, now: int, most: int) -> list[Parcel]:
        """Return a batch of up to `most` messages, and hide them."""
        visible = [parcel for parcel in self._waiting if parcel.visible_at <= now][: _REACH + most]
        batch = self._chance.sample(visible, min(self._chance.randint(1, most), len(visible)))
        # SQS may have two copies, but does not put them into one answer.
        batch = list({parcel.message.sqs_id: parcel for parcel in batch}.values())
        for parcel in batch:
            self._waiting.remove(parcel)
            parcel.receives += 1
            self.deliveries += 1
            label = parcel.message.label
            self.receives[label] = max(self.receives.get(label, 0), parcel.receives)
        return batch

    def settle(self, batch: list[Parcel], failed: set[str], now: int) -> None:
        """Delete what was processed, and keep what failed."""
        for parcel in batch:
            if parcel.message.sqs_id not in failed and parcel.message.label not in self._kept:
                continue
            if parcel.receives >= self._most_receives:
                self.dead.append(parcel.message)
            else:
                parcel.visible_at = now + self._visibility
                self._waiting.append(parcel)
