import json
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from schemas.responses import Submission, SubmissionPage
from shared.table.submissions import SubmissionTable
from tests.functional.conftest import TABLE
from tests.functional.shared.table.submissions import fill, identifier, put
from tests.unit import events

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

CONTEXT = SimpleNamespace(aws_request_id="function-request-1")
ORIGIN = "https://example.org"


@pytest.fixture
def reader(load: Callable[[str], ModuleType]) -> ModuleType:
    return load("functions.query.contact")


def ask(reader: ModuleType, **changes: Any) -> dict[str, Any]:
    answer: dict[str, Any] = reader.handler(events.http_event("api_get_submissions", **changes), CONTEXT)
    return answer


def read(reader: ModuleType, path_id: str, **changes: Any) -> dict[str, Any]:
    event = events.http_event("api_put_submission", method="GET", path_id=path_id, **changes)
    answer: dict[str, Any] = reader.handler(event, CONTEXT)
    return answer


def document_of(response: dict[str, Any]) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(response["body"])
    return document


def ids_of(response: dict[str, Any]) -> list[str]:
    return [item["id"] for item in document_of(response)["items"]]


def test_a_list_is_a_page_of_the_contract(reader: ModuleType, dynamodb: "DynamoDBClient") -> None:
    fill(dynamodb, TABLE, 30)

    response = ask(reader)

    page = SubmissionPage.model_validate(document_of(response))
    assert (response["statusCode"], len(page.items)) == (200, 20)
    assert page.next_cursor
    assert response["headers"]["Cache-Control"] == "private, no-cache"


def test_an_empty_list_is_a_page(reader: ModuleType) -> None:
    assert document_of(ask(reader)) == {"items": [], "next_cursor": None}


@pytest.mark.parametrize(
    ("choice", "statuses"),
    [
        (None, ["new", "read", "archived"]),
        ({"status": "new"}, ["new"]),
        ({"status": "spam"}, ["spam"]),
        ({"spam": "true"}, ["spam"]),
        ({"spam": "false"}, ["new", "read", "archived"]),
        ({"status": "read", "spam": "false"}, ["read"]),
        ({"status": "spam", "spam": "true"}, ["spam"]),
        ({"status": "read", "spam": "true"}, []),
        ({"status": "spam", "spam": "false"}, []),
    ],
    ids=str,
)
def test_a_list_holds_what_was_asked_for(
    reader: ModuleType, dynamodb: "DynamoDBClient", choice: dict[str, str] | None, statuses: list[str]
) -> None:
    found = fill(dynamodb, TABLE, 20)

    response = ask(reader, query=choice)

    assert ids_of(response) == sorted((identity for status in statuses for identity in found[status]), reverse=True)


@pytest.mark.parametrize("limit", ["1", "7", "100"])
def test_a_list_is_walked_by_its_cursors(reader: ModuleType, dynamodb: "DynamoDBClient", limit: str) -> None:
    found = fill(dynamodb, TABLE, 40)
    walked: list[str] = []
    choice = {"status": "new", "limit": limit}

    while True:
        page = ask(reader, query=choice)
        walked += ids_of(page)
        cursor = document_of(page)["next_cursor"]
        if cursor is None:
            break
        choice["cursor"] = cursor

    assert walked == found["new"]


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        *(("limit", value) for value in ("", "0", "101", "-1", "1.5", "ten", " 5", "5 ", "+5", "²", "٥", "9" * 5000)),
        *(("status", value) for value in ("", "New", "deleted", "new,read")),
        *(("spam", value) for value in ("", "True", "1", "yes")),
        *(("cursor", value) for value in ("x", "AAAA", "!!")),
    ],
    ids=lambda value: value[:12],
)
def test_a_parameter_that_makes_no_sense_is_named(reader: ModuleType, parameter: str, value: str) -> None:
    response = ask(reader, query={parameter: value})

    problem = document_of(response)
    assert response["statusCode"] == 400
    assert parameter in problem["detail"]
    assert problem["errors"][0]["detail"].startswith(f"{parameter}: Must be ")


def test_who_has_the_list_is_not_sent_it_again(reader: ModuleType, dynamodb: "DynamoDBClient") -> None:
    fill(dynamodb, TABLE, 3)
    tag = ask(reader)["headers"]["ETag"]

    response = ask(reader, headers={"If-None-Match": tag})

    assert (response["statusCode"], response["body"]) == (304, "")


def test_a_list_that_grew_is_sent_again(reader: ModuleType, dynamodb: "DynamoDBClient") -> None:
    tag = ask(reader)["headers"]["ETag"]
    put(dynamodb, TABLE, 1)

    assert ask(reader, headers={"If-None-Match": tag})["statusCode"] == 200


def test_a_submission_is_read_with_its_deliveries(reader: ModuleType, dynamodb: "DynamoDBClient") -> None:
    put(dynamodb, TABLE, 1)
    delivery = SubmissionTable(dynamodb, TABLE).put_delivery(
        submission_id=identifier(1), channel="notification", status="sent", attempts=2, ses_message_id="ses-1"
    )
    dynamodb.transact_write_items(TransactItems=[delivery])

    response = read(reader, identifier(1))

    submission = Submission.model_validate(document_of(response))
    assert response["statusCode"] == 200
    assert response["headers"]["ETag"].startswith('"1-')
    assert submission.deliveries is not None
    assert [(item.channel, item.attempts) for item in submission.deliveries] == [("notification", 2)]


def test_who_has_the_submission_is_not_sent_it_again(reader: ModuleType, dynamodb: "DynamoDBClient") -> None:
    put(dynamodb, TABLE, 1)
    tag = read(reader, identifier(1))["headers"]["ETag"]

    response = read(reader, identifier(1), headers={"If-None-Match": tag})

    assert (response["statusCode"], response["body"], response["headers"]["ETag"]) == (304, "", tag)


@pytest.mark.parametrize(("path_id", "status"), [(identifier(9), 404), ("9", 400), ("..%2f", 400)])
def test_what_cannot_be_read_is_a_problem(reader: ModuleType, path_id: str, status: int) -> None:
    response = read(reader, path_id)

    assert response["statusCode"] == document_of(response)["status"] == status
    assert response["headers"]["Access-Control-Allow-Origin"] == ORIGIN
    assert response["headers"]["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("listing", [True, False])
def test_no_key_of_the_table_leaves_it(reader: ModuleType, dynamodb: "DynamoDBClient", listing: bool) -> None:
    put(dynamodb, TABLE, 1)

    response = ask(reader) if listing else read(reader, identifier(1))

    assert not [name for name in ("PK", "SK", "GSI1", "CONTACT#") if name in response["body"]]
