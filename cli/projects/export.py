"""Take projects out of a stage: list which there are, then read each whole."""

import json
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from itertools import batched
from typing import Any, NamedTuple
from urllib.parse import quote

from cli.projects.api import StageApi
from cli.projects.errors import RefusedError

_PAGE = 100
_CHUNK = 64
_NOT_FOUND = 404
_NO_PROJECT = "00000000-0000-7000-8000-000000000000"


class Wanted(NamedTuple):
    """Which projects: of one status, of one locale; None is any, but the trash."""

    status: str | None = None
    locale: str | None = None


def require_editor(api: StageApi) -> None:
    """Make sure that the caller is an editor: to others, lists would show less without a word.

    Raises
    ------
    StageApiError
        When that is not so, or the API can't be asked.
    """
    try:
        api.get(f"/api/projects/{_NO_PROJECT}/versions", limit="1")
    except RefusedError as error:
        if error.status != _NOT_FOUND:
            raise


def listed(api: StageApi, wanted: Wanted) -> list[str]:
    """Return the ids of the projects, each once, in the order of the API.

    Raises
    ------
    StageApiError
        When the API does not give them.
    """
    ids: dict[str, None] = {}
    cursor: str | None = None
    while True:
        query = {
            "fields": "id",
            "status": wanted.status,
            "locale": wanted.locale,
            "limit": str(_PAGE),
            "cursor": cursor,
        }
        page = api.get("/api/projects", **query)
        # What is moved meanwhile may be on two pages.
        ids |= dict.fromkeys(project["id"] for project in page["items"])
        cursor = page.get("next_cursor")
        if cursor is None:
            return list(ids)


def lines(api: StageApi, pool: Executor, ids: Iterable[str]) -> Iterator[bytes]:
    """Yield the projects as lines, in the order of `ids`; those that were deleted since they were listed are empty.

    Raises
    ------
    StageApiError
        When the API does not give one.
    """
    for chunk in batched(ids, _CHUNK, strict=False):
        yield from pool.map(lambda identifier: _line(_read(api, identifier)), chunk)


def _read(api: StageApi, identifier: str) -> dict[str, Any] | None:
    try:
        return api.get(f"/api/projects/{quote(identifier, safe='')}")
    except RefusedError as error:
        if error.status == _NOT_FOUND:
            return None
        raise


def _line(document: dict[str, Any] | None) -> bytes:
    if document is None or "deleted_at" in document:
        return b""
    return json.dumps(document, ensure_ascii=False).encode() + b"\n"
