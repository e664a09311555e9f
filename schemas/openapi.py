"""The OpenAPI document, from the routes and the models."""

import re
from typing import Any

from pydantic import TypeAdapter

from schemas.analytics_parameters import REPORT_PARAMETERS
from schemas.identities import RECORD_ID, UUID
from schemas.requests import REQUESTS
from schemas.responses import RESPONSES
from schemas.routes import ROUTES, Role, Route

_REFERENCES = "#/components/schemas/{model}"
_PROBLEM = {"$ref": _REFERENCES.format(model="Problem")}
_OTHER_MEDIA_TYPES: dict[tuple[str, str], tuple[str, ...]] = {
    ("POST", "/api/analytics"): ("text/plain",),
    ("POST", "/api/contact"): ("application/x-www-form-urlencoded",),
}
"""What a route reads beside JSON; no model of API Gateway's is for it."""
_CSV_ROUTES = frozenset({("GET", "/api/analytics")})

_CURSOR = {"type": "string", "description": "The `next_cursor` of the page before."}
_MERGE_PATCH = "application/merge-patch+json"
_PROJECT_FIELDS = {"type": "string", "description": "Fields to answer, separated by commas; `id` always is."}
_PROJECT_LOCALE = {
    "type": "string", "pattern": "^[A-Za-z0-9-]{2,11}$", "description": "A language tag such as de or pt-BR.",
}  # fmt: skip

_VERSION = {"type": "integer", "minimum": 1, "maximum": 999_999_999}

_QUERY: dict[tuple[str, str], dict[str, dict[str, Any]]] = {
    ("GET", "/api/contact"): {
        "status": {"type": "string", "enum": ["new", "read", "archived", "spam"]},
        "spam": {"type": "boolean"},
        "limit": {"type": "integer", "minimum": 1, "maximum": 100, "default": 20},
        "cursor": _CURSOR,
    },
    ("GET", "/api/analytics"): REPORT_PARAMETERS,
    ("GET", "/api/projects"): {
        "status": {"type": "string", "enum": ["draft", "published", "archived", "trashed"]},
        "locale": _PROJECT_LOCALE,
        "tag": {"type": "string", "minLength": 1, "maxLength": 50},
        "year": {"type": "string", "pattern": "^[0-9]{4}$"},
        "featured": {"type": "string", "enum": ["true"]},
        "sort": {
            "type": "string",
            "enum": ["position", "-position", "date", "-date", "title", "-title"],
            "default": "position",
        },
        "fields": _PROJECT_FIELDS,
        "limit": {"type": "integer", "minimum": 1, "maximum": 100, "default": 20},
        "cursor": _CURSOR,
    },
    ("GET", "/api/projects/{id}"): {
        "locale": {**_PROJECT_LOCALE, "description": "Where a slug is looked for; the stage's own where absent."},
        "fields": _PROJECT_FIELDS,
        "preview": {"type": "string", "description": "The token of a preview link."},
    },
    ("GET", "/api/projects/{id}/versions"): {
        "limit": {"type": "integer", "minimum": 1, "maximum": 50, "default": 20},
        "cursor": _CURSOR,
    },
    ("GET", "/api/projects/{id}/versions/{version}/diff"): {
        "against": {**_VERSION, "description": "Another version; else the one before."},
    },
    ("GET", "/api/analytics/pixel.gif"): {
        "url": {"type": "string", "description": "The page; the Referer header where absent. 2,048 characters count."},
        "referrer": {"type": "string", "description": "Where the visitor came from. 2,048 characters count."},
        "title": {"type": "string", "description": "The page's title. 300 characters count."},
    },
    ("GET", "/api/users"): {
        "limit": {"type": "integer", "minimum": 1, "maximum": 60, "default": 20},
        "cursor": _CURSOR,
    },
}

_WITHOUT_BODY = frozenset({301, 303, 304})

_OF_CHANGES = {
    404: "After `Prefer: wait`: there is no such project", 409: "After `Prefer: wait`: the change was rejected",
    413: "The body is too large", 415: "Not a type this route reads", 503: "Nothing was accepted; send it again",
}  # fmt: skip
"""What can go wrong with a change that is applied later."""

_RECORD = {"type": "string", "pattern": RECORD_ID}
_USER = {"type": "string", "pattern": UUID}
_SLUG_OR_ID = {"type": "string", "minLength": 1, "maxLength": 100, "description": "An id or a slug."}

_ETAG = '"[0-9]{1,9}-[0-9a-f]{16}"'
_KEY_PATTERN = "^[!-~]{1,255}$"

