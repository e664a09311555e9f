"""What a request's path names."""

from shared.http.request import Request
from shared.ids import is_well_formed
from shared.problems import FieldError, InvalidRequestError


def record_id(request: Request) -> str:
    """Return the id in the path.

    Raises
    ------
    InvalidRequestError
        When it can't be an id.
    """
    candidate = request.path_parameters["id"]
    if not is_well_formed(candidate):
        error = FieldError("", "The id in the path must be one that this API gave out.")
        raise InvalidRequestError("The path holds no id.", errors=(error,))
    return candidate
