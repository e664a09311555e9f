"""Bad input over HTTP: refused in one shape, with a pointer to what is wrong, and nothing accepted."""

from typing import Any

import pytest

from tests.e2e.conftest import FORM, SITE, Site

INVALID: dict[str, tuple[dict[str, Any], set[str]]] = {
    "nothing at all": ({}, {"/name", "/email", "/message"}),
    "an address without a domain": ({**FORM, "email": "ada@"}, {"/email"}),
    "an address without a dot": ({**FORM, "email": "ada@localhost"}, {"/email"}),
    "an empty message": ({**FORM, "message": ""}, {"/message"}),
    "a message of white space": ({**FORM, "message": "  \n "}, {"/message"}),
    "a name that is a number": ({**FORM, "name": 7}, {"/name"}),
    "a name that is too long": ({**FORM, "name": "a" * 201}, {"/name"}),
    "a name of two lines": ({**FORM, "name": "Ada\nBcc: everybody@example.org"}, {"/name"}),
    "a control character": ({**FORM, "message": "bell \x07"}, {"/message"}),
    "a field that does not exist": ({**FORM, "admin": True}, {"/admin"}),
    "a telephone number of letters": ({**FORM, "phone": "call me"}, {"/phone"}),
    "a page that is no URL": ({**FORM, "page_url": "javascript:alert(1)"}, {"/page_url"}),
    "a language that is none": ({**FORM, "locale": "e"}, {"/locale"}),
    "consent that is no boolean": ({**FORM, "consent": "perhaps"}, {"/consent"}),
    "too many custom fields": ({**FORM, "fields": {f"f{n}": "x" for n in range(21)}}, {"/fields"}),
    "a custom field that is no string": ({**FORM, "fields": {"a": [1]}}, {"/fields/a"}),
    "a custom field with a hostile name": ({**FORM, "fields": {"a/b~c": "x"}}, {"/fields/a~1b~0c"}),
    "a negative time": ({**FORM, "elapsed_ms": -1}, {"/elapsed_ms"}),
}


@pytest.mark.parametrize(("body", "pointers"), INVALID.values(), ids=INVALID)
def test_each_wrong_field_is_pointed_at(site: Site, body: dict[str, Any], pointers: set[str]) -> None:
    answer = site.call("POST", "/api/contact", json=body)

    problem = answer.json()
    assert answer.status_code == problem["status"] == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert {error["pointer"] for error in problem["errors"]} == pointers
    assert problem["type"] == "urn:sitewire:problem:invalid-request"
    assert problem["instance"] == "/api/contact"
    assert problem["request_id"]


@pytest.mark.parametrize("body", ["", "{", "[]", '"text"', "null", '{"name": "\\ud800"}'])
def test_what_is_no_json_object_is_refused_as_a_whole(site: Site, body: str) -> None:
    answer = site.call("POST", "/api/contact", data=body, headers={"Content-Type": "application/json"})

    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert [error["pointer"] for error in answer.json()["errors"]] == [""]


def test_more_fields_than_exist_are_refused_before_any_function_runs(site: Site) -> None:
    answer = site.call("POST", "/api/contact", json={f"field{number}": "x" for number in range(50)})

    assert answer.status_code == 400
    assert answer.headers["x-amzn-ErrorType"] == "BadRequestException"
    assert answer.json()["errors"] == [{"pointer": "", "detail": "Must be a JSON object with known fields only."}]


def test_a_body_over_the_limit_is_refused(site: Site) -> None:
    answer = site.call("POST", "/api/contact", json={**FORM, "message": "é" * 20_000})

    assert (answer.status_code, answer.json()["title"]) == (413, "Body too large")


def test_another_media_type_is_refused(site: Site) -> None:
    answer = site.call("POST", "/api/contact", data="<form/>", headers={"Content-Type": "application/xml"})

    assert (answer.status_code, answer.json()["title"]) == (415, "Unsupported media type")


@pytest.mark.parametrize(
    "redirect",
    ["https://evil.example/", f"{SITE}@evil.example/", "//evil.example", "/thanks", f"{SITE}\\@evil.example"],
)
def test_a_form_is_not_taken_to_a_foreign_place(site: Site, redirect: str) -> None:
    answer = site.call("POST", "/api/contact", data={**FORM, "redirect": redirect})

    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/redirect"]


def test_an_idempotency_key_that_is_none_is_refused(site: Site) -> None:
    answer = site.call("POST", "/api/contact", json=FORM, headers={"Idempotency-Key": "x" * 300})

    assert answer.status_code == 400


def test_an_operation_id_that_can_not_be_one_is_refused(site: Site) -> None:
    answer = site.call("GET", "/api/operations/../../etc/passwd".replace("/../", "/x"))

    assert answer.status_code in {400, 404}
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_a_method_that_the_route_has_not_is_no_route(site: Site, method: str) -> None:
    answer = site.call(method, "/api/contact")

    assert (answer.status_code, answer.json()["title"]) == (404, "Not found")
