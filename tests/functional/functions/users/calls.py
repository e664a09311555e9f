"""Call a function around users as API Gateway does."""

import json
from types import ModuleType, SimpleNamespace
from typing import Any

from tests.functional.pools import PASSWORD
from tests.unit import events

TOKEN, REFRESH, LOGOUT = "/api/auth/token", "/api/auth/refresh", "/api/auth/logout"
ADA = "ada@example.org"
SESSION = "session-of-twenty-characters-and-more"
CONTEXT = SimpleNamespace(aws_request_id="function-request-1")

Answer = dict[str, Any]


def call(
    function: ModuleType,
    method: str,
    resource: str,
    *,
    path_id: str | None = None,
    body: object = None,
    caller: tuple[str, str] = ("", ""),
    **changes: Any,
) -> Answer:
    """Return what a function answers; `caller` is the subject and the role that the authorizer found."""
    event = events.http_event("api_put_submission", method=method, body=body, **changes)
    path = resource.replace("{id}", path_id or "")
    event |= {"resource": resource, "path": path, "pathParameters": {"id": path_id} if path_id else None}
    if body is None:
        event["body"] = None
    event["requestContext"] |= {
        "path": f"/v1{path}",
        "authorizer": {"principalId": caller[0], "role": caller[1]} if caller[0] else None,
    }
    answer: Answer = function.handler(event, CONTEXT)
    return answer


def document(answer: Answer) -> Any:
    """Return the body of an answer."""
    return json.loads(answer["body"])


def problem(answer: Answer) -> tuple[int, str]:
    """Return status and type of a problem."""
    found = document(answer)
    assert found["status"] == answer["statusCode"]
    return found["status"], found["type"].removeprefix("urn:sitewire:problem:")


def pointers(answer: Answer) -> list[str]:
    """Return what an answer says is wrong."""
    return [error["pointer"] for error in document(answer)["errors"]]


def sign_in(auth: ModuleType, password: str = PASSWORD, email: str = ADA) -> Answer:
    """Return the answer to a sign-in."""
    return call(auth, "POST", TOKEN, body={"email": email, "password": password})


def respond(auth: ModuleType, **answer: str) -> Answer:
    """Return the answer to a challenge's answer."""
    return call(auth, "POST", TOKEN, body={"email": ADA, "session": SESSION, **answer})


def sent(calls: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the one request that Cognito was sent."""
    (request,) = calls
    found: dict[str, Any] = json.loads(request["body"])
    return found
