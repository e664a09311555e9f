from typing import Annotated, Any, Literal

import pytest
from pydantic import AwareDatetime, BaseModel, Field

from cli.docs.fields import FieldRow, field_rows


class Inner(BaseModel):
    depth: int = Field(default=3, ge=1, description="how deep it is")


class Outer(BaseModel):
    inner: Inner
    names: tuple[Annotated[str, Field(max_length=5)], ...] = Field(min_length=1, max_length=2)
    mode: Literal["on", "off"] = "on"
    at: AwareDatetime
    limits: dict[Annotated[str, Field(pattern="^[a-z]+$")], int] = {}
    anything: dict[str, Any] = {}
    either: Annotated[str, Field(max_length=5)] | bool = ""


@pytest.fixture(scope="module")
def rows() -> dict[str, FieldRow]:
    return {row.path: row for row in field_rows(Outer)}


def test_fields_are_listed_by_their_path_from_the_root(rows: dict[str, FieldRow]) -> None:
    assert list(rows) == ["inner.depth", "names", "mode", "at", "limits", "anything", "either"]


@pytest.mark.parametrize(
    ("path", "type_"),
    [
        ("inner.depth", "whole number, at least 1"),
        ("names", "list, 1 to 2 entries, each text, at most 5 characters"),
        ("mode", "one of `on`, `off`"),
        ("at", "time (RFC 3339)"),
        ("limits", "object, each value whole number"),
        ("anything", "object"),
        ("either", "text, at most 5 characters or true or false"),
    ],
)
def test_a_type_is_told_with_its_bounds(rows: dict[str, FieldRow], path: str, type_: str) -> None:
    assert rows[path].type == type_


def test_a_default_makes_a_field_optional(rows: dict[str, FieldRow]) -> None:
    assert (rows["inner.depth"].required, rows["inner.depth"].default) == (False, 3)
    assert rows["at"].required


def test_a_description_becomes_a_sentence(rows: dict[str, FieldRow]) -> None:
    assert rows["inner.depth"].meaning == "How deep it is."
