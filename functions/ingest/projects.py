"""Writes to projects: validate one, publish it as a command, answer 202 or wait for its outcome."""

import contextlib
import os
from collections.abc import Callable
from typing import Any

from functions.ingest.settings import ProjectsSettings
from shared.aws.client import JsonClient
from shared.aws.errors import AwsError
from shared.clock import timestamp
from shared.http.conditional import entity_tag, required_version
from shared.http.endpoint import Endpoint, problem_response
from shared.http.idempotency import message_id
from shared.http.path import record_id
from shared.http.preferences import preferred_wait
from shared.http.request import Request
from shared.http.response import Response
from shared.problems import (
    CommandRejectedError,
    FieldError,
    InvalidRequestError,
    NotFoundError,
    ProblemError,
    UnavailableError,
    UnsupportedMediaTypeError,
    VersionMismatchError,
    json_pointer,
)
from shared.projects.content import contradictions, storable
from shared.publishing import EventBus, Message, PublishError
from shared.table.waiting import Fate, Waiting
from shared.validation import Validator

BODY_LIMIT = 256 * 1024
"""Bytes of a project; its Markdown may be long. A message may have four times as many."""

_CONSUMER = "apply_project"
_JSON = frozenset({"", "application/json"})
_PATCHES = _JSON | {"application/merge-patch+json"}

settings = ProjectsSettings.from_environment(os.environ)
bus = EventBus(JsonClient(service="events", target="AWSEvents"), settings.event_bus_name)
# A silent table must leave time to answer: after ten seconds at most for the bus and five of waiting, it is read twice.
dynamodb = JsonClient(service="dynamodb", target="DynamoDB_20120810", protocol="1.0", attempts=2, timeout=1.0)
waiting = Waiting(dynamodb, settings.table_name)
contents = Validator("ProjectContent")
patches = Validator("ProjectPatch")
orders = Validator("ProjectOrder")
reverts = Validator("ProjectRevert")

Command = tuple[str, dict[str, Any]]
"""A command's name and data."""


def accept(request: Request) -> Response:
    """Accept any write."""
    name, data = _COMMANDS[request.method, request.resource](request)
    operation_id = message_id(request)
    project_id = data.get("project_id") or (None if name == "ReorderProjects" else operation_id)
    _publish(operation_id, request, name, {**data, "author": request.subject})
    if seconds := preferred_wait(request):
        # It was accepted whatever the table says: who can't be told the outcome is told where to ask for it.
        with contextlib.suppress(AwsError):
            if fate := waiting.fate(operation_id, _CONSUMER, seconds=seconds):
                return _told(request, fate, name, project_id, operation_id, seconds)
    status_url = request.url_of(f"/api/operations/{operation_id}")
    document = {"id": project_id or operation_id, "operation_id": operation_id, "status_url": status_url}
    return Response(202, document, {"Location": status_url, "Retry-After": "1"})


def _create(request: Request) -> Command:
    return "CreateProject", {"project": _content(request)}


def _replace(request: Request) -> Command:
    return "ReplaceProject", {**_aimed(request), "project": _content(request)}


def _patch(request: Request) -> Command:
    target = _aimed(request)
    _require(request, _PATCHES)
    return "PatchProject", {**target, "patch": _consistent(patches.from_json(request.body))}


def _revert(request: Request) -> Command:
    target = _aimed(request)
    _require(request, _JSON)
    return "RevertProject", {**target, "to_version": reverts.from_json(request.body)["version"]}


def _reorder(request: Request) -> Command:
    _require(request, _JSON)
    positions = orders.from_json(request.body)["positions"]
    first: dict[str, int] = {}
    for place, entry in enumerate(positions):
        if first.setdefault(entry["id"], place) != place:
            error = FieldError(json_pointer("positions", place, "id"), "Is the id of an earlier position.")
            raise InvalidRequestError("The order names a project twice.", errors=(error,))
    return "ReorderProjects", {"positions": positions}


