"""What the account costs: a budget for the month, and services that cost more than was expected of them."""

import json

from aws_cdk import aws_budgets as budgets
from aws_cdk import aws_ce as ce
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.names import Names
from infra.stage import Stage

_LIMITS = (("ACTUAL", 80), ("ACTUAL", 100), ("FORECASTED", 100))
"""What is told of the budget, in percent."""

_ADDRESSES_PER_NOTICE = 10


class Costs(Construct):
    """The budget and the monitor of anomalies, where the stage has them; AWS judges them by itself.

    Parameters
    ----------
    stage
        The stage, with the amounts.
    topic
        Where both are told.
    """

    def __init__(self, scope: Construct, id_: str, *, stage: Stage, topic: sns.Topic) -> None:
        super().__init__(scope, id_)
        self._stage = stage
        self._names = Names(stage.name)
        self._topic = topic
        if stage.costs.monthly_budget_usd:
            self._budget(stage.costs.monthly_budget_usd)
        if stage.costs.anomaly_usd:
            self._anomalies(stage.costs.anomaly_usd, stage.costs.anomaly_monitor_arn or self._monitor())

    def _budget(self, limit: float) -> None:
        addresses = self._stage.alarms.emails[:_ADDRESSES_PER_NOTICE]
        subscribers = [
            budgets.CfnBudget.SubscriberProperty(subscription_type="SNS", address=self._topic.topic_arn),
            *(budgets.CfnBudget.SubscriberProperty(subscription_type="EMAIL", address=mail) for mail in addresses),
        ]
        budgets.CfnBudget(
            self,
            "Budget",
            budget=budgets.CfnBudget.BudgetDataProperty(
                budget_name=self._names.stack,
                budget_type="COST",
                time_unit="MONTHLY",
                budget_limit=budgets.CfnBudget.SpendProperty(amount=limit, unit="USD"),
            ),
            notifications_with_subscribers=[
                budgets.CfnBudget.NotificationWithSubscribersProperty(
                    notification=budgets.CfnBudget.NotificationProperty(
                        notification_type=kind, comparison_operator="GREATER_THAN", threshold=percent,
                        threshold_type="PERCENTAGE",
                    ),
                    subscribers=subscribers,
                )
                for kind, percent in _LIMITS
            ],
        )  # fmt: skip

    def _monitor(self) -> str:
        return ce.CfnAnomalyMonitor(
            self, "Monitor", monitor_name=self._names.stack, monitor_type="DIMENSIONAL", monitor_dimension="SERVICE"
        ).attr_monitor_arn

    def _anomalies(self, least: float, monitor: str) -> None:
        impact = {"Key": "ANOMALY_TOTAL_IMPACT_ABSOLUTE", "MatchOptions": ["GREATER_THAN_OR_EQUAL"]}
        ce.CfnAnomalySubscription(
            self,
            "Anomalies",
            subscription_name=self._names.stack,
            # Only a topic is told at once; addresses are told once a day.
            frequency="IMMEDIATE",
            monitor_arn_list=[monitor],
            subscribers=[ce.CfnAnomalySubscription.SubscriberProperty(type="SNS", address=self._topic.topic_arn)],
            threshold_expression=json.dumps({"Dimensions": {**impact, "Values": [f"{least:g}"]}}),
        )
