"""GET /api/operations/{id}: tell what became of an accepted request."""

import os
from typing import Any

from functions.query.settings import QuerySettings
from schemas.responses import ConsumerOutcome, Operation
from shared.clients import client
from shared.http.endpoint import Endpoint
from shared.http.path import record_id
from shared.http.request import Request
from shared.http.response import Response
from shared.ledger import Ledger

settings = QuerySettings.from_environment(os.environ)
ledger = Ledger(client("dynamodb"), settings.table_name)


def tell(request: Request) -> Response:
    """Return the operation; whoever holds its id may ask."""
    identifier = record_id(request)
    operation = describe(identifier, ledger.entries(identifier))
    headers = {"Cache-Control": "no-store"}
    if operation.status == "pending":
        headers["Retry-After"] = "1"
    return Response(200, operation.model_dump(mode="json", exclude_none=True), headers)


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


handler = Endpoint("query_operations", tell, allowed_origins=settings.allowed_origins)