_OWN_PROBLEMS: dict[tuple[str, str], dict[int, str]] = {
    ("POST", "/api/analytics"): {
        403: "The page that sends it is of no site of this stage", 413: "The body is too large",
        415: "Not a type this route reads", 503: "Nothing was accepted; send it again with the same id or key",
    },
    ("POST", "/api/contact"): {
        413: "The body is too large", 415: "Not a type this route reads", 503: "Nothing was accepted; send it again",
    },
    ("GET", "/api/analytics/pixel.gif"): {
        415: "A body of another type than JSON was sent; none is read", 503: "Nothing was accepted; send it again",
    },
    ("GET", "/api/projects"): {401: "A token was sent that is not valid"},
    ("GET", "/api/projects/{id}"): {
        301: "A former slug: follow it", 401: "A token was sent that is not valid", 404: "There is no such project",
    },
    ("GET", "/api/users/me"): {404: "The token is of an issuer whose users are not kept here"},
    ("PUT", "/api/users/me"): {404: "The token is of an issuer whose users are not kept here"},
    ("POST", "/api/users"): {409: "There is a user with this address"},
    ("PUT", "/api/users/{id}"): {409: "The last administrator can't be demoted or disabled", 503: "Send it again"},
    ("DELETE", "/api/users/{id}"): {409: "The last administrator can't be deleted", 503: "Send it again"},
    ("POST", "/api/users/{id}/invitation"): {409: "The user has accepted an invitation", 503: "Send it again"},
    ("POST", "/api/auth/token"): {
        401: "Not the right credentials, whatever is wrong with them", 413: "The body is too large",
        429: "Too many requests, or too many attempts at this account", 503: "Send it again",
    },
    ("POST", "/api/auth/refresh"): {
        401: "Not a refresh token that is valid", 413: "The body is too large", 503: "Send it again",
    },
    ("POST", "/api/auth/logout"): {413: "The body is too large", 503: "Send it again"},
}  # fmt: skip
"""What can go wrong on one route beside what can on every route of its kind."""


def openapi_document() -> dict[str, Any]:
    """Return the API's OpenAPI 3.1 document."""
    paths: dict[str, dict[str, Any]] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Sitewire",
            "version": "1",
            "description": (
                "The backend of a website. A 202 is a promise: what was accepted is applied exactly once, or rejected "
                "for a reason."
            ),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "http://localhost:4566/v1", "description": "the embedded AWS"}],
        "paths": paths,
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def _operation(route: Route) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": f"{route.method.lower()}{re.sub(r'[^A-Za-z]+', '_', route.path.removeprefix('/api'))}".rstrip(
            "_"
        ),
        "summary": route.summary,
        "parameters": _parameters(route),
        "responses": {**_outcomes(route), str(route.status): _success(route), **_problems(route)},
    }
    if route.role > Role.PUBLIC:
        operation["security"] = [{"token": []}]
        operation["description"] = f"Needs a token of role {route.role.name.lower()} or higher."
    if route.shows_more_to:
        operation["security"] = [{}, {"token": []}]
        operation["description"] = f"Shows more to a token of role {route.shows_more_to.name.lower()} or higher."
    if route.request:
        schema = {"schema": {"$ref": _REFERENCES.format(model=route.request)}}
        media_types = ["application/json", *_OTHER_MEDIA_TYPES.get((route.method, route.path), ())]
        if route.method == "PATCH":
            media_types.insert(0, _MERGE_PATCH)
        operation["requestBody"] = {"required": True, "content": dict.fromkeys(media_types, schema)}
    return operation


def _parameters(route: Route) -> list[dict[str, Any]]:
    parameters: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": _path_schema(route, name)}
        for name in re.findall(r"\{([^}]+)\}", route.path)
    ]
    for name, schema in _QUERY.get((route.method, route.path), {}).items():
        parameters.append({"name": name, "in": "query", "required": False, "schema": schema})
    if route.status == 202:  # noqa: PLR2004  Accepted
        text = "Repeating a request with the same key and body changes nothing."
        parameters.append(_header("Idempotency-Key", text, pattern=_KEY_PATTERN))
    if route.response == "ChangeAccepted":
        parameters.append(_header("Prefer", "`wait=5` waits up to five seconds for the outcome and answers it."))
    if _names_version(route):
        text = "The ETag that the project was read with; 428 without it."
        parameters.append(_header("If-Match", text, pattern=f"^{_ETAG}$", required=True))
    elif route.method in {"PUT", "DELETE"}:
        text = "The ETag that the resource was read with; 412 when it has changed."
        parameters.append(_header("If-Match", text, pattern=f"^(?:[*]|{_ETAG})$"))
    if _is_tagged(route):
        parameters.append(_header("If-None-Match", "ETags of answers that are at hand; 304 when one is still true."))
    return parameters


