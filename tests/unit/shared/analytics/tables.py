"""A table in memory that takes what `RevisedItems` asks of DynamoDB, and misbehaves on demand."""

import copy
from collections.abc import Callable, Mapping
from typing import Any

from shared.aws.errors import AwsError, AwsRefusedError, AwsUnreachableError

TABLE = "sitewire-local"

Key = tuple[str, str]


class MemoryTable:
    """Items by their keys.

    Parameters
    ----------
    fault
        Asked before each transaction what goes wrong: `conflict`, `throttle`, `error`, `lost` (it is written, and no
        answer comes) or nothing.
    """

    def __init__(self, fault: Callable[[], str | None] = lambda: None) -> None:
        self.items: dict[Key, dict[str, Any]] = {}
        self.calls: list[tuple[str, Mapping[str, Any]]] = []
        self.fault = fault

    def call(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """Do what DynamoDB does."""
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

    def _apply(self, update: dict[str, Any]) -> None:
        item = self.items.setdefault(_place(update["Key"]), dict(update["Key"]))
        names, values = update["ExpressionAttributeNames"], update["ExpressionAttributeValues"]
        for assignment in update["UpdateExpression"].removeprefix("SET ").split(","):
            name, _, value = assignment.partition("=")
            item[names[name]] = values[value]


_ERRORS: dict[str, AwsError] = {
    "conflict": AwsRefusedError(
        400, "TransactionCanceledException", {"CancellationReasons": [{"Code": "TransactionConflict"}]}
    ),
    "throttle": AwsRefusedError(400, "ThrottlingException"),
    "error": AwsRefusedError(500, "InternalServerError"),
}


def _place(key: Mapping[str, Any]) -> Key:
    return key["PK"]["S"], key["SK"]["S"]
