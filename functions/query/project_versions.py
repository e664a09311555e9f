"""GET /api/projects/{id}/versions and below: how a project came to be what it is."""

import os
from typing import Any

from functions.query.settings import QuerySettings
from shared.clients import client
from shared.cursors import InvalidCursorError
from shared.http.conditional import tagged
from shared.http.endpoint import Endpoint
from shared.http.path import record_id
from shared.http.queries import invalid, page_size, whole_number
from shared.http.request import Request
from shared.http.response import Response
from shared.problems import NotFoundError
from shared.projects.project import CONTENT, KEPT_VERSIONS
from shared.projects.views import differences
from shared.table.project_history import ProjectHistory
from shared.table.projects import ProjectTable

_LISTED = ("version", "title", "status", "updated_at", "updated_by")
_HIGHEST = 999_999_999

settings = QuerySettings.from_environment(os.environ)
dynamodb = client("dynamodb")
projects = ProjectTable(dynamodb, settings.table_name)
history = ProjectHistory(dynamodb, settings.table_name)


def answer(request: Request) -> Response:
    """Answer every route."""
    if "version" not in request.path_parameters:
        return list_versions(request)
    number = _number(request.path_parameters["version"])
    if request.resource.endswith("/diff"):
        return compare(request, number)
    return tagged(request, _version(record_id(request), number), version=number)


def list_versions(request: Request) -> Response:
    """Return a page of the versions that are kept, newest first: who changed it when, and what it was called."""
    project_id = record_id(request)
    limit = page_size(request, most=KEPT_VERSIONS)
    try:
        page = history.page(project_id, limit=limit, cursor=request.query.get("cursor"))
    except InvalidCursorError:
        raise invalid("cursor", "Must be the `next_cursor` of an earlier page.") from None
    if not page.documents and "cursor" not in request.query:
        raise NotFoundError(f"There is no project {project_id}; it may have been purged.")
    items = [{name: document[name] for name in _LISTED if name in document} for document in page.documents]
    return tagged(request, {"items": items, "next_cursor": page.next_cursor})


def compare(request: Request, number: int) -> Response:
    """Return what a version changed of the one before, or of the version that `against` names."""
    project_id = record_id(request)
    against = whole_number(request, "against", default=max(number - 1, 1), least=1, most=_HIGHEST)
    before, after = (_content(_version(project_id, version)) for version in (against, number))
    return tagged(request, {"version": number, "against": against, "changes": differences(before, after)})


def _version(project_id: str, number: int) -> dict[str, Any]:
    found = projects.version(project_id, number)
    if found is None:
        raise NotFoundError(f"There is no version {number} of project {project_id}; the last {KEPT_VERSIONS} are kept.")
    return found


def _number(raw: str) -> int:
    if not (raw.isascii() and raw.isdecimal() and 1 <= len(raw) <= len(str(_HIGHEST))):
        raise NotFoundError("The version in the path must be a number.")
    return int(raw)


def _content(document: dict[str, Any]) -> dict[str, Any]:
    return {name: document[name] for name in CONTENT if name in document}


handler = Endpoint("query_project_versions", answer, allowed_origins=settings.allowed_origins)
