"""At which deliveries a message came too early: SQS counts those too that were lost for other reasons."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from shared.table import keys
from shared.table.items import from_item, to_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

RETENTION_SECONDS = 4 * 24 * 3600
"""As long as a message may stay in its queue."""


class EarlyDeliveries:
    """What is remembered of early messages, in a table.

    Parameters
    ----------
    client
        DynamoDB client.
    table_name
        The table.
    clock
        Seconds since the epoch.
    """

    def __init__(self, client: "DynamoDBClient", table_name: str, *, clock: Callable[[], float] = time.time) -> None:
        self._client = client
        self._table = table_name
        self._clock = clock

    def count(self, queue_id: str, delivery: int) -> int:
        """Remember that a message came too early, and return at how many of its deliveries it has.

        Parameters
        ----------
        queue_id
            The message's id in the queue. A message that is replayed has another one, and begins anew.
        delivery
            Which delivery it is, from 1. One that is told twice counts once, so the call may be repeated.

        Raises
        ------
        botocore.exceptions.ClientError
            When DynamoDB refuses.
        """
        answer = self._client.update_item(
            TableName=self._table,
            Key=to_item(keys.early_deliveries(queue_id)),
            UpdateExpression=f"ADD deliveries :delivery SET {keys.TTL_ATTRIBUTE} = :expires_at",
            ExpressionAttributeValues=to_item(
                {":delivery": {delivery}, ":expires_at": int(self._clock()) + RETENTION_SECONDS}
            ),
            ReturnValues="ALL_NEW",
        )
        return len(from_item(answer["Attributes"])["deliveries"])
