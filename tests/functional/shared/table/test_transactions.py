from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from shared.table.transactions import ConditionError, ConflictError, transact
from tests.functional.conftest import TABLE
from tests.functional.faults import cancel_transactions

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef


def put(name: str, condition: str = "attribute_not_exists(PK)") -> "TransactWriteItemTypeDef":
    item = {"PK": {"S": name}, "SK": {"S": name}}
    return {"Put": {"TableName": TABLE, "Item": item, "ConditionExpression": condition}}


def stored(dynamodb: "DynamoDBClient") -> set[str]:
    return {item["PK"]["S"] for item in dynamodb.scan(TableName=TABLE)["Items"]}


def test_all_is_written(dynamodb: "DynamoDBClient") -> None:
    transact(dynamodb, [put("a"), put("b")])

    assert stored(dynamodb) == {"a", "b"}


def test_a_condition_that_does_not_hold_is_named_by_its_place_and_nothing_is_written(
    dynamodb: "DynamoDBClient",
) -> None:
    transact(dynamodb, [put("a"), put("c")])

    with pytest.raises(ConditionError) as error:
        transact(dynamodb, [put("a"), put("b"), put("c"), put("d")])

    assert error.value.writes == {0, 2}
    assert stored(dynamodb) == {"a", "c"}


def test_a_condition_that_does_not_hold_counts_more_than_a_conflict(dynamodb: "DynamoDBClient") -> None:
    cancelled = cancel_transactions(dynamodb, "TransactionConflict", "ConditionalCheckFailed")

    with pytest.raises(ConditionError) as error:
        transact(dynamodb, [put("a"), put("b")], sleep=lambda _seconds: None)

    assert error.value.writes == {1}
    assert len(cancelled) == 1


def test_between_attempts_it_waits_a_little_longer_each_time(dynamodb: "DynamoDBClient") -> None:
    cancel_transactions(dynamodb, "TransactionConflict", times=4)
    waits: list[float] = []

    transact(dynamodb, [put("a")], sleep=waits.append)

    assert len(waits) == 4
    assert all(0 <= wait <= 0.05 * 2**attempt for attempt, wait in enumerate(waits, 1))


def test_conflicts_that_outlast_every_attempt_are_told(dynamodb: "DynamoDBClient") -> None:
    cancelled = cancel_transactions(dynamodb, "None", "TransactionConflict")

    with pytest.raises(ConflictError, match="cancelled 5 times: None, TransactionConflict"):
        transact(dynamodb, [put("a"), put("b")], sleep=lambda _seconds: None)

    assert len(cancelled) == 5


def test_what_would_be_refused_again_is_not_tried_again(dynamodb: "DynamoDBClient") -> None:
    cancelled = cancel_transactions(dynamodb, "ValidationError")

    with pytest.raises(ClientError):
        transact(dynamodb, [put("a")], sleep=lambda _seconds: None)

    assert len(cancelled) == 1
