"""A table in memory that answers as DynamoDB does, with a time of its own, for what only reads single items."""

from collections.abc import Mapping
from typing import Any


class MemoryTable:
    """What `shared.aws.client.JsonClient` is to DynamoDB. Time passes in it when somebody sleeps, and not otherwise.

    Parameters
    ----------
    name
        Its name.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._items: dict[tuple[str, str], tuple[float, dict[str, str]]] = {}
        self._now = 0.0
        self._failures: list[tuple[str, Exception]] = []
        self.reads: list[str] = []

    def put(self, values: dict[str, str], *, at: float = 0.0) -> None:
        """Store an item of texts, which can be read from a time in seconds on."""
        self._items[values["PK"], values["SK"]] = (at, values)

    def fail(self, error: Exception, *, partition: str = "") -> None:
        """Let every read below a partition's prefix fail."""
        self._failures.append((partition, error))

    def call(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """Answer a consistent GetItem call."""
        assert operation == "GetItem"
        assert request["TableName"] == self._name
        assert request["ConsistentRead"] is True
        partition, place = request["Key"]["PK"]["S"], request["Key"]["SK"]["S"]
        self.reads.append(partition)
        for prefix, error in self._failures:
            if partition.startswith(prefix):
                raise error
        at, values = self._items.get((partition, place), (0.0, {}))
        if not values or at > self._now:
            return {}
        return {"Item": {name: {"S": value} for name, value in values.items()}}

    def clock(self) -> float:
        """Return its time, in seconds since it was made."""
        return self._now

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self._now += seconds
