"""The OpenAPI document: valid as a whole, and true of what functions read."""

import ast
import re
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from infra.catalogue import FUNCTIONS, Function
from local.paths import ROOT
from schemas.analytics_parameters import DIMENSIONS
from schemas.openapi import openapi_document
from schemas.routes import ROUTES, Role, Route
from shared.analytics.dimensions import METRICS, TOTAL

DOCUMENT = openapi_document()
READERS = {"flag": 1, "whole_number": 1}
"""Functions that read the query parameter which this argument names."""

TRADING_CREDENTIALS = {"/api/auth/token", "/api/auth/refresh"}
"""Paths that answer 401 about what a body holds."""

CHANGES = [route for route in ROUTES if route.response == "ChangeAccepted"]
OF_ONE_PROJECT = [route for route in CHANGES if "{id}" in route.path]

every_route = pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")


def operation(route: Route) -> dict[str, Any]:
    found: dict[str, Any] = DOCUMENT["paths"][route.path][route.method.lower()]
    return found


def parameters(route: Route, place: str) -> dict[str, dict[str, Any]]:
    return {entry["name"]: entry for entry in operation(route)["parameters"] if entry["in"] == place}


def parameters_read(function: Function) -> set[str]:
    """Return the query parameters that a function's sources name."""
    files = (f"{function.module}.py", *(name for name in function.sources if name.endswith(".py")))
    folder = ROOT / "functions" / function.room
    return {name for file in files for name in _read_in(ast.parse((folder / file).read_text()))}


def _read_in(module: ast.Module) -> set[str]:
    names: list[ast.expr] = []
    for node in ast.walk(module):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Attribute(attr="query"), attr="get"), args=[name, *_]):
                names.append(name)
            case ast.Call(func=ast.Name(id=reader), args=arguments) if reader in READERS:
                names.append(arguments[READERS[reader]])
            case ast.Call(func=ast.Name(id="page_size")):
                names.append(ast.Constant("limit"))
            case ast.Compare(left=name, comparators=[ast.Attribute(attr="query")]):
                names.append(name)
    return {name.value for name in names if isinstance(name, ast.Constant) and isinstance(name.value, str)}


def test_the_document_is_valid() -> None:
    assert list(OpenAPIV31SpecValidator(DOCUMENT).iter_errors()) == []


def test_the_document_has_the_routes_of_the_table_and_no_other() -> None:
    documented = {(verb.upper(), path) for path, verbs in DOCUMENT["paths"].items() for verb in verbs}

    assert documented == {(route.method, route.path) for route in ROUTES}


def test_every_operation_has_a_name_of_its_own() -> None:
    names = [operation(route)["operationId"] for route in ROUTES]

    assert len(set(names)) == len(names)
    assert all(re.fullmatch("[A-Za-z][A-Za-z_]*[A-Za-z]", name) for name in names)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_the_query_parameters_that_are_documented_are_those_that_are_read(function: Function) -> None:
    documented = {name for route in ROUTES if route.function == function.name for name in parameters(route, "query")}

    assert parameters_read(function) == documented


@every_route
def test_a_parameter_of_the_path_is_required(route: Route) -> None:
    found = parameters(route, "path")

    assert list(found) == re.findall(r"\{([^}]+)\}", route.path)
    assert all(entry["required"] for entry in found.values())


@every_route
def test_a_route_says_whose_token_it_asks_for(route: Route) -> None:
    asked: list[dict[str, list[str]]] = [{"token": []}]
    expected = asked if route.role > Role.PUBLIC else [{}, *asked] if route.shows_more_to else None

    assert operation(route).get("security") == expected


@every_route
def test_a_token_that_is_not_valid_is_refused_wherever_one_is_read(route: Route) -> None:
    reads_a_token = route.role > Role.PUBLIC or route.shows_more_to is not None

    assert ("401" in operation(route)["responses"]) == (reads_a_token or route.path in TRADING_CREDENTIALS)


@every_route
def test_every_answer_but_success_and_redirects_is_a_problem(route: Route) -> None:
    for status, answer in operation(route)["responses"].items():
        if status >= "400":
            assert list(answer["content"]) == ["application/problem+json"], status


@pytest.mark.parametrize("route", CHANGES, ids=lambda route: f"{route.method} {route.path}")
def test_a_change_is_promised_or_told_to_who_waits_for_it(route: Route) -> None:
    waited = "201" if (route.method, route.path) == ("POST", "/api/projects") else "200"

    assert {status for status in operation(route)["responses"] if status < "300"} == {"202", waited}
    assert {"Idempotency-Key", "Prefer"} <= parameters(route, "header").keys()
    assert {"404", "409", "413", "415", "503"} <= operation(route)["responses"].keys()


@pytest.mark.parametrize("route", CHANGES, ids=lambda route: f"{route.method} {route.path}")
def test_a_change_of_one_project_names_the_version_that_was_read(route: Route) -> None:
    header = parameters(route, "header").get("If-Match")

    assert (header is not None and header["required"]) == (route in OF_ONE_PROJECT)
    assert ({"412", "428"} <= operation(route)["responses"].keys()) == (route in OF_ONE_PROJECT)


def test_a_patch_is_a_merge_patch_first_and_json_too() -> None:
    (route,) = [route for route in ROUTES if route.method == "PATCH"]

    assert list(operation(route)["requestBody"]["content"]) == ["application/merge-patch+json", "application/json"]


def test_every_dimension_that_is_counted_is_documented() -> None:
    assert [name for name in METRICS if name != TOTAL] == list(DIMENSIONS)


def test_a_report_is_json_or_csv() -> None:
    (route,) = [route for route in ROUTES if route.response == "AnalyticsReport"]

    assert list(operation(route)["responses"]["200"]["content"]) == ["application/json", "text/csv"]


def test_every_schema_is_used() -> None:
    text = repr(DOCUMENT)

    unused = [name for name in DOCUMENT["components"]["schemas"] if f"#/components/schemas/{name}'" not in text]

    assert unused == []


def test_the_pixel_is_documented_as_an_image() -> None:
    (pixel,) = [route for route in ROUTES if route.media_type == "image/gif"]

    assert operation(pixel)["responses"]["200"]["content"] == {"image/gif": {}}
    assert parameters(pixel, "query").keys() == {"url", "referrer", "title"}
