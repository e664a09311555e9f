"""POST /api/projects/{id}/preview: a link that shows a project before everybody may see it."""

import os

from functions.query.settings import PreviewSettings
from shared.clients import client
from shared.clock import timestamp
from shared.http.endpoint import Endpoint
from shared.http.path import record_id
from shared.http.request import Request
from shared.http.response import Response
from shared.previews import PreviewLinks
from shared.problems import NotFoundError
from shared.projects.project import Project
from shared.table.projects import ProjectTable
from shared.validation import Validator

_DAY_SECONDS = 24 * 3600

settings = PreviewSettings.from_environment(os.environ)
projects = ProjectTable(client("dynamodb"), settings.table_name)
links = PreviewLinks(settings.preview_key_arn)
validator = Validator("PreviewRequest")


def share(request: Request) -> Response:
    """Return a link to a project that is not in the trash."""
    project_id = record_id(request)
    seconds = validator.from_json(request.body or b"{}").get("expires_in", _DAY_SECONDS)
    found = projects.get(project_id)
    if not isinstance(found, Project) or found.is_trashed:
        raise NotFoundError(f"There is no project {project_id}; it may be in the trash.")
    token, ends = links.sign(project_id, seconds=seconds)
    url = request.url_of(f"/api/projects/{project_id}?preview={token}")
    document = {"url": url, "token": token, "expires_at": timestamp(ends)}
    return Response(201, document, {"Cache-Control": "no-store"})


handler = Endpoint("query_project_previews", share, allowed_origins=settings.allowed_origins)
