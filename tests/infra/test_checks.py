"""Synthesis fails on what cdk-nag finds; what is acknowledged is listed here, argued for, and none of it stale."""

import importlib
import json
import pkgutil
from pathlib import Path
from typing import NamedTuple

import pytest
from aws_cdk import aws_sqs as sqs

import infra.constructs
from tests.infra.assemblies import composed
from tests.infra.template import Template

ACKNOWLEDGED = {
    "AwsSolutions-APIG2",
    "AwsSolutions-APIG3",
    "AwsSolutions-APIG4",
    "AwsSolutions-COG2",
    "AwsSolutions-COG4",
    "AwsSolutions-COG8",
    "AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]",
    "AwsSolutions-IAM5[Resource::*]",
    "AwsSolutions-IAM5[Resource::{salts}]",
    "AwsSolutions-L1",
    "AwsSolutions-SMG4",
    "AwsSolutions-SQS3",
    "Serverless-LambdaDLQ",
    "Serverless-LambdaEventSourceMappingDestination",
    "Serverless-LambdaLatestVersion",
    "Serverless-LambdaStarPermissions",
    "Serverless-SQSRedrivePolicy",
}


class Acknowledgment(NamedTuple):
    """A finding that is meant to be so, on a construct and all below it."""

    path: str
    rule: str
    reason: str


class Refusal(NamedTuple):
    """A synthesis that was refused: its error, and each finding as rule and path."""

    error: str
    findings: set[tuple[str, str]]


def acknowledgments(template: Template) -> list[Acknowledgment]:
    metadata = json.loads((template.assembly / f"{template.names.stack}.metadata.json").read_text())
    return [
        Acknowledgment(path, rule.removeprefix("Annotation::"), reason)
        for path, entries in metadata.items()
        for entry in entries
        if entry["type"] == "aws:cdk:acknowledged-rules"
        for rule, reason in entry["data"].items()
    ]


@pytest.fixture(scope="module")
def refusal(local: Template, assets: Path, tmp_path_factory: pytest.TempPathFactory) -> Refusal:
    """Synthesize once more, with nothing acknowledged and with a queue as CDK makes it by default."""
    assembly = tmp_path_factory.mktemp("refused")
    with pytest.MonkeyPatch.context() as patch:
        for module in pkgutil.iter_modules(infra.constructs.__path__, "infra.constructs."):
            if hasattr(importlib.import_module(module.name), "acknowledge"):
                patch.setattr(f"{module.name}.acknowledge", lambda *_: None)
        app, stack = composed(local.stage, assets, assembly)
        sqs.Queue(stack, "Bare")
        with pytest.raises(RuntimeError) as raised:
            app.synth()
    report = json.loads((assembly / "validation-report.json").read_text())
    findings = {
        (violation["ruleName"], f"/{construct['constructPath']}")
        for plugin in report["pluginReports"]
        for violation in plugin["violations"]
        for construct in violation["violatingConstructs"]
    }
    return Refusal(str(raised.value), findings)


def test_a_finding_ends_the_synthesis(refusal: Refusal) -> None:
    assert refusal.error.startswith("ValidationFailed")


@pytest.mark.parametrize("rule", ["AwsSolutions-SQS3", "AwsSolutions-SQS4", "Serverless-SQSRedrivePolicy"])
def test_both_rule_packs_look_at_what_is_added(refusal: Refusal, rule: str) -> None:
    assert (rule, "/sitewire-local/Bare/Resource") in refusal.findings


def test_the_templates_have_no_finding(template: Template) -> None:
    report = json.loads((template.assembly / "validation-report.json").read_text())

    assert report["pluginReports"] == []


def test_the_acknowledged_rules_are_these(template: Template) -> None:
    salts = f"arn:<AWS::Partition>:ssm:<AWS::Region>:<AWS::AccountId>:parameter{template.names.salts}*"

    assert {found.rule for found in acknowledgments(template)} == {
        rule.format(salts=salts) if "{salts}" in rule else rule for rule in ACKNOWLEDGED
    }


def test_every_acknowledgment_is_argued_for(template: Template) -> None:
    for found in acknowledgments(template):
        assert len(found.reason.split()) >= 5, found


def test_no_acknowledgment_is_of_the_whole_stack(template: Template) -> None:
    assert all(found.path.count("/") >= 3 for found in acknowledgments(template))


def test_no_acknowledgment_is_stale(local: Template, refusal: Refusal) -> None:
    stale = [
        found
        for found in acknowledgments(local)
        if not any(rule == found.rule and path.startswith(f"{found.path}/") for rule, path in refusal.findings)
    ]

    assert stale == []
