"""How often somebody tried to sign in to an account: counted in fixed windows of time, and limited.

The address itself is never stored, only a digest of it, and that no longer than its window lasts. Addresses without
an account are counted alike, so that a refusal tells nothing.
"""

import hashlib
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from shared.table import keys
from shared.table.items import to_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

LIMIT = 10
"""Attempts at one account in a window."""

WINDOW_SECONDS = 15 * 60


class AttemptsExceededError(Exception):
    """Raised when an account was tried too often; `retry_after` is the seconds until it may be tried again."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"no further attempt for {retry_after} s")
        self.retry_after = retry_after


class SignInAttempts:
    """The counts in a table.

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

    def count(self, email: str) -> None:
        """Count an attempt, before it is made: attempts at the same moment can't slip past the limit together.

        Raises
        ------
        AttemptsExceededError
            When the account has had as many as it may; this one is not counted.
        """
        now = self._clock()
        ends = self._window(now) + WINDOW_SECONDS
        try:
            self._client.update_item(
                TableName=self._table,
                Key=to_item(self._key(email, now)),
                UpdateExpression=f"SET {keys.TTL_ATTRIBUTE} = :ends ADD attempts :one",
                ConditionExpression="attribute_not_exists(attempts) OR attempts < :limit",
                ExpressionAttributeValues=to_item({":ends": ends, ":one": 1, ":limit": LIMIT}),
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            raise AttemptsExceededError(max(1, round(ends - now))) from None

    def clear(self, email: str) -> None:
        """Forget the attempts: the last one was the account's owner's."""
        self._client.delete_item(TableName=self._table, Key=to_item(self._key(email, self._clock())))

    def _key(self, email: str, now: float) -> dict[str, str]:
        return keys.sign_in_attempts(hashlib.sha256(email.lower().encode()).hexdigest(), self._window(now))

    def _window(self, now: float) -> int:
        return int(now) // WINDOW_SECONDS * WINDOW_SECONDS
