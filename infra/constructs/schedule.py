"""A function that is invoked by a clock."""

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_scheduler_targets as targets
from constructs import Construct

from infra.constructs.function import Function


class Clock(Construct):
    """Schedule that invokes a function again and again.

    A run that fails is not repeated: the next one does what it left.

    Parameters
    ----------
    name
        The schedule's name.
    every
        The time between two runs: whole minutes, hours or days.
    function
        What is invoked.
    """

    def __init__(self, scope: Construct, id_: str, *, name: str, every: Duration, function: Function) -> None:
        super().__init__(scope, id_)
        invoke = iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=[function.alias.function_arn])
        role = iam.Role(
            self,
            "Role",
            description=f"Invoke {function.entry.name} by a clock",
            assumed_by=iam.ServicePrincipal("scheduler.amazonaws.com"),
            inline_policies={"Invoke": iam.PolicyDocument(statements=[invoke])},
        )
        scheduler.Schedule(
            self,
            "Schedule",
            schedule_name=name,
            description=function.entry.summary,
            schedule=scheduler.ScheduleExpression.rate(every),
            target=targets.LambdaInvoke(
                function.alias,
                # The grant is written above: CDK's own would cover every version.
                role=role.without_policy_updates(),
                retry_attempts=0,
                max_event_age=every,
            ),
        )
