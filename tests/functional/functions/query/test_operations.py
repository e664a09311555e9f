import json
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from schemas.responses import Operation
from shared.ids import uuid7
from shared.ledger import Ledger
from tests.functional.conftest import TABLE
from tests.unit import events

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

CONTEXT = SimpleNamespace(aws_request_id="function-request-1")


@pytest.fixture
def operations(load: Callable[[str], ModuleType]) -> ModuleType:
    return load("functions.query.operations")


@pytest.fixture
def ledger(dynamodb: "DynamoDBClient") -> Ledger:
    return Ledger(dynamodb, TABLE)


def ask(operations: ModuleType, identifier: str) -> dict[str, Any]:
    event = events.http_event("api_get_submissions")
    path = f"/api/operations/{identifier}"
    event |= {"resource": "/api/operations/{id}", "path": path, "pathParameters": {"id": identifier}}
    event["requestContext"] |= {"path": f"/v1{path}", "authorizer": None}
    answer: dict[str, Any] = operations.handler(event, CONTEXT)
    return answer


def test_what_nobody_has_applied_is_pending_with_the_time_to_ask_again(operations: ModuleType) -> None:
    identifier = uuid7()

    response = ask(operations, identifier)

    assert (response["statusCode"], response["headers"]["Retry-After"]) == (200, "1")
    assert json.loads(response["body"]) == {"id": identifier, "status": "pending", "consumers": []}


def test_what_was_applied_tells_by_whom_and_when(operations: ModuleType, ledger: Ledger) -> None:
    identifier = uuid7()
    ledger.apply(identifier, "store_contact", [])

    response = ask(operations, identifier)

    operation = Operation.model_validate_json(response["body"])
    assert operation.status == "applied"
    assert [(entry.consumer, entry.outcome) for entry in operation.consumers] == [("store_contact", "applied")]
    assert "Retry-After" not in response["headers"]


def test_a_mail_alone_applies_nothing(operations: ModuleType, ledger: Ledger) -> None:
    identifier = uuid7()
    claim = ledger.claim(identifier, "notify_contact.notification", lease_seconds=60)
    assert claim is not None
    ledger.complete(claim, [], reason="spam")

    operation = Operation.model_validate_json(ask(operations, identifier)["body"])

    assert operation.status == "pending"
    assert [(entry.outcome, entry.reason) for entry in operation.consumers] == [("applied", "spam")]


@pytest.mark.parametrize("identifier", ["1", "..", "01990000-0000-4000-8000-000000000001", "LEDGER#1"])
def test_what_is_no_id_is_refused(operations: ModuleType, identifier: str) -> None:
    response = ask(operations, identifier)

    assert response["statusCode"] == json.loads(response["body"])["status"] == 400


def test_an_answer_is_never_kept(operations: ModuleType) -> None:
    assert ask(operations, uuid7())["headers"]["Cache-Control"] == "no-store"
