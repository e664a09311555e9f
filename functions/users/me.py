"""GET and PUT /api/users/me: one's own account."""

import os
from typing import Any

from functions.users.settings import ProfileSettings
from shared.clients import client
from shared.http.conditional import require_unchanged, tagged
from shared.http.endpoint import Endpoint
from shared.http.request import Request
from shared.http.response import Response
from shared.identity.problems import as_problems
from shared.identity.users import ROLES, Users, is_user_id
from shared.problems import NotFoundError
from shared.validation import Validator

settings = ProfileSettings.from_environment(os.environ)
users = Users(client("cognito-idp"), settings.user_pool_id)
validator = Validator("ProfileUpdate")


def answer(request: Request) -> Response:
    """Answer both routes."""
    # Cognito also finds users by their address, which another issuer may put into a token as the subject.
    if not is_user_id(request.subject):
        raise NotFoundError("The account that this token speaks for is not kept here.")
    with as_problems():
        return update(request) if request.method == "PUT" else tagged(request, _document(request))


def update(request: Request) -> Response:
    """Set the caller's name and return the account as it is then."""
    wanted = validator.from_json(request.body)
    if "if-match" in request.headers:
        require_unchanged(request, _document(request))
    users.rename(request.subject, wanted["name"])
    return tagged(request, _document(request))


def _document(request: Request) -> dict[str, Any]:
    """Return the caller's account, with the role that the token has: what this request may do."""
    role = request.role if request.role in ROLES else None
    user = users.get(request.subject).model_copy(update={"role": role})
    return user.model_dump(mode="json", exclude_none=True)


handler = Endpoint("users_me", answer, allowed_origins=settings.allowed_origins)
