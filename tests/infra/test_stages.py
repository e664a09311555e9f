"""One template in two places: stages differ in what a person decides, and the embedded AWS runs what is deployed."""

import json
from collections import Counter

import pytest

from local.template import UNSUPPORTED, local_template, methods_with_validator
from schemas.routes import ROUTES
from tests.infra.template import Resource, Template

CLOUD_ONLY = {"AWS::Events::Archive"}


def types(template: Template) -> Counter[str]:
    return Counter(resource.type for resource in template.all_resources())


def shape(resource: Resource) -> list[str]:
    return sorted(resource.properties)


def test_both_stages_consist_of_the_same(local: Template, production: Template) -> None:
    assert types(local) == types(production)


def test_every_resource_is_described_by_the_same_properties(local: Template, production: Template) -> None:
    shapes = [
        sorted((resource.type, *shape(resource)) for resource in template.all_resources())
        for template in (local, production)
    ]

    assert shapes[0] == shapes[1]


def test_the_functions_of_both_stages_are_the_same_code_and_layers(local: Template, production: Template) -> None:
    packages = [
        sorted(
            resource.get("Code" if kind == "Function" else "Content")["S3Key"]
            for kind in ("Function", "LayerVersion")
            for resource in template.resources(f"AWS::Lambda::{kind}")
        )
        for template in (local, production)
    ]

    assert packages[0] == packages[1]


def test_no_name_is_used_by_both_stages(local: Template, production: Template) -> None:
    names = [
        {resource.name for resource in template.all_resources() if template.names.stack in resource.name}
        for template in (local, production)
    ]

    assert names[0]
    assert names[0].isdisjoint(names[1])


def test_only_the_archive_exists_in_the_cloud_alone(local: Template) -> None:
    here = local_template(local.assembly, "local", api_id="local1")["Resources"]

    left_out = {resource.type for resource in local.all_resources() if resource.id not in here}

    assert left_out == CLOUD_ONLY == UNSUPPORTED


def test_the_policies_that_are_deployed_are_those_that_run_here(local: Template) -> None:
    here = local_template(local.assembly, "local", api_id="local1")["Resources"]
    secret = local.only("AWS::SecretsManager::Secret")

    for role in local.resources("AWS::IAM::Role"):
        # The one difference: how the embedded AWS spells a secret's ARN.
        put_differently = json.dumps({"Ref": secret.id}), json.dumps({"Fn::GetAtt": [secret.id, "Id"]})
        assert json.dumps(here[role.id]) == json.dumps(role.definition).replace(*put_differently)


@pytest.mark.parametrize("kind", ["RequestValidator", "GatewayResponse", "Model", "Method", "Authorizer"])
def test_the_embedded_aws_is_given_the_whole_api(local: Template, kind: str) -> None:
    here = local_template(local.assembly, "local", api_id="local1")["Resources"]

    for resource in local.resources(f"AWS::ApiGateway::{kind}"):
        assert here[resource.id] == resource.definition


def test_every_body_is_validated_there_too(local: Template) -> None:
    found = methods_with_validator(local_template(local.assembly, "local", api_id="local1"))

    assert len(found) == len([route for route in ROUTES if route.request])
