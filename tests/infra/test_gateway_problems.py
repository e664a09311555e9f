"""What API Gateway answers before any function is asked: the one shape of every error."""

import json
from typing import Any

import pytest

from infra.constructs.gateway_responses import PROBLEMS
from schemas.responses import Problem
from shared.http.cors import EXPOSED
from shared.problems import ProblemError
from tests.infra.template import Resource, Template

STATUSES = {
    "BAD_REQUEST_BODY": 400,
    "BAD_REQUEST_PARAMETERS": 400,
    "UNAUTHORIZED": 401,
    "ACCESS_DENIED": 403,
    "INVALID_API_KEY": 403,
    "MISSING_AUTHENTICATION_TOKEN": 404,
    "RESOURCE_NOT_FOUND": 404,
    "WAF_FILTERED": 403,
    "REQUEST_TOO_LARGE": 413,
    "UNSUPPORTED_MEDIA_TYPE": 415,
    "THROTTLED": 429,
    "QUOTA_EXCEEDED": 429,
    "INTEGRATION_TIMEOUT": 504,
    # Everything else that API Gateway may find.
    "DEFAULT_4XX": 400,
    "DEFAULT_5XX": 500,
}
every_type = pytest.mark.parametrize("type_", STATUSES)


def response(template: Template, type_: str) -> Resource:
    found = template.resources("AWS::ApiGateway::GatewayResponse")
    (only,) = [resource for resource in found if resource["ResponseType"] == type_]
    return only


def header(template: Template, type_: str, name: str) -> str | None:
    value = response(template, type_)["ResponseParameters"].get(f"gatewayresponse.header.{name}")
    return None if value is None else str(value).removeprefix("'").removesuffix("'")


def body(template: Template, type_: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(response(template, type_)["ResponseTemplates"]["application/json"])
    return found


def test_there_is_an_answer_to_all_that_api_gateway_finds(template: Template) -> None:
    found = {
        item["ResponseType"]: int(item["StatusCode"]) for item in template.resources("AWS::ApiGateway::GatewayResponse")
    }

    assert found == STATUSES
    assert len(found) == len(PROBLEMS)


@every_type
def test_an_answer_is_a_problem_document(template: Template, type_: str) -> None:
    document = body(template, type_)

    problem = Problem.model_validate(document)

    assert document.keys() <= Problem.model_fields.keys()
    assert problem.status == STATUSES[type_]
    assert problem.request_id == "$context.requestId"


@every_type
def test_an_answer_says_what_it_is(template: Template, type_: str) -> None:
    assert header(template, type_, "Content-Type") == "application/problem+json"


@every_type
def test_an_answer_repeats_nothing_that_the_caller_sent(template: Template, type_: str) -> None:
    variables = [value for value in body(template, type_).values() if "$" in str(value)]

    # The path as it is declared, not as it was asked for: what is not escaped could break out of the document.
    assert variables == ["$context.resourcePath", "$context.requestId"]


@every_type
def test_the_site_may_read_an_answer(template: Template, type_: str) -> None:
    assert header(template, type_, "Access-Control-Allow-Origin") == template.stage.site_origin
    assert header(template, type_, "Access-Control-Expose-Headers") == EXPOSED
    assert header(template, type_, "Vary") == "Origin"


@every_type
def test_who_should_come_back_later_is_told_when(template: Template, type_: str) -> None:
    seconds = header(template, type_, "Retry-After")

    assert (seconds is not None) == (STATUSES[type_] in {429, 504})
    assert seconds is None or int(seconds) > 0


@every_type
def test_only_who_has_no_valid_token_is_asked_for_one(template: Template, type_: str) -> None:
    assert (header(template, type_, "WWW-Authenticate") == "Bearer") == (STATUSES[type_] == 401)


@pytest.mark.parametrize("error", [ProblemError, *ProblemError.__subclasses__()])
def test_a_problem_has_the_same_name_whoever_finds_it(template: Template, error: type[ProblemError]) -> None:
    kind = f"urn:sitewire:problem:{error.slug}"
    same = [document for type_ in STATUSES if (document := body(template, type_))["type"] == kind]

    for document in same:
        assert (document["title"], document["status"]) == (error.title, error.status)


def test_a_body_that_does_not_fit_is_explained_as_functions_do(template: Template) -> None:
    (error,) = body(template, "BAD_REQUEST_BODY")["errors"]

    assert error.keys() == {"pointer", "detail"}
