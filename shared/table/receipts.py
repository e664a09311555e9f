"""Receipts of page views and events in the table, for whoever asks what became of a batch."""

from typing import TYPE_CHECKING

from shared.analytics.parts import part_id
from shared.analytics.receipts import COUNTED, Receipt, goes_on, read_page
from shared.table import keys
from shared.table.items import from_item, to_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


class ReceiptTable:
    """Repository of receipts, for whoever reads them.

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

    def of_batch(self, batch_id: str) -> Receipt | None:
        """Return what became of a batch; None while a part of it has no receipt.

        It is counted when any part is, with the time of the last part and the events of all.
        """
        first = self._get(batch_id)
        if first is None:
            return None
        parts = [first]
        for number in range(1, first.parts):
            part = self._get(part_id(batch_id, first.cut, number))
            if part is None:
                return None
            parts.append(part)
        decisive = next((part for part in parts if part.outcome == COUNTED), first)
        return decisive._replace(at=max(part.at for part in parts), events=sum(part.events for part in parts))

    def _get(self, message_id: str) -> Receipt | None:
        """Return the receipt of a message, from the page of its bucket that has it."""
        name, number = keys.receipt_name(message_id), 0
        while True:
            key = to_item(keys.receipts(message_id, number))
            answer = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True)
            page = read_page(from_item(answer.get("Item", {})).get("entries"))
            if name in page:
                return page[name]
            if not goes_on(page, number):
                return None
            number += 1
