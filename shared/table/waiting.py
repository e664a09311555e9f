"""Wait for what becomes of a message, without an SDK: for ingest functions whose caller prefers to.

Reads nothing unless a caller asks for it.
"""

import itertools
import json
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol

from shared.table import keys

_PAUSES = (0.05, 0.1, 0.15, 0.2, 0.25)
"""Seconds between one look and the next; the last one repeats."""


class Caller(Protocol):
    """What `shared.aws.client.JsonClient` does."""

    def call(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """Call an operation and return its answer."""


class Fate(NamedTuple):
    """What became of a message: `applied`, or `rejected` for a reason."""

    outcome: str
    reason: str


class Waiting:
    """The ledger and the records, as a waiting caller sees them.

    Parameters
    ----------
    client
        Client of DynamoDB.
    table_name
        The table.
    clock, sleep
        The time and how to let it pass, in seconds.
    """

    def __init__(
        self,
        client: Caller,
        table_name: str,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = client
        self._table = table_name
        self._clock = clock
        self._sleep = sleep

    def fate(self, message_id: str, consumer: str, *, seconds: float) -> Fate | None:
        """Return what a consumer made of a message, within so many seconds; None when it is still at it."""
        ends = self._clock() + seconds
        pauses = itertools.chain(_PAUSES, itertools.repeat(_PAUSES[-1]))
        while True:
            if entry := self._get(keys.ledger_entry(message_id, consumer)):
                return Fate(entry["outcome"]["S"], entry.get("reason", {}).get("S", ""))
            pause = next(pauses)
            if self._clock() + pause > ends:
                return None
            self._sleep(pause)

    def project(self, project_id: str) -> dict[str, Any] | None:
        """Return a project's document; None where there is none."""
        item = self._get(keys.project(project_id))
        if "document" not in item:
            return None
        document: dict[str, Any] = json.loads(item["document"]["S"])
        return document

    def _get(self, key: dict[str, str]) -> dict[str, Any]:
        request = {
            "TableName": self._table,
            "Key": {name: {"S": value} for name, value in key.items()},
            "ConsistentRead": True,
        }
        item: dict[str, Any] = self._client.call("GetItem", request).get("Item", {})
        return item
