"""GET /api/projects and GET /api/projects/{id}: what the site shows, and to editors all there is."""

import os
from typing import Any
from urllib.parse import urlencode

from functions.query.project_query import read_fields, read_list_query, read_locale
from functions.query.settings import ProjectsSettings
from schemas.routes import Role
from shared.clients import client
from shared.cursors import InvalidCursorError
from shared.http.callers import OptionalCaller
from shared.http.conditional import PRIVATE, tagged
from shared.http.endpoint import Endpoint
from shared.http.queries import invalid
from shared.http.request import Request
from shared.http.response import Response
from shared.ids import is_well_formed
from shared.previews import PreviewLinks
from shared.problems import NotFoundError
from shared.projects.project import Project
from shared.projects.views import FIELDS, shown
from shared.table.project_lists import ProjectLists
from shared.table.projects import ProjectTable

_PUBLIC = "public, max-age=0, s-maxage=60, stale-while-revalidate=60"
"""A browser asks each time and gets 304; a CDN asks once a minute for all of its visitors."""
_LONGEST_SLUG = 100

settings = ProjectsSettings.from_environment(os.environ)
dynamodb = client("dynamodb")
projects = ProjectTable(dynamodb, settings.table_name)
lists = ProjectLists(dynamodb, settings.table_name)
caller = OptionalCaller(settings.issuers, service="query_projects")
previews = PreviewLinks(settings.preview_key_arn)


def answer(request: Request) -> Response:
    """Answer both routes; who shows a token of an editor sees drafts, archive and trash too."""
    is_editor = caller.identify(request).role >= Role.EDITOR
    response = _read(request, is_editor) if "id" in request.path_parameters else _list(request, is_editor)
    return response._replace(headers={**response.headers, "Vary": "Authorization"})


def _list(request: Request, is_editor: bool) -> Response:
    asked = read_list_query(request, is_editor=is_editor)
    locales = lists.locales() if asked.locale is None else (asked.locale,)
    try:
        page = lists.page(
            asked.statuses, locales, asked.facet, order=asked.order, limit=asked.limit, cursor=asked.cursor
        )
    except InvalidCursorError:
        raise invalid("cursor", "Must be the `next_cursor` of an earlier page in the same order.") from None
    items = [shown(document, is_editor=is_editor, fields=asked.fields) for document in page.items]
    return _tagged(request, {"items": items, "next_cursor": page.next_cursor}, is_private=is_editor)


def _read(request: Request, is_editor: bool) -> Response:
    fields = read_fields(request, FIELDS)
    name, locale = request.path_parameters["id"], read_locale(request) or settings.default_locale
    project_id = name if is_well_formed(name) else _owner(locale, name)
    found = projects.get(project_id) if project_id else None
    if not isinstance(found, Project) or not _may_see(request, found, is_editor=is_editor):
        raise NotFoundError(f"There is no project {name[:100]}.")
    if name != found.id and found.slug != (locale, name):
        return _moved(request, found, is_private=not found.is_public)
    document = shown(found.document, is_editor=is_editor, fields=fields)
    return _tagged(request, document, is_private=is_editor or not found.is_public, version=found.version)


def _owner(locale: str, name: str) -> str | None:
    """Return the id of the project that has or had a slug; the table refuses to look for a very long one."""
    return projects.owner((locale, name)) if len(name) <= _LONGEST_SLUG else None


def _moved(request: Request, project: Project, *, is_private: bool) -> Response:
    """Send on who asked by a former slug, or in a locale that the project has left."""
    locale, slug = project.slug
    query = urlencode({**request.query, "locale": locale})
    url = request.url_of(f"/api/projects/{slug}?{query}")
    return Response(301, headers={"Location": url, "Cache-Control": PRIVATE if is_private else _PUBLIC})


def _tagged(request: Request, document: dict[str, Any], *, is_private: bool, version: int = 0) -> Response:
    return tagged(request, document, version=version, cache_control=PRIVATE if is_private else _PUBLIC)


def _may_see(request: Request, project: Project, *, is_editor: bool) -> bool:
    """Tell whether the caller may see a project: with a preview link all may, as long as it is not in the trash."""
    if is_editor or project.is_public:
        return True
    token = request.query.get("preview")
    return token is not None and not project.is_trashed and previews.opens(token) == project.id


handler = Endpoint("query_projects", answer, allowed_origins=settings.allowed_origins)