def _simple(name: str) -> Callable[[Request], Command]:
    """Return how a command is made that says nothing but which project it is for."""
    return lambda request: (name, _aimed(request))


_COMMANDS: dict[tuple[str, str], Callable[[Request], Command]] = {
    ("POST", "/api/projects"): _create,
    ("POST", "/api/projects/order"): _reorder,
    ("PUT", "/api/projects/{id}"): _replace,
    ("PATCH", "/api/projects/{id}"): _patch,
    ("DELETE", "/api/projects/{id}"): _simple("DeleteProject"),
    ("POST", "/api/projects/{id}/restore"): _simple("RestoreProject"),
    ("POST", "/api/projects/{id}/purge"): _simple("PurgeProject"),
    ("POST", "/api/projects/{id}/revert"): _revert,
}


def _aimed(request: Request) -> dict[str, Any]:
    """Return the project that a request is about and the version that it was made for."""
    return {"project_id": record_id(request), "version": required_version(request)}


def _content(request: Request) -> dict[str, Any]:
    _require(request, _JSON)
    return {"locale": settings.default_locale, **_consistent(contents.from_json(request.body))}


def _consistent(content: dict[str, Any]) -> dict[str, Any]:
    """Return content, or a patch of it, as it travels."""
    written = storable(content)
    if errors := contradictions(written):
        raise InvalidRequestError("The project contradicts itself.", errors=tuple(errors))
    return written


def _require(request: Request, media_types: frozenset[str]) -> None:
    if request.content_type not in media_types:
        raise UnsupportedMediaTypeError(f"Send {' or '.join(sorted(filter(None, media_types)))}.")


def _publish(operation_id: str, request: Request, name: str, data: dict[str, Any]) -> None:
    message = Message(
        id=operation_id,
        source="sitewire.projects",
        name=name,
        occurred_at=timestamp(),
        correlation_id=request.correlation_id,
        data=data,
    )
    try:
        bus.publish([message], trace_header=os.environ.get("_X_AMZN_TRACE_ID"))
    except (AwsError, PublishError) as error:
        detail = "The change could not be handed over; it was not accepted. Send it again in a few seconds."
        raise UnavailableError(detail, headers={"Retry-After": "5"}) from error


def _told(request: Request, fate: Fate, name: str, project_id: str | None, operation_id: str, seconds: int) -> Response:
    """Return the outcome of a change that the caller waited for.

    Raises
    ------
    AwsError
        When the project can't be read.
    """
    headers = {"Preference-Applied": f"wait={seconds}"}
    document = waiting.project(project_id) if project_id else None
    if document:
        headers["ETag"] = entity_tag(document, version=document["version"])
    members = {"operation_id": operation_id, **({"record": document} if document else {})}
    if fate.outcome == "rejected":
        # Not raised: the request was accepted, and is counted so; what was rejected is the change.
        return problem_response(request, _rejected(fate.reason, headers, members))
    if document is None:
        return Response(200, {"id": project_id or operation_id, "operation_id": operation_id}, headers)
    if name != "CreateProject":
        return Response(200, document, headers)
    return Response(201, document, {**headers, "Location": request.url_of(f"/api/projects/{project_id}")})


def _rejected(reason: str, headers: dict[str, str], members: dict[str, Any]) -> ProblemError:
    """Return the problem of a rejected change, with the operation and the project as it is."""
    if reason == "conflict":
        detail = "Somebody changed the project since you read it. Read it again, then repeat the change."
        return VersionMismatchError(detail, headers=headers, members=members)
    if reason == "not_found":
        return NotFoundError("There is no such project; it may have been purged.", headers=headers, members=members)
    return CommandRejectedError(f"The change could not be applied: {reason}.", headers=headers, members=members)


handler = Endpoint("ingest_projects", accept, allowed_origins=settings.allowed_origins, body_limit=BODY_LIMIT)
