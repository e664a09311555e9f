"""The earlier versions of a project."""

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from shared.cursors import InvalidCursorError, decode_cursor, encode_cursor
from shared.table import keys
from shared.table.items import from_item, to_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


class Versions(NamedTuple):
    """Documents, newest first, and the cursor of the next page."""

    documents: list[dict[str, Any]]
    next_cursor: str | None


class ProjectHistory:
    """The versions in a table.

    Parameters
    ----------
    client
        DynamoDB client.
    table_name
        The table.
    """

    def __init__(self, client: "DynamoDBClient", table_name: str) -> None:
        self._client = client
        self._table = table_name

    def page(self, project_id: str, *, limit: int, cursor: str | None = None) -> Versions:
        """Return a page of a project's versions, newest first.

        Raises
        ------
        InvalidCursorError
            When the cursor is not one of ours.
        """
        before = _number(cursor) if cursor else 10**9 - 1
        answer = self._client.query(
            TableName=self._table,
            KeyConditionExpression="PK = :project AND SK BETWEEN :first AND :last",
            ExpressionAttributeValues=to_item(
                {
                    ":project": keys.project_partition(project_id),
                    ":first": keys.project_version(project_id, 0)["SK"],
                    ":last": keys.project_version(project_id, before)["SK"],
                }
            ),
            ScanIndexForward=False,
            ConsistentRead=True,
            Limit=limit,
        )
        documents = [json.loads(item["document"]) for item in map(from_item, answer["Items"])]
        more = bool(answer.get("LastEvaluatedKey")) and bool(documents)
        return Versions(documents, encode_cursor(str(documents[-1]["version"] - 1)) if more else None)


def _number(cursor: str) -> int:
    position = decode_cursor(cursor)
    if not (position.isascii() and position.isdecimal() and len(position) < 10):  # noqa: PLR2004  digits of a version
        raise InvalidCursorError(cursor)
    return int(position)
