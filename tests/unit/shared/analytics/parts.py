"""Messages of page views and events, as the ingest sends them."""

import json
from base64 import b64decode
from collections.abc import Iterable, Mapping
from typing import Any

from shared.analytics.dimensions import Document
from shared.analytics.documents import read_document
from shared.analytics.messages import Message, MessageReader
from shared.analytics.sites import Site, Sites
from tests.unit.shared.analytics.reference import DAY, Rollups
from tests.unit.shared.analytics.tables import MemoryTable

READER = MessageReader(Sites([Site("example.org", ("https://example.org",), "UTC")]), ("q",))

SITE, DATE = "example.org", "2026-11-27"
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 "
    "Mobile/15E148 Safari/604.1"
)
ROBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


def part(*events: tuple[Any, ...], visitor: str = "visitor-a-000000", **fields: Any) -> dict[str, Any]:
    """Return what a message says; its events are padded to six members."""
    padded = [(*event, *(None, "", None, "", None)[len(event) - 1 :])[:6] for event in events]
    return {
        "batch": "", "parts": 1, "site": SITE, "day": DATE, "visitor": visitor, "user_agent": CHROME, "country": "DE",
        "screen": "laptop", "language": "en", "events": padded, **fields,
    }  # fmt: skip


def document(identifier: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the whole message."""
    return {
        "id": identifier, "name": "RecordAnalytics", "version": 1, "occurred_at": "2026-11-27T12:00:00.000Z",
        "correlation_id": "analytics-test", "data": {**data, "batch": data["batch"] or identifier},
    }  # fmt: skip


def message(identifier: str, data: Mapping[str, Any]) -> Message:
    """Return the message as the worker reads it."""
    return READER.read(json.dumps(document(identifier, data)))


def rollups_in(table: MemoryTable, day: str = DATE) -> Rollups:
    """Return the vectors in which there is a number, summed over shards."""
    documents = [
        (sort, read_document(b64decode(item["doc"]["B"])))
        for (partition, sort), item in table.items.items()
        if partition.startswith("ROLLUP#")
    ]
    return summed(documents, day)


def summed(documents: Iterable[tuple[str, Document]], day: str) -> Rollups:
    """Return the vectors in which there is a number of the documents of a day, each with its sort key."""
    found: Rollups = {}
    for sort, document in documents:
        hour = DAY if sort == day else int(sort)
        for dimension, values in document.items():
            for value, vector in values.items():
                known = found.get((hour, dimension, value), [0] * len(vector))
                found[hour, dimension, value] = [ours + more for ours, more in zip(known, vector, strict=True)]
    return {place: vector for place, vector in found.items() if any(vector)}
