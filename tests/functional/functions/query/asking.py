"""Ask the functions about projects, as everybody or as somebody with a token, and read their answers."""

import json
from types import ModuleType, SimpleNamespace
from typing import Any

from tests.functional.functions.query.conftest import EDITORS
from tests.unit import events

CONTEXT = SimpleNamespace(aws_request_id="function-request-1")
STAGE_URL = "https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/v1"
LIST = "api_get_projects"


def send(
    function: ModuleType,
    name: str,
    *,
    path: dict[str, str] | None = None,
    role: str | None = None,
    headers: dict[str, str | None] | None = None,
    **changes: Any,
) -> dict[str, Any]:
    """Return the answer to the event `name`: with other path parameters, and with a token of `role` where it is given.

    Other changes are those of `events.http_event`.
    """
    token = {"Authorization": f"Bearer {EDITORS.token(role)}"} if role else {}
    event = events.http_event(name, headers={**token, **(headers or {})}, **changes)
    event["pathParameters"] = {**(event["pathParameters"] or {}), **(path or {})} or None
    event["path"] = event["resource"].format(**(event["pathParameters"] or {}))
    event["requestContext"]["path"] = f"/v1{event['path']}"
    answer: dict[str, Any] = function.handler(event, CONTEXT)
    return answer


def listed(function: ModuleType, *, role: str | None = None, **query: str) -> dict[str, Any]:
    """Return the answer to who lists projects."""
    return send(function, LIST, role=role, query=query or None)


def read(function: ModuleType, name: str, *, role: str | None = None, **query: str) -> dict[str, Any]:
    """Return the answer to who reads a project by its id or slug."""
    return send(function, "api_get_project", path={"id": name}, role=role, query=query or None)


def document_of(response: dict[str, Any]) -> dict[str, Any]:
    """Return the document in a response."""
    document: dict[str, Any] = json.loads(response["body"])
    return document


def ids_of(response: dict[str, Any]) -> list[str]:
    """Return the ids of the projects in a page."""
    assert response["statusCode"] == 200, response["body"]
    return [item["id"] for item in document_of(response)["items"]]


def walk(function: ModuleType, *, role: str | None = None, **query: str) -> list[list[str]]:
    """Return the ids of every page from the first to the last."""
    pages = []
    while True:
        response = listed(function, role=role, **query)
        pages.append(ids_of(response))
        cursor = document_of(response)["next_cursor"]
        if cursor is None:
            return pages
        query["cursor"] = cursor