def _names_version(route: Route) -> bool:
    """Tell whether a change is accepted only for a version that its sender has read."""
    return route.response == "ChangeAccepted" and "{id}" in route.path


def _is_tagged(route: Route) -> bool:
    """Tell whether an answer has an ETag that it need not be sent again for."""
    return route.method == "GET" and route.function not in {None, "query_operations"}


def _path_schema(route: Route, name: str) -> dict[str, Any]:
    if name == "version":
        return _VERSION
    if (route.method, route.path) == ("GET", "/api/projects/{id}"):
        return _SLUG_OR_ID
    return _USER if route.function == "users_directory" else _RECORD


def _header(name: str, description: str, *, pattern: str | None = None, required: bool = False) -> dict[str, Any]:
    schema = {"type": "string", **({"pattern": pattern} if pattern else {})}
    return {"name": name, "in": "header", "required": required, "description": description, "schema": schema}


def _outcomes(route: Route) -> dict[str, Any]:
    """Return the answers to a caller who waited for the outcome of a change."""
    if route.response != "ChangeAccepted":
        return {}
    schema = {"anyOf": [{"$ref": _REFERENCES.format(model="Project")}, {"$ref": _REFERENCES.format(model="Applied")}]}
    content = {"application/json": {"schema": schema}}
    status, text = ("201", "Created") if route.path == "/api/projects" else ("200", "Applied")
    return {status: {"description": f"{text}, after `Prefer: wait`", "content": content}}


def _success(route: Route) -> dict[str, Any]:
    if route.media_type == "image/gif":
        # What is no text has no schema in OpenAPI 3.1.
        return {"description": "A transparent pixel, never from a cache", "content": {route.media_type: {}}}
    if route.response is None:
        return {"description": "Done"}
    content: dict[str, Any] = {"application/json": {"schema": {"$ref": _REFERENCES.format(model=route.response)}}}
    if (route.method, route.path) in _CSV_ROUTES:
        content["text/csv"] = {"schema": {"type": "string"}}
    return {"description": route.summary, "content": content}


def _problems(route: Route) -> dict[str, Any]:
    statuses = {429: "Too many requests", 500: "Something broke on our side"}
    names_record = "{id}" in route.path
    if route.request or names_record or (route.method, route.path) in _QUERY:
        statuses[400] = "The request is not valid"
    if route.role > Role.PUBLIC:
        statuses |= {401: "No valid token", 403: "The token's role is too low"}
        if names_record:
            statuses[404] = "There is no such record"
    if route.response == "ChangeAccepted":
        statuses |= _OF_CHANGES
    if _names_version(route):
        statuses |= {412: "The project has changed since it was read", 428: "If-Match is missing"}
    elif route.method in {"PUT", "DELETE"}:
        statuses[412] = "The record has changed since it was read"
    if _is_tagged(route):
        statuses[304] = "The answer is one of those at hand"
    if "application/x-www-form-urlencoded" in _OTHER_MEDIA_TYPES.get((route.method, route.path), ()):
        statuses[303] = "A form's redirect"
    statuses |= _OWN_PROBLEMS.get((route.method, route.path), {})
    content = {"application/problem+json": {"schema": _PROBLEM}}
    return {
        str(status): {"description": text} if status in _WITHOUT_BODY else {"description": text, "content": content}
        for status, text in sorted(statuses.items())
    }


def _schemas() -> dict[str, Any]:
    schemas: dict[str, Any] = {}
    for name, model in {**REQUESTS, **RESPONSES}.items():
        schema = TypeAdapter(model).json_schema(ref_template=_REFERENCES, mode="validation")
        schemas |= schema.pop("$defs", {})
        schemas[name] = schema
    closed: dict[str, Any] = _closed(dict(sorted(schemas.items())))
    return closed


def _closed(schema: Any) -> Any:  # noqa: ANN401  any part of a schema
    """Return a schema in which names must match their pattern: Pydantic only writes what follows if they do."""
    if isinstance(schema, list):
        return [_closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    parts = {name: _closed(part) for name, part in schema.items()}
    return {**parts, "additionalProperties": False} if "patternProperties" in parts else parts
