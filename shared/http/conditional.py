"""Entity tags and preconditions (RFC 9110, sections 8.8.3 and 13)."""

import hashlib
import json
import re
from typing import Any

from shared.http.request import Request
from shared.http.response import Response
from shared.problems import FieldError, InvalidRequestError, PreconditionRequiredError, VersionMismatchError

# "<version>-<digest>": the version answers If-Match, the digest of the whole answer If-None-Match.
_TAG = re.compile(r'"([0-9]{1,9})-[0-9a-f]{16}"')


def entity_tag(document: dict[str, Any], *, version: int = 0) -> str:
    """Return a document's entity tag."""
    digest = hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()[:16]
    return f'"{version}-{digest}"'


PRIVATE = "private, no-cache"
"""Cache-Control of what only one caller may read: a browser may keep it only to ask again."""


def tagged(request: Request, document: dict[str, Any], *, version: int = 0, cache_control: str = PRIVATE) -> Response:
    """Return a document with its entity tag, or 304 when it is read by who has it."""
    tag = entity_tag(document, version=version)
    headers = {"ETag": tag, "Cache-Control": cache_control}
    # If-None-Match compares weakly (RFC 9110, section 13.1.2); caches that compress weaken the tag.
    known = {candidate.strip().removeprefix("W/") for candidate in request.headers.get("if-none-match", "").split(",")}
    has_it = request.method == "GET" and tag in known
    return Response(304, headers=headers) if has_it else Response(200, document, headers)


def expected_version(request: Request) -> int | None:
    """Return the version that If-Match names; None when any will do.

    Raises
    ------
    InvalidRequestError
        When the header holds no entity tag of ours.
    """
    match = _precondition(request)
    return None if match is None else int(match[1])


def required_version(request: Request) -> int:
    """Return the version that If-Match names, for a change that must name one.

    Raises
    ------
    PreconditionRequiredError
        When the header is missing, or means any version: a change that is applied later can't tell whether it would
        overwrite one that its author never saw.
    VersionMismatchError
        When the tag is weak: If-Match compares strongly (RFC 9110, section 13.1.1), so it matches nothing.
    InvalidRequestError
        When it holds no entity tag of ours.
    """
    tag = request.headers.get("if-match", "*").strip()
    if tag == "*":
        raise PreconditionRequiredError("Send the ETag that the record was read with as If-Match.")
    if tag.startswith("W/"):
        raise VersionMismatchError("A weak ETag matches no version. Send the ETag as it was answered.")
    version = expected_version(request)
    assert version is not None  # noqa: S101  only `*` is any version
    return version


def require_unchanged(request: Request, document: dict[str, Any]) -> None:
    """Hold If-Match against the resource as it is, where that has no version that a write could be conditional on.

    Raises
    ------
    InvalidRequestError
        When the header holds no entity tag of ours.
    VersionMismatchError
        When it holds the tag of another document.
    """
    match = _precondition(request)
    if match is not None and match[0] != entity_tag(document):
        raise VersionMismatchError("It was changed since you read it. Read it again, then repeat the change.")


def _precondition(request: Request) -> re.Match[str] | None:
    """Return the entity tag in If-Match; None when any will do."""
    tag = request.headers.get("if-match", "*").strip()
    if tag == "*":
        return None
    match = _TAG.fullmatch(tag)
    if match is None:
        error = FieldError("", "If-Match must be one ETag that this resource was read with.")
        raise InvalidRequestError("The If-Match header is not valid.", errors=(error,))
    return match
