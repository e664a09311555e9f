"""A Pydantic model's fields, flat, for tables."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from pydantic import BaseModel

from cli.docs.markdown import code, table
from schemas.text import EXPLANATIONS

_WORDS = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "object": "object",
}
_BOUNDS = (
    ("minLength", "maxLength", "characters"),
    ("minItems", "maxItems", "entries"),
    ("minProperties", "maxProperties", "entries"),
    ("minimum", "maximum", ""),
)


class FieldRow(NamedTuple):
    """A field: its path from the root, its type with bounds, whether it must be given, its default and meaning."""

    path: str
    type: str
    required: bool
    default: object
    meaning: str


def field_rows(model: type[BaseModel]) -> list[FieldRow]:
    """Return the fields of a model and of the models in it."""
    schema = model.model_json_schema()
    return list(_rows(schema, schema.get("$defs", {}), ""))


def field_table(rows: list[FieldRow]) -> str:
    """Return a table of fields that tells which must be given."""
    return table(
        ("Field", "Type", "Required", "Meaning"),
        ((code(row.path), row.type, "yes" if row.required else "no", row.meaning) for row in rows),
    )


def _rows(schema: dict[str, Any], definitions: dict[str, Any], prefix: str) -> Iterator[FieldRow]:
    for name, own in schema["properties"].items():
        resolved = {**_definition(own, definitions), **own}
        path = f"{prefix}{name}"
        if "properties" in resolved:
            yield from _rows(resolved, definitions, f"{path}.")
            continue
        if "properties" in (items := _definition(resolved.get("items", {}), definitions)):
            yield from _rows(items, definitions, f"{path}[].")
            continue
        required = name in schema.get("required", ())
        yield FieldRow(path, _type(resolved), required, resolved.get("default"), _meaning(resolved))


def _definition(schema: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = definitions.get(schema.get("$ref", "").rpartition("/")[2], {})
    return found


def _type(schema: dict[str, Any]) -> str:
    return " or ".join(map(_one_type, schema.get("anyOf", [schema])))


def _one_type(schema: dict[str, Any]) -> str:
    if "const" in schema:
        return code(schema["const"])
    if "enum" in schema:
        return "one of " + ", ".join(code(value) for value in schema["enum"])
    if schema.get("format") == "date-time":
        return "time (RFC 3339)"
    if schema["type"] == "array":
        return ", ".join(["list", *_bounds(schema), f"each {_type(schema['items'])}"])
    if "patternProperties" in schema:
        (values,) = schema["patternProperties"].values()
        return ", ".join(["object", *_bounds(schema), f"each value {_type(values)}"])
    return ", ".join([_WORDS[schema["type"]], *_bounds(schema)])


def _bounds(schema: dict[str, Any]) -> Iterator[str]:
    for least, most, unit in _BOUNDS:
        low, high = schema.get(least), schema.get(most)
        if low and high is not None:
            yield f"{low} to {high:,} {unit}".rstrip()
        elif low:
            yield f"at least {low}" if low == 1 else f"at least {low:,} {unit}".rstrip()
        elif high is not None:
            yield f"at most {high:,} {unit}".rstrip()


def _meaning(schema: dict[str, Any]) -> str:
    patterns = (schema.get("pattern"), schema.get("items", {}).get("pattern"))
    sentences = [schema.get("description", ""), *(EXPLANATIONS.get(pattern, "") for pattern in patterns if pattern)]
    return " ".join(_sentence(text) for text in sentences if text)


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:].removesuffix(".") + "."
