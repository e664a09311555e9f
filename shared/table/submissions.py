"""Submissions and their deliveries in the table."""

import heapq
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from shared.clock import timestamp
from shared.cursors import InvalidCursorError, decode_cursor, encode_cursor
from shared.table import keys
from shared.table.items import from_item, to_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

_POSITION = re.compile(r"[0-9TZ:.-]{24}#[0-9a-f-]{36}")


class VersionConflictError(Exception):
    """Raised when a submission is of another version than the caller expects."""


class Page(NamedTuple):
    """Submissions, newest first, and the cursor of the next page."""

    items: list[dict[str, Any]]
    next_cursor: str | None


class SubmissionTable:
    """Repository of submissions.

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

    def put(
        self, *, submission_id: str, received_at: str, submission: dict[str, Any], spam_score: int,
        spam_reasons: list[str], is_spam: bool,
    ) -> "TransactWriteItemTypeDef":  # fmt: skip
        """Return the write that stores a submission; it belongs in one transaction with the ledger's entry."""
        status = "spam" if is_spam else "new"
        values = {
            **keys.submission(submission_id),
            "GSI1PK": keys.submissions_by_status(status),
            "GSI1SK": keys.submission_position(received_at, submission_id),
            "id": submission_id,
            "status": status,
            "received_at": received_at,
            "updated_at": received_at,
            "version": 1,
            "spam_score": spam_score,
            "spam_reasons": spam_reasons,
            "submission": submission,
        }
        return {"Put": {"TableName": self._table, "Item": to_item(values)}}

    def put_delivery(
        self, *, submission_id: str, channel: str, status: str, attempts: int, ses_message_id: str | None = None,
        reason: str | None = None,
    ) -> "TransactWriteItemTypeDef":  # fmt: skip
        """Return the write that records a delivery; it belongs in one transaction with the ledger's entry."""
        values = {
            **keys.delivery(submission_id, channel),
            "channel": channel,
            "status": status,
            "at": timestamp(),
            "attempts": attempts,
            "ses_message_id": ses_message_id,
            "reason": reason,
        }
        return {"Put": {"TableName": self._table, "Item": to_item(values)}}

    def get(self, submission_id: str) -> dict[str, Any] | None:
        """Return a submission with its `deliveries`, or None."""
        items = self._partition(submission_id)
        found = next((item for item in items if item["SK"] == keys.SUBMISSION), None)
        if found is None:
            return None
        deliveries = [item for item in items if item["SK"].startswith(keys.DELIVERY_PREFIX)]
        return {**found, "deliveries": deliveries}

    def page(self, statuses: Iterable[str], *, limit: int, cursor: str | None = None) -> Page:
        """Return a page of the submissions that have one of `statuses`, newest first.

        Reads one index partition per status from the cursor on, at most `limit` + 1 items of each.

        Raises
        ------
        InvalidCursorError
            When the cursor is not one of ours.
        """
        before = _position(cursor) if cursor else None
        partitions = (self._newest(status, before, limit + 1) for status in statuses)
        merged = heapq.merge(*partitions, key=lambda item: str(item["GSI1SK"]), reverse=True)
        items = [item for item, _ in zip(merged, range(limit + 1), strict=False)]
        if len(items) <= limit:
            return Page(items, None)
        return Page(items[:limit], encode_cursor(items[limit - 1]["GSI1SK"]))

    def update(
        self, submission_id: str, changes: dict[str, Any], *, updated_by: str, version: int | None = None
    ) -> dict[str, Any] | None:
        """Change fields of a submission and return it as it is then, without deliveries; None if there is none.

        Raises
        ------
        VersionConflictError
            When `version` is given and is not the stored one.
        """
        fields = {**changes, "updated_at": timestamp(), "updated_by": updated_by}
        if "status" in changes:
            fields["GSI1PK"] = keys.submissions_by_status(changes["status"])
        values = {**{f":{name}": value for name, value in fields.items()}, ":one": 1, ":version": version}
        condition = "attribute_exists(PK)" + (" AND version = :version" if version is not None else "")
        try:
            answer = self._client.update_item(
                TableName=self._table,
                Key=to_item(keys.submission(submission_id)),
                UpdateExpression=f"SET {', '.join(f'#{name} = :{name}' for name in fields)} ADD version :one",
                ConditionExpression=condition,
                ExpressionAttributeNames={f"#{name}": name for name in fields},
                ExpressionAttributeValues=to_item(values),
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self._client.exceptions.ConditionalCheckFailedException as error:
            if "Item" in error.response:
                raise VersionConflictError(submission_id) from None
            return None
        return from_item(answer["Attributes"])

    def erase(self, submission_id: str, *, version: int | None = None) -> bool:
        """Remove a submission and its deliveries; False if there is none.

        Raises
        ------
        VersionConflictError
            When `version` is given and is not the stored one.
        """
        found = self.get(submission_id)
        if found is None:
            return False
        if version is not None and found["version"] != version:
            raise VersionConflictError(submission_id)
        deletes: list[TransactWriteItemTypeDef] = [
            {"Delete": {"TableName": self._table, "Key": to_item({"PK": item["PK"], "SK": item["SK"]})}}
            for item in found["deliveries"]
        ]
        own: TransactWriteItemTypeDef = {
            "Delete": {
                "TableName": self._table,
                "Key": to_item(keys.submission(submission_id)),
                "ConditionExpression": "version = :version",
                "ExpressionAttributeValues": to_item({":version": found["version"]}),
            }
        }
        try:
            self._client.transact_write_items(TransactItems=[own, *deletes])
        except self._client.exceptions.TransactionCanceledException:
            raise VersionConflictError(submission_id) from None
        return True

    def _partition(self, submission_id: str) -> list[dict[str, Any]]:
        answer = self._client.query(
            TableName=self._table,
            KeyConditionExpression="PK = :partition",
            ExpressionAttributeValues=to_item({":partition": keys.contact_partition(submission_id)}),
            ConsistentRead=True,
        )
        return [from_item(item) for item in answer["Items"]]

    def _newest(self, status: str, before: str | None, limit: int) -> Iterator[dict[str, Any]]:
        values = {":status": keys.submissions_by_status(status)}
        condition = "GSI1PK = :status"
        if before:
            condition += " AND GSI1SK < :before"
            values[":before"] = before
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            IndexName=keys.INDEX,
            KeyConditionExpression=condition,
            ExpressionAttributeValues=to_item(values),
            ScanIndexForward=False,
            PaginationConfig={"MaxItems": limit, "PageSize": limit},
        )
        return (from_item(item) for page in pages for item in page["Items"])


def _position(cursor: str) -> str:
    position = decode_cursor(cursor)
    if not _POSITION.fullmatch(position):
        raise InvalidCursorError(cursor)
    return position
