"""Validate request bodies with validators that `schemas.compiler` wrote, without importing Pydantic."""

import json
from pathlib import Path
from typing import Any

import schemas
from shared.native import core
from shared.problems import FieldError, InvalidRequestError, json_pointer

_COMPILED = Path(schemas.__file__).parent / "compiled"
# A body made for it has a hundred thousand: their document would be larger than what a function may answer.
_MOST_ERRORS = 100


class Validator:
    """Validator of one request schema.

    Parameters
    ----------
    name
        The schema's name in `schemas.requests.REQUESTS`.
    """

    def __init__(self, name: str) -> None:
        compiled = json.loads((_COMPILED / f"{name}.json").read_bytes())
        self._validator = core.SchemaValidator(compiled["schema"])
        self._explanations: dict[str, str] = compiled["explanations"]

    def from_json(self, body: bytes) -> dict[str, Any]:
        """Return the validated body, white space trimmed and numbers converted as the schema says.

        Raises
        ------
        InvalidRequestError
            With one entry for each thing that is wrong, of the first hundred.
        """
        return self._checked(self._validator.validate_json, body)

    def from_form(self, form: dict[str, Any]) -> dict[str, Any]:
        """Return the validated form, whose values are strings; errors as for `from_json`."""
        return self._checked(self._validator.validate_python, form)

    def _checked(self, validate: Any, value: object) -> dict[str, Any]:  # noqa: ANN401  a native method
        try:
            document: dict[str, Any] = validate(value)
        except core.ValidationError as error:
            told = error.errors(include_url=False, include_input=False)[:_MOST_ERRORS]
            errors = tuple(map(self._explain, told))
            raise InvalidRequestError("The request does not fit its schema.", errors=errors) from None
        return document

    def _explain(self, entry: dict[str, Any]) -> FieldError:
        """Return one of a validation error's entries, without the value that was sent."""
        pattern = entry.get("ctx", {}).get("pattern", "")
        return FieldError(_pointer(entry), self._explanations.get(pattern, entry["msg"]))


def _pointer(entry: dict[str, Any]) -> str:
    steps = entry["loc"]
    # Where a mapping's key is at fault, pydantic_core adds this step; a field that does not exist may be called so.
    if steps[-1:] == ("[key]",) and entry["type"] != "extra_forbidden":
        steps = steps[:-1]
    return json_pointer(*steps)
