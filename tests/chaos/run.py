"""One run: requests are accepted, their messages delivered by a schedule, and the dead ones once more."""

import json
import random
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from cli.dead_letters.queues import StageQueues
from cli.dead_letters.replay import Fate, Options, Replay
from cli.dead_letters.selection import Selection
from infra.catalogue import function
from tests.chaos.edits import edits
from tests.chaos.faults import Deck
from tests.chaos.forms import forms
from tests.chaos.ingest import Sent, accept, faulty_ingest
from tests.chaos.queues import Message, WorkQueue
from tests.chaos.schedule import Driver
from tests.chaos.sizes import Size
from tests.chaos.table import clear
from tests.chaos.visits import salt_days, visits
from tests.chaos.workers import Nursery, Worker, working
from tests.e2e.conftest import Site

CREW = {"aggregate_analytics": 3, "store_contact": 2, "notify_contact": 2, "apply_project": 2}
CONSUMERS = {
    "analytics": ("aggregate_analytics",),
    "contact": ("store_contact", "notify_contact"),
    "projects": ("apply_project",),
}
_CAPABILITY = {worker: capability for capability, workers in CONSUMERS.items() for worker in workers}
_BATCH_SIZE = 5
_OUTAGES = {"store_contact": 4}
_SHORT_OUTAGES = {"store_contact": 1}
_KEPT = 2
_LATER_SECONDS = 3600
"""From acceptance to the first delivery: so long that nobody counts as being there now, which would depend on the run's
own pace."""
_DUPLICATES_WITHIN = 1200


