"""What API Gateway tells browsers by itself; what functions tell them is their own."""

import re
from typing import Any

import pytest

from schemas.routes import ROUTES
from tests.infra.routing import method, paths
from tests.infra.template import Resource, Template
from tests.origins import FOREIGN

PATHS = sorted({route.path for route in ROUTES})
ALLOW_ORIGIN = "method.response.header.Access-Control-Allow-Origin"
MOCKED = [("OPTIONS", path) for path in PATHS] + [("GET", "/api/health")]

every_path = pytest.mark.parametrize("path", PATHS)
mocked_methods = pytest.mark.parametrize(("verb", "path"), MOCKED)


def response(found: Resource) -> dict[str, Any]:
    (only,) = found["Integration"]["IntegrationResponses"]
    answer: dict[str, Any] = only
    return answer


def constant(found: Resource, header: str) -> str:
    value: str = response(found)["ResponseParameters"][f"method.response.header.{header}"]
    return value.removeprefix("'").removesuffix("'")


def grants(found: Resource, origin: str) -> bool:
    """Return whether the response's template gives an origin the right to read the answer."""
    template = response(found)["ResponseTemplates"]["application/json"]
    (condition, then) = re.findall(r'#if\(\$origin && \$origin\.matches\("(.*)"\)\)\n(.*)\n#end', template)[0]
    assert then == "#set($context.responseOverride.header.Access-Control-Allow-Origin = $origin)"
    return re.fullmatch(condition, origin) is not None


@every_path
def test_a_preflight_needs_no_token(template: Template, path: str) -> None:
    preflight = method(template, "OPTIONS", path)

    assert (preflight["AuthorizationType"], preflight["Integration"]["Type"]) == ("NONE", "MOCK")


def test_only_paths_that_have_a_route_have_a_preflight(template: Template) -> None:
    with_preflight = [
        _path
        for _path, resource in paths(template).items()
        for found in template.resources("AWS::ApiGateway::Method")
        if found["HttpMethod"] == "OPTIONS" and template.target(found["ResourceId"]) == resource
    ]

    assert sorted(with_preflight) == PATHS


@every_path
def test_a_preflight_names_the_methods_of_its_path(template: Template, path: str) -> None:
    named = constant(method(template, "OPTIONS", path), "Access-Control-Allow-Methods")

    assert set(named.split(",")) == {route.method for route in ROUTES if route.path == path}


@every_path
def test_a_preflight_allows_the_headers_of_the_contract(template: Template, path: str) -> None:
    allowed = constant(method(template, "OPTIONS", path), "Access-Control-Allow-Headers").split(",")

    assert {"Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match"} <= set(allowed)
    assert "*" not in allowed  # it would not cover Authorization


@every_path
def test_a_preflight_is_remembered_no_longer_than_browsers_do(template: Template, path: str) -> None:
    seconds = int(constant(method(template, "OPTIONS", path), "Access-Control-Max-Age"))

    assert 0 < seconds <= 7200  # Chromium's most


@mocked_methods
def test_an_allowed_origin_may_read_what_api_gateway_answers(template: Template, verb: str, path: str) -> None:
    found = method(template, verb, path)

    for origin in template.stage.allowed_origins:
        assert grants(found, origin.replace(":*", ":5173"))


@mocked_methods
@pytest.mark.parametrize("origin", FOREIGN)
def test_a_foreign_origin_may_not(template: Template, verb: str, path: str, origin: str) -> None:
    assert not grants(method(template, verb, path), origin)


@mocked_methods
def test_a_cache_keeps_the_answers_to_different_origins_apart(template: Template, verb: str, path: str) -> None:
    assert constant(method(template, verb, path), "Vary") == "Origin"


@mocked_methods
def test_every_header_that_is_set_is_declared(template: Template, verb: str, path: str) -> None:
    found = method(template, verb, path)

    (declared,) = found["MethodResponses"]

    # API Gateway drops, or refuses to deploy, what the method does not declare.
    assert declared["ResponseParameters"].keys() >= {ALLOW_ORIGIN, *response(found)["ResponseParameters"]}
    assert declared["StatusCode"] == response(found)["StatusCode"]


@mocked_methods
def test_an_answer_has_the_status_that_it_asks_for(template: Template, verb: str, path: str) -> None:
    found = method(template, verb, path)

    asked = found["Integration"]["RequestTemplates"]["application/json"]

    assert asked == f'{{"statusCode": {response(found)["StatusCode"]}}}'
