"""Alarms reach people: by encrypted topics that nobody but the stage's alarms may publish to."""

from pathlib import Path

import pytest

from infra.alarms import Urgency
from infra.stage import Stage
from tests.infra.assemblies import synthesized
from tests.infra.template import Resource, Template, as_list

ALARM, COMPOSITE, TOPIC = "AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm", "AWS::SNS::Topic"
ADDRESSES = {"emails": "ops@example.org", "page_emails": "pager@example.org", "ticket_emails": "desk@example.org"}


def actions(template: Template, alarm: Resource, kind: str = "AlarmActions") -> list[str]:
    return [template.target(value).name for value in alarm.get(kind) or ()]


def test_every_alarm_is_sent_to_the_topic_of_all_alarms(template: Template) -> None:
    for alarm in template.resources(ALARM):
        assert actions(template, alarm) == [template.names.topic("alarms")]
        assert alarm.get("ActionsEnabled") in {None, True}


@pytest.mark.parametrize("urgency", Urgency)
def test_an_urgency_begins_and_ends_with_one_message(template: Template, urgency: Urgency) -> None:
    composite = template.named(COMPOSITE, template.names.alarm(urgency))

    assert actions(template, composite) == actions(template, composite, "OKActions") == [template.names.topic(urgency)]


def test_every_topic_is_encrypted_with_a_key_that_alarms_may_use(template: Template) -> None:
    key = template.only("AWS::KMS::Key")

    # SNS's own key would let no alarm publish.
    for topic in template.resources(TOPIC):
        assert template.target(topic["KmsMasterKeyId"]) == key
    (granted,) = [
        statement
        for statement in key["KeyPolicy"]["Statement"]
        if statement["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    ]
    assert set(granted["Action"]) == {"kms:Decrypt", "kms:GenerateDataKey*"}
    assert granted["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    assert key["EnableKeyRotation"] is True


def test_a_topic_takes_messages_over_tls_and_from_the_stages_alarms_alone(template: Template) -> None:
    policies = template.resources("AWS::SNS::TopicPolicy")

    owners = sorted(template.target(policy["Topics"][0]).id for policy in policies)
    assert owners == sorted(topic.id for topic in template.resources(TOPIC))
    for policy in policies:
        statements = {
            statement["Effect"]: statement
            for statement in policy["PolicyDocument"]["Statement"]
            if statement.get("Sid") != "CostsOfThisAccount"
        }
        denied, allowed = statements.pop("Deny"), statements.pop("Allow")
        assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        assert as_list(allowed["Action"]) == ["sns:Publish"]
        assert allowed["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
        source = template.render(allowed["Condition"]["ArnLike"]["aws:SourceArn"])
        assert source.endswith(f":{{AWS::AccountId}}:alarm:{template.names.stack}-*")


def test_nobody_is_subscribed_unless_the_configuration_says_so(template: Template) -> None:
    assert [found for found in template.all_resources() if found.type == "AWS::SNS::Subscription"] == []


def test_addresses_are_subscribed_to_the_topic_that_they_are_for(
    production: Template, assets: Path, tmp_path: Path
) -> None:
    alarms = production.stage.alarms.model_copy(update={field: (mail,) for field, mail in ADDRESSES.items()})
    stage: Stage = production.stage.model_copy(update={"alarms": alarms})

    template = Template(stage, synthesized(stage, assets, tmp_path))

    subscribed = {
        template.target(found["TopicArn"]).name: (found["Protocol"], found["Endpoint"])
        for found in template.resources("AWS::SNS::Subscription")
    }
    topics = [template.names.topic(name) for name in ("alarms", "page", "ticket")]
    assert subscribed == {topic: ("email", mail) for topic, mail in zip(topics, ADDRESSES.values(), strict=True)}
