"""Query parameters, and what is wrong with them."""

import re

from shared.http.request import Request
from shared.problems import FieldError, InvalidRequestError

LARGEST_PAGE = 100
_PAGE_SIZE = 20
_NUMBER = re.compile("[0-9]{1,9}")


def page_size(request: Request, *, most: int = LARGEST_PAGE) -> int:
    """Return how many records `limit` asks for."""
    return whole_number(request, "limit", default=_PAGE_SIZE, least=1, most=most)


def whole_number(request: Request, parameter: str, *, default: int, least: int, most: int) -> int:
    """Return a whole number."""
    raw = request.query.get(parameter, str(default))
    if not (_NUMBER.fullmatch(raw) and least <= int(raw) <= most):
        raise invalid(parameter, f"Must be a whole number from {least} to {most}.")
    return int(raw)


def flag(request: Request, parameter: str) -> bool | None:
    """Return true or false; None where the parameter is absent."""
    raw = request.query.get(parameter)
    if raw not in {None, "true", "false"}:
        raise invalid(parameter, "Must be true or false.")
    return None if raw is None else raw == "true"


def invalid(parameter: str, detail: str) -> InvalidRequestError:
    """Return the error for a query parameter."""
    error = FieldError("", f"{parameter}: {detail}")
    return InvalidRequestError(f"The query parameter {parameter} is not valid.", errors=(error,))
