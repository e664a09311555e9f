"""Give a request's message its identity."""

import hashlib
import re

from shared.http.request import Request
from shared.ids import derived_id, uuid7
from shared.problems import FieldError, InvalidRequestError

# Visible ASCII, as a header field value is; the draft writes the key as a quoted string, most clients send it bare.
_KEY = re.compile(r"[\x21-\x7e]{1,255}")


def message_id(request: Request) -> str:
    """Return a new id, or with an Idempotency-Key the one that belongs to the caller, the key and what is asked for.

    That is the method, the route, the record in the path, the version of it that If-Match names, and the body. One key
    for the deletion of two records must not make the second one a repetition, which nobody would apply.

    Raises
    ------
    InvalidRequestError
        When the header is no key.
    """
    key = request.headers.get("idempotency-key")
    if key is None:
        return uuid7()
    if not _KEY.fullmatch(key):
        error = FieldError("", "Idempotency-Key must be 1 to 255 visible ASCII characters.")
        raise InvalidRequestError("The Idempotency-Key header is not valid.", errors=(error,))
    caller = request.subject.encode()
    return derived_id(
        request.method.encode(),
        request.resource.encode(),
        caller,
        key.encode(),
        hashlib.sha256(request.body).digest(),
        request.headers.get("if-match", "").encode(),
        *(value.encode() for value in request.path_parameters.values()),
    )
