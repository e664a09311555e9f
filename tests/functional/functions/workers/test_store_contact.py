from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from shared.table.submissions import SubmissionTable
from tests.functional.conftest import TABLE
from tests.functional.faults import cancel_transactions
from tests.unit import events
from tests.unit.shared.consumers import Context, failures

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

IDENTIFIER = "01990000-0000-7000-8000-000000000001"


@pytest.fixture
def worker(load: Callable[[str], ModuleType]) -> ModuleType:
    return load("functions.workers.store_contact")


@pytest.fixture
def repository(dynamodb: "DynamoDBClient") -> SubmissionTable:
    return SubmissionTable(dynamodb, TABLE)


def deliver(worker: ModuleType, *details: dict[str, Any]) -> dict[str, Any]:
    batch = events.sqs_event(events.delivered(detail) for detail in details)
    answer: dict[str, Any] = worker.handler(batch, Context())
    return answer


def test_a_submission_is_stored_as_it_was_accepted(worker: ModuleType, repository: SubmissionTable) -> None:
    form = {"subject": "Print", "fields": {"company": "ACME"}, "consent": True}

    answer = deliver(worker, events.contact_submitted(submission=form))

    found = repository.get(IDENTIFIER)
    assert answer == {"batchItemFailures": []}
    assert found is not None
    assert found["submission"] == {
        "name": "Ada Lovelace",
        "email": "ada@example.org",
        "message": "Could you print the tables?",
        **form,
    }
    assert (found["status"], found["received_at"]) == ("new", "2026-08-16T17:22:26.125Z")


@pytest.mark.parametrize("milliseconds", ["000", "001", "123", "289", "999"])
def test_a_submission_was_received_when_it_was_accepted(
    worker: ModuleType, repository: SubmissionTable, milliseconds: str
) -> None:
    moment = f"2026-08-16T17:22:26.{milliseconds}Z"

    deliver(worker, events.contact_submitted(occurred_at=moment))

    found = repository.get(IDENTIFIER)
    assert found is not None
    assert found["received_at"] == moment


def test_spam_is_stored_apart_with_the_reasons(worker: ModuleType, repository: SubmissionTable) -> None:
    deliver(worker, events.contact_submitted(spam=True, submission={"website": "https://robot.example"}))

    (found,) = repository.page(["spam"], limit=10).items
    assert (found["spam_score"], found["spam_reasons"]) == (10, ["honeypot"])
    assert repository.page(["new"], limit=10).items == []


@pytest.mark.parametrize("trap", [{"website": "https://robot.example"}, {"elapsed_ms": 42000}])
def test_what_only_served_to_find_robots_is_not_kept(
    worker: ModuleType, repository: SubmissionTable, trap: dict[str, Any]
) -> None:
    deliver(worker, events.contact_submitted(submission=trap))

    found = repository.get(IDENTIFIER)
    assert found is not None
    assert trap.keys().isdisjoint(found["submission"])


def test_a_message_that_is_delivered_twice_is_stored_once(
    worker: ModuleType, repository: SubmissionTable, dynamodb: "DynamoDBClient"
) -> None:
    detail = events.contact_submitted()

    answers = [deliver(worker, detail, detail), deliver(worker, detail)]

    assert answers == [{"batchItemFailures": []}] * 2
    assert len(repository.page(["new"], limit=10).items) == 1
    assert dynamodb.scan(TableName=TABLE)["Count"] == 2  # the submission and its ledger entry


def test_a_message_that_is_delivered_again_undoes_no_edit(worker: ModuleType, repository: SubmissionTable) -> None:
    deliver(worker, events.contact_submitted())
    repository.update(IDENTIFIER, {"status": "archived"}, updated_by="editor@example.org")

    deliver(worker, events.contact_submitted())

    found = repository.get(IDENTIFIER)
    assert found is not None
    assert (found["status"], found["version"]) == ("archived", 2)


def test_a_message_that_is_delivered_again_does_not_bring_back_what_was_erased(
    worker: ModuleType, repository: SubmissionTable
) -> None:
    deliver(worker, events.contact_submitted())
    repository.erase(IDENTIFIER)

    deliver(worker, events.contact_submitted())

    assert repository.get(IDENTIFIER) is None


def test_what_could_not_be_stored_is_delivered_again(worker: ModuleType, repository: SubmissionTable) -> None:
    worker.ledger._sleep = lambda _seconds: None
    cancel_transactions(worker.dynamodb, "None", "TransactionConflict", times=5)
    first, second = (
        events.contact_submitted(message_id=f"01990000-0000-7000-8000-00000000000{number}") for number in (1, 2)
    )

    answer = deliver(worker, first, second)

    assert answer == failures(0)
    assert [item["id"][-1] for item in repository.page(["new"], limit=10).items] == ["2"]
