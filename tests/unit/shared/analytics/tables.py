"""A table in memory that takes what `RevisedItems` asks of DynamoDB, and misbehaves on demand."""

import copy
import threading
from collections.abc import Callable, Mapping
from typing import Any

from shared.aws.errors import AwsError, AwsRefusedError, AwsUnreachableError

TABLE = "sitewire-local"

Key = tuple[str, str]

_LARGEST_ITEM = 400 * 1024
_LARGEST_TRANSACTION = 4 * 1024 * 1024


class MemoryTable:
    """Items by their keys.

    Parameters
    ----------
    fault
        Asked before each transaction what goes wrong: `conflict`, `throttle`, `error`, `lost` (it is written, and no
        answer comes) or nothing.
    before
        Called with each operation and its request before anything else; what it raises is the answer.
    """

    def __init__(
        self,
        fault: Callable[[], str | None] = lambda: None,
        *,
        before: Callable[[str, Mapping[str, Any]], None] = lambda _operation, _request: None,
    ) -> None:
        self.items: dict[Key, dict[str, Any]] = {}
        self.calls: list[tuple[str, Mapping[str, Any]]] = []
        self.fault = fault
        self.before = before
        self._alone = threading.Lock()

    @property
    def writes(self) -> list[dict[Key, dict[str, Any]]]:
        """Return what each transaction so far asked to set, by attribute, of each item."""
        return [
            {_place(write["Update"]["Key"]): _assigned(write["Update"]) for write in request["TransactItems"]}
            for operation, request in self.calls
            if operation == "TransactWriteItems"
        ]

    def call(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """Do what DynamoDB does, one call after the other."""
        self.before(operation, request)
        with self._alone:
            return self._call(operation, request)

    def _call(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        self.calls.append((operation, request))
        if operation == "BatchGetItem":
            wanted = request["RequestItems"][TABLE]["Keys"]
            assert 0 < len(wanted) <= 100
            assert len({_place(key) for key in wanted}) == len(wanted), "DynamoDB refuses a key that is there twice"
            found = [copy.deepcopy(self.items[_place(key)]) for key in wanted if _place(key) in self.items]
            return {"Responses": {TABLE: found}, "UnprocessedKeys": {}}
        assert operation == "TransactWriteItems"
        return self._transact([write["Update"] for write in request["TransactItems"]])

    def _transact(self, updates: list[dict[str, Any]]) -> dict[str, Any]:
        assert 0 < len(updates) <= 100
        assert len({_place(update["Key"]) for update in updates}) == len(updates)
        fault = self.fault()
        if error := _ERRORS.get(fault or ""):
            raise error
        sizes = [*map(self._size, updates)]
        if any(map(_is_refused, updates)) or max(sizes) > _LARGEST_ITEM or sum(sizes) > _LARGEST_TRANSACTION:
            raise AwsRefusedError(400, "ValidationException")
        if not all(map(self._holds, updates)):
            reasons = [{"Code": "None" if self._holds(update) else "ConditionalCheckFailed"} for update in updates]
            raise AwsRefusedError(400, "TransactionCanceledException", {"CancellationReasons": reasons})
        for update in updates:
            self._apply(update)
        if fault == "lost":
            raise AwsUnreachableError
        return {}

    def _holds(self, update: dict[str, Any]) -> bool:
        item = self.items.get(_place(update["Key"]))
        if update["ConditionExpression"] == "attribute_not_exists(PK)":
            return item is None
        assert update["ConditionExpression"] == "#rev=:was"
        return item is not None and item["rev"] == update["ExpressionAttributeValues"][":was"]

    def _size(self, update: dict[str, Any]) -> int:
        """Return the bytes of an item as it would be."""
        item = {**self.items.get(_place(update["Key"]), {}), **_assigned(update)}
        return sum(len(name) + _size(value) for name, value in item.items())

    def _apply(self, update: dict[str, Any]) -> None:
        item = self.items.setdefault(_place(update["Key"]), dict(update["Key"]))
        item.update(_assigned(update))


_ERRORS: dict[str, AwsError] = {
    "conflict": AwsRefusedError(
        400, "TransactionCanceledException", {"CancellationReasons": [{"Code": "TransactionConflict"}]}
    ),
    "throttle": AwsRefusedError(400, "ThrottlingException"),
    "error": AwsRefusedError(500, "InternalServerError"),
}


def _assigned(update: Mapping[str, Any]) -> dict[str, Any]:
    names, values = update["ExpressionAttributeNames"], update["ExpressionAttributeValues"]
    assignments = (text.split("=") for text in update["UpdateExpression"].removeprefix("SET ").split(","))
    return {names[name]: values[value] for name, value in assignments}


def _is_refused(update: Mapping[str, Any]) -> bool:
    """Tell whether an update sets part of its key, or an attribute twice."""
    names = list(update["ExpressionAttributeNames"].values())
    return bool({"PK", "SK", ""} & set(names)) or len(set(names)) < len(names)


def _size(value: Mapping[str, str]) -> int:
    """Return the bytes of a value; of B, which is in base64 here, roughly."""
    (text,) = value.values()
    return len(text) * 3 // 4 if "B" in value else len(text) if text.isascii() else len(text.encode())


def _place(key: Mapping[str, Any]) -> Key:
    return key["PK"]["S"], key["SK"]["S"]
