"""The submission resource, as the reading and the editing function both answer it."""

from typing import Any

from schemas.responses import Submission
from shared.problems import NotFoundError


def submission_document(values: dict[str, Any], **extra: Any) -> dict[str, Any]:  # noqa: ANN401  fields of the model
    """Return the response document of a stored submission."""
    return Submission.model_validate(values | extra).model_dump(mode="json", exclude_none=True)


def not_found(identifier: str) -> NotFoundError:
    """Return the error for a submission that does not exist."""
    return NotFoundError(f"There is no submission {identifier}; it may have been erased.")
