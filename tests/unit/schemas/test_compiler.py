import enum
import json
from pathlib import Path
from typing import Annotated, Any, TypedDict

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import AfterValidator, BaseModel, TypeAdapter, ValidationError
from pydantic_core import SchemaValidator

from schemas.compiler import UncompilableSchemaError, compile_all, compile_schema
from schemas.requests import REQUESTS
from tests.unit.properties import reproducible
from tests.unit.schemas.documents import VALID, bodies

REFERENCES: dict[str, TypeAdapter[Any]] = {name: TypeAdapter(model) for name, model in REQUESTS.items()}
COMPILED = {name: SchemaValidator(compile_schema(model)) for name, model in REQUESTS.items()}


class Address(BaseModel):
    street: str


class Shade(enum.StrEnum):
    LIGHT = "light"


class Place(TypedDict):
    street: str


class WithFunction(TypedDict):
    name: Annotated[str, AfterValidator(str.upper)]


class WithModel(TypedDict):
    address: Address


class WithEnum(TypedDict):
    shade: Shade


class WithTheSameTwice(TypedDict):
    home: Place
    work: Place


class Journey(TypedDict):
    start: Place
    end: Place


class WithPartsOfParts(TypedDict):
    there: Journey
    back: Journey


class Branch(TypedDict):
    branches: list["Branch"]


def judged(validate: Any, body: bytes) -> tuple[str, Any]:
    """Return what a validator says of a body: the value, or each error's type, place and sentence."""
    try:
        return "accepted", validate(body)
    except ValidationError as error:
        return "refused", error.errors(include_url=False, include_input=False)


@pytest.mark.parametrize("name", REQUESTS)
@reproducible
@given(data=st.data())
def test_compiled_validators_judge_every_body_as_the_model_does(name: str, data: st.DataObject) -> None:
    body = data.draw(bodies(name))

    verdict = judged(COMPILED[name].validate_json, body)

    assert verdict == judged(REFERENCES[name].validate_json, body)


@pytest.mark.parametrize("name", REQUESTS)
@reproducible
@given(data=st.data())
def test_compiled_validators_accept_what_is_valid(name: str, data: st.DataObject) -> None:
    document = data.draw(VALID[name])

    verdict, value = judged(COMPILED[name].validate_json, json.dumps(document).encode())

    assert verdict == "accepted", value


@pytest.mark.parametrize("model", [WithFunction, WithModel, WithEnum])
def test_a_schema_that_needs_python_is_not_compiled(model: type) -> None:
    with pytest.raises(UncompilableSchemaError):
        compile_schema(model)


def test_a_part_that_is_used_twice_is_compiled_in_both_places() -> None:
    compiled = SchemaValidator(compile_schema(WithTheSameTwice))
    document = {"home": {"street": "High Street"}, "work": {"street": "Low Street"}}

    assert compiled.validate_python(document) == document
    assert judged(compiled.validate_json, b'{"home": {"street": "High Street"}, "work": {}}')[0] == "refused"


def test_a_part_of_a_part_that_is_used_twice_is_compiled_in_every_place() -> None:
    compiled = SchemaValidator(compile_schema(WithPartsOfParts))
    journey = {"start": {"street": "High Street"}, "end": {"street": "Low Street"}}

    assert compiled.validate_python({"there": journey, "back": journey}) == {"there": journey, "back": journey}


def test_a_schema_that_contains_itself_is_not_compiled() -> None:
    with pytest.raises(UncompilableSchemaError, match="contains itself"):
        compile_schema(Branch)


def test_the_error_names_the_field_that_needs_python() -> None:
    with pytest.raises(UncompilableSchemaError, match=r"WithFunction\.fields\.name"):
        compile_schema(WithFunction)


def test_every_schema_is_written_to_a_file_of_its_name(tmp_path: Path) -> None:
    compile_all(tmp_path / "compiled")

    assert {path.stem for path in (tmp_path / "compiled").iterdir()} == set(REQUESTS)


def test_the_same_declarations_are_compiled_to_the_same_bytes(tmp_path: Path) -> None:
    compile_all(tmp_path / "first")
    compile_all(tmp_path / "second")

    for name in REQUESTS:
        first, second = (tmp_path / folder / f"{name}.json" for folder in ("first", "second"))
        assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize("name", REQUESTS)
def test_every_pattern_has_an_explanation(name: str, tmp_path: Path) -> None:
    compile_all(tmp_path)
    document = json.loads((tmp_path / f"{name}.json").read_text())

    assert _patterns(document["schema"]) <= document["explanations"].keys()


def _patterns(schema: Any) -> set[str]:
    if isinstance(schema, list):
        return set().union(*map(_patterns, schema))
    if not isinstance(schema, dict):
        return set()
    own = {schema["pattern"]} if isinstance(schema.get("pattern"), str) else set()
    return own.union(*map(_patterns, schema.values()))
