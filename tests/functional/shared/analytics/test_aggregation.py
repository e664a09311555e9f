from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from shared.analytics.aggregation import Aggregation
from shared.analytics.documents import read_document
from shared.analytics.messages import Message
from shared.table.revisions import RevisedItems
from tests.functional.callers import BotoCaller
from tests.functional.conftest import TABLE
from tests.functional.faults import cancel_transactions
from tests.unit.shared.analytics.parts import DATE, ROBOT, message, part
from tests.unit.shared.analytics.reference import DAY, Reference, Rollups
from tests.unit.shared.analytics.workers import at_once, count_all, identifier

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

_MINUTE = 60_000
PARTS = [
    part(
        (minute * _MINUTE, f"/{minute % 5}", "", ("google.com", "", "", "", "", "") if minute % 3 else None, "T"),
        (minute * _MINUTE + 1_000, "/end", "signup", None, "", {"plan": "pro"}),
        visitor=f"visitor-{minute % 7:08d}" if minute % 11 else "",
    )
    for minute in range(0, 24 * 60, 17)
]


def worker(dynamodb: "DynamoDBClient") -> Aggregation:
    return Aggregation(RevisedItems(BotoCaller(dynamodb), TABLE, sleep=at_once), sleep=at_once)


def messages_of(parts: list[dict[str, Any]]) -> list[Message]:
    return [message(identifier(number), data) for number, data in enumerate(parts)]


def rollups_in(dynamodb: "DynamoDBClient") -> Rollups:
    found: Rollups = {}
    for page in dynamodb.get_paginator("scan").paginate(TableName=TABLE):
        for item in page["Items"]:
            if not item["PK"]["S"].startswith("ROLLUP#"):
                continue
            hour = DAY if item["SK"]["S"] == DATE else int(item["SK"]["S"])
            for dimension, values in read_document(item["doc"]["B"]).items():
                found.update(((hour, dimension, value), [*vector]) for value, vector in values.items() if any(vector))
    return found


def test_a_day_is_counted_as_by_hand_over_dynamodb(
    dynamodb: "DynamoDBClient", show_figure: Callable[[str], None]
) -> None:
    messages = messages_of([*PARTS, part((0, "/"), user_agent=ROBOT)])
    cancelled = cancel_transactions(dynamodb, "TransactionConflict", times=5)
    workers = [worker(dynamodb), worker(dynamodb)]

    # Delivered in pieces, the latest first, to workers that take turns; then all of it once more.
    for place, start in enumerate(range(len(messages), 0, -30)):
        count_all(workers[place % 2], messages[max(start - 30, 0) : start])
    result = worker(dynamodb).count(messages, seconds_left=lambda: 1)

    show_figure(f"analytics over moto: {len(messages)} messages twice, {len(cancelled)} conflicts: exact")
    assert set(result.outcomes.values()) == {"duplicate"}
    assert rollups_in(dynamodb) == Reference(PARTS).rollups
