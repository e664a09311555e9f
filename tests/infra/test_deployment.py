"""API Gateway serves a snapshot: what is changed is served only when the template asks for another one.

CloudFormation makes a snapshot when the deployment's id is another one, so here, and only here, ids are compared.
"""

from pathlib import Path

import pytest

from infra.constructs import api, gateway_responses
from infra.stage import Stage
from tests.infra.assemblies import synthesized
from tests.infra.template import Template


def deployment_of(stage: Stage, assets: Path, assembly: Path) -> str:
    """Return the id of the deployment of a stage that is synthesized once more."""
    return Template(stage, synthesized(stage, assets, assembly)).only("AWS::ApiGateway::Deployment").id


def test_the_stage_serves_the_deployment(template: Template) -> None:
    stage = template.only("AWS::ApiGateway::Stage")

    assert template.target(stage["DeploymentId"]) == template.only("AWS::ApiGateway::Deployment")


def test_everything_that_is_served_exists_before_the_snapshot_is_made(template: Template) -> None:
    served = {"Method", "Model", "GatewayResponse", "Authorizer", "RequestValidator", "Resource"}
    expected = {found.id for kind in served for found in template.resources(f"AWS::ApiGateway::{kind}")}

    assert set(template.only("AWS::ApiGateway::Deployment").definition["DependsOn"]) == expected


def test_a_changed_model_is_served(
    local: Template, assets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "gateway_model", lambda name: {"title": name, "type": "object", "maxProperties": 99})

    changed = deployment_of(local.stage, assets, tmp_path)

    assert changed != local.only("AWS::ApiGateway::Deployment").id


def test_a_changed_gateway_response_is_served(
    local: Template, assets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, *others = gateway_responses.PROBLEMS
    monkeypatch.setattr(gateway_responses, "PROBLEMS", (first._replace(detail="Something else."), *others))

    changed = deployment_of(local.stage, assets, tmp_path)

    assert changed != local.only("AWS::ApiGateway::Deployment").id


def test_changed_origins_are_served(local: Template, assets: Path, tmp_path: Path) -> None:
    stage = local.stage.model_copy(update={"allowed_origins": (local.stage.site_origin, "https://www.example.org")})

    changed = deployment_of(stage, assets, tmp_path)

    assert changed != local.only("AWS::ApiGateway::Deployment").id


def test_what_is_not_changed_is_not_deployed_again(local: Template, assets: Path, tmp_path: Path) -> None:
    assert deployment_of(local.stage, assets, tmp_path) == local.only("AWS::ApiGateway::Deployment").id
