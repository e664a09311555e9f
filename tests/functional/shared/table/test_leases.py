from typing import TYPE_CHECKING

import pytest

from shared.table import keys
from shared.table.items import to_item
from shared.table.leases import LEASE_SECONDS, Leases, LeaseTakenError
from tests.functional.conftest import TABLE

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


class Clock:
    """A clock that goes on when one waits."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def leases(dynamodb: "DynamoDBClient", clock: Clock) -> Leases:
    return Leases(dynamodb, TABLE, clock=clock, sleep=clock.sleep)


def test_a_lease_is_one_holders_at_a_time(leases: Leases) -> None:
    with leases.hold("x"), pytest.raises(LeaseTakenError), leases.hold("x"):
        pytest.fail("both hold it")


def test_leases_of_other_names_are_others(leases: Leases) -> None:
    with leases.hold("x"), leases.hold("y"):
        pass


def test_a_lease_is_given_back_even_after_an_error(leases: Leases, dynamodb: "DynamoDBClient") -> None:
    with pytest.raises(KeyError), leases.hold("x"):
        raise KeyError

    assert dynamodb.scan(TableName=TABLE)["Count"] == 0


def test_a_holder_that_died_holds_nobody_up_for_longer_than_the_lease(
    leases: Leases, clock: Clock, dynamodb: "DynamoDBClient"
) -> None:
    left = {**keys.lease("x"), "holder": "gone", keys.TTL_ATTRIBUTE: int(clock.now) + LEASE_SECONDS}
    dynamodb.put_item(TableName=TABLE, Item=to_item(left))

    with pytest.raises(LeaseTakenError), leases.hold("x"):
        pytest.fail("it is somebody else's")
    clock.now += LEASE_SECONDS
    with leases.hold("x"):
        pass


def test_a_lease_that_ended_is_not_taken_from_its_next_holder(
    leases: Leases, clock: Clock, dynamodb: "DynamoDBClient"
) -> None:
    with leases.hold("x"):
        clock.now += LEASE_SECONDS + 2
        inner = leases.hold("x")
        inner.__enter__()

    assert dynamodb.scan(TableName=TABLE)["Count"] == 1
    inner.__exit__(None, None, None)
    assert dynamodb.scan(TableName=TABLE)["Count"] == 0


def test_a_lease_whose_grant_was_lost_on_its_way_is_its_holders(leases: Leases) -> None:
    # What the SDK does when no answer came: the same request once more.
    assert [leases._take("x", "me"), leases._take("x", "me"), leases._take("x", "you")] == [True, True, False]
