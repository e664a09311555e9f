"""The submission resource, as the reading and the editing function both answer it."""

from typing import Any

from schemas.responses import Submission
from shared.http.request import Request
from shared.ids import is_well_formed
from shared.problems import FieldError, InvalidRequestError, NotFoundError


def submission_id(request: Request) -> str:
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


def submission_document(values: dict[str, Any], **extra: Any) -> dict[str, Any]:  # noqa: ANN401  fields of the model
    """Return the response document of a stored submission."""
    return Submission.model_validate(values | extra).model_dump(mode="json", exclude_none=True)


def not_found(identifier: str) -> NotFoundError:
    """Return the error for a submission that does not exist."""
    return NotFoundError(f"There is no submission {identifier}; it may have been erased.")
