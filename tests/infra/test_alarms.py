"""Everything that can fail is watched, and every alarm tells somebody what to do."""

import re
import shlex
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from infra.alarms import COMPOSITES, KINDS, RUNBOOK, AlarmKind, Urgency
from infra.catalogue import FUNCTIONS, workers
from infra.metrics import TABLE_OPERATIONS
from infra.stage import Stage
from local.paths import ROOT
from shared.consumer import Outcome
from tests.commands import mistakes
from tests.infra.assemblies import synthesized
from tests.infra.template import Resource, Template, as_list
from tests.unit.docs.test_links import anchors

ALARM, COMPOSITE = "AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"
ALARMS_PER_COMPOSITE, RULE_CHARACTERS, DESCRIPTION_CHARACTERS, METRICS_PER_EXPRESSION = 100, 10_240, 1024, 10

DERIVED = {"function-duration", "api-silence", "mail-bounces", "mail-complaints", "certificate-expiry"}
"""Kinds whose setting is not the threshold itself, or of which there is none; each has a test of its own."""


def watched(alarm: Resource) -> list[tuple[str, str, dict[str, str]]]:
    """Return namespace, name and dimensions of each metric of an alarm."""
    stats = [entry["MetricStat"]["Metric"] for entry in alarm.get("Metrics") or () if "MetricStat" in entry]
    return [
        (
            metric.get("Namespace"),
            metric.get("MetricName"),
            {entry["Name"]: entry["Value"] for entry in metric.get("Dimensions") or ()},
        )
        for metric in (stats or [alarm.properties])
    ]


def watching(template: Template, **dimensions: str) -> set[str]:
    """Return the names of the metrics over which there are alarms, with these dimensions among others."""
    return {
        name
        for alarm in template.resources(ALARM)
        for _, name, found in watched(alarm)
        if dimensions.items() <= found.items()
    }


def every_alarm(template: Template) -> list[Resource]:
    return [*template.resources(ALARM), *template.resources(COMPOSITE)]


def test_every_queue_is_watched_for_what_waits_in_it(template: Template) -> None:
    for queue in template.resources("AWS::SQS::Queue"):
        assert "ApproximateNumberOfMessagesVisible" in watching(template, QueueName=queue.name), queue.name


def test_every_queue_that_has_dead_letters_is_watched_for_how_long_messages_wait(template: Template) -> None:
    queues = [queue for queue in template.resources("AWS::SQS::Queue") if queue.get("RedrivePolicy")]

    assert len(queues) == len(workers())
    for queue in queues:
        assert "ApproximateAgeOfOldestMessage" in watching(template, QueueName=queue.name), queue.name


def test_one_message_in_any_dead_letter_queue_is_an_alarm(template: Template) -> None:
    queues = {queue.name for queue in template.resources("AWS::SQS::Queue") if not queue.get("RedrivePolicy")}
    found = [alarm for alarm in template.resources(ALARM) if alarm.name.endswith("-dead-letters")]

    assert {dimensions["QueueName"] for alarm in found for *_, dimensions in watched(alarm)} == queues
    for alarm in found:
        assert (alarm["Threshold"], alarm["EvaluationPeriods"]) == (1, 1)
        # A queue that nobody touches sends no values, and must not look empty.
        assert alarm["TreatMissingData"] == "ignore"


def test_every_function_is_watched_for_errors_throttles_and_its_timeout(template: Template) -> None:
    for function in template.resources("AWS::Lambda::Function"):
        assert {"Errors", "Throttles", "Duration"} <= watching(template, FunctionName=function.name), function.name


@pytest.mark.parametrize("function", [function.name for function in FUNCTIONS])
def test_a_function_that_comes_near_its_timeout_is_an_alarm(template: Template, function: str) -> None:
    alarm = template.named(ALARM, template.names.alarm("function-duration", function))

    assert alarm["ExtendedStatistic"] == "p99"
    assert alarm["Threshold"] == template.function(function)["Timeout"] * 1000 * 0.8
    # Otherwise an alarm over a percentile never changes on a site with few visitors.
    assert alarm.get("EvaluateLowSampleCountPercentile") is None


def test_a_refused_token_is_no_crash_of_the_authorizer(template: Template) -> None:
    alarm = template.named(ALARM, template.names.alarm("authorizer-errors", "authorizer"))

    assert {name for _, name, _ in watched(alarm)} == {"Errors", "Denied"}
    assert "errors - FILL(denied, 0)" in str(alarm["Metrics"])


def test_the_api_is_watched_for_failures_refusals_and_latency(template: Template) -> None:
    api, stage = template.only("AWS::ApiGateway::RestApi"), template.only("AWS::ApiGateway::Stage")

    found = watching(template, ApiName=api.name, Stage=stage.name)

    assert found == {"4XXError", "5XXError", "Count", "Latency"}


