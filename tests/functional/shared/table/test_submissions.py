from typing import TYPE_CHECKING

import pytest

from shared.table.submissions import SubmissionTable, VersionConflictError
from tests.functional.conftest import TABLE
from tests.functional.faults import cancel_transactions
from tests.functional.shared.table.submissions import identifier, put

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


@pytest.fixture
def repository(dynamodb: "DynamoDBClient") -> SubmissionTable:
    return SubmissionTable(dynamodb, TABLE)


@pytest.fixture
def stored(dynamodb: "DynamoDBClient") -> str:
    """Return the id of a submission in the table."""
    return put(dynamodb, TABLE, 1)


def deliver(dynamodb: "DynamoDBClient", repository: SubmissionTable, submission_id: str, channel: str) -> None:
    write = repository.put_delivery(
        submission_id=submission_id, channel=channel, status="sent", attempts=1, ses_message_id=f"ses-{channel}"
    )
    dynamodb.transact_write_items(TransactItems=[write])


def count_of(dynamodb: "DynamoDBClient") -> int:
    return dynamodb.scan(TableName=TABLE)["Count"]


def test_a_submission_is_read_as_it_was_stored(repository: SubmissionTable, stored: str) -> None:
    found = repository.get(stored)

    assert found is not None
    assert (found["id"], found["status"], found["version"]) == (stored, "new", 1)
    assert found["received_at"] == found["updated_at"] == "2026-01-31T12:00:01.000Z"
    assert found["submission"] == {"name": "Visitor 1", "email": "ada@example.org", "message": "Hello"}
    assert found["deliveries"] == []


def test_spam_is_stored_as_spam(repository: SubmissionTable, dynamodb: "DynamoDBClient") -> None:
    put(dynamodb, TABLE, 2, is_spam=True, spam_score=13, spam_reasons=["honeypot", "many_links"])

    (found,) = repository.page(["spam"], limit=10).items
    assert (found["status"], found["spam_score"], found["spam_reasons"]) == ("spam", 13, ["honeypot", "many_links"])


def test_a_submission_is_read_with_its_deliveries(
    repository: SubmissionTable, dynamodb: "DynamoDBClient", stored: str
) -> None:
    deliver(dynamodb, repository, stored, "notification")
    deliver(dynamodb, repository, stored, "autoresponse")

    found = repository.get(stored)

    assert found is not None
    assert [delivery["ses_message_id"] for delivery in found["deliveries"]] == ["ses-autoresponse", "ses-notification"]


def test_deliveries_without_a_submission_are_none(repository: SubmissionTable, dynamodb: "DynamoDBClient") -> None:
    deliver(dynamodb, repository, identifier(5), "notification")

    assert repository.get(identifier(5)) is None


def test_an_unknown_submission_is_none(repository: SubmissionTable) -> None:
    assert repository.get(identifier(9)) is None


def test_a_change_is_a_new_version_by_somebody(repository: SubmissionTable, stored: str) -> None:
    changed = repository.update(stored, {"status": "read", "notes": "Called back."}, updated_by="editor@example.org")

    assert changed is not None
    assert {name: changed[name] for name in ("status", "notes", "version", "updated_by")} == {
        "status": "read",
        "notes": "Called back.",
        "version": 2,
        "updated_by": "editor@example.org",
    }
    assert changed["updated_at"] > changed["received_at"]


@pytest.mark.parametrize("changes", [{"notes": "Called back."}, {"status": "archived"}, {}], ids=str)
def test_what_a_change_does_not_name_stays(repository: SubmissionTable, stored: str, changes: dict[str, str]) -> None:
    before = repository.get(stored)

    repository.update(stored, changes, updated_by="editor@example.org")

    after = repository.get(stored)
    assert before is not None
    assert after is not None
    kept = before.keys() - changes.keys() - {"updated_at", "updated_by", "version", "GSI1PK"}
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}


def test_a_change_of_status_moves_a_submission_in_the_lists(repository: SubmissionTable, stored: str) -> None:
    repository.update(stored, {"status": "archived"}, updated_by="editor@example.org")

    assert [item["id"] for item in repository.page(["archived"], limit=10).items] == [stored]
    assert repository.page(["new"], limit=10).items == []


def test_a_change_of_the_expected_version_is_made(repository: SubmissionTable, stored: str) -> None:
    changed = repository.update(stored, {"notes": "1"}, updated_by="editor@example.org", version=1)

    assert changed is not None
    assert changed["version"] == 2


@pytest.mark.parametrize("version", [0, 2])
def test_a_change_of_another_version_is_a_conflict(repository: SubmissionTable, stored: str, version: int) -> None:
    with pytest.raises(VersionConflictError):
        repository.update(stored, {"notes": "1"}, updated_by="editor@example.org", version=version)

    found = repository.get(stored)
    assert found is not None
    assert (found["version"], "notes" in found) == (1, False)


@pytest.mark.parametrize("version", [None, 1])
def test_what_does_not_exist_is_neither_changed_nor_made(
    repository: SubmissionTable, dynamodb: "DynamoDBClient", version: int | None
) -> None:
    assert repository.update(identifier(9), {"notes": "1"}, updated_by="editor@example.org", version=version) is None
    assert count_of(dynamodb) == 0


def test_a_submission_is_erased_with_its_deliveries(
    repository: SubmissionTable, dynamodb: "DynamoDBClient", stored: str
) -> None:
    deliver(dynamodb, repository, stored, "notification")
    deliver(dynamodb, repository, stored, "autoresponse")
    other = put(dynamodb, TABLE, 2)

    assert repository.erase(stored)

    assert repository.get(stored) is None
    assert repository.get(other) is not None
    assert count_of(dynamodb) == 1


def test_what_does_not_exist_is_not_erased(repository: SubmissionTable) -> None:
    assert not repository.erase(identifier(9))


@pytest.mark.parametrize(("version", "remaining"), [(1, 0), (None, 0)])
def test_the_expected_version_is_erased(
    repository: SubmissionTable, dynamodb: "DynamoDBClient", stored: str, version: int | None, remaining: int
) -> None:
    assert repository.erase(stored, version=version)
    assert count_of(dynamodb) == remaining


def test_another_version_is_not_erased(repository: SubmissionTable, stored: str) -> None:
    with pytest.raises(VersionConflictError):
        repository.erase(stored, version=2)

    assert repository.get(stored) is not None


def test_a_change_that_comes_between_is_a_conflict(
    repository: SubmissionTable, dynamodb: "DynamoDBClient", stored: str
) -> None:
    cancel_transactions(dynamodb, "ConditionalCheckFailed", times=1)

    with pytest.raises(VersionConflictError):
        repository.erase(stored)

    assert repository.get(stored) is not None
