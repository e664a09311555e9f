import json
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from schemas.responses import Submission
from shared.table.submissions import SubmissionTable
from tests.functional.conftest import TABLE
from tests.functional.shared.table.submissions import identifier, put
from tests.unit import events

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

CONTEXT = SimpleNamespace(aws_request_id="function-request-1")
DIGEST = "0123456789abcdef"
STORED = identifier(1)


@pytest.fixture
def edit(load: Callable[[str], ModuleType], dynamodb: "DynamoDBClient") -> ModuleType:
    """Return the function, where one submission is in the table."""
    put(dynamodb, TABLE, 1)
    return load("functions.edit.contact")


@pytest.fixture
def repository(dynamodb: "DynamoDBClient") -> SubmissionTable:
    return SubmissionTable(dynamodb, TABLE)


def send(edit: ModuleType, method: str, path_id: str = STORED, **changes: Any) -> dict[str, Any]:
    event = events.http_event("api_put_submission", method=method, path_id=path_id, **changes)
    answer: dict[str, Any] = edit.handler(event, CONTEXT)
    return answer


def problem_of(response: dict[str, Any]) -> tuple[int, str]:
    problem = json.loads(response["body"])
    assert problem["status"] == response["statusCode"]
    return problem["status"], problem["type"].removeprefix("urn:sitewire:problem:")


def test_a_change_is_answered_with_the_submission_as_it_is_then(edit: ModuleType) -> None:
    response = send(edit, "PUT", body={"status": "archived", "notes": "Called back."})

    submission = Submission.model_validate_json(response["body"])
    assert response["statusCode"] == 200
    assert (submission.status, submission.notes, submission.version) == ("archived", "Called back.", 2)
    assert submission.updated_by == "editor@example.org"
    assert response["headers"]["ETag"].startswith('"2-')


def test_the_tag_of_an_answer_permits_the_next_change(edit: ModuleType) -> None:
    tag = send(edit, "PUT", body={"notes": "1"})["headers"]["ETag"]

    assert send(edit, "PUT", body={"notes": "2"}, headers={"If-Match": tag})["statusCode"] == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_change_of_another_version_is_refused(edit: ModuleType, repository: SubmissionTable, method: str) -> None:
    tag = send(edit, "PUT", body={"notes": "1"})["headers"]["ETag"]
    send(edit, "PUT", body={"notes": "2"})

    response = send(edit, method, body={"notes": "3"}, headers={"If-Match": tag})

    found = repository.get(STORED)
    assert problem_of(response) == (412, "version-mismatch")
    assert found is not None
    assert (found["notes"], found["version"]) == ("2", 3)


@pytest.mark.parametrize("version", ["0", "99999999", "9" * 40])
@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_version_that_never_was_is_refused(edit: ModuleType, method: str, version: str) -> None:
    response = send(edit, method, body={"notes": "1"}, headers={"If-Match": f'"{version}-{DIGEST}"'})

    assert response["statusCode"] in {400, 412}


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
@pytest.mark.parametrize("tag", ["1", '"1"', 'W/"1"', f'"x-{DIGEST}"'])
def test_a_precondition_that_makes_no_sense_is_refused(
    edit: ModuleType, repository: SubmissionTable, method: str, tag: str
) -> None:
    response = send(edit, method, body={"notes": "1"}, headers={"If-Match": tag})

    found = repository.get(STORED)
    assert problem_of(response) == (400, "invalid-request")
    assert found is not None
    assert found["version"] == 1


@pytest.mark.parametrize("headers", [{}, {"If-Match": "*"}], ids=str)
@pytest.mark.parametrize(("method", "status"), [("PUT", 200), ("DELETE", 204)])
def test_without_a_precondition_a_change_is_made(
    edit: ModuleType, method: str, status: int, headers: dict[str, str | None]
) -> None:
    assert send(edit, method, body={"notes": "1"}, headers=headers)["statusCode"] == status


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"status": "deleted"}, "/status"),
        ({"notes": "x" * 10_001}, "/notes"),
        ({"notes": None}, "/notes"),
        ({"version": 7}, "/version"),
        ("{", ""),
        ("", ""),
        ([], ""),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_change_that_does_not_fit_is_refused_by_field(
    edit: ModuleType, repository: SubmissionTable, body: object, pointer: str
) -> None:
    response = send(edit, "PUT", body=body)

    found = repository.get(STORED)
    assert problem_of(response) == (400, "invalid-request")
    assert [error["pointer"] for error in json.loads(response["body"])["errors"]] == [pointer]
    assert found is not None
    assert found["version"] == 1


def test_an_erased_submission_is_gone_with_its_deliveries(
    edit: ModuleType, repository: SubmissionTable, dynamodb: "DynamoDBClient"
) -> None:
    delivery = repository.put_delivery(submission_id=STORED, channel="notification", status="sent", attempts=1)
    dynamodb.transact_write_items(TransactItems=[delivery])

    response = send(edit, "DELETE")

    assert (response["statusCode"], response["body"]) == (204, "")
    assert "Content-Type" not in response["headers"]
    assert dynamodb.scan(TableName=TABLE)["Count"] == 0


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
@pytest.mark.parametrize(("path_id", "problem"), [(identifier(9), (404, "not-found")), ("9", (400, "invalid-request"))])
def test_what_does_not_exist_cannot_be_changed(
    edit: ModuleType, method: str, path_id: str, problem: tuple[int, str]
) -> None:
    assert problem_of(send(edit, method, path_id, body={"notes": "1"})) == problem


def test_erasing_twice_says_that_it_is_gone(edit: ModuleType) -> None:
    answers = [send(edit, "DELETE")["statusCode"] for _ in range(2)]

    assert answers == [204, 404]
