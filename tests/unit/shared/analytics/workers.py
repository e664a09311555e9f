"""Workers that count into a table in memory."""

from collections.abc import Callable, Iterable

from shared.analytics.aggregation import Aggregation, Result
from shared.analytics.messages import Message
from shared.table.revisions import Caller, RevisedItems
from tests.unit.shared.analytics.tables import TABLE


def at_once(_seconds: float) -> None:
    """Wait for nothing."""


def items_of(client: Caller) -> RevisedItems:
    """Return the items of the table behind a client."""
    return RevisedItems(client, TABLE, sleep=at_once)


def worker(client: Caller, *, clock: Callable[[], float] = lambda: 1_795_780_800.0) -> Aggregation:
    """Return a worker that has just started."""
    return Aggregation(items_of(client), clock=clock, sleep=at_once)


def count(aggregation: Aggregation, messages: Iterable[Message]) -> Result:
    """Let a worker count as long as it takes."""
    return aggregation.count(list(messages), seconds_left=lambda: 1.0)


def count_all(aggregation: Aggregation, messages: Iterable[Message]) -> int:
    """Deliver messages to a worker until all are counted, and return how often that took."""
    pending = list(messages)
    deliveries = 0
    while pending:
        deliveries += 1
        failures = count(aggregation, pending).failures
        pending = [message for message in pending if message.id in failures]
    return deliveries


def identifier(number: int) -> str:
    """Return the id of a message, all of whose receipts lie in the same bucket."""
    return f"01990000-0000-7000-8000-{number:012x}"
