import json
from typing import Any

import pytest
from hypothesis import given
from pydantic import TypeAdapter, ValidationError

from schemas.requests import REQUESTS
from schemas.text import EMAIL, EXPLANATIONS, FIELD_NAME, ONE_LINE
from shared.problems import FieldError, InvalidRequestError
from shared.validation import Validator
from tests.unit.properties import reproducible
from tests.unit.schemas.documents import VALID, bodies

VALID_FORM = {"name": "Ada", "email": "ada@example.org", "message": "Hello"}
CANARY = "kanarienvogel-4711"

contact_request = Validator("ContactRequest")
REFERENCE: TypeAdapter[Any] = TypeAdapter(REQUESTS["ContactRequest"])


def errors_of(document: object) -> tuple[FieldError, ...]:
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    with pytest.raises(InvalidRequestError) as caught:
        contact_request.from_json(body)
    return caught.value.errors


def resolve(document: Any, pointer: str) -> Any:
    """Evaluate a JSON Pointer as RFC 6901, section 4, says."""
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        document = document[int(name)] if isinstance(document, list) else document[name]
    return document


@reproducible
@given(body=bodies("ContactRequest"))
def test_a_body_is_judged_as_the_model_judges_it(body: bytes) -> None:
    try:
        expected = REFERENCE.validate_json(body)
    except ValidationError as error:
        expected = error.error_count()
    try:
        found: object = contact_request.from_json(body)
    except InvalidRequestError as error:
        found = len(error.errors)

    assert found == expected


@reproducible
@given(document=VALID["ContactRequest"])
def test_a_form_is_judged_as_json_is(document: dict[str, Any]) -> None:
    form = {
        name: value if isinstance(value, dict) else str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in document.items()
    }

    assert contact_request.from_form(form) == contact_request.from_json(json.dumps(document).encode())


@pytest.mark.parametrize(
    ("document", "pointer"),
    [
        ({**VALID_FORM, "email": "nobody"}, "/email"),
        ({**VALID_FORM, "fields": {"company": 5}}, "/fields/company"),
        ({**VALID_FORM, "unknown": 1}, "/unknown"),
        ({**VALID_FORM, "a/b": 1}, "/a~1b"),
        ({**VALID_FORM, "a~b": 1}, "/a~0b"),
        ({**VALID_FORM, "~1": 1}, "/~01"),
        ({**VALID_FORM, "": 1}, "/"),
        ({**VALID_FORM, "fields": {"a/b~c": "x"}}, "/fields/a~1b~0c"),
        ({**VALID_FORM, "[key]": 1}, "/[key]"),
        ({**VALID_FORM, "fields": {"[key]": "x"}}, "/fields/[key]"),
        ([], ""),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_error_points_at_what_is_wrong(document: Any, pointer: str) -> None:
    errors = errors_of(document)

    assert [error.pointer for error in errors] == [pointer]
    resolve(document, pointer)


@pytest.mark.parametrize(("wrong", "told"), [(99, 99), (100, 100), (101, 100)])
def test_a_hundred_errors_are_told_at_most(wrong: int, told: int) -> None:
    errors = errors_of({**VALID_FORM, **{f"unknown-{number}": 1 for number in range(wrong)}})

    assert [error.pointer for error in errors] == [f"/unknown-{number}" for number in range(told)]


def test_a_missing_field_is_pointed_at_where_it_should_be() -> None:
    assert {error.pointer for error in errors_of({})} == {"/name", "/email", "/message"}


@pytest.mark.parametrize(
    ("change", "pattern"),
    [({"email": "nobody"}, EMAIL), ({"name": "A\nB"}, ONE_LINE), ({"fields": {"<b>": "x"}}, FIELD_NAME)],
)
def test_a_pattern_is_explained_in_a_sentence(change: dict[str, Any], pattern: str) -> None:
    (error,) = errors_of(VALID_FORM | change)

    assert error.detail == EXPLANATIONS[pattern]


@pytest.mark.parametrize(
    "body", [b"", b"{", b"nonsense", b'{"name": }', b"\xff\xfe", b'{"name": "\\ud800"}', b"[" * 5000]
)
def test_what_is_no_json_is_one_error_of_the_whole_body(body: bytes) -> None:
    (error,) = errors_of(body)

    assert error.pointer == ""
    assert error.detail.startswith("Invalid JSON")


@pytest.mark.parametrize(
    "change",
    [
        {"name": f"{CANARY}\n{CANARY}"},
        {"name": f"{CANARY}{'x' * 200}"},
        {"email": CANARY},
        {"phone": CANARY},
        {"locale": CANARY},
        {"page_url": CANARY},
        {"consent": CANARY},
        {"elapsed_ms": CANARY},
        {"fields": CANARY},
        {"fields": {"company": [CANARY]}},
        {"unknown": CANARY},
        {"name": {"first": CANARY}},
    ],
    ids=lambda change: str(change)[:40],
)
def test_no_error_repeats_a_value_that_was_sent(change: dict[str, Any]) -> None:
    errors = errors_of(VALID_FORM | change)

    assert errors
    assert CANARY not in repr(errors)


def test_the_error_carries_no_trace_of_the_values() -> None:
    with pytest.raises(InvalidRequestError) as caught:
        contact_request.from_json(json.dumps(VALID_FORM | {"email": CANARY}).encode())

    assert caught.value.__cause__ is None
    assert CANARY not in str(caught.value)
    assert CANARY not in caught.value.detail


def test_white_space_around_values_is_trimmed() -> None:
    document = contact_request.from_json(
        json.dumps(VALID_FORM | {"name": "  Ada\t", "email": " ada@example.org "}).encode()
    )

    assert (document["name"], document["email"]) == ("Ada", "ada@example.org")


def test_a_value_of_white_space_alone_is_empty() -> None:
    (error,) = errors_of(VALID_FORM | {"message": " \n\t "})

    assert error.pointer == "/message"


def test_a_form_gets_numbers_and_truth_values_from_its_strings() -> None:
    document = contact_request.from_form({**VALID_FORM, "elapsed_ms": "42000", "consent": "on"})

    assert (document["elapsed_ms"], document["consent"]) == (42000, True)
