"""Items that several workers write: each write is conditional on the revision that was read.

Used where a batch's processor time is counted: over the lean client, and with texts for attributes.
"""

import random
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from shared.attempts import attempts
from shared.aws.errors import AwsRefusedError
from shared.table.keys import TTL_ATTRIBUTE
from shared.table.transactions import LARGEST

Key = tuple[str, str]
"""Partition and sort key."""

_REVISION = "rev"
_REVISION_BITS = 48
_OWN = frozenset({"PK", "SK", _REVISION, TTL_ATTRIBUTE})
_GET_ATTEMPTS = 5
_BACKOFF_SECONDS = 0.05
_CANCELLED = "TransactionCanceledException"
_PASSING = frozenset({"ConditionalCheckFailed", "TransactionConflict", "ThrottlingError", "None"}) | {
    "ProvisionedThroughputExceeded"
}


class Caller(Protocol):
    """What `shared.aws.client.JsonClient` does."""

    def call(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """Call an operation and return its answer."""


class ChangedError(Exception):
    """Raised when others wrote in between, or were in the way: nothing was written, and to read again helps."""


class UnreadError(Exception):
    """Raised when DynamoDB kept leaving items of a read out, as it does when it throttles."""


class Stored(NamedTuple):
    """An item: its revision, 0 where there is none, and what it holds, texts or bytes."""

    revision: int
    values: dict[str, Any]


NOTHING = Stored(0, {})


class Write(NamedTuple):
    """Texts or bytes to set in an item, in place of those of the same names, if its revision is still `revision`.

    An item that is made begins with a revision by chance, so that it is never taken for one that was erased before.
    """

    key: Key
    revision: int
    values: Mapping[str, str | bytes]
    expires_at: int | None


def key_of(key: Mapping[str, str]) -> Key:
    """Return a key of `shared.table.keys` as it is used here."""
    return key["PK"], key["SK"]


class RevisedItems:
    """Items of the table with a revision each.

    Parameters
    ----------
    client
        Client of DynamoDB.
    table_name
        The table.
    sleep
        How to wait between attempts, in seconds.
    """

    def __init__(self, client: Caller, table_name: str, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._client = client
        self._table = table_name
        self._sleep = sleep

    def read(self, keys: Iterable[Key]) -> dict[Key, Stored]:
        """Return the items that there are, as they are at this moment.

        Raises
        ------
        UnreadError
            When throttling outlasts every attempt.
        shared.aws.errors.AwsError
            When a call fails.
        """
        wanted = [{"PK": {"S": partition}, "SK": {"S": sort}} for partition, sort in keys]
        found: dict[Key, Stored] = {}
        for start in range(0, len(wanted), LARGEST):
            self._read(wanted[start : start + LARGEST], found)
        return found

    def write(self, writes: Sequence[Write]) -> None:
        """Write all or nothing, at most `shared.table.transactions.LARGEST`.

        Raises
        ------
        ChangedError
            When others were faster, or in the way.
        shared.aws.errors.AwsError
            When a call fails, or DynamoDB refuses it.
        """
        request = {"TransactItems": [{"Update": self._update(write)} for write in writes]}
        try:
            self._client.call("TransactWriteItems", request)
        except AwsRefusedError as error:
            reasons = error.document.get("CancellationReasons") or ()
            codes = {reason.get("Code", "None") for reason in reasons}
            if error.code == _CANCELLED and codes and codes <= _PASSING:
                raise ChangedError from None
            raise

    def _read(self, keys: list[dict[str, Any]], found: dict[Key, Stored]) -> None:
        for _ in attempts(_GET_ATTEMPTS, _BACKOFF_SECONDS, self._sleep):
            request = {"RequestItems": {self._table: {"Keys": keys, "ConsistentRead": True}}}
            answer = self._client.call("BatchGetItem", request)
            for item in answer["Responses"].get(self._table, ()):
                values = {name: _value(value) for name, value in item.items() if name not in _OWN}
                found[item["PK"]["S"], item["SK"]["S"]] = Stored(int(item[_REVISION]["N"]), values)
            keys = answer.get("UnprocessedKeys", {}).get(self._table, {}).get("Keys", [])
            if not keys:
                return
        message = f"{len(keys)} items were left out {_GET_ATTEMPTS} times"
        raise UnreadError(message)

    def _update(self, write: Write) -> dict[str, Any]:
        names = {"#rev": _REVISION}
        revision = write.revision + 1 if write.revision else 1 + random.getrandbits(_REVISION_BITS)
        values = {":rev": {"N": str(revision)}}
        assignments = ["#rev=:rev"]
        for place, (name, value) in enumerate(write.values.items()):
            names[f"#{place}"] = name
            values[f":{place}"] = {"S": value} if isinstance(value, str) else {"B": b64encode(value).decode()}
            assignments.append(f"#{place}=:{place}")
        if write.expires_at is not None:
            names["#ttl"] = TTL_ATTRIBUTE
            values[":ttl"] = {"N": str(write.expires_at)}
            assignments.append("#ttl=:ttl")
        condition = "attribute_not_exists(PK)"
        if write.revision:
            condition = "#rev=:was"
            values[":was"] = {"N": str(write.revision)}
        return {
            "TableName": self._table,
            "Key": {"PK": {"S": write.key[0]}, "SK": {"S": write.key[1]}},
            "UpdateExpression": f"SET {','.join(assignments)}",
            "ConditionExpression": condition,
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": values,
        }


def _value(value: Mapping[str, str]) -> str | bytes:
    return value["S"] if "S" in value else b64decode(value["B"])
