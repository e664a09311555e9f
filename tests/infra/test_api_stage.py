import json
from pathlib import Path

import pytest

from infra.names import API_STAGE
from schemas.routes import ROUTES
from tests.infra.assemblies import synthesized
from tests.infra.template import Resource, Template

NEEDED = {"request_id", "time", "method", "route", "status", "latency_ms", "xray_trace_id"}

PERSONAL = ["identity.sourceIp", "identity.userAgent", "identity.caller", "context.path", "querystring", "header"]
"""Variables of API Gateway that name a person, or may: an address, a browser, an id in a path, a query."""


def stage(template: Template) -> Resource:
    return template.only("AWS::ApiGateway::Stage")


def of_methods(template: Template) -> dict[tuple[str, str], dict[str, object]]:
    """Return the settings by verb and path, as CloudFormation encodes it."""
    return {(found["HttpMethod"], found["ResourcePath"]): dict(found) for found in stage(template)["MethodSettings"]}


def settings(template: Template) -> dict[str, object]:
    return of_methods(template)["*", "/*"]


def encoded(path: str) -> str:
    return "/" + path.replace("/", "~1")


def test_the_api_has_one_stage(template: Template) -> None:
    assert stage(template).name == API_STAGE


def test_every_method_is_measured_and_traced(template: Template) -> None:
    assert settings(template)["MetricsEnabled"] is True
    assert stage(template)["TracingEnabled"] is True


def test_traces_without_addresses_begin_at_the_functions(local: Template, assets: Path, tmp_path: Path) -> None:
    asked = local.stage.model_copy(update={"trace_api": False})

    found = Template(asked, synthesized(asked, assets, tmp_path))

    assert stage(found)["TracingEnabled"] is False
    assert found.function("ingest_analytics")["TracingConfig"] == {"Mode": "Active"}


def test_every_method_has_the_throttle_that_the_stage_says(template: Template) -> None:
    throttle = template.stage.throttle
    found = settings(template)

    assert found["ThrottlingRateLimit"] == pytest.approx(throttle.requests_per_minute / 60)
    assert found["ThrottlingBurstLimit"] == throttle.burst


def test_a_thousand_requests_a_minute_are_the_default(production: Template) -> None:
    found = settings(production)

    assert found["ThrottlingRateLimit"] == pytest.approx(1000 / 60)
    assert found["ThrottlingBurstLimit"] == 200


def test_a_route_of_a_throttle_class_has_its_own_limit_and_no_other_has(template: Template) -> None:
    expected = {(route.method, encoded(route.path)): route.throttle for route in ROUTES if route.throttle}
    found = of_methods(template)

    assert found.keys() == {("*", "/*"), *expected}
    for key, name in expected.items():
        limit = template.stage.throttle.limit(name)
        assert found[key]["ThrottlingRateLimit"] == pytest.approx(limit.requests_per_minute / 60)
        assert found[key]["ThrottlingBurstLimit"] == limit.burst


def test_every_way_to_sign_in_is_of_the_class_auth(production: Template) -> None:
    signing_in = [route for route in ROUTES if route.path.startswith("/api/auth/")]

    assert {route.throttle for route in signing_in} == {"auth"}
    assert production.stage.throttle.limit("auth") == (60, 10)


def test_a_limit_of_its_own_takes_nothing_else_from_a_method(template: Template) -> None:
    # What a method's own settings leave out is not taken from the stage's.
    throttling = {"ThrottlingRateLimit", "ThrottlingBurstLimit"}
    place = {"HttpMethod", "ResourcePath"}

    rest = [
        {name: value for name, value in found.items() if name not in throttling | place}
        for found in of_methods(template).values()
    ]

    assert rest == [rest[0]] * len(rest)


def test_no_body_is_ever_logged(template: Template) -> None:
    assert settings(template)["DataTraceEnabled"] is False
    assert settings(template)["LoggingLevel"] == "ERROR"


def test_every_request_is_a_line_of_json(template: Template) -> None:
    line = json.loads(stage(template)["AccessLogSetting"]["Format"])

    assert line.keys() >= NEEDED
    assert all(value.startswith("$context.") for value in line.values())


@pytest.mark.parametrize("variable", PERSONAL)
def test_the_line_names_no_person(template: Template, variable: str) -> None:
    assert variable not in stage(template)["AccessLogSetting"]["Format"]


def test_the_lines_have_a_log_of_their_own(template: Template) -> None:
    destination = template.target(stage(template)["AccessLogSetting"]["DestinationArn"])

    assert (destination.type, destination.name) == ("AWS::Logs::LogGroup", template.names.access_log_group)


def test_the_api_is_served_from_its_own_region(template: Template) -> None:
    assert template.only("AWS::ApiGateway::RestApi")["EndpointConfiguration"] == {"Types": ["REGIONAL"]}
