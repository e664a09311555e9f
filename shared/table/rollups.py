"""Rollups of visits in the table, read by key conditions alone: a report costs by its days, not by its visits."""

import json
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from shared.analytics.dimensions import Document
from shared.analytics.documents import read_document
from shared.table import keys
from shared.table.items import from_item, to_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

_AT_ONCE = 8
"""Partitions that are asked for at once: fewer than a client has connections."""


class Rollup(NamedTuple):
    """What was counted of a group of dimensions, on a day or in an hour of it (-1 where it is the whole day)."""

    day: str
    hour: int
    document: Document


class _Partition(NamedTuple):
    """Part of a partition: its key, and the first and the last sort key."""

    key: str
    first: str
    last: str


class RollupTable:
    """Repository of rollups, for whoever reads them.

    Parameters
    ----------
    client
        DynamoDB client.
    table_name
        The table.
    """

    def __init__(self, client: "DynamoDBClient", table_name: str) -> None:
        self._client = client
        self._table = table_name

    def shards(self, site: str) -> int:
        """Return into how many shards rollups of a site were divided at most."""
        answer = self._client.get_item(TableName=self._table, Key=to_item(keys.site(site)))
        return int(from_item(answer.get("Item", {})).get("shards", 1))

    def days(self, site: str, group: str, first: date, last: date, *, shards: int) -> Iterator[Rollup]:
        """Yield what was counted on the days of a period: of every day as many as it has shards, or none.

        A month of a shard is one partition, and a query for each MB of it.
        """
        partitions = [
            _Partition(keys.day_rollup(site, group, month, shard)["PK"], str(first), str(last))
            for month in months(first, last)
            for shard in range(shards)
        ]
        for items in self._read(partitions):
            for item in items:
                yield Rollup(item["SK"], -1, read_document(item["doc"].value))

    def hours(self, site: str, group: str, days: Iterable[str], *, shards: int) -> Iterator[Rollup]:
        """Yield what was counted in the hours of days, as far as hours of them are kept."""
        named = [
            (day, _Partition(keys.hour_rollup(site, group, day, 0, shard)["PK"], "00", "99"))
            for day in days
            for shard in range(shards)
        ]
        for (day, _), items in zip(named, self._read([partition for _, partition in named]), strict=True):
            for item in items:
                yield Rollup(day, int(item["SK"]), read_document(item["doc"].value))

    def live(self, site: str, since: int, *, shards: int) -> int:
        """Return how many visitors were there in a minute or later, given in minutes since the epoch."""
        visitors: set[str] = set()
        for shard in range(shards):
            answer = self._client.get_item(TableName=self._table, Key=to_item(keys.live(site, shard)))
            seen = json.loads(from_item(answer.get("Item", {})).get("doc", "{}"))
            visitors.update(visitor for visitor, minute in seen.items() if minute >= since)
        return len(visitors)

    def _read(self, partitions: list[_Partition]) -> Iterator[list[dict[str, Any]]]:
        """Yield the items of each partition, in order; the next ones are read meanwhile."""
        if len(partitions) == 1:
            yield self._items(partitions[0])
            return
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            yield from pool.map(self._items, partitions)

    def _items(self, partition: _Partition) -> list[dict[str, Any]]:
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="PK = :partition AND SK BETWEEN :first AND :last",
            ExpressionAttributeValues=to_item(
                {":partition": partition.key, ":first": partition.first, ":last": partition.last}
            ),
        )
        return [from_item(item) for page in pages for item in page["Items"]]


def months(first: date, last: date) -> list[str]:
    """Return the months that a period has days in, such as `2026-01`."""
    begins = first.replace(day=1)
    found = []
    while begins <= last:
        found.append(str(begins)[:7])
        begins = (begins + timedelta(days=31)).replace(day=1)
    return found