class Run:
    """What was asked for and what was done about it.

    Parameters
    ----------
    site
        The running stage.
    size, seed
        How much of everything; and what decides everything else.
    nursery
        Where its workers come from.
    """

    def __init__(self, site: Site, size: Size, seed: int, nursery: Nursery) -> None:
        self.site = site
        self.size = size
        self.seed = seed
        self.sent: list[Sent] = []
        self.messages: dict[str, list[Message]] = {}
        self.queues: dict[str, WorkQueue] = {}
        self.history: list[str] = []
        self.decks: dict[str, Deck] = {
            capability: Deck(load.faults, gap=load.gap, chance=self._chance(f"faults of {capability}"))
            for capability, load in size.loads.items()
        }
        self.ingest_deck = Deck(size.ingest, gap=size.analytics.gap * 2, chance=self._chance("faults of ingest"))
        self.seconds: dict[str, float] = {}
        self._nursery = nursery
        self._driver: Driver | None = None

    def poison(self) -> dict[str, int]:
        """Return how many records of poison each queue had."""
        return {worker: self.size.loads[_CAPABILITY[worker]].poison for worker in CREW}

    @contextmanager
    def _timed(self, what: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        self.seconds[what] = time.perf_counter() - began

    def accept(self) -> None:
        """Send every request until it is accepted, and take the messages out of the queues."""
        for url in [*self.site.outputs["queues"].values(), *self.site.outputs["dlqs"].values()]:
            self.site.aws("sqs").purge_queue(QueueUrl=url)
        clear(self.site)
        salt_days(self.site, self.seed)
        loads = self.size.loads
        streams: list[Iterable[Sent]] = [
            visits(loads["analytics"].requests, self._chance("visits")),
            forms(loads["contact"].requests, self._chance("forms")),
            *edits(loads["projects"].requests, self._chance("edits")),
        ]
        with self._timed("accept"), faulty_ingest(self.site, self.ingest_deck):
            self.sent = accept(self.site, streams, self._chance("clients"))
        with self._timed("drain"):
            self.messages = {worker: self._drained(worker) for worker in CREW}

    @contextmanager
    def deliveries(self) -> Iterator[None]:
        """Have workers while the block runs."""
        with working(self.site, self._nursery, CREW) as workers:
            self._prepare(workers)
            yield

    def _prepare(self, workers: list[Worker]) -> None:
        for worker in CREW:
            capability = _CAPABILITY[worker]
            load, queue = self.size.loads[capability], self._queue(worker)
            queue.put(self._shuffled(worker, self.messages[worker]))
            queue.keep(_KEPT)
            queue.repeat(load.duplicates // len(CONSUMERS[capability]), within=_DUPLICATES_WITHIN)
            queue.put(poison(worker, load.poison), anywhere=True)
            self.queues[worker] = queue
        outages = _SHORT_OUTAGES if self.size.name == "tiny" else _OUTAGES
        self._driver = Driver(
            workers, self.queues, {worker: self.decks[_CAPABILITY[worker]] for worker in CREW}, outages=outages,
            batch_sizes=dict.fromkeys(CREW, _BATCH_SIZE), chance=self._chance("turns"),
            now=int(time.time()) + _LATER_SECONDS,
        )  # fmt: skip

    def deliver(self) -> None:
        """Deliver until every queue is empty; what is dead then goes into the dead-letter queue."""
        assert self._driver is not None
        with self._timed("deliver"):
            self._driver.run()
        self.history = [*(f"{sent.label} is accepted" for sent in self.sent), *self._driver.history]
        for worker, queue in self.queues.items():
            for message in queue.dead:
                self.site.aws("sqs").send_message(QueueUrl=self.site.outputs["dlqs"][worker], MessageBody=message.body)

    def replay(self) -> int:
        """Replay every dead-letter queue, deliver what comes of it, and return how many messages that were."""
        assert self._driver is not None
        with self._timed("replay"):
            dead = [worker for worker, queue in self.queues.items() if queue.dead]
            with ThreadPoolExecutor() as pool:
                replayed = sum(pool.map(self._replay, dead))
            for worker in dead:
                self.queues[worker].revive()
                self.queues[worker].put(self._drained(worker))
            self._driver.run_without_outages()
        return replayed

    def _replay(self, worker: str) -> int:
        sqs = self.site.aws("sqs")
        queues = StageQueues(sqs, self.site.outputs["stage"])
        queue = queues.dead_letter_queue(worker)
        report = Replay(sqs, queues, queue, selection=Selection(), options=Options()).run(queues.depth(queue), _nothing)
        assert not report.failed
        return report.counts[Fate.REPLAYED]

    def _chance(self, what: str) -> random.Random:
        return random.Random(f"{self.seed} {what}")

    def _queue(self, worker: str) -> WorkQueue:
        url = self.site.outputs["queues"][worker]
        told = self.site.aws("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        most_receives = int(json.loads(told["RedrivePolicy"])["maxReceiveCount"])
        visibility = int(told["VisibilityTimeout"])
        assert visibility >= 6 * function(worker).timeout
        return WorkQueue(
            worker, visibility=visibility, most_receives=most_receives, chance=self._chance(f"queue of {worker}")
        )

    def _drained(self, worker: str) -> list[Message]:
        """Take every message out of a queue, in the order in which the requests were accepted."""
        places = {sent.id: (place, sent.label) for place, sent in enumerate(self.sent)}
        found = []
        for received in take_all(self.site, self.site.outputs["queues"][worker]):
            document = json.loads(received["Body"])
            message = document.get("detail", document)
            parts = message.get("data", {})
            place, label = places.get(parts.get("batch", message["id"]), (len(places), str(message["id"])))
            found.append((place, label, str(message["id"]), received))
        return [
            Message(f"{label}{suffix}", received["Body"], received["MessageId"])
            for label, suffix, received in _told_apart(found)
        ]

    def _shuffled(self, worker: str, messages: list[Message]) -> list[Message]:
        """Return messages nearly in their order, as a standard queue has them."""
        chance = self._chance(f"order of {worker}")
        return [message for _, message in sorted(enumerate(messages), key=lambda pair: pair[0] + chance.randrange(40))]


def take_all(site: Site, url: str) -> Iterator[dict[str, Any]]:
    """Take every message out of a queue."""
    sqs = site.aws("sqs")
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        yield from messages
        entries = [{"Id": str(place), "ReceiptHandle": m["ReceiptHandle"]} for place, m in enumerate(messages)]
        sqs.delete_message_batch(QueueUrl=url, Entries=entries)


def _nothing(_: int) -> None:
    """Show no progress."""


def _told_apart(found: list[tuple[int, str, str, dict[str, Any]]]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield messages in their order, each with what tells it from others of the same request."""
    seen: Mapping[str, int] = Counter()
    parts: dict[str, list[str]] = {}
    for _, label, message_id, received in sorted(found, key=lambda entry: (entry[0], entry[2])):
        known = parts.setdefault(label, [])
        if message_id not in known:
            known.append(message_id)
        number = known.index(message_id)
        seen[message_id] += 1  # type: ignore[index]
        copies = seen[message_id] - 1
        yield label, (f"#{number}" if number else "") + "'" * copies, received


def poison(worker: str, count: int) -> list[Message]:
    labels = [f"poison{number}" for number in range(count)]
    return [
        Message(label, json.dumps({"detail": {"name": "Poison", "id": label}}), f"{worker}-{label}") for label in labels
    ]