def test_an_operation_of_the_table_whose_failures_nobody_counts_is_granted_to_nobody(template: Template) -> None:
    granted = {
        action.removeprefix("dynamodb:")
        for role in template.resources("AWS::IAM::Role")
        for policy in role.get("Policies") or ()
        for statement in policy["PolicyDocument"]["Statement"]
        for action in as_list(statement["Action"])
        if action.startswith("dynamodb:")
    }
    table = template.only("AWS::DynamoDB::Table")
    counted = {
        dimensions["Operation"]
        for alarm in template.resources(ALARM)
        for _, name, dimensions in watched(alarm)
        if name == "SystemErrors" and dimensions["TableName"] == table.name
    }

    assert counted == set(TABLE_OPERATIONS)
    assert granted <= counted


def test_reads_and_writes_of_the_table_and_of_its_index_are_watched_for_throttles(template: Template) -> None:
    table = template.only("AWS::DynamoDB::Table")
    throttles = {"ReadThrottleEvents", "WriteThrottleEvents"}

    assert throttles <= watching(template, TableName=table.name)
    for index in table["GlobalSecondaryIndexes"]:
        assert watching(template, TableName=table.name, GlobalSecondaryIndexName=index["IndexName"]) == throttles


@pytest.mark.parametrize(
    ("accepted", "applying"),
    [
        ({"ingest_contact": "Accepted"}, "store_contact"),
        # What the clock asks for is applied too: left out, each release would hide a loss.
        ({"ingest_projects": "Accepted", "release_projects": "Released"}, "apply_project"),
    ],
)
def test_what_was_accepted_is_compared_with_what_became_of_it(
    template: Template, accepted: dict[str, str], applying: str
) -> None:
    alarm = template.named(ALARM, template.names.alarm("unapplied", applying))

    assert watched(alarm) == [
        *(("Sitewire", count, {"service": function}) for function, count in accepted.items()),
        *(("Sitewire", outcome, {"service": applying}) for outcome in Outcome),
    ]


def test_every_worker_that_applies_what_was_promised_is_compared(template: Template) -> None:
    promised = {rule.name for rule in template.resources(ALARM) if rule.name.endswith("-unapplied")}
    # Mails go out beside the promise, and each function that sends one has its own dead letters.
    assert promised == {
        template.names.alarm("unapplied", worker.name) for worker in workers() if worker.name != "notify_contact"
    }


def test_every_function_that_verifies_tokens_is_watched_for_keys_and_denials(template: Template) -> None:
    verifiers = {
        function.name
        for function in FUNCTIONS
        if "ISSUERS" in template.function(function.name)["Environment"]["Variables"]
    }

    watched_functions = {
        function.name
        for function in FUNCTIONS
        if {"KeysUnavailable", "Denied"} <= watching(template, service=function.name)
    }

    assert verifiers == watched_functions == {"authorizer", "query_projects"}


def test_a_refused_token_is_no_error_of_a_function_that_answers_it(template: Template) -> None:
    # Unlike the authorizer it need not raise, so that whatever it raises is a crash.
    alarm = template.named(ALARM, template.names.alarm("function-errors", "query_projects"))

    assert [(name, dimensions) for _, name, dimensions in watched(alarm)] == [
        ("Errors", {"FunctionName": template.names.function("query_projects")})
    ]


def test_concurrency_is_compared_with_the_accounts_own_quota(template: Template) -> None:
    alarm = template.named(ALARM, template.names.alarm("concurrency"))

    assert "SERVICE_QUOTA(usage)" in str(alarm["Metrics"])
    assert watching(template, Service="Lambda", Resource="ConcurrentExecutions") == {"ResourceCount"}


@pytest.mark.parametrize(("kind", "rate"), [("mail-bounces", 0.025), ("mail-complaints", 0.0005)])
def test_the_accounts_reputation_is_compared_as_a_share_of_one(template: Template, kind: str, rate: float) -> None:
    alarm = template.named(ALARM, template.names.alarm(kind))

    assert (alarm["Namespace"], alarm["Threshold"], alarm["TreatMissingData"]) == ("AWS/SES", rate, "ignore")


def test_silence_is_an_alarm_only_where_it_is_asked_for(template: Template, assets: Path, tmp_path: Path) -> None:
    noisy = template.stage.alarms.model_copy(update={"quiet_minutes": 60})
    asked: Stage = template.stage.model_copy(update={"alarms": noisy})

    (alarm,) = [
        found
        for found in Template(asked, synthesized(asked, assets, tmp_path)).resources(ALARM)
        if found.name.endswith("api-silence")
    ]

    assert not [found for found in template.resources(ALARM) if found.name.endswith("api-silence")]
    assert (alarm["Period"], alarm["EvaluationPeriods"], alarm["DatapointsToAlarm"]) == (300, 12, 12)
    assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("LessThanOrEqualToThreshold", 0)
    assert alarm["TreatMissingData"] == "breaching"


