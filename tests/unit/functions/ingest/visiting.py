"""Send the function for visits what pages send, and read what it answers."""

import json
from datetime import UTC, datetime, timedelta
from types import ModuleType, SimpleNamespace
from typing import Any

from tests.unit import events

CONTEXT = SimpleNamespace(aws_request_id="function-request-1")
ARRIVAL = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
BATCH = "019aa2f4-7c7e-7b3e-9d0a-5a1f0c5d2e11"
VIEW = {"type": "pageview", "url": "https://example.org/engines"}
DONE = {"type": "event", "url": "https://example.org/engines", "name": "download"}
ADDRESS, USER_AGENT = "192.0.2.17", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def post(
    analytics: ModuleType, *sent: dict[str, Any], source_ip: str = ADDRESS, body: object = None, **changes: Any
) -> dict[str, Any]:
    """Send page views and events as a page at `ADDRESS` does, and return the answer."""
    event = events.http_event("api_post_analytics", body=body or ({"events": sent} if sent else None), **changes)
    event["requestContext"]["identity"]["sourceIp"] = source_ip
    response: dict[str, Any] = analytics.handler(event, CONTEXT)
    return response


def document_of(response: dict[str, Any]) -> dict[str, Any]:
    """Return the body of an answer."""
    document: dict[str, Any] = json.loads(response["body"])
    return document


def pointers(response: dict[str, Any]) -> list[str]:
    """Return what a refusal points to."""
    assert response["statusCode"] == 400
    return [error["pointer"] for error in document_of(response)["errors"]]


def ago(**time_ago: float) -> str:
    """Return a moment before `ARRIVAL`."""
    return (ARRIVAL - timedelta(**time_ago)).isoformat()
