"""Bodies of plain HTML forms."""

from typing import Any
from urllib.parse import parse_qsl

from shared.problems import FieldError, InvalidRequestError, json_pointer

MEDIA_TYPE = "application/x-www-form-urlencoded"

# More than any form of ours has; parse_qsl stops there instead of building what a hostile body asks for.
_MOST_PARTS = 64


def parse_form(body: bytes) -> dict[str, Any]:
    """Return a form's values by name; `fields[company]=ACME` becomes an entry of `fields`.

    A text field that was left empty is absent, as a form can't leave a field out.

    Raises
    ------
    InvalidRequestError
        When the body is no UTF-8 form, has too many parts, or gives a name twice.
    """
    try:
        pairs = parse_qsl(
            body.decode(),
            keep_blank_values=True,
            max_num_fields=_MOST_PARTS,
            encoding="utf-8",
            errors="strict",
        )
    except ValueError:
        error = FieldError("", f"Must be a UTF-8 form of at most {_MOST_PARTS} parts.")
        raise InvalidRequestError("The body is not a form.", errors=(error,)) from None
    form: dict[str, Any] = {}
    for name, value in pairs:
        _add(form, name, value)
    return form


def _add(form: dict[str, Any], name: str, value: str) -> None:
    if not value:
        return
    steps = ("fields", name[len("fields[") : -1]) if name.startswith("fields[") and name.endswith("]") else (name,)
    holder: Any = form
    for depth, step in enumerate(steps[:-1], start=1):
        holder = holder.setdefault(step, {})
        if not isinstance(holder, dict):
            raise _given_twice(steps[:depth])
    if steps[-1] in holder:
        raise _given_twice(steps)
    holder[steps[-1]] = value


def _given_twice(steps: tuple[str, ...]) -> InvalidRequestError:
    error = FieldError(json_pointer(*steps), "Must be given once.")
    return InvalidRequestError("The form gives a field twice.", errors=(error,))
