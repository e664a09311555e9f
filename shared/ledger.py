"""The ledger: the one mechanism by which a message is applied once, and by which its fate can be read.

A change of state is written in one transaction with its ledger entry, so that both exist or neither. An effect outside
the table (a mail) can't join a transaction: it is claimed, performed, then marked done. When a worker dies in between,
the claim runs out and the next delivery performs it again, and the entry's `attempts` shows it.
"""

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from shared.clock import timestamp
from shared.table import keys
from shared.table.items import from_item, to_item
from shared.table.transactions import ConditionError, transact

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

RETENTION_SECONDS = keys.LEDGER_RETENTION_SECONDS
"""How long an entry is kept."""


class ClaimedElsewhereError(Exception):
    """Raised when another worker is performing the same effect, or died doing so a moment ago."""


class Claim(NamedTuple):
    """The right to perform an effect, until the lease ends."""

    message_id: str
    consumer: str
    attempt: int


class Ledger:
    """The ledger in a table.

    Parameters
    ----------
    client
        DynamoDB client.
    table_name
        The table.
    clock
        Seconds since the epoch.
    sleep
        How to wait between attempts, in seconds.
    hit
        Called whenever a message is found to have been dealt with before.
    """

    def __init__(
        self,
        client: "DynamoDBClient",
        table_name: str,
        *,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        hit: Callable[[], None] = lambda: None,
    ) -> None:
        self._client = client
        self._table = table_name
        self._clock = clock
        self._sleep = sleep
        self._hit = hit

    def apply(
        self,
        message_id: str,
        consumer: str,
        writes: "Sequence[TransactWriteItemTypeDef]",
        *,
        outbox: str | None = None,
    ) -> bool:
        """Write a change of state together with its ledger entry.

        Parameters
        ----------
        message_id, consumer
            What is applied, by whom.
        writes
            The change, at most 99 writes.
        outbox
            What is to be published because of the change, kept with it until `empty_outbox`.

        Returns
        -------
        bool
            True when it was applied; False when it had been applied before, and nothing was written.

        Raises
        ------
        shared.table.transactions.ConditionError
            When a condition of `writes` does not hold; the places count from the ledger's own write, which is 0.
        shared.table.transactions.ConflictError
            When conflicts or throttling outlast every attempt; nothing was written.
        botocore.exceptions.ClientError
            When DynamoDB refuses; nothing was written.
        """
        entry = self._entry(message_id, consumer, kind="state", outcome="applied")
        return self._apply([self._put_new({**entry, "outbox": outbox}), *writes])

    def reject(self, message_id: str, consumer: str, reason: str) -> bool:
        """Record that a message will never be applied; as `apply`, with nothing beside the entry."""
        entry = self._entry(message_id, consumer, kind="state", outcome="rejected")
        return self._apply([self._put_new({**entry, "reason": reason})])

    def outbox(self, message_id: str, consumer: str) -> str | None:
        """Return what is still to be published of a change that was applied; None when nothing is."""
        key = to_item(keys.ledger_entry(message_id, consumer))
        answer = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True)
        found: str | None = from_item(answer.get("Item", {})).get("outbox")
        return found

    def empty_outbox(self, message_id: str, consumer: str) -> None:
        """Record that everything was published."""
        self._client.update_item(
            TableName=self._table,
            Key=to_item(keys.ledger_entry(message_id, consumer)),
            UpdateExpression="REMOVE outbox",
            # Otherwise the update would make an entry anew that has expired in the meantime.
            ConditionExpression="attribute_exists(PK)",
        )

    def claim(self, message_id: str, consumer: str, *, lease_seconds: int) -> Claim | None:
        """Claim an effect.

        Returns
        -------
        Claim or None
            None when the effect has been performed.

        Raises
        ------
        ClaimedElsewhereError
            When another claim has not run out.
        """
        now = self._clock()
        entry = self._entry(message_id, consumer, kind="effect", outcome="claimed")
        key = keys.ledger_entry(message_id, consumer)
        fields = {name: value for name, value in entry.items() if name not in key}
        fields["claimed_until"] = int(now) + lease_seconds
        try:
            answer = self._client.update_item(
                TableName=self._table,
                Key=to_item(key),
                UpdateExpression=f"SET {', '.join(f'#{name} = :{name}' for name in fields)} ADD attempts :one",
                ConditionExpression="attribute_not_exists(PK) OR (#outcome = :outcome AND claimed_until < :now)",
                ExpressionAttributeNames={f"#{name}": name for name in fields},
                ExpressionAttributeValues=to_item(
                    {**{f":{name}": value for name, value in fields.items()}, ":one": 1, ":now": int(now)}
                ),
                ReturnValues="UPDATED_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self._client.exceptions.ConditionalCheckFailedException as error:
            held: Any = error.response.get("Item", {})
            if from_item(held).get("outcome") == "claimed":
                message = f"{consumer} is at work on {message_id}"
                raise ClaimedElsewhereError(message) from None
            self._hit()
            return None
        return Claim(message_id, consumer, int(from_item(answer["Attributes"])["attempts"]))

    def complete(
        self, claim: Claim, writes: "Sequence[TransactWriteItemTypeDef]", *, reason: str | None = None
    ) -> None:
        """Mark a claimed effect as done, together with `writes` that record it; `reason` tells why it was left out."""
        values = {":applied": "applied", ":at": timestamp(self._clock())}
        assignments = "#outcome = :applied, #at = :at"
        names = {"#outcome": "outcome", "#at": "at"}
        if reason:
            assignments += ", #reason = :reason"
            names["#reason"] = "reason"
            values[":reason"] = reason
        update: TransactWriteItemTypeDef = {
            "Update": {
                "TableName": self._table,
                "Key": to_item(keys.ledger_entry(claim.message_id, claim.consumer)),
                "UpdateExpression": f"SET {assignments} REMOVE claimed_until",
                "ExpressionAttributeNames": names,
                "ExpressionAttributeValues": to_item(values),
            }
        }
        transact(self._client, [update, *writes], sleep=self._sleep)

    def entries(self, message_id: str) -> list[dict[str, Any]]:
        """Return what consumers did with a message: `consumer`, `kind`, `outcome`, `at` and, where given, `reason`."""
        answer = self._client.query(
            TableName=self._table,
            KeyConditionExpression="PK = :partition",
            ExpressionAttributeValues=to_item({":partition": keys.ledger_partition(message_id)}),
            ConsistentRead=True,
        )
        return [{"consumer": item["SK"], **item} for item in map(from_item, answer["Items"])]

    def _put_new(self, entry: dict[str, Any]) -> "TransactWriteItemTypeDef":
        return {
            "Put": {
                "TableName": self._table,
                "Item": to_item(entry),
                "ConditionExpression": "attribute_not_exists(PK)",
            }
        }

    def _entry(self, message_id: str, consumer: str, *, kind: str, outcome: str) -> dict[str, Any]:
        now = self._clock()
        return {
            **keys.ledger_entry(message_id, consumer),
            "kind": kind,
            "outcome": outcome,
            "at": timestamp(now),
            keys.TTL_ATTRIBUTE: int(now) + RETENTION_SECONDS,
        }

    def _apply(self, writes: "Sequence[TransactWriteItemTypeDef]") -> bool:
        """Run a transaction; False when the condition of its first write, the ledger's, did not hold."""
        try:
            transact(self._client, writes, sleep=self._sleep)
        except ConditionError as error:
            if 0 in error.writes:
                self._hit()
                return False
            raise
        return True
