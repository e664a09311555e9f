from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from shared.ledger import RETENTION_SECONDS, Claim, ClaimedElsewhereError, Ledger
from shared.table.transactions import ConditionError, ConflictError
from tests.functional.conftest import TABLE
from tests.functional.faults import cancel_transactions

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

MESSAGE = "01990000-0000-7000-8000-000000000001"
NOON = 1769860800.0
LEASE = 60


class Clock:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def ledger(dynamodb: "DynamoDBClient", clock: Clock, waits: list[float]) -> Ledger:
    return Ledger(dynamodb, TABLE, clock=clock, sleep=waits.append)


def count() -> "TransactWriteItemTypeDef":
    """Return a write that is not safe to repeat."""
    return {
        "Update": {
            "TableName": TABLE,
            "Key": {"PK": {"S": "COUNTER"}, "SK": {"S": "COUNTER"}},
            "UpdateExpression": "ADD applied :one",
            "ExpressionAttributeValues": {":one": {"N": "1"}},
        }
    }


def counted(dynamodb: "DynamoDBClient") -> int:
    item = dynamodb.get_item(TableName=TABLE, Key={"PK": {"S": "COUNTER"}, "SK": {"S": "COUNTER"}}).get("Item", {})
    return int(item.get("applied", {"N": "0"})["N"])


def stored(dynamodb: "DynamoDBClient", consumer: str = "mail") -> dict[str, Any]:
    key = {"PK": {"S": f"LEDGER#{MESSAGE}"}, "SK": {"S": consumer}}
    return dict(dynamodb.get_item(TableName=TABLE, Key=key)["Item"])


def claimed(ledger: Ledger) -> Claim:
    claim = ledger.claim(MESSAGE, "mail", lease_seconds=LEASE)
    assert claim is not None
    return claim


def test_a_message_is_applied_once(ledger: Ledger, dynamodb: "DynamoDBClient") -> None:
    outcomes = [ledger.apply(MESSAGE, "counter", [count()]) for _ in range(3)]

    assert outcomes == [True, False, False]
    assert counted(dynamodb) == 1


def test_each_consumer_applies_a_message_for_itself(ledger: Ledger, dynamodb: "DynamoDBClient") -> None:
    assert ledger.apply(MESSAGE, "one", [count()])
    assert ledger.apply(MESSAGE, "other", [count()])

    assert counted(dynamodb) == 2


def test_a_change_that_is_refused_leaves_no_entry(ledger: Ledger, dynamodb: "DynamoDBClient") -> None:
    refused = count()
    refused["Update"]["ConditionExpression"] = "attribute_exists(PK)"

    with pytest.raises(ConditionError):
        ledger.apply(MESSAGE, "counter", [refused])

    assert ledger.entries(MESSAGE) == []
    assert counted(dynamodb) == 0


def test_an_entry_tells_who_did_what_when(ledger: Ledger) -> None:
    ledger.apply(MESSAGE, "counter", [count()])

    (entry,) = ledger.entries(MESSAGE)
    assert {name: entry[name] for name in ("consumer", "kind", "outcome", "at")} == {
        "consumer": "counter",
        "kind": "state",
        "outcome": "applied",
        "at": "2026-01-31T12:00:00.000Z",
    }


def test_an_entry_outlives_every_place_where_a_message_can_be(ledger: Ledger, dynamodb: "DynamoDBClient") -> None:
    ledger.apply(MESSAGE, "counter", [count()])

    assert int(stored(dynamodb, "counter")["expires_at"]["N"]) == int(NOON) + RETENTION_SECONDS


def test_of_an_unknown_message_there_are_no_entries(ledger: Ledger) -> None:
    assert ledger.entries(MESSAGE) == []


@pytest.mark.parametrize(
    "codes",
    [("TransactionConflict", "None"), ("None", "TransactionConflict"), ("None", "ThrottlingError")],
)
def test_what_passes_is_tried_again(
    ledger: Ledger, dynamodb: "DynamoDBClient", waits: list[float], codes: tuple[str, str]
) -> None:
    cancelled = cancel_transactions(dynamodb, *codes, times=4)

    assert ledger.apply(MESSAGE, "counter", [count()])

    assert (len(cancelled), len(waits), counted(dynamodb)) == (4, 4, 1)


