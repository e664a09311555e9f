"""Send the project function the requests of editors, and read what it answers."""

import json
from types import ModuleType, SimpleNamespace
from typing import Any

from tests.unit import events

CONTEXT = SimpleNamespace(aws_request_id="function-request-1")
STAGE_URL = "https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/v1"

PROJECT_ID = "01990000-0000-7000-8000-000000000001"
OTHER_ID = "01990000-0000-7000-8000-000000000002"
IN_CAPITALS = "01990000-0000-7000-A000-000000000001"
"""An id as nobody gave it out."""
EDITOR = "8f3c1d2e-7a64-4b0f-9c55-0d1e2f3a4b5c"

CREDENTIALS = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "eu-central-1"}

ON_ONE = (
    "api_put_project",
    "api_patch_project",
    "api_delete_project",
    "api_restore_project",
    "api_purge_project",
    "api_revert_project",
)
"""Writes to one project that exists, which must name its version."""

WRITES = ("api_post_project", "api_order_projects", *ON_ONE)
"""Every write."""

WITH_BODY = ("api_post_project", "api_order_projects", "api_put_project", "api_patch_project", "api_revert_project")
"""The writes that read a body."""


def send(projects: ModuleType, name: str, **changes: Any) -> dict[str, Any]:
    """Return the answer to the event `name`, with changes as for `events.http_event`."""
    response: dict[str, Any] = projects.handler(events.http_event(name, **changes), CONTEXT)
    return response


def document_of(response: dict[str, Any]) -> dict[str, Any]:
    """Return the document in a response."""
    document: dict[str, Any] = json.loads(response["body"])
    return document


def pointers_of(response: dict[str, Any]) -> list[str]:
    """Return where a request is wrong, as a problem tells it."""
    return [error["pointer"] for error in document_of(response).get("errors", [])]
