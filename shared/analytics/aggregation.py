"""Count messages into the rollups, each once.

Messages are packed into transactions of receipts, visitors and rollups, so that a message is counted with its receipt
or not at all. Every item is written on the condition that it is still as it was read: who was slower reads again,
finds the receipts of what others counted, and counts the rest.
"""

import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import takewhile

from shared.analytics.documents import Rollup
from shared.analytics.messages import Message
from shared.analytics.plans import Plan, Plans
from shared.analytics.transaction import Pack, Placed, Transaction, packs
from shared.attempts import attempts
from shared.aws.errors import AwsRefusedError, AwsUnreachableError
from shared.table import keys
from shared.table.revisions import NOTHING, ChangedError, Key, RevisedItems, Stored, UnreadError, Write, key_of
from shared.table.transactions import LARGEST

_NO_TIME = "no time left in this invocation"
_ATTEMPTS = 8
_BACKOFF_SECONDS = 0.02
_REMEMBERED = 100
"""Rollups that are remembered between transactions; whenever one fails, all are read again."""

_SERVER_ERROR = 500
_THROTTLED = frozenset(
    {
        "ThrottlingException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "TransactionInProgressException",
    }
)


class Result:
    """What became of messages, by their ids, and how many page views and events were counted.

    `outcomes` are those of `shared.analytics.receipts`, or `shared.analytics.transaction.DUPLICATE`.
    """

    def __init__(self) -> None:
        self.outcomes: dict[str, str] = {}
        self.failures: dict[str, Exception] = {}
        self.pageviews = self.events = 0


class _TooLargeError(Exception):
    """Raised when a pack needs more writes than a transaction takes."""


class Aggregation:
    """The rollups, as one of those who write them sees them.

    Parameters
    ----------
    items
        The table's items.
    clock
        Seconds since the epoch.
    sleep
        How to wait between attempts, in seconds.
    """

    def __init__(
        self,
        items: RevisedItems,
        *,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._items = items
        self._plans = Plans(items)
        self._clock = clock
        self._sleep = sleep
        self._rollups: dict[Key, Rollup] = {}

    def count(self, messages: Iterable[Message], *, seconds_left: Callable[[], float]) -> Result:
        """Count messages with different ids, in as few transactions as hold them.

        What fails leaves the rest alone. When there is no time left, what was not begun fails with `TimeoutError`.
        """
        result = Result()
        first: list[Message] = []
        further: list[Message] = []
        for message in messages:
            (first if message.id == message.part.batch else further).append(message)
        # A part counts with the first one of its batch.
        for parts in (first, further):
            for pack in self._packs(parts, result, seconds_left):
                self._count(pack, result, seconds_left)
        return result

    def _packs(self, messages: Iterable[Message], result: Result, seconds_left: Callable[[], float]) -> Iterator[Pack]:
        days: dict[tuple[str, str], list[Message]] = {}
        for message in messages:
            days.setdefault((message.part.site, message.part.day), []).append(message)
        for (site, day), of_day in days.items():
            plan = self._plan(site, day, seconds_left)
            if isinstance(plan, Exception):
                result.failures.update((message.id, plan) for message in of_day)
                continue
            shards: dict[int, dict[int, list[Message]]] = {}
            for message in of_day:
                hashed = zlib.crc32((message.part.visitor or message.id).encode())
                shard, bucket = hashed % plan.shards, hashed // plan.shards % (1 << plan.bits)
                shards.setdefault(shard, {}).setdefault(bucket, []).append(message)
            for shard, buckets in shards.items():
                # In the order in which buckets come first: messages that came together have their receipts together.
                yield from packs(site, day, shard, _placed(site, day, buckets))

    def _plan(self, site: str, day: str, seconds_left: Callable[[], float]) -> Plan | Exception:
        """Return the plan of a day, or why it can't be had, which all messages of the day are told."""
        error: Exception = TimeoutError(_NO_TIME)
        for _ in self._attempts(seconds_left):
            try:
                return self._plans.of(site, day, now=self._clock())
            except Exception as caught:  # noqa: BLE001  whatever it is, it must not fail the messages of other days
                error = caught
                if not _is_passing(error):
                    break
        return error

    def _count(self, pack: Pack, result: Result, seconds_left: Callable[[], float]) -> None:
        error: Exception = TimeoutError(_NO_TIME)
        for _ in self._attempts(seconds_left):
            try:
                self._try(pack, result)
            except Exception as caught:  # noqa: BLE001  whatever it is, it must not fail the other packs
                self._rollups.clear()
                error = caught
                if not _is_passing(error):
                    break
            else:
                return
        if len(pack.messages) == 1 or _is_passing(error) or isinstance(error, TimeoutError):
            result.failures.update((placed.message.id, error) for placed in pack.messages)
            return
        # Half as many fit, or the one is found that is to blame.
        for half in pack.halves():
            self._count(half, result, seconds_left)

    def _attempts(self, seconds_left: Callable[[], float]) -> Iterator[int]:
        """Return the attempts at what passes, while there is time."""
        return takewhile(lambda _: seconds_left() > 0, attempts(_ATTEMPTS, _BACKOFF_SECONDS, self._sleep))

    def _try(self, pack: Pack, result: Result) -> None:
        """Count a pack, and add what became of its messages to the result."""
        transaction = Transaction(pack, now=int(self._clock()))
        expected = [key for key in pack.rollups() if key not in self._rollups]
        stored = self._items.read([*pack.items, *expected])
        self._remember(expected, stored)
        for key in transaction.further_pages(stored):
            stored.update(self._items.read([key]))
        outcomes = transaction.count(stored)
        changes = transaction.rollups()
        unexpected = [key for key in changes if key not in self._rollups]
        self._remember(unexpected, self._items.read(unexpected))
        writes = transaction.writes()
        for key, change in changes.items():
            rollup = self._rollups[key]
            rollup.add(change, of_day=pack.is_of_day(key))
            writes.append(Write(key, rollup.revision, {"doc": rollup.to_bytes()}, transaction.expiry(key)))
        if len(writes) > LARGEST:
            raise _TooLargeError
        if writes:
            self._items.write(writes)
            self._written(changes)
        pageviews, events = transaction.sums()
        result.outcomes.update(outcomes)
        result.pageviews += pageviews
        result.events += events

    def _remember(self, wanted: Iterable[Key], stored: dict[Key, Stored]) -> None:
        for key in wanted:
            found = stored.get(key, NOTHING)
            self._rollups[key] = Rollup(found.revision, found.values.get("doc"))

    def _written(self, written: Iterable[Key]) -> None:
        for key in written:
            if self._rollups[key].revision:
                self._rollups[key].revision += 1
            else:
                # With which revision it was made is not known here.
                del self._rollups[key]
        while len(self._rollups) > _REMEMBERED:
            del self._rollups[next(iter(self._rollups))]


def _placed(site: str, day: str, buckets: Mapping[int, Iterable[Message]]) -> Iterator[Placed]:
    for bucket, messages in buckets.items():
        key = key_of(keys.visitors(site, day, bucket))
        for message in messages:
            yield Placed.of(message, key)


def _is_passing(error: Exception) -> bool:
    """Tell whether the same may succeed a moment later: others were faster, or DynamoDB throttles or is silent."""
    if isinstance(error, AwsRefusedError):
        return error.status >= _SERVER_ERROR or error.code in _THROTTLED
    return isinstance(error, ChangedError | AwsUnreachableError | UnreadError)
