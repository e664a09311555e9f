"""Whose turn it is: one worker at a time goes on to its next call, so that a seed decides everything that happens."""

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from tests.chaos.faults import KILLS, Deck, Fault, conflicted, failed, partly_refused, throttled
from tests.chaos.queues import STEP_SECONDS, Parcel, WorkQueue
from tests.chaos.wire import Answer, Call
from tests.chaos.workers import Ended, Worker

_LONGEST_WAIT = 12
"""Turns of others after which a call is let through."""
_DELAY = 8
"""Turns that a delayed call waits longer."""

_ANSWERS: Mapping[Fault, Callable[[Call], Answer]] = {
    Fault.THROTTLE: throttled,
    Fault.CONFLICT: conflicted,
    Fault.ERROR: failed,
    Fault.REFUSAL: partly_refused,
}


class Waiting:
    """A worker at work: its batch, the call at which it waits, and since which turn.

    Parameters
    ----------
    batch, call, since
        As above.
    """

    def __init__(self, batch: list[Parcel], call: Call, since: int) -> None:
        self.batch = batch
        self.call = call
        self.since = since
        self.held_until = 0
        self.is_judged = False


class Driver:
    """Delivers messages to workers, and decides what becomes of each of their calls.

    Parameters
    ----------
    workers
        The workers; several may be of one function.
    queues
        Their queues, by function.
    decks
        What goes wrong, by function.
    outages
        Functions whose every call fails from the first one on, until so many of their messages are dead.
    batch_sizes
        Messages of a batch, at most, by function.
    chance
        Decides whose turn it is.
    now
        The time at which it begins, in seconds since the epoch.
    """

    def __init__(
        self, workers: Sequence[Worker], queues: Mapping[str, WorkQueue], decks: Mapping[str, Deck], *,
        outages: Mapping[str, int], batch_sizes: Mapping[str, int], chance: random.Random, now: int,
    ) -> None:  # fmt: skip
        self._workers = workers
        self._queues = queues
        self._decks = decks
        self._outages = dict(outages)
        self._batch_sizes = batch_sizes
        self._chance = chance
        self._began = now
        self._now = 0
        self._turn = 0
        self._waiting: dict[str, Waiting] = {}
        self.history: list[str] = []
        self.calls: Counter[str] = Counter()
        self.calls_in_outages = 0

    def run_without_outages(self) -> None:
        """Run, with everything in order that was not."""
        self._outages.clear()
        self.run()

    def run(self) -> None:
        """Return when every queue is empty, and everything that was in it processed or dead."""
        while True:
            self._turn += 1
            self._now += STEP_SECONDS
            if overdue := self._overdue():
                self._proceed(overdue)
                continue
            free = [worker for worker in self._workers if self._may_receive(worker)]
            ready = [worker for worker in self._workers if self._is_ready(worker)]
            if free or ready:
                worker = self._chance.choice([*free, *ready])
                (self._proceed if worker in ready else self._deliver)(worker)
            elif self._waiting:
                self._turn = min(waiting.held_until for waiting in self._waiting.values())
            elif (moment := self._next_visible()) is not None:
                self._now = max(self._now, moment)
            else:
                return

    def _may_receive(self, worker: Worker) -> bool:
        return worker.name not in self._waiting and self._queues[worker.function].visible(self._now)

    def _is_ready(self, worker: Worker) -> bool:
        return worker.name in self._waiting and self._waiting[worker.name].held_until <= self._turn

    def _overdue(self) -> Worker | None:
        late = [worker for worker in self._workers if self._is_ready(worker)]
        oldest = min(late, key=lambda worker: self._waiting[worker.name].since, default=None)
        if oldest and self._turn - self._waiting[oldest.name].since > _LONGEST_WAIT:
            return oldest
        return None

    def _next_visible(self) -> int | None:
        moments = [queue.next_visible() for queue in self._queues.values()]
        return min((moment for moment in moments if moment is not None), default=None)

    def _deliver(self, worker: Worker) -> None:
        batch = self._queues[worker.function].receive(self._now, self._batch_sizes[worker.function])
        self._note(worker, "gets " + " ".join(f"{parcel.message.label}/{parcel.receives}" for parcel in batch))
        event = {"Records": [parcel.record() for parcel in batch]}
        self._arrive(worker, batch, worker.give(event, self._began + self._now))

    def _proceed(self, worker: Worker) -> None:
        """Decide what becomes of the call at which a worker waits."""
        waiting = self._waiting[worker.name]
        call = waiting.call
        fault = self._judge(worker, waiting)
        self._note(worker, f"{call.operation}: {fault or 'passes'}")
        if fault is Fault.DELAY:
            waiting.held_until = self._turn + _DELAY
            waiting.since = waiting.held_until
            return
        if fault in KILLS:
            self._kill(worker, waiting, after=fault is Fault.KILL_AFTER)
            return
        if fault is Fault.CUT:
            call.cut()
        elif fault is Fault.LOST:
            call.forward()
            call.cut()
        else:
            call.answer(_ANSWERS[fault](call) if fault else call.forward())
        self._arrive(worker, waiting.batch, worker.next())

    def _judge(self, worker: Worker, waiting: Waiting) -> Fault | None:
        if len(self._queues[worker.function].dead) < self._outages.get(worker.function, 0):
            self.calls_in_outages += 1
            return Fault.ERROR
        if waiting.is_judged:
            return None
        waiting.is_judged = True
        self.calls[worker.function] += 1
        return self._decks[worker.function].deal(waiting.call.operation)

    def _kill(self, worker: Worker, waiting: Waiting, *, after: bool) -> None:
        if after:
            waiting.call.forward()
        worker.replace()
        waiting.call.cut()
        self._end(worker, waiting.batch, None)

    def _arrive(self, worker: Worker, batch: list[Parcel], where: Call | Ended) -> None:
        if isinstance(where, Call):
            self._waiting[worker.name] = Waiting(batch, where, self._turn)
        else:
            self._end(worker, batch, where)

    def _end(self, worker: Worker, batch: list[Parcel], ended: Ended | None) -> None:
        self._waiting.pop(worker.name, None)
        everything = {parcel.message.sqs_id for parcel in batch}
        failed_ = everything
        if ended and ended.answer is not None:
            failed_ = {failure["itemIdentifier"] for failure in ended.answer["batchItemFailures"]}
            assert failed_ <= everything
        self._queues[worker.function].settle(batch, failed_, self._now)
        labels = [parcel.message.label for parcel in batch if parcel.message.sqs_id in failed_]
        self._note(worker, f"{'ends' if ended else 'is dead'}, fails: {' '.join(labels) or 'none'}")

    def _note(self, worker: Worker, what: str) -> None:
        self.history.append(f"{self._now} {worker.name} {what}")
