"""A bus in memory that answers as EventBridge does, for what publishes to one."""

import json
from collections.abc import Callable
from typing import Any

from shared.publishing import Message

LARGEST_REQUEST = 10


class MemoryBus:
    """What `shared.aws.client.JsonClient` is to EventBridge, with every event it takes in `taken`.

    Parameters
    ----------
    refuses
        From the number of the call, counted from 0, and an entry to the error code that refuses it; None takes it.
    """

    def __init__(self, refuses: Callable[[int, dict[str, Any]], str | None] = lambda _number, _entry: None) -> None:
        self._refuses = refuses
        self.calls: list[list[dict[str, Any]]] = []
        self.taken: list[dict[str, Any]] = []

    def call(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        """Take the entries of a PutEvents call, each by itself."""
        entries = request["Entries"]
        assert operation == "PutEvents"
        assert 1 <= len(entries) <= LARGEST_REQUEST
        codes = [self._refuses(len(self.calls), entry) for entry in entries]
        self.calls.append(list(entries))
        self.taken += [entry for entry, code in zip(entries, codes, strict=True) if code is None]
        results = [
            {"EventId": f"{number:032x}"} if code is None else {"ErrorCode": code, "ErrorMessage": "Refused."}
            for number, code in enumerate(codes)
        ]
        return {"FailedEntryCount": sum(code is not None for code in codes), "Entries": results}

    @property
    def details(self) -> list[dict[str, Any]]:
        """Return the events that were taken."""
        return [json.loads(entry["Detail"]) for entry in self.taken]


def message(number: int, **data: Any) -> Message:
    """Return one of many events."""
    return Message(
        f"id-{number}", "sitewire.contact", "ContactSubmitted", "2026-08-16T17:22:26.125Z", "correlation", data
    )


def number_of(entry: dict[str, Any]) -> int:
    """Return the number of the message in an entry."""
    return int(json.loads(entry["Detail"])["id"].removeprefix("id-"))
