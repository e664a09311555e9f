"""Rollups as the worker writes them, without the visits that they would come from."""

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import batched
from typing import TYPE_CHECKING, Any

from shared.analytics.documents import Rollup
from shared.table import keys
from shared.table.items import to_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import WriteRequestTypeDef

SITE = "example.org"

Document = Mapping[str, Mapping[str, Sequence[int]]]


def rollup(group: str, day: str, document: Document, *, hour: int | None = None, shard: int = 0) -> dict[str, Any]:
    """Return the item of a day, or of an hour of it."""
    found = Rollup(0, None)
    found.document = {name: {value: [*vector] for value, vector in values.items()} for name, values in document.items()}
    values = {"doc": found.to_bytes(), "rev": 1}
    if hour is None:
        return {**keys.day_rollup(SITE, group, day, shard), **values}
    return {**keys.hour_rollup(SITE, group, day, hour, shard), **values, "expires_at": 2_000_000_000}


def live(visitors: Mapping[str, int], *, shard: int = 0) -> dict[str, Any]:
    """Return the item of who is there, by the minute."""
    return {**keys.live(SITE, shard), "doc": json.dumps(visitors), "rev": 1, "expires_at": 2_000_000_000}


def site(*, shards: int) -> dict[str, Any]:
    """Return the item of the site."""
    return {**keys.site(SITE), "shards": str(shards), "rev": 1}


def plan(day: str, *, bits: int, shards: int = 1) -> dict[str, Any]:
    """Return the item of how a day is divided."""
    texts = {"bits": str(bits), "shards": str(shards)}
    return {**keys.day_plan(SITE, day), **texts, "rev": 1, "expires_at": 2_000_000_000}


def visitors(day: str, bucket: int) -> dict[str, Any]:
    """Return the item of a visitor."""
    return {**keys.visitors(SITE, day, bucket), "visitor-000000001": "{}", "rev": 1, "expires_at": 2_000_000_000}


def put(client: "DynamoDBClient", table: str, items: Iterable[dict[str, Any]]) -> None:
    """Store items, many at once."""
    requests: list[WriteRequestTypeDef] = [{"PutRequest": {"Item": to_item(item)}} for item in items]
    for batch in batched(requests, 25, strict=False):
        client.batch_write_item(RequestItems={table: list(batch)})
