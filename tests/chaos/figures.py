"""What a run was, as a table."""

from collections.abc import Iterator, Mapping

from tests.chaos.accounts import DEAD, UNACCOUNTED, Accounts
from tests.chaos.faults import KILLS, Fault
from tests.chaos.run import CONSUMERS, Run

_COLUMNS = "{:<30}{:>11}{:>11}{:>11}"


def table_of(run: Run, before: Accounts, after: Accounts, *, replayed: int) -> Iterator[str]:
    """Yield the lines of the table, a column for each capability."""
    yield _COLUMNS.format(f"chaos {run.size.name}, seed {run.seed}", *CONSUMERS)
    yield _line("requests accepted", [sum(sent.capability == name for sent in run.sent) for name in CONSUMERS])
    yield _line("messages", _sums({worker: len(messages) for worker, messages in run.messages.items()}))
    yield _line("duplicate deliveries", _sums({worker: queue.repeated for worker, queue in run.queues.items()}))
    yield _line("poison records", _sums(run.poison()))
    yield _line("deliveries", _sums({worker: queue.deliveries for worker, queue in run.queues.items()}))
    yield _line("worker kills", [sum(run.decks[name].dealt[fault] for fault in KILLS) for name in CONSUMERS])
    for fault in Fault:
        if fault not in KILLS:
            yield _line(fault.value, [run.decks[name].dealt[fault] for name in CONSUMERS])
    for fate in sorted({*before.counts(), *after.counts(), DEAD, UNACCOUNTED} - {"bot", "too old"}):
        yield _line(fate, [after.counts(name)[fate] for name in CONSUMERS])
    yield _line("dead letters before the replay", [before.counts(name)[DEAD] for name in CONSUMERS])
    seconds = ", ".join(f"{what} {took:.1f} s" for what, took in run.seconds.items())
    yield f"chaos: {run.ingest_deck.dealt.total()} faults at ingest, {replayed} messages replayed; {seconds}"


def _sums(counts: Mapping[str, int]) -> list[int]:
    return [sum(counts[worker] for worker in workers) for workers in CONSUMERS.values()]


def _line(what: str, numbers: list[int]) -> str:
    return _COLUMNS.format(f"chaos: {what}", *numbers)
