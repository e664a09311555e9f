from typing import TYPE_CHECKING

import pytest

from shared.consumer import EARLY_DELIVERIES
from shared.table.early import EarlyDeliveries
from shared.table.items import from_item
from tests.functional.conftest import TABLE

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


@pytest.fixture
def early(dynamodb: "DynamoDBClient") -> EarlyDeliveries:
    return EarlyDeliveries(dynamodb, TABLE, clock=lambda: 1_000_000.0)


def test_deliveries_that_are_told_are_counted_and_lost_ones_are_not(early: EarlyDeliveries) -> None:
    assert [early.count("message-1", delivery) for delivery in (2, 4, 5)] == [1, 2, EARLY_DELIVERIES]


def test_a_delivery_that_is_told_twice_counts_once(early: EarlyDeliveries) -> None:
    assert [early.count("message-1", delivery) for delivery in (1, 1, 2, 1)] == [1, 1, 2, 2]


def test_a_message_that_is_sent_again_begins_anew(early: EarlyDeliveries) -> None:
    early.count("message-1", 5)

    assert early.count("message-2", 1) == 1


def test_what_is_remembered_is_removed_once_the_queue_has_no_such_message_any_more(
    early: EarlyDeliveries, dynamodb: "DynamoDBClient"
) -> None:
    early.count("message-1", 1)

    (item,) = dynamodb.scan(TableName=TABLE)["Items"]
    assert from_item(item)["expires_at"] == 1_000_000 + 4 * 24 * 3600
