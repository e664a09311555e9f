import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.gateway_models import gateway_model
from schemas.requests import REQUESTS
from shared.problems import InvalidRequestError
from shared.validation import Validator
from tests.unit.properties import json_values, reproducible, texts
from tests.unit.schemas.documents import VALID, broken

# JSON Schema draft 4: sections 3 and 6 of the core, section 5 of validation.
DRAFT_4 = {
    "$schema", "id", "title", "description", "default", "multipleOf", "maximum", "exclusiveMaximum", "minimum",
    "exclusiveMinimum", "maxLength", "minLength", "pattern", "additionalItems", "items", "maxItems", "minItems",
    "uniqueItems", "maxProperties", "minProperties", "required", "additionalProperties", "definitions", "properties",
    "patternProperties", "dependencies", "enum", "type", "allOf", "anyOf", "oneOf", "not", "format",
}  # fmt: skip

UNDERSTOOD = {"$schema", "title", "type", "maxProperties"}
"""What `gateway_accepts` evaluates."""


def gateway_accepts(model: dict[str, Any], document: object) -> bool:
    assert model.keys() <= UNDERSTOOD
    assert model["type"] == "object"
    return isinstance(document, dict) and len(document) <= model["maxProperties"]


@pytest.mark.parametrize("name", REQUESTS)
def test_a_model_is_written_in_draft_4(name: str) -> None:
    model = gateway_model(name)

    assert model["$schema"] == "http://json-schema.org/draft-04/schema#"
    assert model.keys() <= DRAFT_4


@pytest.mark.parametrize("name", REQUESTS)
@reproducible
@given(data=st.data())
def test_what_the_gateway_refuses_the_function_refuses_too(name: str, data: st.DataObject) -> None:
    crowded = st.dictionaries(texts, json_values, max_size=16)
    document = data.draw(broken(VALID[name]) | json_values | crowded)
    if gateway_accepts(gateway_model(name), document):
        return

    with pytest.raises(InvalidRequestError):
        Validator(name).from_json(json.dumps(document).encode())


@pytest.mark.parametrize("name", REQUESTS)
@reproducible
@given(data=st.data())
def test_what_the_function_accepts_passes_the_gateway(name: str, data: st.DataObject) -> None:
    document = data.draw(VALID[name])

    assert gateway_accepts(gateway_model(name), document)


@pytest.mark.parametrize("document", [None, True, 5, "text", [], [{}]], ids=repr)
@pytest.mark.parametrize("name", REQUESTS)
def test_what_is_no_object_never_reaches_a_function(name: str, document: object) -> None:
    assert not gateway_accepts(gateway_model(name), document)


@pytest.mark.parametrize("name", REQUESTS)
def test_an_object_of_more_fields_than_exist_never_reaches_a_function(name: str) -> None:
    fields = REQUESTS[name].__annotations__
    document = dict.fromkeys([*fields, "surplus"])

    assert not gateway_accepts(gateway_model(name), document)
