"""What the account costs is judged by AWS, and told to who reads tickets."""

import json
from pathlib import Path

from infra.stage import Costs, Stage
from tests.infra.assemblies import synthesized
from tests.infra.template import Template

BUDGET, MONITOR, ANOMALIES = "AWS::Budgets::Budget", "AWS::CE::AnomalyMonitor", "AWS::CE::AnomalySubscription"
MONITOR_ARN = "arn:aws:ce::123456789012:anomalymonitor/12345678-1234-1234-1234-123456789012"


def with_costs(template: Template, assets: Path, folder: Path, **costs: object) -> Template:
    stage: Stage = template.stage.model_copy(update={"costs": Costs.model_validate(costs)})
    return Template(stage, synthesized(stage, assets, folder))


def test_a_months_budget_is_told_before_when_and_even_if_it_will_be_spent(template: Template) -> None:
    budget = template.only(BUDGET)

    assert budget["Budget"]["BudgetLimit"] == {"Amount": 25, "Unit": "USD"}
    assert budget["Budget"]["TimeUnit"] == "MONTHLY"
    notices = [entry["Notification"] for entry in budget["NotificationsWithSubscribers"]]
    assert [(notice["NotificationType"], notice["Threshold"]) for notice in notices] == [
        ("ACTUAL", 80), ("ACTUAL", 100), ("FORECASTED", 100),
    ]  # fmt: skip
    for entry in budget["NotificationsWithSubscribers"]:
        (subscriber,) = entry["Subscribers"]
        assert template.target(subscriber["Address"]).name == template.names.topic("ticket")


def test_an_anomaly_is_told_at_once(template: Template) -> None:
    subscription = template.only(ANOMALIES)

    assert subscription["Frequency"] == "IMMEDIATE"
    assert template.target(subscription["MonitorArnList"][0]) == template.only(MONITOR)
    assert template.target(subscription["Subscribers"][0]["Address"]).name == template.names.topic("ticket")
    assert json.loads(subscription["ThresholdExpression"])["Dimensions"]["Values"] == ["10"]


def test_billing_may_publish_to_the_topic_of_tickets_alone(template: Template) -> None:
    allowed = {
        template.target(policy["Topics"][0]).name: statement
        for policy in template.resources("AWS::SNS::TopicPolicy")
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Sid"] == "CostsOfThisAccount"
    }
    (granted,) = [
        statement
        for statement in template.only("AWS::KMS::Key")["KeyPolicy"]["Statement"]
        if statement.get("Sid") == "CostsOfThisAccount"
    ]

    assert allowed.keys() == {template.names.topic("ticket")}
    for statement in (granted, *allowed.values()):
        assert statement["Principal"] == {"Service": ["budgets.amazonaws.com", "costalerts.amazonaws.com"]}
        assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}


def test_the_accounts_own_monitor_is_taken_where_it_has_one(template: Template, assets: Path, tmp_path: Path) -> None:
    found = with_costs(template, assets, tmp_path, anomaly_monitor_arn=MONITOR_ARN, monthly_budget_usd=0)

    assert found.only(ANOMALIES)["MonitorArnList"] == [MONITOR_ARN]
    assert {resource.type for resource in found.all_resources()}.isdisjoint({MONITOR, BUDGET})
