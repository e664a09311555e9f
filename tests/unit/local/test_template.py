import json
from pathlib import Path
from typing import Any

import pytest

from local.template import local_template, methods_with_validator

Resources = dict[str, dict[str, Any]]

ARCHIVE = {"Type": "AWS::Events::Archive", "Properties": {"SourceArn": {"Fn::GetAtt": ["Bus", "Arn"]}}}
BUS = {"Type": "AWS::Events::EventBus", "Properties": {"Name": "sitewire-local"}}
API = {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "sitewire-local"}}
SECRET = {"Type": "AWS::SecretsManager::Secret", "Properties": {"Name": "sitewire/local/token-signing-key"}}


@pytest.fixture
def assembly(tmp_path: Path) -> Path:
    return tmp_path


def localised(assembly: Path, resources: Resources, *, api_id: str = "local1") -> Resources:
    (assembly / "sitewire-local.template.json").write_text(json.dumps({"Resources": resources}))
    found: Resources = local_template(assembly, "local", api_id=api_id, endpoint_url="http://localhost:4566")[
        "Resources"
    ]
    return found


def function(**environment: object) -> dict[str, Any]:
    return {"Type": "AWS::Lambda::Function", "Properties": {"Environment": {"Variables": environment}}}


def test_what_the_embedded_aws_can_create_stays_as_it_is(assembly: Path) -> None:
    resources: Resources = {"Bus": BUS, "Function": function(BUS={"Ref": "Bus"})}

    assert localised(assembly, resources) == resources


def test_what_it_cannot_create_is_left_out(assembly: Path) -> None:
    assert localised(assembly, {"Bus": BUS, "Archive": ARCHIVE}) == {"Bus": BUS}


def test_alarms_over_expressions_and_over_other_alarms_are_left_out(assembly: Path) -> None:
    plain = {"Type": "AWS::CloudWatch::Alarm", "Properties": {"MetricName": "Errors"}}
    expression = {"Type": "AWS::CloudWatch::Alarm", "Properties": {"Metrics": [{"Expression": "a / b"}]}}
    rule = {"Fn::Join": ["", ['ALARM("', {"Ref": "Expression"}, '") OR ALARM("', {"Ref": "Plain"}, '")']]}
    composite = {"Type": "AWS::CloudWatch::CompositeAlarm", "Properties": {"AlarmRule": rule}}

    found = localised(assembly, {"Plain": plain, "Expression": expression, "Composite": composite})

    assert found == {"Plain": plain}


@pytest.mark.parametrize(
    "reference",
    [
        {"Ref": "Archive"},
        {"Fn::GetAtt": ["Archive", "Arn"]},
        {"Fn::Join": ["", ["arn:", {"Ref": "Archive"}]]},
        {"Fn::Sub": "${Archive}"},
        {"Fn::Sub": "${Archive.Arn}/*"},
    ],
    ids=json.dumps,
)
def test_a_reference_to_what_is_left_out_is_an_error(assembly: Path, reference: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="AWS::Lambda::Function refers to a resource"):
        localised(assembly, {"Archive": ARCHIVE, "Function": function(ARCHIVE=reference)})


@pytest.mark.parametrize("dependency", ["Archive", ["Bus", "Archive"]])
def test_a_dependency_on_what_is_left_out_is_an_error(assembly: Path, dependency: object) -> None:
    dependent = {**function(), "DependsOn": dependency}

    with pytest.raises(ValueError, match="AWS::Lambda::Function refers to a resource"):
        localised(assembly, {"Bus": BUS, "Archive": ARCHIVE, "Function": dependent})


def test_the_api_gets_the_id_that_stays_the_same(assembly: Path) -> None:
    api = localised(assembly, {"Api": API}, api_id="abc123")["Api"]

    assert api["Properties"]["Tags"] == [{"Key": "ms-custom-id", "Value": "abc123"}]


def test_the_api_keeps_its_own_tags(assembly: Path) -> None:
    own = {"Key": "project", "Value": "sitewire"}
    tagged = {**API, "Properties": {**API["Properties"], "Tags": [own]}}  # type: ignore[dict-item]

    api = localised(assembly, {"Api": tagged})["Api"]

    assert own in api["Properties"]["Tags"]


