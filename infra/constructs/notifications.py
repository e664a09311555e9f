"""Topics through which alarms reach people."""

from aws_cdk import ArnFormat, Aws, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from infra.alarms import Urgency
from infra.constructs.acknowledged import acknowledge
from infra.names import Names
from infra.stage import Stage

_CLOUDWATCH = "cloudwatch.amazonaws.com"
_BILLING = ("budgets.amazonaws.com", "costalerts.amazonaws.com")


class Notifications(Construct):
    """A topic for every alarm, and one for each urgency, encrypted and for the stage's own alarms only.

    The key is a key of ours, because the policy of SNS's own lets no alarm publish.
    """

    def __init__(self, scope: Construct, id_: str, *, stage: Stage) -> None:
        super().__init__(scope, id_)
        self._names = Names(stage.name)
        self._key = self._encryption()
        self.every_alarm = self._topic("alarms", stage.alarms.emails)
        self.of = {
            Urgency.PAGE: self._topic(Urgency.PAGE, stage.alarms.page_emails),
            Urgency.TICKET: self._topic(Urgency.TICKET, stage.alarms.ticket_emails),
        }
        self._open_to_billing(self.of[Urgency.TICKET])

    def _encryption(self) -> kms.Key:
        key = kms.Key(
            self,
            "Key",
            alias=self._names.topic("notifications"),
            description="Messages of alarms",
            enable_key_rotation=True,
            removal_policy=RemovalPolicy.DESTROY,
        )
        key.add_to_resource_policy(
            iam.PolicyStatement(
                sid="AlarmsOfThisAccount",
                principals=[iam.ServicePrincipal(_CLOUDWATCH)],
                actions=["kms:Decrypt", "kms:GenerateDataKey*"],
                resources=["*"],
                conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
            )
        )
        return key

    def _open_to_billing(self, topic: sns.Topic) -> None:
        """Let this account's budgets and cost anomalies publish to a topic."""
        principals: list[iam.IPrincipal] = [iam.ServicePrincipal(service) for service in _BILLING]
        conditions = {"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}}
        self._key.add_to_resource_policy(
            iam.PolicyStatement(
                sid="CostsOfThisAccount",
                principals=principals,
                actions=["kms:Decrypt", "kms:GenerateDataKey*"],
                resources=["*"],
                conditions=conditions,
            )
        )
        topic.add_to_resource_policy(
            iam.PolicyStatement(
                sid="CostsOfThisAccount",
                principals=principals,
                actions=["sns:Publish"],
                resources=[topic.topic_arn],
                conditions=conditions,
            )
        )

    def _topic(self, name: str, addresses: tuple[str, ...]) -> sns.Topic:
        topic = sns.Topic(self, name, topic_name=self._names.topic(name), master_key=self._key, enforce_ssl=True)
        alarms = Stack.of(self).format_arn(
            service="cloudwatch",
            resource="alarm",
            resource_name=f"{self._names.stack}-*",
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
        topic.add_to_resource_policy(
            iam.PolicyStatement(
                sid="AlarmsOfThisStage",
                principals=[iam.ServicePrincipal(_CLOUDWATCH)],
                actions=["sns:Publish"],
                resources=[topic.topic_arn],
                conditions={"ArnLike": {"aws:SourceArn": alarms}},
            )
        )
        for address in addresses:
            subscription = topic.add_subscription(subscriptions.EmailSubscription(address))
            acknowledge(
                subscription,
                {
                    "Serverless-SNSRedrivePolicy": "a lost mail loses nothing: the alarm's state stays, and a queue of "
                    "lost mails would need an alarm that is mailed"
                },
            )
        return topic
