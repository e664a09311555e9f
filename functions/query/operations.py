"""GET /api/operations/{id}: tell what became of an accepted request."""

import os
from typing import Any, Literal

from functions.query.settings import QuerySettings
from schemas.responses import ConsumerOutcome, Operation
from shared.analytics.receipts import COUNTED, Receipt
from shared.clients import client
from shared.clock import timestamp
from shared.http.endpoint import Endpoint
from shared.http.path import record_id
from shared.http.request import Request
from shared.http.response import Response
from shared.ledger import Ledger
from shared.table.receipts import ReceiptTable

settings = QuerySettings.from_environment(os.environ)
dynamodb = client("dynamodb")
ledger = Ledger(dynamodb, settings.table_name)
receipts = ReceiptTable(dynamodb, settings.table_name)


def tell(request: Request) -> Response:
    """Return the operation; whoever holds its id may ask."""
    identifier = record_id(request)
    entries = ledger.entries(identifier)
    receipt = None if entries else receipts.of_batch(identifier)
    operation = describe(identifier, entries) if entries else describe_batch(identifier, receipt)
    headers = {"Cache-Control": "no-store"}
    if operation.status == "pending":
        headers["Retry-After"] = "1"
    found = bool(entries or receipt)
    counts = {"LedgerHits": int(found), "LedgerMisses": int(not found)}
    return Response(200, operation.model_dump(mode="json", exclude_none=True), headers, counts=counts)


def describe(identifier: str, entries: list[dict[str, Any]]) -> Operation:
    """Return what a message's ledger entries say: it is applied once its change of state is."""
    changes = [entry for entry in entries if entry["kind"] == "state"]
    decisive = changes[0] if changes else {"outcome": "pending"}
    return Operation(
        id=identifier,
        status=decisive["outcome"],
        reason=decisive.get("reason"),
        consumers=[ConsumerOutcome.model_validate(entry) for entry in entries],
    )


def describe_batch(identifier: str, receipt: Receipt | None) -> Operation:
    """Return what the receipt of a batch of page views and events says; without one, it is not counted yet.

    Nor is anything else known of the id then: what the ledger has no entry of may be such a batch as well.
    """
    if receipt is None:
        return Operation(id=identifier, status="pending", consumers=[])
    is_counted = receipt.outcome == COUNTED
    outcome: Literal["counted", "dropped"] = "counted" if is_counted else "dropped"
    reason = None if is_counted else receipt.outcome
    consumer = {"consumer": "aggregate_analytics", "outcome": outcome, "at": timestamp(receipt.at), "reason": reason}
    return Operation(id=identifier, status=outcome, reason=reason, consumers=[ConsumerOutcome.model_validate(consumer)])


handler = Endpoint("query_operations", tell, allowed_origins=settings.allowed_origins)
