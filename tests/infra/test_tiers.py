"""Client tiers in the template."""

from pathlib import Path

import pytest

from infra.stage import Stage
from schemas.routes import ROUTES
from tests.infra.assemblies import example_stage, synthesized
from tests.infra.routing import method
from tests.infra.template import Template

TIERS = ("public", "standard", "premium")
KEYED = "GET /api/operations/{id}"


@pytest.fixture(scope="module")
def keyed(assets: Path, tmp_path_factory: pytest.TempPathFactory) -> Template:
    """Synthesize a stage that wants a key on one route."""
    stage = Stage.model_validate({**example_stage("local").model_dump(), "keyed_routes": [KEYED]})
    return Template(stage, synthesized(stage, assets, tmp_path_factory.mktemp("keyed")))


def test_each_tier_is_a_usage_plan_of_the_stage(template: Template) -> None:
    names = [plan["UsagePlanName"] for plan in template.resources("AWS::ApiGateway::UsagePlan")]

    assert sorted(names) == sorted(template.names.usage_plan(tier) for tier in TIERS)


@pytest.mark.parametrize("tier", TIERS)
def test_a_plan_has_the_limits_of_the_configuration(template: Template, tier: str) -> None:
    (plan,) = [
        found
        for found in template.resources("AWS::ApiGateway::UsagePlan")
        if found["UsagePlanName"] == template.names.usage_plan(tier)
    ]

    limits = getattr(template.stage.tiers, tier)
    assert plan["Throttle"]["BurstLimit"] == limits.burst
    assert plan["Throttle"]["RateLimit"] == pytest.approx(limits.requests_per_minute / 60)
    assert plan["Quota"] == {"Limit": limits.requests_per_day, "Period": "DAY"}


def test_the_template_makes_no_key(template: Template) -> None:
    assert [found for found in template.all_resources() if found.type == "AWS::ApiGateway::ApiKey"] == []


def test_a_route_needs_a_key_where_the_configuration_says_so(keyed: Template) -> None:
    needing = {
        f"{route.method} {route.path}"
        for route in ROUTES
        if method(keyed, route.method, route.path).get("ApiKeyRequired")
    }

    assert needing == {KEYED}


def test_no_route_needs_a_key_by_default(template: Template) -> None:
    assert not any(method(template, route.method, route.path).get("ApiKeyRequired") for route in ROUTES)