def test_a_certificate_that_expires_is_an_alarm_where_there_is_one(
    template: Template, assets: Path, tmp_path: Path
) -> None:
    arn = "arn:aws:acm:eu-central-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
    stage: Stage = template.stage.model_copy(update={"certificate_arn": arn})

    alarm = Template(stage, synthesized(stage, assets, tmp_path)).named(
        ALARM, template.names.alarm("certificate-expiry")
    )

    assert watched(alarm) == [("AWS/CertificateManager", "DaysToExpiry", {"CertificateArn": arn})]
    assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("LessThanOrEqualToThreshold", 30)
    # ACM sends nothing of one that has expired.
    assert alarm["TreatMissingData"] == "ignore"


def test_what_is_accepted_of_visits_are_their_parts_and_the_pixels_requests(template: Template) -> None:
    alarm = template.named(ALARM, template.names.alarm("unapplied", "aggregate_analytics"))
    pixel = {
        "ApiName": template.names.api, "Stage": "v1", "Method": "GET", "Resource": "/api/analytics/pixel.gif",
    }  # fmt: skip

    assert watched(alarm) == [
        ("Sitewire", "Parts", {"service": "ingest_analytics"}),
        *(("AWS/ApiGateway", name, pixel) for name in ("Count", "4XXError", "5XXError")),
        *(("Sitewire", outcome, {"service": "aggregate_analytics"}) for outcome in Outcome),
    ]


def test_every_kind_of_alarm_is_used(template: Template) -> None:
    kinds = {kind.name for kind in KINDS}

    used = {kind for kind in kinds for alarm in template.resources(ALARM) if alarm.name.endswith(f"-{kind}")}

    assert kinds - used == {"api-silence", "certificate-expiry"}


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.name not in DERIVED], ids=lambda kind: kind.name)
def test_a_threshold_is_the_one_that_the_stage_sets(template: Template, kind: AlarmKind) -> None:
    alarms = [alarm for alarm in template.resources(ALARM) if alarm.name.endswith(f"-{kind.name}")]

    assert {alarm["Threshold"] for alarm in alarms} == {getattr(template.stage.alarms, kind.setting)}


def test_every_alarm_tells_what_it_means_where_to_read_on_and_what_to_run(template: Template) -> None:
    sections = anchors(ROOT / RUNBOOK)
    for alarm in every_alarm(template):
        description = template.render(alarm["AlarmDescription"])
        found = re.fullmatch(rf"[^.]+\. Runbook: {RUNBOOK}#([a-z0-9-]+) First: (.+)", description)
        assert found, description
        anchor, command = found.groups()
        assert anchor in sections
        assert alarm.name.endswith(f"-{anchor}")
        assert mistakes(command) == []
        assert len(description) <= DESCRIPTION_CHARACTERS


def test_a_command_of_an_alarm_names_what_exists(template: Template) -> None:
    groups = {group.name for group in template.resources("AWS::Logs::LogGroup")}
    for alarm in every_alarm(template):
        words = shlex.split(template.render(alarm["AlarmDescription"]).partition("First: ")[2])
        options: dict[str, Any] = dict(pairwise(words))
        assert options.get("--log-group-name") in {None, *groups}
        assert options.get("--stage") in {None, template.stage.name}
        assert options.get("--region") in {None, "{AWS::Region}"}


def test_an_expression_has_no_more_metrics_than_an_alarm_may_have(template: Template) -> None:
    assert max(len(watched(alarm)) for alarm in template.resources(ALARM)) <= METRICS_PER_EXPRESSION


@pytest.mark.parametrize("urgency", Urgency)
def test_one_alarm_is_over_all_alarms_of_an_urgency(template: Template, urgency: Urgency) -> None:
    composite = template.named(COMPOSITE, template.names.alarm(urgency))
    kinds = tuple(f"-{kind.name}" for kind in KINDS if kind.urgency is urgency)

    below = template.mentioned(composite["AlarmRule"])

    assert {alarm.name for alarm in below} == {
        alarm.name for alarm in template.resources(ALARM) if alarm.name.endswith(kinds)
    }
    rule = template.render(composite["AlarmRule"])
    assert re.fullmatch(r'ALARM\("[^"]+"\)( OR ALARM\("[^"]+"\))*', rule)
    assert len(rule) <= RULE_CHARACTERS
    assert len(below) <= ALARMS_PER_COMPOSITE


def test_every_urgency_has_its_alarm(template: Template) -> None:
    assert len(template.resources(COMPOSITE)) == len(COMPOSITES) == len(Urgency)
