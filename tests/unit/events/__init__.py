"""Events as AWS delivers them to functions, one a file, and their variations."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent


def read(name: str) -> dict[str, Any]:
    """Return the event in `<name>.json`, a fresh one every time."""
    event: dict[str, Any] = json.loads((_FOLDER / f"{name}.json").read_text())
    return event


def http_event(
    name: str,
    *,
    body: object = None,
    headers: dict[str, str | None] | None = None,
    query: dict[str, str] | None = None,
    method: str | None = None,
    path_id: str | None = None,
) -> dict[str, Any]:
    """Return a proxy event with changes: a body that is no string becomes JSON; a header of None is left out."""
    event = read(name)
    if body is not None:
        event["body"] = body if isinstance(body, str) else json.dumps(body)
    replaced = {header.lower() for header in headers or {}}
    event["headers"] = {
        **{header: value for header, value in event["headers"].items() if header.lower() not in replaced},
        **{header: value for header, value in (headers or {}).items() if value is not None},
    }
    event["queryStringParameters"] = query
    if method:
        event["httpMethod"] = event["requestContext"]["httpMethod"] = method
    if path_id:
        _set_path_id(event, path_id)
    return event


def contact_submitted(
    *,
    message_id: str = "01990000-0000-7000-8000-000000000001",
    submission: dict[str, Any] | None = None,
    spam: bool = False,
    **changes: Any,
) -> dict[str, Any]:
    """Return the event ContactSubmitted, with changed fields of its form, its verdict or its envelope."""
    record = read("sqs_contact_submitted")["Records"][0]
    detail: dict[str, Any] = json.loads(record["body"])["detail"]
    detail["id"] = message_id
    detail["data"]["submission"] |= submission or {}
    if spam:
        detail["data"]["spam"] = {"is_spam": True, "score": 10, "reasons": ["honeypot"]}
    return detail | changes


def delivered(detail: dict[str, Any]) -> str:
    """Return the body of the SQS message in which a rule of the bus delivers an event."""
    envelope = json.loads(read("sqs_contact_submitted")["Records"][0]["body"])
    return json.dumps({**envelope, "detail": detail})


def sqs_event(bodies: Iterable[str], *, receive_count: int = 1) -> dict[str, Any]:
    """Return one batch of SQS messages; they are called `message-0`, `message-1` and so on."""
    template = read("sqs_contact_submitted")["Records"][0]
    attributes = {**template["attributes"], "ApproximateReceiveCount": str(receive_count)}
    return {
        "Records": [
            {**template, "messageId": f"message-{number}", "body": body, "attributes": attributes}
            for number, body in enumerate(bodies)
        ]
    }


def _set_path_id(event: dict[str, Any], path_id: str) -> None:
    path = event["resource"].replace("{id}", path_id)
    event["path"], event["pathParameters"] = path, {"id": path_id}
    event["requestContext"]["path"] = f"/v1{path}"
