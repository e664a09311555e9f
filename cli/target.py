"""The stage that a command is about: the one that runs here, or one that is deployed."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, NamedTuple

import boto3
import typer
from botocore.exceptions import ClientError

from infra.names import Names
from infra.stage import configuration_file, read_stage
from local.emulator_process import local_client
from local.errors import LocalError
from local.outputs import running_outputs
from local.paths import ROOT

LOCAL = "local"

StageOption = Annotated[
    str, typer.Option("--stage", help="local, or a stage that is deployed: then with your AWS credentials.")
]


class Target(NamedTuple):
    """A stage that can be talked to; `client` makes clients of AWS services with the operator's rights."""

    stage: str
    api_url: str
    table: str
    user_pool: str
    user_pool_client: str
    client: Callable[..., Any]


def target(stage: str) -> Target:
    """Return the stage `stage`.

    Raises
    ------
    LocalError
        When it does not run, or is not deployed.
    StageError
        When sitewire.toml has no such stage.
    """
    if stage == LOCAL:
        outputs = running_outputs()
        client = partial(local_client, endpoint_url=outputs["aws_endpoint_url"], region=outputs["region"])
        return Target(
            stage, outputs["api_url"], outputs["table"], outputs["user_pool"], outputs["user_pool_client"], client
        )
    region = read_stage(stage, configuration_file(ROOT)).region
    session = boto3.Session(region_name=region)
    try:
        stacks = session.client("cloudformation").describe_stacks(StackName=Names(stage).stack)["Stacks"]
    except ClientError as error:
        message = f"the stage {stage} can't be read in {region}: {error.response['Error']['Message']}"
        raise LocalError(message) from None
    found = {item["OutputKey"]: item["OutputValue"] for item in stacks[0].get("Outputs", [])}
    return Target(
        stage,
        found["ApiUrl"].rstrip("/"),
        found["TableName"],
        found["UserPoolId"],
        found["UserPoolClientId"],
        session.client,
    )
