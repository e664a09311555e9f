"""Compile request schemas into validators that load without Pydantic.

Importing Pydantic and building the models costs a function more than everything else it does at a cold start. What
`pydantic_core` needs of a model is plain JSON as long as every constraint is declarative, so it is written to a file
when the layer is built, and `shared.validation` loads it.
"""

import json
import os
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from schemas.requests import REQUESTS
from schemas.text import EXPLANATIONS

# Keys of a core schema that only Pydantic itself reads.
_PYDANTIC_ONLY = frozenset({"cls", "cls_name", "metadata", "ref"})

# Types of core schemas that build objects of a Python class.
_PYTHON_TYPES = frozenset({"dataclass", "enum", "model", "named-tuple"})


class UncompilableSchemaError(Exception):
    """Raised when a schema needs a Python function to validate."""


def compile_schema(model: type) -> dict[str, Any]:
    """Return the core schema of a TypedDict as JSON-compatible data.

    Raises
    ------
    UncompilableSchemaError
        When a Python validator, serializer or class takes part in validating.
    """
    schema: Any = TypeAdapter(model).core_schema
    parts: dict[str, Any] = {}
    if schema["type"] == "definitions":
        parts = {part["ref"]: part for part in schema["definitions"]}
        schema = schema["schema"]
    compiled = _plain(_inlined(schema, parts, ()), model.__name__)
    assert isinstance(compiled, dict)  # noqa: S101  a core schema is a dict at its root
    return compiled


def compile_all(target: Path) -> None:
    """Write `<name>.json` for every schema of `REQUESTS` into the folder `target`.

    Each holds the core schema and, for the patterns in it, the sentences that explain a mismatch to a person.
    """
    target.mkdir(parents=True, exist_ok=True)
    for name, model in REQUESTS.items():
        document = {"schema": compile_schema(model), "explanations": EXPLANATIONS}
        # Whoever reads it meanwhile finds the one before, which is the same.
        unfinished = target / f"{name}.{os.getpid()}.part"
        unfinished.write_text(json.dumps(document, sort_keys=True) + "\n")
        unfinished.replace(target / f"{name}.json")


def _inlined(value: object, parts: dict[str, Any], outer: tuple[str, ...]) -> object:
    """Return `value` with each part that is used more than once in the places where it is referred to.

    Pydantic refers to it by a name that only its own process knows.
    """
    if isinstance(value, dict):
        if value.get("type") == "definition-ref":
            name = value["schema_ref"]
            if name in outer:
                message = f"{name.partition(':')[0]} contains itself, which can't be compiled"
                raise UncompilableSchemaError(message)
            return _inlined(parts[name], parts, (*outer, name))
        return {key: _inlined(item, parts, outer) for key, item in value.items()}
    if isinstance(value, list):
        return [_inlined(item, parts, outer) for item in value]
    return value


def _plain(value: object, where: str, *, names: bool = False) -> object:
    """Return `value` without what only Pydantic reads; under `names`, keys are a model's field names and all stay."""
    if isinstance(value, dict):
        if not names and value.get("type") in _PYTHON_TYPES:
            message = f"{where} is a {value['type']}, which needs Python: use declarative constraints and TypedDicts"
            raise UncompilableSchemaError(message)
        return {
            key: _plain(item, f"{where}.{key}", names=key == "fields" and not names)
            for key, item in value.items()
            if names or key not in _PYDANTIC_ONLY
        }
    if isinstance(value, list | tuple):
        return [_plain(item, where) for item in value]
    if value is None or isinstance(value, str | int | float | bool):
        return value
    message = f"{where} holds {value!r}, which only Python can evaluate: keep request schemas declarative"
    raise UncompilableSchemaError(message)


if __name__ == "__main__":
    compile_all(Path(__file__).parent / "compiled")
