import json
from collections.abc import Callable
from datetime import UTC, datetime
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from schemas.responses import Operation
from shared.analytics.parts import part_id
from shared.analytics.receipts import MOST_PAGES, PAGE_SIZE, Page, Receipt, write_page
from shared.ids import uuid7
from shared.ledger import Ledger
from shared.table import keys
from shared.table.items import to_item
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


@pytest.mark.parametrize(
    ("outcome", "status"), [("counted", "counted"), ("bot", "dropped"), ("excluded", "dropped"), ("too old", "dropped")]
)
def test_a_batch_of_page_views_is_counted_or_dropped_for_a_reason(
    operations: ModuleType, dynamodb: "DynamoDBClient", outcome: str, status: str
) -> None:
    identifier = uuid7()
    receive(dynamodb, {identifier: Receipt(outcome, 1_800_000_000, 1, 3)})

    response = ask(operations, identifier)

    operation = Operation.model_validate_json(response["body"])
    reason = outcome if status == "dropped" else None
    assert (operation.status, operation.reason) == (status, reason)
    (consumer,) = operation.consumers
    assert (consumer.consumer, consumer.outcome, consumer.reason) == ("aggregate_analytics", status, reason)
    assert consumer.at == datetime(2027, 1, 15, 8, tzinfo=UTC)
    assert "Retry-After" not in response["headers"]


def test_a_batch_is_pending_until_all_of_its_parts_are_counted(
    operations: ModuleType, dynamodb: "DynamoDBClient"
) -> None:
    identifier = uuid7()
    parts = [part_id(identifier, "a-cut", number) for number in range(3)]
    told = []

    for at, part in enumerate(parts, 1_800_000_000):
        receive(dynamodb, {part: Receipt("counted", at, 3, 3, "a-cut")})
        told.append(Operation.model_validate_json(ask(operations, identifier)["body"]))

    assert [operation.status for operation in told] == ["pending", "pending", "counted"]
    assert told[-1].consumers[0].at == datetime(2027, 1, 15, 8, 0, 2, tzinfo=UTC)


def test_a_batch_is_counted_when_a_part_of_it_is(operations: ModuleType, dynamodb: "DynamoDBClient") -> None:
    identifier = uuid7()
    receive(dynamodb, {identifier: Receipt("too old", 1, 2, 0, "a-cut")})
    receive(dynamodb, {part_id(identifier, "a-cut", 1): Receipt("counted", 2, 2, 3, "a-cut")})

    assert json.loads(ask(operations, identifier)["body"])["status"] == "counted"


def test_a_receipt_is_found_on_a_further_page(operations: ModuleType, dynamodb: "DynamoDBClient") -> None:
    identifier = uuid7()
    others = {f"{number:023x}": Receipt("counted", 1, 1, 1) for number in range(PAGE_SIZE)}
    put_page(dynamodb, keys.receipts(identifier), others)
    put_page(dynamodb, keys.receipts(identifier, 1), others)
    put_page(dynamodb, keys.receipts(identifier, 2), {keys.receipt_name(identifier): Receipt("bot", 1, 1, 0)})

    assert json.loads(ask(operations, identifier)["body"])["reason"] == "bot"


def test_of_an_id_for_which_there_is_no_room_nobody_knows(operations: ModuleType, dynamodb: "DynamoDBClient") -> None:
    identifier = uuid7()
    others = {f"{number:023x}": Receipt("counted", 1_800_000_000, 1, 1) for number in range(PAGE_SIZE)}
    for number in range(MOST_PAGES):
        put_page(dynamodb, keys.receipts(identifier, number), others)

    # It may be that of a form or a project.
    assert json.loads(ask(operations, identifier)["body"])["status"] == "pending"


def test_a_batch_beside_others_is_pending(operations: ModuleType, dynamodb: "DynamoDBClient") -> None:
    identifier = uuid7()
    put_page(dynamodb, keys.receipts(identifier), {"0" * 23: Receipt("counted", 1, 1, 1)})

    assert json.loads(ask(operations, identifier)["body"]) == {"id": identifier, "status": "pending", "consumers": []}


def receive(client: "DynamoDBClient", receipts: dict[str, Receipt]) -> None:
    for identifier, receipt in receipts.items():
        put_page(client, keys.receipts(identifier), {keys.receipt_name(identifier): receipt})


def put_page(client: "DynamoDBClient", key: dict[str, str], page: Page) -> None:
    item = {**key, "entries": write_page(page), "rev": 1}
    client.put_item(TableName=TABLE, Item=to_item(item))
