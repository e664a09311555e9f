"""GET /api/contact and GET /api/contact/{id}: read submissions."""

import os
from typing import get_args

from functions.query.settings import QuerySettings
from schemas.responses import SubmissionStatus
from shared.clients import client
from shared.cursors import InvalidCursorError
from shared.http.conditional import tagged
from shared.http.endpoint import Endpoint
from shared.http.path import record_id
from shared.http.queries import flag, invalid, page_size
from shared.http.records import not_found, submission_document
from shared.http.request import Request
from shared.http.response import Response
from shared.table.submissions import SubmissionTable

_STATUSES: tuple[str, ...] = get_args(SubmissionStatus)

settings = QuerySettings.from_environment(os.environ)
submissions = SubmissionTable(client("dynamodb"), settings.table_name)


def answer(request: Request) -> Response:
    """Answer both routes."""
    return read(request) if "id" in request.path_parameters else list_newest(request)


def read(request: Request) -> Response:
    """Return one submission with its deliveries."""
    identifier = record_id(request)
    found = submissions.get(identifier)
    if found is None:
        raise not_found(identifier)
    return tagged(request, submission_document(found), version=found["version"])


def list_newest(request: Request) -> Response:
    """Return a page of submissions: `status`, `spam`, `limit` and `cursor` choose it."""
    try:
        page = submissions.page(_statuses(request), limit=page_size(request), cursor=request.query.get("cursor"))
    except InvalidCursorError:
        raise invalid("cursor", "Must be the `next_cursor` of an earlier page.") from None
    document = {"items": [submission_document(item) for item in page.items], "next_cursor": page.next_cursor}
    return tagged(request, document)


def _statuses(request: Request) -> tuple[str, ...]:
    """Return the statuses asked for: without a choice, all but spam."""
    status, spam = request.query.get("status"), flag(request, "spam")
    if status is not None and status not in _STATUSES:
        raise invalid("status", f"Must be one of {', '.join(_STATUSES)}.")
    if status is None:
        return ("spam",) if spam else tuple(name for name in _STATUSES if name != "spam")
    contradictory = spam is not None and spam != (status == "spam")
    return () if contradictory else (status,)


handler = Endpoint("query_contact", answer, allowed_origins=settings.allowed_origins)
