import json
import threading
from typing import TYPE_CHECKING

import pytest

from shared.table import keys
from shared.table.attempts import LIMIT, WINDOW_SECONDS, AttemptsExceededError, SignInAttempts
from tests.functional.conftest import TABLE

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

ADA = "ada@example.org"
BEGIN = 1_000_000 * WINDOW_SECONDS


def attempts_at(dynamodb: "DynamoDBClient", moment: float) -> SignInAttempts:
    return SignInAttempts(dynamodb, TABLE, clock=lambda: moment)


def test_the_limit_is_exact_and_tells_when_it_ends(dynamodb: "DynamoDBClient") -> None:
    attempts = attempts_at(dynamodb, BEGIN + 100)
    for _ in range(LIMIT):
        attempts.count(ADA)

    with pytest.raises(AttemptsExceededError) as caught:
        attempts.count("ADA@example.org")

    assert caught.value.retry_after == WINDOW_SECONDS - 100


def test_the_next_window_begins_anew(dynamodb: "DynamoDBClient") -> None:
    for _ in range(LIMIT):
        attempts_at(dynamodb, BEGIN).count(ADA)

    attempts_at(dynamodb, BEGIN + WINDOW_SECONDS).count(ADA)


def test_accounts_are_counted_apart(dynamodb: "DynamoDBClient") -> None:
    attempts = attempts_at(dynamodb, BEGIN)
    for _ in range(LIMIT):
        attempts.count(ADA)

    attempts.count("eve@example.org")


def test_what_was_cleared_does_not_count(dynamodb: "DynamoDBClient") -> None:
    attempts = attempts_at(dynamodb, BEGIN)
    for _ in range(LIMIT):
        attempts.count(ADA)
    attempts.clear("Ada@example.org")

    attempts.count(ADA)


def test_a_count_ends_with_its_window_and_names_nobody(dynamodb: "DynamoDBClient") -> None:
    attempts_at(dynamodb, BEGIN + 1).count(ADA)

    (item,) = dynamodb.scan(TableName=TABLE)["Items"]

    assert item[keys.TTL_ATTRIBUTE] == {"N": str(BEGIN + WINDOW_SECONDS)}
    assert "ada" not in json.dumps(item)


def test_attempts_at_the_same_moment_do_not_slip_past_the_limit(dynamodb: "DynamoDBClient") -> None:
    attempts = attempts_at(dynamodb, BEGIN)
    refused: list[AttemptsExceededError] = []

    def try_it() -> None:
        try:
            attempts.count(ADA)
        except AttemptsExceededError as error:
            refused.append(error)

    threads = [threading.Thread(target=try_it) for _ in range(LIMIT + 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refused) == 5
