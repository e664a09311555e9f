"""Erase what was counted of visits to a site: by keys alone, so that it costs by days and not by visits.

Rollups, states of visitors, and who is there. Hours go before the days that lead to them, so that a run which goes on
where another one ended finds what is left. How days are divided stays, because workers go by it as long as they run: it
tells nothing of anybody, and a day's plan expires by itself.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from itertools import batched
from typing import Any, NamedTuple

from boto3.dynamodb.types import TypeDeserializer

from cli.visits.errors import ErasureError
from shared.analytics.dimensions import GROUPS
from shared.table import keys
from shared.table.rollups import months

EARLIEST = date(2025, 1, 1)
"""Nothing was counted before: there was nothing to count with."""

_READ_AT_ONCE, _DELETED_AT_ONCE = 100, 25
_ATTEMPTS = 8
_BACKOFF_SECONDS = 0.05

_LATEST_DAYS = 60
"""Days after one until no message of it is counted any more: a fortnight as a dead letter, and after each of three
replays."""

_DAY_SECONDS = 24 * 3600
# DynamoDB removes what has expired within some days.
_HOURS_DAYS = _LATEST_DAYS + keys.HOURS_RETENTION_SECONDS // _DAY_SECONDS + 7
_VISITORS_DAYS = _LATEST_DAYS + keys.VISITORS_RETENTION_SECONDS // _DAY_SECONDS + 7

Item = dict[str, Any]


class Span(NamedTuple):
    """Days, the first and the last included."""

    first: date
    last: date


class Erasure:
    """What is kept of the visits to a site.

    Parameters
    ----------
    client
        DynamoDB client with the operator's rights.
    table
        The table.
    site
        The site's name.
    span
        What is to be erased.
    today
        The last day that anybody may have been counted on.
    sleep
        How to wait between attempts, in seconds.
    """

    def __init__(
        self,
        client: Any,  # noqa: ANN401  boto3's clients are made at run time
        table: str,
        site: str,
        span: Span,
        *,
        today: date,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = client
        self._table = table
        self._site = site
        self._span = span
        self._today = today
        self._sleep = sleep
        self._shards = int(self._texts(keys.site(site)).get("shards", "1"))

    @property
    def steps(self) -> int:
        """Return how many steps `run` reports."""
        count = len(months(self._span.first, self._span.last))
        return count * len(GROUPS) * self._shards + len(self._days(_VISITORS_DAYS)) + 1

    def run(self, advance: Callable[[int], None], *, dry_run: bool) -> int:
        """Erase, or with `dry_run` only find, and return how many items there were; `advance` is told of each step.

        Raises
        ------
        ErasureError
            When DynamoDB does not take it; another run goes on.
        """
        count = 0
        for step in self._found():
            for batch in batched(step, _DELETED_AT_ONCE, strict=False):
                if not dry_run:
                    self._delete(batch)
                count += len(batch)
            advance(1)
        return count

    def _found(self) -> Iterator[list[Item]]:
        """Yield the keys of what is there, step by step."""
        for group in GROUPS:
            for month in months(self._span.first, self._span.last):
                for shard in range(self._shards):
                    yield list(self._rollups(group, month, shard))
        for day in self._days(_VISITORS_DAYS):
            yield self._visitors(str(day))
        yield self._present(self._live())

    def _rollups(self, group: str, month: str, shard: int) -> Iterator[Item]:
        """Yield the keys of a month's hours and days."""
        oldest = str(self._today - timedelta(days=_HOURS_DAYS))
        partition = keys.day_rollup(self._site, group, month, shard)["PK"]
        days = self._between(partition, str(self._span.first), str(self._span.last))
        for day in (item["SK"]["S"] for item in days):
            if day >= oldest:
                yield from self._between(keys.hour_rollup(self._site, group, day, 0, shard)["PK"], "00", "99")
        yield from days

    def _visitors(self, day: str) -> list[Item]:
        buckets = 1 << int(self._texts(keys.day_plan(self._site, day)).get("bits", "0"))
        return self._present(keys.visitors(self._site, day, bucket) for bucket in range(buckets))

    def _live(self) -> list[dict[str, str]]:
        # A day ends later in the west, and who was there in its last minutes may be there still.
        is_open = self._span.last >= self._today - timedelta(days=2)
        return [keys.live(self._site, shard) for shard in range(self._shards)] if is_open else []

    def _days(self, kept: int) -> list[date]:
        """Return the days of the span of which something may be there that is kept for so many days."""
        first = max(self._span.first, self._today - timedelta(days=kept))
        return [first + timedelta(days=number) for number in range((self._span.last - first).days + 1)]

    def _texts(self, key: dict[str, str]) -> dict[str, Any]:
        answer = self._client.get_item(TableName=self._table, Key=_item(key), ConsistentRead=True)
        deserialize = TypeDeserializer().deserialize
        return {name: deserialize(value) for name, value in answer.get("Item", {}).items()}

    def _between(self, partition: str, first: str, last: str) -> list[Item]:
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="PK = :partition AND SK BETWEEN :first AND :last",
            ExpressionAttributeValues=_item({":partition": partition, ":first": first, ":last": last}),
            ProjectionExpression="PK, SK",
            ConsistentRead=True,
        )
        return [item for page in pages for item in page["Items"]]

    def _present(self, wanted: Iterable[dict[str, str]]) -> list[Item]:
        """Return the keys, of those wanted, that there is an item of, in the same order."""
        found = []
        for batch in batched(map(_item, wanted), _READ_AT_ONCE, strict=False):
            there = {item["SK"]["S"] + item["PK"]["S"] for item in self._read(list(batch))}
            found += [key for key in batch if key["SK"]["S"] + key["PK"]["S"] in there]
        return found

    def _read(self, wanted: list[Item]) -> Iterator[Item]:
        request: dict[str, Any] = {
            self._table: {"Keys": wanted, "ProjectionExpression": "PK, SK", "ConsistentRead": True}
        }
        for _ in self._attempts("read"):
            answer = self._client.batch_get_item(RequestItems=request)
            yield from answer["Responses"].get(self._table, [])
            request = answer.get("UnprocessedKeys", {})
            if not request:
                return

    def _delete(self, batch: Iterable[Item]) -> None:
        requests = {self._table: [{"DeleteRequest": {"Key": key}} for key in batch]}
        for _ in self._attempts("erase"):
            requests = self._client.batch_write_item(RequestItems=requests).get("UnprocessedItems", {})
            if not requests:
                return

    def _attempts(self, what: str) -> Iterator[int]:
        """Yield attempts, later and later, for what DynamoDB left over."""
        for attempt in range(_ATTEMPTS):
            if attempt:
                self._sleep(_BACKOFF_SECONDS * 2**attempt)
            yield attempt
        message = f"DynamoDB had no time to {what} some items: run it again to go on"
        raise ErasureError(message)


def _item(values: dict[str, str]) -> Item:
    return {name: {"S": value} for name, value in values.items()}
