"""A Lambda function with a role, a log group and an alias of its own."""

from pathlib import Path
from typing import NamedTuple

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra import catalogue
from infra.constructs.acknowledged import acknowledge
from infra.constructs.layers import Layers
from infra.names import ALIAS, Names
from infra.stage import Stage
from shared.settings import Settings


class Grant(NamedTuple):
    """Named actions on named resources."""

    actions: tuple[str, ...]
    resources: tuple[str, ...]


class Surroundings(NamedTuple):
    """What every function of a stack shares: the stage, the folder with the built packages, the layers."""

    stage: Stage
    assets: Path
    layers: Layers


class Function(Construct):
    """Function as the catalogue describes it.

    Parameters
    ----------
    name
        Short name in the catalogue.
    settings
        The function's environment.
    grants
        All that its role may do, beside writing its log and traces.
    surroundings
        What every function shares.
    """

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        settings: Settings,
        grants: tuple[Grant, ...],
        surroundings: Surroundings,
    ) -> None:
        super().__init__(scope, name)
        self.entry = catalogue.function(name)
        stage = surroundings.stage
        names = Names(stage.name)
        log_group = logs.LogGroup(
            self,
            "Logs",
            log_group_name=names.log_group(name),
            retention=_retention(stage.log_retention_days),
            removal_policy=RemovalPolicy.DESTROY,
        )
        role = self._role((Grant(("logs:CreateLogStream", "logs:PutLogEvents"), (log_group.log_group_arn,)), *grants))
        self.function = lambda_.Function(
            self,
            "Function",
            function_name=names.function(name),
            description=self.entry.summary,
            runtime=lambda_.Runtime.PYTHON_3_13,
            architecture=lambda_.Architecture.ARM_64,
            handler=f"functions.{self.entry.room}.{self.entry.module}.handler",
            code=lambda_.Code.from_asset(str(surroundings.assets / f"function-{name}.zip")),
            layers=surroundings.layers.of(self.entry),
            environment=settings.to_environment(),
            memory_size=self.entry.memory,
            timeout=Duration.seconds(self.entry.timeout),
            # Every grant is written here: CDK must not add what it thinks the function needs.
            role=role.without_policy_updates(),
            log_group=log_group,
            tracing=lambda_.Tracing.ACTIVE,
        )
        runtime = "Python 3.13 is what the locks are compiled for and the layers' bytecode is written for"
        acknowledge(
            self.function,
            {
                "AwsSolutions-L1": runtime,
                "Serverless-LambdaLatestVersion": runtime,
                "Serverless-LambdaDLQ": "API Gateway waits for it, or its queue has a dead-letter queue, or a clock "
                "invokes it again",
            },
        )
        self.alias = lambda_.Alias(self, "Alias", alias_name=ALIAS, version=self.function.current_version)

    def _role(self, grants: tuple[Grant, ...]) -> iam.Role:
        statements = [
            iam.PolicyStatement(actions=list(grant.actions), resources=list(grant.resources)) for grant in grants
        ]
        traces = iam.PolicyStatement(actions=["xray:PutTelemetryRecords", "xray:PutTraceSegments"], resources=["*"])
        role = iam.Role(
            self,
            "Role",
            description=f"What {self.node.id} may do",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            inline_policies={"Function": iam.PolicyDocument(statements=[*statements, traces])},
        )
        reason = "X-Ray's write actions know no resources"
        acknowledge(role, {"AwsSolutions-IAM5[Resource::*]": reason, "Serverless-LambdaStarPermissions": reason})
        return role


def _retention(days: int) -> logs.RetentionDays:
    names = {
        1: "ONE_DAY",
        7: "ONE_WEEK",
        14: "TWO_WEEKS",
        30: "ONE_MONTH",
        90: "THREE_MONTHS",
        365: "ONE_YEAR",
    }
    retention: logs.RetentionDays = getattr(logs.RetentionDays, names[days])
    return retention
