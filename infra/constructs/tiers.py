"""Client tiers: a usage plan each, to which API keys are added while the stage runs."""

from aws_cdk import aws_apigateway as apigateway
from constructs import Construct

from infra.names import Names
from infra.stage import Stage, Tier

_SECONDS_A_MINUTE = 60


class Tiers(Construct):
    """The usage plans public, standard and premium; keys are made by the command line, never by the template.

    Parameters
    ----------
    stage
        The stage, with the limits of each tier.
    api
        The API that the plans cover.
    """

    def __init__(self, scope: Construct, id_: str, *, stage: Stage, api: apigateway.RestApi) -> None:
        super().__init__(scope, id_)
        names = Names(stage.name)
        for name, tier in stage.tiers:
            assert isinstance(tier, Tier)  # noqa: S101  every field of the section is one
            apigateway.UsagePlan(
                self,
                name,
                name=names.usage_plan(name),
                description=f"What the key of a client of the tier {name} may ask",
                api_stages=[apigateway.UsagePlanPerApiStage(api=api, stage=api.deployment_stage)],
                throttle=apigateway.ThrottleSettings(
                    rate_limit=tier.requests_per_minute / _SECONDS_A_MINUTE, burst_limit=tier.burst
                ),
                quota=apigateway.QuotaSettings(limit=tier.requests_per_day, period=apigateway.Period.DAY),
            )
