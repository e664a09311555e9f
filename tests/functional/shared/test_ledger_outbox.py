"""What the ledger keeps of facts that are still to be published, and of messages that are never applied."""

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from shared.ledger import RETENTION_SECONDS, Ledger
from tests.functional.conftest import TABLE
from tests.functional.faults import cancel_transactions

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

MESSAGE = "01990000-0000-7000-8000-000000000001"
NOON = 1769860800


@pytest.fixture
def ledger(dynamodb: "DynamoDBClient") -> Ledger:
    return Ledger(dynamodb, TABLE, clock=lambda: NOON, sleep=lambda _seconds: None)


def test_what_is_still_to_be_published_is_kept_with_the_change(ledger: Ledger) -> None:
    ledger.apply(MESSAGE, "projects", [], outbox="facts")

    assert ledger.outbox(MESSAGE, "projects") == "facts"


def test_a_change_without_facts_leaves_nothing_to_publish(ledger: Ledger) -> None:
    ledger.apply(MESSAGE, "projects", [])

    assert ledger.outbox(MESSAGE, "projects") is None


def test_what_was_applied_before_keeps_its_own_facts(ledger: Ledger) -> None:
    ledger.apply(MESSAGE, "projects", [], outbox="facts")

    assert not ledger.apply(MESSAGE, "projects", [], outbox="others")
    assert ledger.outbox(MESSAGE, "projects") == "facts"


def test_what_was_published_is_kept_no_more_but_the_entry_is(ledger: Ledger) -> None:
    ledger.apply(MESSAGE, "projects", [], outbox="facts")

    for _ in range(2):
        ledger.empty_outbox(MESSAGE, "projects")

    (entry,) = ledger.entries(MESSAGE)
    assert (entry["outcome"], ledger.outbox(MESSAGE, "projects")) == ("applied", None)


def test_of_an_unknown_message_there_is_nothing_to_publish(ledger: Ledger) -> None:
    assert ledger.outbox(MESSAGE, "projects") is None


def test_emptying_an_outbox_makes_no_entry(ledger: Ledger) -> None:
    with pytest.raises(ClientError, match="ConditionalCheckFailed"):
        ledger.empty_outbox(MESSAGE, "projects")

    assert ledger.entries(MESSAGE) == []


def test_a_rejected_message_tells_why(ledger: Ledger) -> None:
    assert ledger.reject(MESSAGE, "projects", "conflict")

    (entry,) = ledger.entries(MESSAGE)
    assert (entry["kind"], entry["outcome"], entry["reason"]) == ("state", "rejected", "conflict")
    assert entry["expires_at"] == NOON + RETENTION_SECONDS


def test_a_message_is_rejected_once_and_for_all(ledger: Ledger) -> None:
    ledger.reject(MESSAGE, "projects", "conflict")

    assert not ledger.reject(MESSAGE, "projects", "not_found")
    assert not ledger.apply(MESSAGE, "projects", [])
    assert [entry["reason"] for entry in ledger.entries(MESSAGE)] == ["conflict"]


def test_what_was_applied_is_not_rejected(ledger: Ledger) -> None:
    ledger.apply(MESSAGE, "projects", [])

    assert not ledger.reject(MESSAGE, "projects", "conflict")
    assert [entry["outcome"] for entry in ledger.entries(MESSAGE)] == ["applied"]


def test_rejecting_is_tried_again_after_a_conflict(ledger: Ledger, dynamodb: "DynamoDBClient") -> None:
    cancel_transactions(dynamodb, "TransactionConflict", times=4)

    assert ledger.reject(MESSAGE, "projects", "conflict")
