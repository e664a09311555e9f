"""One template in two places: stages differ in what a person decides, and the embedded AWS runs what is deployed."""

import json
from collections import Counter
from typing import Any

import pytest

from local.template import UNSUPPORTED, local_template, methods_with_validator
from schemas.routes import ROUTES
from tests.infra.template import Resource, Template

CLOUD_ONLY = {
    "AWS::Budgets::Budget", "AWS::CE::AnomalyMonitor", "AWS::CE::AnomalySubscription",
    "AWS::CloudWatch::CompositeAlarm", "AWS::Events::Archive", "AWS::Logs::QueryDefinition",
}  # fmt: skip
ENDPOINT = "http://localhost:4566"


def types(template: Template) -> Counter[str]:
    return Counter(resource.type for resource in template.all_resources())


def shape(resource: Resource) -> list[str]:
    return sorted(resource.properties)


def with_arns(template: Template, definition: dict[str, Any]) -> dict[str, Any]:
    """Return a definition in which the secret is referred to by the attribute that is its ARN in both places."""
    secret = template.only("AWS::SecretsManager::Secret").id
    reference, attribute = json.dumps({"Ref": secret}), json.dumps({"Fn::GetAtt": [secret, "Id"]})
    put: dict[str, Any] = json.loads(json.dumps(definition).replace(reference, attribute))
    return put


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


def test_only_what_the_embedded_aws_does_not_have_exists_in_the_cloud_alone(local: Template) -> None:
    here = local_template(local.assembly, "local", api_id="local1", endpoint_url=ENDPOINT)["Resources"]

    left_out = [resource for resource in local.all_resources() if resource.id not in here]

    expressions = [resource for resource in left_out if resource.type == "AWS::CloudWatch::Alarm"]
    assert expressions
    assert all(alarm.get("Metrics") for alarm in expressions)
    assert {resource.type for resource in left_out} - {"AWS::CloudWatch::Alarm"} == CLOUD_ONLY == UNSUPPORTED


def test_the_policies_that_are_deployed_are_those_that_run_here(local: Template) -> None:
    here = local_template(local.assembly, "local", api_id="local1", endpoint_url=ENDPOINT)["Resources"]

    for role in local.resources("AWS::IAM::Role"):
        assert here[role.id] == with_arns(local, role.definition)


def test_the_clocks_and_the_secret_are_the_same_here(local: Template) -> None:
    here = local_template(local.assembly, "local", api_id="local1", endpoint_url=ENDPOINT)["Resources"]

    for resource in (
        *local.resources("AWS::Scheduler::Schedule"),
        local.only("AWS::SecretsManager::Secret"),
    ):
        assert here[resource.id] == resource.definition


def test_users_are_kept_by_the_same_rules_here(local: Template) -> None:
    here = local_template(local.assembly, "local", api_id="local1", endpoint_url=ENDPOINT)["Resources"]

    for kind in ("UserPool", "UserPoolClient", "UserPoolGroup"):
        for resource in local.resources(f"AWS::Cognito::{kind}"):
            assert here[resource.id] == resource.definition


@pytest.mark.parametrize("verifier", ["authorizer", "query_projects"])
def test_who_verifies_tokens_finds_the_pools_keys_here_and_trusts_the_same_issuer(
    local: Template, verifier: str
) -> None:
    here = local_template(local.assembly, "local", api_id="local1", endpoint_url=ENDPOINT)["Resources"]
    function = local.function(verifier)

    (there,) = json.loads(local.render(function["Environment"]["Variables"]["ISSUERS"]))
    (found,) = json.loads(local.render(here[function.id]["Properties"]["Environment"]["Variables"]["ISSUERS"]))

    pool = local.names.user_pool
    assert found == {**there, "jwks_url": f"{ENDPOINT}/{pool}/.well-known/jwks.json"}


def test_a_throttled_method_is_named_as_the_embedded_aws_looks_for_it(local: Template) -> None:
    here = local_template(local.assembly, "local", api_id="local1", endpoint_url=ENDPOINT)["Resources"]
    settings = here[local.only("AWS::ApiGateway::Stage").id]["Properties"]["MethodSettings"]

    paths = {entry["ResourcePath"] for entry in settings}

    assert paths == {"/*", *(route.path for route in ROUTES if route.throttle)}


@pytest.mark.parametrize("kind", ["RequestValidator", "GatewayResponse", "Model", "Method", "Authorizer"])
def test_the_embedded_aws_is_given_the_whole_api(local: Template, kind: str) -> None:
    here = local_template(local.assembly, "local", api_id="local1", endpoint_url=ENDPOINT)["Resources"]

    for resource in local.resources(f"AWS::ApiGateway::{kind}"):
        assert here[resource.id] == resource.definition


def test_every_body_is_validated_there_too(local: Template) -> None:
    found = methods_with_validator(local_template(local.assembly, "local", api_id="local1", endpoint_url=ENDPOINT))

    assert len(found) == len([route for route in ROUTES if route.request])
