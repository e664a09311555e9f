"""A replay of more messages than memory would hold, and one that is killed at any of its calls."""

import tracemalloc
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from cli.dead_letters import sweep
from cli.dead_letters.queues import DeadLetterQueue, Depth, StageQueues
from cli.dead_letters.replay import Fate, Options, Replay, Report
from cli.dead_letters.selection import Selection
from tests.unit.cli.dead_letters.queues_in_memory import SENT_AT, KilledError, QueuesInMemory

STORE = DeadLetterQueue("store_contact", "dlq", "dlq", "queue", "store_contact", None)
FEW, MANY = 5_000, 100_000
KILLED = 23
HEADROOM = 64 * 1024


@pytest.fixture
def queues_of(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], QueuesInMemory]:
    """Return how queues are made whose clock the sweep goes by."""

    def make(count: int) -> QueuesInMemory:
        queues = QueuesInMemory(count)
        monkeypatch.setattr(sweep, "time", SimpleNamespace(monotonic=queues.monotonic))
        return queues

    return make


def replay(queues: QueuesInMemory, count: int, selection: Selection | None = None, **options: Any) -> Report:
    run = Replay(
        queues, StageQueues(queues, "local"), STORE, selection=selection or Selection(), options=Options(**options),
        clock=queues.monotonic, sleep=queues.sleep,
    )  # fmt: skip
    return run.run(Depth(count, 0, SENT_AT + 1), lambda _: None)


def peak_of_a_replay(queues: QueuesInMemory, count: int) -> int:
    """Return the most bytes that a replay holds at a time."""
    tracemalloc.start()
    try:
        replay(queues, count)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_messages(
    queues_of: Callable[[int], QueuesInMemory], show_figure: Callable[[str], None]
) -> None:
    peak_few = peak_of_a_replay(queues_of(FEW), FEW)
    many = queues_of(MANY)

    peak_many = peak_of_a_replay(many, MANY)

    show_figure(
        f"replay's memory at its peak: {peak_few / 1024:,.0f} KiB over {FEW:,} messages, "
        f"{peak_many / 1024:,.0f} KiB over {MANY:,}"
    )
    assert many.delivered == many.deleted == bytearray(b"\1" * MANY)
    assert peak_many < peak_few + HEADROOM


def test_a_run_that_may_take_nothing_ends_where_no_more_can_be_hidden(
    queues_of: Callable[[int], QueuesInMemory], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "MAX_HELD", 100)
    queues = queues_of(1_000)

    report = replay(queues, 1_000, Selection(expression="detail.name == 'Other'"))

    assert report.counts == {Fate.NOT_SELECTED: 100}
    assert report.is_full
    assert report.failed


def test_a_replay_that_is_killed_at_any_call_and_run_again_delivers_everything(
    queues_of: Callable[[int], QueuesInMemory], show_figure: Callable[[str], None]
) -> None:
    whole = queues_of(KILLED)
    replay(whole, KILLED)
    repeated = lost = 0

    for call in range(whole.calls):
        for takes_effect in (False, True):
            queues = queues_of(KILLED)
            queues.kill_at(call, takes_effect=takes_effect)
            with pytest.raises(KilledError):
                replay(queues, KILLED)
            queues.revive()
            replay(queues, KILLED)
            lost += queues.delivered.count(0) + queues.deleted.count(0)
            repeated = max(repeated, sum(queues.delivered) - KILLED)

    show_figure(
        f"replay of {KILLED} messages killed before and after each of its {whole.calls} calls, and run again: "
        f"{lost} lost, at most {repeated} sent twice by a kill"
    )
    assert lost == 0
    assert repeated <= 10
