"""Lists of projects: read from the index, one key condition for each partition, a page at a time."""

import heapq
import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from shared.cursors import InvalidCursorError, decode_cursor, encode_cursor
from shared.table import keys
from shared.table.items import from_item, to_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

ORDERS = {"position": keys.INDEX, "date": keys.INDEX_BY_DATE, "title": keys.INDEX_BY_TITLE}
"""The index that a list is read from, by what it is ordered by."""

# A place ends in an id and has, before it, up to 80 characters of a title: a key that DynamoDB takes.
_CURSOR = re.compile(r"(position|date|title)([+-])(.{37,117})", re.DOTALL)


class Order(NamedTuple):
    """What a list is ordered by: a name of `ORDERS`, and whether the largest comes first."""

    by: str
    descending: bool


class Page(NamedTuple):
    """Projects as lists show them, and the cursor of the next page."""

    items: list[dict[str, Any]]
    next_cursor: str | None


class Due(NamedTuple):
    """A project to which something is to happen by itself, when, and since which version that is so."""

    project_id: str
    due_at: str
    since: int


class ProjectLists:
    """The index of projects.

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

    def locales(self) -> tuple[str, ...]:
        """Return the locales that projects were written in."""
        key = to_item(keys.project_locales())
        answer = self._client.get_item(TableName=self._table, Key=key)
        return tuple(sorted(from_item(answer.get("Item", {})).get("locales", ())))

    def page(
        self,
        statuses: tuple[str, ...],
        locales: tuple[str, ...],
        facet: str,
        *,
        order: Order,
        limit: int,
        cursor: str | None = None,
    ) -> Page:
        """Return a page of the projects that have one of `statuses` and `locales` and match `facet`.

        What it reads grows with `limit` and the number of partitions, one for each status and locale, and not with the
        number of projects.

        Raises
        ------
        InvalidCursorError
            When the cursor is not one of a list in this order.
        """
        after = _position(cursor, order) if cursor else None
        partitions = [keys.project_list(status, locale, facet) for status in statuses for locale in locales]
        at_once = limit // max(len(partitions), 1) + 2
        sort_key = keys.INDEXES[ORDERS[order.by]]
        found = heapq.merge(
            *(self._partition(partition, order, after, at_once) for partition in partitions),
            key=lambda item: str(item[sort_key]),
            reverse=order.descending,
        )
        items = [item for item, _ in zip(found, range(limit + 1), strict=False)]
        more = len(items) > limit
        cursor_after = _cursor(order, str(items[limit - 1][sort_key])) if more else None
        return Page([json.loads(item["document"]) for item in items[:limit]], cursor_after)

    def due(self, until: str, *, limit: int) -> list[Due]:
        """Return projects to which something is to happen until a time, the longest overdue first."""
        answer = self._client.query(
            TableName=self._table,
            IndexName=keys.INDEX,
            KeyConditionExpression="GSI1PK = :due AND GSI1SK < :until",
            # "~" sorts behind the "#" after the time, so that the time itself is included.
            ExpressionAttributeValues=to_item({":due": keys.PROJECTS_DUE, ":until": f"{until}~"}),
            Limit=limit,
        )
        return [Due(item["project_id"], item["due_at"], item["since"]) for item in map(from_item, answer["Items"])]

    def _partition(self, partition: str, order: Order, after: str | None, at_once: int) -> Iterator[dict[str, Any]]:
        index = ORDERS[order.by]
        values = {":partition": partition}
        condition = "GSI1PK = :partition"
        if after is not None:
            condition += f" AND {keys.INDEXES[index]} {'<' if order.descending else '>'} :after"
            values[":after"] = after
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            IndexName=index,
            KeyConditionExpression=condition,
            ExpressionAttributeValues=to_item(values),
            ScanIndexForward=not order.descending,
            PaginationConfig={"PageSize": at_once},
        )
        return (from_item(item) for page in pages for item in page["Items"])


def _cursor(order: Order, position: str) -> str:
    return encode_cursor(f"{order.by}{'-' if order.descending else '+'}{position}")


def _position(cursor: str, order: Order) -> str:
    found = _CURSOR.fullmatch(decode_cursor(cursor))
    if found is None or (found[1], found[2]) != (order.by, "-" if order.descending else "+"):
        raise InvalidCursorError(cursor)
    return found[3]
