"""The right to do something alone, for a short time: who ends without giving it back holds nobody up for long."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from shared.ids import uuid7
from shared.table import keys
from shared.table.items import to_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

LEASE_SECONDS = 30
"""Longer than a function that holds one may run: a lease never ends under its holder's hands."""

_PATIENCE_SECONDS = 4.0
_PAUSE_SECONDS = 0.2


class LeaseTakenError(Exception):
    """Raised when somebody else kept a lease for longer than one can wait."""


class Leases:
    """The leases in a table.

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
    """

    def __init__(
        self,
        client: "DynamoDBClient",
        table_name: str,
        *,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = client
        self._table = table_name
        self._clock = clock
        self._sleep = sleep

    @contextmanager
    def hold(self, name: str) -> Iterator[None]:
        """Hold a lease while the block runs, waiting a few seconds for whoever holds it.

        Raises
        ------
        LeaseTakenError
            When it is not given back in that time; the block has not run.
        """
        holder = uuid7()
        deadline = self._clock() + _PATIENCE_SECONDS
        while not self._take(name, holder):
            if self._clock() > deadline:
                raise LeaseTakenError(name)
            self._sleep(random.uniform(_PAUSE_SECONDS / 2, _PAUSE_SECONDS))  # noqa: S311  jitter, no secret
        try:
            yield
        finally:
            self._give_back(name, holder)

    def _take(self, name: str, holder: str) -> bool:
        now = int(self._clock())
        ends = now + LEASE_SECONDS
        values = {**keys.lease(name), "holder": holder, keys.TTL_ATTRIBUTE: ends}
        try:
            self._client.put_item(
                TableName=self._table,
                Item=to_item(values),
                # DynamoDB removes what has expired within days, not at once.
                # One's own is taken again: the answer to the first request may have been lost on its way.
                ConditionExpression=f"attribute_not_exists(PK) OR {keys.TTL_ATTRIBUTE} < :now OR holder = :holder",
                ExpressionAttributeValues=to_item({":now": now, ":holder": holder}),
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def _give_back(self, name: str, holder: str) -> None:
        # Somebody else's by now, or out of reach: it ends by itself, and what was done under it is done.
        with suppress(BotoCoreError, ClientError):
            self._client.delete_item(
                TableName=self._table,
                Key=to_item(keys.lease(name)),
                ConditionExpression="holder = :holder",
                ExpressionAttributeValues=to_item({":holder": holder}),
            )
