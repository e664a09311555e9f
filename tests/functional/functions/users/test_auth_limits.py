from types import ModuleType
from typing import TYPE_CHECKING

from shared.table.attempts import LIMIT, WINDOW_SECONDS
from tests.functional.conftest import TABLE
from tests.functional.faults import answer_users, refuse_table, refuse_users, watch_users
from tests.functional.functions.users.calls import (
    ADA,
    SESSION,
    problem,
    respond,
    sign_in,
)
from tests.functional.pools import Pool

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


def test_guessing_ends_at_the_limit_even_with_the_right_password(auth: ModuleType, pool: Pool) -> None:
    pool.add(ADA)
    statuses = [sign_in(auth, "wrong")["statusCode"] for _ in range(LIMIT)]
    calls = watch_users(auth.sign_in._client)

    answer = sign_in(auth)

    assert statuses == [401] * LIMIT
    assert (problem(answer), calls) == ((429, "too-many-attempts"), [])
    assert 1 <= int(answer["headers"]["Retry-After"]) <= WINDOW_SECONDS
    assert answer["headers"]["Access-Control-Allow-Origin"] == "https://example.org"
    assert sign_in(auth, email="eve@example.org")["statusCode"] == 401


def test_an_unknown_account_is_limited_alike(auth: ModuleType) -> None:
    statuses = [sign_in(auth, email="nobody@example.org")["statusCode"] for _ in range(LIMIT + 1)]

    assert statuses == [401] * LIMIT + [429]


def test_success_clears_what_was_counted(auth: ModuleType, pool: Pool, dynamodb: "DynamoDBClient") -> None:
    pool.add(ADA)
    for _ in range(LIMIT - 1):
        sign_in(auth, "wrong")

    assert sign_in(auth)["statusCode"] == 200
    assert dynamodb.scan(TableName=TABLE)["Count"] == 0


def test_a_right_password_does_not_buy_further_guesses_at_a_code(auth: ModuleType) -> None:
    cognito = auth.sign_in._client
    answer_users(cognito, "InitiateAuth", {"ChallengeName": "SOFTWARE_TOKEN_MFA", "Session": SESSION})
    refuse_users(cognito, "RespondToAuthChallenge", "CodeMismatchException")

    statuses = []
    for _ in range(LIMIT):
        statuses += [sign_in(auth)["statusCode"], respond(auth, code="000000")["statusCode"]]

    assert statuses == [200, 401] * (LIMIT // 2) + [429] * LIMIT


def test_a_count_that_cannot_be_cleared_costs_nobody_the_tokens(auth: ModuleType, pool: Pool) -> None:
    pool.add(ADA)
    refuse_table(auth.attempts._client, "DeleteItem", "ThrottlingException")

    assert sign_in(auth)["statusCode"] == 200


def test_where_attempts_cannot_be_counted_nobody_signs_in(auth: ModuleType, pool: Pool) -> None:
    pool.add(ADA)
    refuse_table(auth.attempts._client, "UpdateItem", "ThrottlingException")
    calls = watch_users(auth.sign_in._client)

    answer = sign_in(auth)

    assert (problem(answer), calls) == ((503, "unavailable"), [])
    assert answer["headers"]["Retry-After"] == "5"
