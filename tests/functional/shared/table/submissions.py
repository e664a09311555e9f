"""Submissions for the table, many at once."""

from itertools import batched
from typing import TYPE_CHECKING, Any

from shared.clock import timestamp
from shared.table.submissions import SubmissionTable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import WriteRequestTypeDef

NOON = 1769860800
STATUSES = ("new", "read", "archived", "spam")


def identifier(number: int) -> str:
    """Return the id of one of many submissions."""
    return f"01990000-0000-7000-8000-{number:012d}"


def put(client: "DynamoDBClient", table: str, number: int, **changes: Any) -> str:
    """Store a submission as its worker does and return its id."""
    values: dict[str, Any] = {
        "submission_id": identifier(number),
        "received_at": timestamp(NOON + number),
        "submission": {"name": f"Visitor {number}", "email": "ada@example.org", "message": "Hello"},
        "spam_score": 0,
        "spam_reasons": [],
        "is_spam": False,
    }
    client.transact_write_items(TransactItems=[SubmissionTable(client, table).put(**(values | changes))])
    return identifier(number)


def fill(client: "DynamoDBClient", table: str, count: int, *, message: str = "Hello") -> dict[str, list[str]]:
    """Store `count` submissions of all statuses, several of one moment, and return the ids of each, newest first."""
    repository = SubmissionTable(client, table)
    found: dict[str, list[str]] = {status: [] for status in STATUSES}
    writes: list[WriteRequestTypeDef] = []
    for number in range(count):
        status = STATUSES[number * 7 % 10 % 4]
        found[status].insert(0, identifier(number))
        submission = {"name": f"Visitor {number}", "email": "ada@example.org", "message": message}
        item = repository.put(
            submission_id=identifier(number), received_at=timestamp(NOON + number // 5), submission=submission,
            spam_score=0, spam_reasons=[], is_spam=False,
        )["Put"]["Item"]  # fmt: skip
        writes.append({"PutRequest": {"Item": {**item, **_status(status)}}})
    for batch in batched(writes, 25, strict=False):
        client.batch_write_item(RequestItems={table: list(batch)})
    return found


def _status(status: str) -> dict[str, Any]:
    return {"status": {"S": status}, "GSI1PK": {"S": f"CONTACT#{status}"}}
