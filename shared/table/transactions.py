"""Transactions: tried again while other writers are in the way."""

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from shared.attempts import attempts

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

LARGEST = 100
"""Writes that one transaction takes."""

_ATTEMPTS = 5
_BACKOFF_SECONDS = 0.05
_PASSING = frozenset({"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})
_UNMET = "ConditionalCheckFailed"


class ConflictError(Exception):
    """Raised when other writers, or throttling, kept getting in the way of a transaction: nothing was written."""


class ConditionError(Exception):
    """Raised when conditions of a transaction did not hold: nothing was written.

    Parameters
    ----------
    writes
        The places, in the transaction, of the writes whose conditions failed.
    """

    def __init__(self, writes: Sequence[int]) -> None:
        super().__init__(f"conditions failed of the writes {', '.join(map(str, writes))}")
        self.writes = frozenset(writes)


def transact(
    client: "DynamoDBClient",
    writes: "Sequence[TransactWriteItemTypeDef]",
    *,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Write all or nothing.

    Raises
    ------
    ConditionError
        When a condition does not hold.
    ConflictError
        When conflicts or throttling outlast every attempt.
    botocore.exceptions.ClientError
        When DynamoDB refuses for another reason.
    """
    codes: list[str] = []
    for _ in attempts(_ATTEMPTS, _BACKOFF_SECONDS, sleep):
        try:
            client.transact_write_items(TransactItems=writes)
        except client.exceptions.TransactionCanceledException as error:
            codes = [reason.get("Code", "None") for reason in error.response.get("CancellationReasons", [])]
            if unmet := [place for place, code in enumerate(codes) if code == _UNMET]:
                raise ConditionError(unmet) from None
            if not _PASSING.intersection(codes):
                raise
        else:
            return
    message = f"the transaction was cancelled {_ATTEMPTS} times: {', '.join(codes)}"
    raise ConflictError(message)