@pytest.mark.parametrize(
    ("reference", "local"),
    [
        ({"Ref": "Secret"}, {"Fn::GetAtt": ["Secret", "Id"]}),
        ({"Fn::Join": ["", [{"Ref": "Secret"}, "*"]]}, {"Fn::Join": ["", [{"Fn::GetAtt": ["Secret", "Id"]}, "*"]]}),
        ({"Ref": "Bus"}, {"Ref": "Bus"}),
        ({"Ref": "AWS::Region"}, {"Ref": "AWS::Region"}),
    ],
    ids=json.dumps,
)
def test_a_reference_to_a_secret_is_its_arn_in_both_places(
    assembly: Path, reference: dict[str, Any], local: dict[str, Any]
) -> None:
    resources = localised(assembly, {"Bus": BUS, "Secret": SECRET, "Function": function(VALUE=reference)})

    assert resources["Function"] == function(VALUE=local)


def test_the_authorizer_is_told_where_the_pools_keys_are_here(assembly: Path) -> None:
    pool = {"Type": "AWS::Cognito::UserPool", "Properties": {}}
    issuer = '[{"issuer":"https://cognito-idp.eu-central-1.amazonaws.com/'
    issuers = {"Fn::Join": ["", [issuer, {"Ref": "Pool"}, '","jwks_url":"there","kind":"cognito"}]']]}

    found = localised(assembly, {"Pool": pool, "Function": function(ISSUERS=issuers)})["Function"]

    (function_, (separator, parts)) = next(iter(found["Properties"]["Environment"]["Variables"]["ISSUERS"].items()))
    assert (function_, separator) == ("Fn::Join", "")
    assert parts.count({"Ref": "Pool"}) == 2
    text = "".join(part if isinstance(part, str) else "pool-1" for part in parts)
    assert json.loads(text)[0]["jwks_url"] == "http://localhost:4566/pool-1/.well-known/jwks.json"


def test_every_function_that_verifies_tokens_is_told(assembly: Path) -> None:
    issuers = '[{"issuer":"https://cognito-idp.eu-central-1.amazonaws.com/pool-1","jwks_url":"there","kind":"cognito"}]'
    names = ("Authorizer", "QueryProjects")

    found = localised(assembly, {"Other": function(), **{name: function(ISSUERS=issuers) for name in names}})

    for name in names:
        (issuer,) = json.loads(found[name]["Properties"]["Environment"]["Variables"]["ISSUERS"])
        assert issuer["jwks_url"] == "http://localhost:4566/pool-1/.well-known/jwks.json"
    assert found["Other"] == function()


def test_a_throttled_path_is_not_encoded(assembly: Path) -> None:
    settings = [{"ResourcePath": path, "HttpMethod": "*"} for path in ("/*", "/~1api~1auth~1token")]
    stage = {"Type": "AWS::ApiGateway::Stage", "Properties": {"MethodSettings": settings}}

    found = localised(assembly, {"Stage": stage})["Stage"]["Properties"]["MethodSettings"]

    assert [entry["ResourcePath"] for entry in found] == ["/*", "/api/auth/token"]


def test_the_assemblys_own_file_is_not_changed(assembly: Path) -> None:
    localised(assembly, {"Bus": BUS, "Archive": ARCHIVE})

    assert "Archive" in json.loads((assembly / "sitewire-local.template.json").read_text())["Resources"]


def test_methods_that_validate_their_body_are_found() -> None:
    def method(verb: str, **properties: str) -> dict[str, Any]:
        return {
            "Type": "AWS::ApiGateway::Method",
            "Properties": {"HttpMethod": verb, "ResourceId": {"Ref": "Contact"}, **properties},
        }

    resources = {"Post": method("POST", RequestValidatorId="validator"), "Get": method("GET"), "Bus": BUS}

    assert methods_with_validator({"Resources": resources}) == [("POST", "Contact")]