def test_conflicts_that_do_not_pass_leave_the_message_to_the_next_delivery(
    ledger: Ledger, dynamodb: "DynamoDBClient"
) -> None:
    cancelled = cancel_transactions(dynamodb, "None", "TransactionConflict")

    with pytest.raises(ConflictError, match="cancelled 5 times: None, TransactionConflict"):
        ledger.apply(MESSAGE, "counter", [count()])

    assert len(cancelled) == 5
    assert counted(dynamodb) == 0


@pytest.mark.parametrize("codes", [("None", "ValidationError"), ()])
def test_what_does_not_pass_is_not_tried_again(
    ledger: Ledger, dynamodb: "DynamoDBClient", codes: tuple[str, ...]
) -> None:
    cancelled = cancel_transactions(dynamodb, *codes)

    with pytest.raises(ClientError):
        ledger.apply(MESSAGE, "counter", [count()])

    assert len(cancelled) == 1


def test_an_effect_is_claimed_by_one(ledger: Ledger) -> None:
    assert claimed(ledger) == (MESSAGE, "mail", 1)

    with pytest.raises(ClaimedElsewhereError):
        ledger.claim(MESSAGE, "mail", lease_seconds=LEASE)


def test_effects_of_one_message_are_claimed_apart(ledger: Ledger) -> None:
    claimed(ledger)

    assert ledger.claim(MESSAGE, "another mail", lease_seconds=LEASE) is not None


@pytest.mark.parametrize("seconds", [0, 1, LEASE - 1, LEASE])
def test_a_claim_holds_until_its_lease_ends(ledger: Ledger, clock: Clock, seconds: int) -> None:
    claimed(ledger)
    clock.now += seconds

    with pytest.raises(ClaimedElsewhereError):
        ledger.claim(MESSAGE, "mail", lease_seconds=LEASE)


def test_a_claim_that_ran_out_is_taken_over_and_counted(ledger: Ledger, clock: Clock) -> None:
    attempts = []
    for _ in range(3):
        attempts.append(claimed(ledger).attempt)
        clock.now += LEASE + 1

    assert attempts == [1, 2, 3]


def test_taking_a_claim_over_begins_a_lease_of_its_own(ledger: Ledger, clock: Clock) -> None:
    claimed(ledger)
    clock.now += LEASE + 1
    claimed(ledger)
    clock.now += LEASE

    with pytest.raises(ClaimedElsewhereError):
        ledger.claim(MESSAGE, "mail", lease_seconds=LEASE)


def test_an_effect_that_was_performed_is_not_claimed_again(ledger: Ledger, clock: Clock) -> None:
    ledger.complete(claimed(ledger), [])
    clock.now += LEASE + 1

    assert ledger.claim(MESSAGE, "mail", lease_seconds=LEASE) is None


def test_an_effect_is_completed_together_with_its_record(ledger: Ledger, dynamodb: "DynamoDBClient") -> None:
    ledger.complete(claimed(ledger), [count()])

    (entry,) = ledger.entries(MESSAGE)
    assert (entry["kind"], entry["outcome"]) == ("effect", "applied")
    assert "claimed_until" not in entry
    assert counted(dynamodb) == 1


def test_what_was_left_out_tells_why(ledger: Ledger) -> None:
    ledger.complete(claimed(ledger), [], reason="spam")

    assert ledger.entries(MESSAGE)[0]["reason"] == "spam"


def test_an_effect_whose_record_is_refused_is_not_completed(ledger: Ledger, dynamodb: "DynamoDBClient") -> None:
    claim = claimed(ledger)
    cancel_transactions(dynamodb, "None", "ValidationError")

    with pytest.raises(ClientError):
        ledger.complete(claim, [count()])

    assert ledger.entries(MESSAGE)[0]["outcome"] == "claimed"


def test_completing_is_tried_again_after_a_conflict(ledger: Ledger, dynamodb: "DynamoDBClient") -> None:
    claim = claimed(ledger)
    cancel_transactions(dynamodb, "TransactionConflict", times=2)

    ledger.complete(claim, [])

    assert ledger.entries(MESSAGE)[0]["outcome"] == "applied"


def test_entries_of_a_message_are_those_of_all_consumers(ledger: Ledger) -> None:
    ledger.apply(MESSAGE, "counter", [count()])
    claimed(ledger)

    assert [entry["consumer"] for entry in ledger.entries(MESSAGE)] == ["counter", "mail"]
