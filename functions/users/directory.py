"""GET and POST /api/users, GET, PUT and DELETE /api/users/{id}, POST /api/users/{id}/invitation: administer users."""

import os
from typing import Any

from functions.users.settings import DirectorySettings
from schemas.responses import User
from shared.clients import client
from shared.cursors import InvalidCursorError
from shared.http.conditional import require_unchanged, tagged
from shared.http.endpoint import Endpoint
from shared.http.queries import invalid, page_size
from shared.http.request import Request
from shared.http.response import Response
from shared.identity.directory import LARGEST_PAGE, UserDirectory
from shared.identity.problems import as_problems
from shared.identity.users import is_user_id
from shared.problems import FieldError, InvalidRequestError
from shared.table.leases import Leases
from shared.validation import Validator

settings = DirectorySettings.from_environment(os.environ)
directory = UserDirectory(client("cognito-idp"), settings.user_pool_id, Leases(client("dynamodb"), settings.table_name))
creation = Validator("UserCreate")
changes = Validator("UserUpdate")


def answer(request: Request) -> Response:
    """Answer every route."""
    with as_problems():
        return _ROUTES[request.method, request.resource](request)


def list_page(request: Request) -> Response:
    """Return a page of users: `limit` and `cursor` choose it."""
    try:
        page = directory.page(limit=page_size(request, most=LARGEST_PAGE), cursor=request.query.get("cursor"))
    except InvalidCursorError:
        raise invalid("cursor", "Must be the `next_cursor` of an earlier page.") from None
    return tagged(request, {"items": [_document(user) for user in page.items], "next_cursor": page.next_cursor})


def create(request: Request) -> Response:
    """Create a user, who is mailed an invitation."""
    wanted = creation.from_json(request.body)
    user = directory.create(wanted["email"], wanted["role"], name=wanted.get("name", ""))
    created = tagged(request, _document(user))
    location = request.url_of(f"/api/users/{user.id}")
    return Response(201, _document(user), {**created.headers, "Location": location})


def read(request: Request) -> Response:
    """Return one user."""
    return tagged(request, _document(directory.get(_user_id(request))))


def update(request: Request) -> Response:
    """Change role, access and name, in this order, and return the user as it is then.

    Each change is whole, not all of them together: the one that may be refused comes first, and a request that broke
    off can be repeated.
    """
    user_id = _user_id(request)
    wanted = changes.from_json(request.body)
    require_unchanged(request, _document(directory.get(user_id)))
    if "role" in wanted:
        directory.set_role(user_id, wanted["role"])
    if "enabled" in wanted:
        directory.set_enabled(user_id, enabled=wanted["enabled"])
    if "name" in wanted:
        directory.rename(user_id, wanted["name"])
    return tagged(request, _document(directory.get(user_id)))


def delete(request: Request) -> Response:
    """Delete a user and end all sessions."""
    user_id = _user_id(request)
    if "if-match" in request.headers:
        require_unchanged(request, _document(directory.get(user_id)))
    directory.delete(user_id)
    return Response(204)


def invite_again(request: Request) -> Response:
    """Mail the invitation again, with a fresh temporary password."""
    directory.resend_invitation(_user_id(request))
    return Response(204)


_ROUTES = {
    ("GET", "/api/users"): list_page,
    ("POST", "/api/users"): create,
    ("GET", "/api/users/{id}"): read,
    ("PUT", "/api/users/{id}"): update,
    ("DELETE", "/api/users/{id}"): delete,
    ("POST", "/api/users/{id}/invitation"): invite_again,
}


def _user_id(request: Request) -> str:
    candidate = request.path_parameters["id"]
    if not is_user_id(candidate):
        error = FieldError("", "The id in the path must be one that this API gave out.")
        raise InvalidRequestError("The path holds no id.", errors=(error,))
    return candidate


def _document(user: User) -> dict[str, Any]:
    return user.model_dump(mode="json", exclude_none=True)


handler = Endpoint("users_directory", answer, allowed_origins=settings.allowed_origins)
