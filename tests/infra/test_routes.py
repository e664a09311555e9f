import re

import pytest

from infra.names import API_STAGE
from schemas.gateway_models import gateway_model
from schemas.openapi import openapi_document
from schemas.requests import REQUESTS
from schemas.routes import ROUTES, Role, Route
from tests.infra.routing import method, methods, paths
from tests.infra.template import Resource, Template

MEDIA_TYPES = {"PATCH": ("application/json", "application/merge-patch+json")}
"""The types of bodies that a method reads, where JSON is not the only one."""


def name_of(route: Route) -> str:
    return f"{route.method} {route.path}"


def of_routes(*routes: Route) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("route", routes, ids=map(name_of, routes))


every_route = of_routes(*ROUTES)
protected_routes = of_routes(*(route for route in ROUTES if route.role > Role.PUBLIC))
public_routes = of_routes(*(route for route in ROUTES if route.role is Role.PUBLIC))
routes_of_functions = of_routes(*(route for route in ROUTES if route.function))
routes_with_a_body = of_routes(*(route for route in ROUTES if route.request))


def of(template: Template, route: Route) -> Resource:
    return method(template, route.method, route.path)


def test_the_api_has_the_routes_of_the_table_and_no_other(template: Template) -> None:
    built = [(entry.verb, entry.path) for entry in methods(template) if entry.verb != "OPTIONS"]

    assert sorted(built) == sorted((route.method, route.path) for route in ROUTES)


def test_the_api_has_no_path_but_those_on_the_way_to_a_route(template: Template) -> None:
    steps = [route.path.strip("/").split("/") for route in ROUTES]
    expected = {"/" + "/".join(parts[:depth]) for parts in steps for depth in range(1, len(parts) + 1)}

    assert paths(template).keys() == expected


@protected_routes
def test_a_route_that_needs_a_role_asks_the_authorizer(template: Template, route: Route) -> None:
    found = of(template, route)

    assert found["AuthorizationType"] == "CUSTOM"
    assert template.target(found["AuthorizerId"]) == template.only("AWS::ApiGateway::Authorizer")


@public_routes
def test_a_public_route_asks_nobody(template: Template, route: Route) -> None:
    found = of(template, route)

    assert (found["AuthorizationType"], found.get("AuthorizerId")) == ("NONE", None)


def test_the_authorizer_is_the_live_version_of_its_function(template: Template) -> None:
    authorizer = template.only("AWS::ApiGateway::Authorizer")

    assert (authorizer["Type"], authorizer["IdentitySource"]) == ("TOKEN", "method.request.header.Authorization")
    assert template.target(authorizer["AuthorizerUri"]) == template.alias("authorizer")


def test_an_authorizers_answer_is_kept_for_five_minutes(template: Template) -> None:
    assert template.only("AWS::ApiGateway::Authorizer")["AuthorizerResultTtlInSeconds"] == 300


@routes_of_functions
def test_a_route_is_answered_by_the_live_version_of_its_function(template: Template, route: Route) -> None:
    integration = of(template, route)["Integration"]

    assert (integration["Type"], integration["IntegrationHttpMethod"]) == ("AWS_PROXY", "POST")
    assert template.target(integration["Uri"]) == template.alias(route.function or "")


def test_health_is_answered_without_a_function(template: Template) -> None:
    integration = method(template, "GET", "/api/health")["Integration"]

    assert (integration["Type"], integration.get("Uri")) == ("MOCK", None)


def test_only_the_pixel_is_another_route_without_a_function() -> None:
    assert {name_of(route) for route in ROUTES if route.function is None} == {
        "GET /api/health",
        "GET /api/analytics/pixel.gif",
    }


def test_api_gateway_may_invoke_a_function_for_its_routes_and_for_nothing_else(template: Template) -> None:
    api = f"arn:{{AWS::Partition}}:execute-api:{{AWS::Region}}:{{AWS::AccountId}}:{template.names.api}"
    authorizer = template.only("AWS::ApiGateway::Authorizer")

    permitted = {
        (template.target(found["FunctionName"]).id, template.render(found["SourceArn"]))
        for found in template.resources("AWS::Lambda::Permission")
    }

    expected = {
        (template.alias(route.function).id, f"{api}/{API_STAGE}/{route.method}{re.sub('{[a-z]+}', '*', route.path)}")
        for route in ROUTES
        if route.function
    }
    assert permitted == expected | {(template.alias("authorizer").id, f"{api}/authorizers/{authorizer.name}")}


def test_nobody_but_api_gateway_may_invoke_a_function(template: Template) -> None:
    for permission in template.resources("AWS::Lambda::Permission"):
        assert permission["Principal"] == "apigateway.amazonaws.com"
        assert permission["Action"] == "lambda:InvokeFunction"


@routes_with_a_body
def test_a_body_is_held_against_its_model(template: Template, route: Route) -> None:
    found = of(template, route)

    models = {content: template.target(model).name for content, model in found["RequestModels"].items()}

    assert models == dict.fromkeys(MEDIA_TYPES.get(route.method, ("application/json",)), route.request)
    assert template.target(found["RequestValidatorId"])["ValidateRequestBody"] is True


@routes_with_a_body
def test_every_type_of_json_that_a_route_is_documented_to_read_is_held_against_the_model(
    template: Template, route: Route
) -> None:
    documented = openapi_document()["paths"][route.path][route.method.lower()]["requestBody"]["content"]

    # A form or a beacon's text is held against the function's validator alone.
    others = {"application/x-www-form-urlencoded", "text/plain"}
    assert of(template, route)["RequestModels"].keys() == documented.keys() - others


def test_the_models_are_those_of_the_routes(template: Template) -> None:
    names = [model.name for model in template.resources("AWS::ApiGateway::Model")]

    assert sorted(names) == sorted({route.request for route in ROUTES if route.request})


@pytest.mark.parametrize("name", REQUESTS)
def test_a_model_is_the_one_that_its_declaration_gives(template: Template, name: str) -> None:
    model = template.named("AWS::ApiGateway::Model", name)

    assert (model["Schema"], model["ContentType"]) == (gateway_model(name), "application/json")
