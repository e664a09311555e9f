"""Publish events to the bus, and know of each one that it was taken."""

import json
import random
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Protocol

ENTRIES_PER_CALL = 10
"""Entries that one PutEvents call takes."""

_ATTEMPTS = 3
_BACKOFF_SECONDS = 0.05


class PublishError(Exception):
    """Raised when the bus did not take every event.

    Parameters
    ----------
    codes
        The error codes of the entries that were refused, in the end.
    """

    def __init__(self, codes: Sequence[str]) -> None:
        super().__init__(f"{len(codes)} events were not taken: {', '.join(sorted(set(codes)))}")
        self.codes = codes


class Caller(Protocol):
    """What `shared.aws.client.JsonClient` does."""

    def call(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        """Call an operation and return its answer."""


class Message(NamedTuple):
    """An event to publish; see `schemas.events.Event` for its fields."""

    id: str
    source: str
    name: str
    occurred_at: str
    correlation_id: str
    data: dict[str, Any]


class EventBus:
    """The bus, as publishers see it.

    Parameters
    ----------
    client
        Client of EventBridge.
    name
        The bus's name.
    sleep
        How to wait between attempts, in seconds.
    """

    def __init__(self, client: Caller, name: str, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._client = client
        self._name = name
        self._sleep = sleep

    def publish(self, messages: Sequence[Message], *, trace_header: str | None = None) -> None:
        """Return once the bus has taken every message; only those that it refused are sent again.

        Raises
        ------
        PublishError
            When some are still refused after the last attempt.
        shared.aws.errors.AwsError
            When a whole call fails.
        """
        entries = [self._entry(message, trace_header) for message in messages]
        for start in range(0, len(entries), ENTRIES_PER_CALL):
            self._put(entries[start : start + ENTRIES_PER_CALL])

    def _put(self, entries: list[dict[str, Any]]) -> None:
        codes: list[str] = []
        for attempt in range(_ATTEMPTS):
            if attempt:
                self._sleep(random.uniform(0, _BACKOFF_SECONDS * 2**attempt))  # noqa: S311  full jitter, no secret
            answer = self._client.call("PutEvents", {"Entries": entries})
            refused = [
                (entry, result["ErrorCode"])
                for entry, result in zip(entries, answer["Entries"], strict=True)
                if "ErrorCode" in result
            ]
            if not refused:
                return
            entries, codes = [entry for entry, _ in refused], [code for _, code in refused]
        raise PublishError(codes)

    def _entry(self, message: Message, trace_header: str | None) -> dict[str, Any]:
        detail = {
            "id": message.id,
            "name": message.name,
            "version": 1,
            "occurred_at": message.occurred_at,
            "correlation_id": message.correlation_id,
            "data": message.data,
        }
        entry: dict[str, Any] = {
            "EventBusName": self._name,
            "Source": message.source,
            "DetailType": message.name,
            "Detail": json.dumps(detail, separators=(",", ":"), ensure_ascii=False),
        }
        if trace_header:
            entry["TraceHeader"] = trace_header
        return entry
