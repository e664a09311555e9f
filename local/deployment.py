"""Deploy the template into the embedded AWS through CloudFormation, as `cdk deploy` does into the cloud."""

import contextlib
import json
import time
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from infra.names import Names
from infra.stage import Stage
from local.emulator_process import ACCOUNT, API_ID, Emulator
from local.errors import LocalError
from local.template import local_template, methods_with_validator

_BOOTSTRAP_PARAMETER = "/cdk-bootstrap/hnb659fds/version"
_BOOTSTRAP_VERSION = "30"
_WAIT_SECONDS = 120
_DONE = ("CREATE_COMPLETE", "UPDATE_COMPLETE")


def deploy(emulator: Emulator, assembly: Path, stage: Stage) -> None:
    """Create or update the stage's stack.

    Raises
    ------
    LocalError
        When a resource fails; the message names it and the reason.
    """
    template = local_template(assembly, stage.name, api_id=API_ID, endpoint_url=emulator.endpoint_url)
    _bootstrap(emulator)
    stack = Names(stage.name).stack
    _upload_assets(emulator, assembly, stack)
    _apply(emulator, stack, template)
    _attach_validators(emulator, template, stack)


def _bootstrap(emulator: Emulator) -> None:
    """Create what `cdk bootstrap` leaves in an account, as far as the template asks for it."""
    emulator.client("ssm").put_parameter(
        Name=_BOOTSTRAP_PARAMETER, Value=_BOOTSTRAP_VERSION, Type="String", Overwrite=True
    )
    s3 = emulator.client("s3")
    with contextlib.suppress(s3.exceptions.BucketAlreadyOwnedByYou, s3.exceptions.BucketAlreadyExists):
        s3.create_bucket(Bucket=_bucket(emulator), CreateBucketConfiguration={"LocationConstraint": emulator.region})


def _upload_assets(emulator: Emulator, assembly: Path, stack: str) -> None:
    assets = json.loads((assembly / f"{stack}.assets.json").read_text())["files"]
    s3, bucket = emulator.client("s3"), _bucket(emulator)
    for asset in assets.values():
        path = assembly / asset["source"]["path"]
        if path.suffix == ".zip":
            for destination in asset["destinations"].values():
                s3.put_object(Bucket=bucket, Key=destination["objectKey"], Body=path.read_bytes())


def _bucket(emulator: Emulator) -> str:
    """Return the name of the bucket in which CDK's default synthesizer looks for assets."""
    return f"cdk-hnb659fds-assets-{ACCOUNT}-{emulator.region}"


def _apply(emulator: Emulator, stack: str, template: dict[str, Any]) -> None:
    cloudformation, bucket, key = (
        emulator.client("cloudformation"),
        _bucket(emulator),
        f"{stack}.template.json",
    )
    emulator.client("s3").put_object(Bucket=bucket, Key=key, Body=json.dumps(template).encode())
    request = {
        "StackName": stack,
        "TemplateURL": f"{emulator.endpoint_url}/{bucket}/{key}",
        "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"],
    }
    try:
        exists = _status(cloudformation, stack) in _DONE
        if exists:
            cloudformation.update_stack(**request)
        else:
            cloudformation.create_stack(**request)
    except ClientError as error:
        if "No updates are to be performed" in str(error):
            return
        message = f"CloudFormation refused the template: {error.response['Error']['Message'][:300]}"
        raise LocalError(message) from None
    _await_stack(cloudformation, stack)


def _status(cloudformation: Any, stack: str) -> str:  # noqa: ANN401  boto3's client
    try:
        status: str = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"]
    except ClientError:
        return ""
    return status


def _await_stack(cloudformation: Any, stack: str) -> None:  # noqa: ANN401  boto3's client
    deadline = time.monotonic() + _WAIT_SECONDS
    while time.monotonic() < deadline:
        status = _status(cloudformation, stack)
        if status in _DONE:
            return
        if not status.endswith("_IN_PROGRESS"):
            break
        time.sleep(0.1)
    events = cloudformation.describe_stack_events(StackName=stack)["StackEvents"]
    failed = [event for event in events if event.get("ResourceStatus", "").endswith("_FAILED")]
    first = failed[-1] if failed else {"LogicalResourceId": stack, "ResourceStatusReason": status}
    message = f"{first['LogicalResourceId']} failed: {first.get('ResourceStatusReason', 'no reason given')}"
    raise LocalError(message)


def _attach_validators(emulator: Emulator, template: dict[str, Any], stack: str) -> None:
    """Create the body validator and attach it to its methods, which the emulator's CloudFormation leaves undone."""
    cloudformation, gateway = emulator.client("cloudformation"), emulator.client("apigateway")
    for existing in gateway.get_request_validators(restApiId=API_ID).get("items", []):
        gateway.delete_request_validator(restApiId=API_ID, requestValidatorId=existing["id"])
    validator = gateway.create_request_validator(restApiId=API_ID, name="body", validateRequestBody=True)
    found = cloudformation.describe_stack_resources(StackName=stack)["StackResources"]
    ids = {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in found}
    for method, resource in methods_with_validator(template):
        gateway.update_method(
            restApiId=API_ID,
            resourceId=ids[resource],
            httpMethod=method,
            patchOperations=[{"op": "replace", "path": "/requestValidatorId", "value": validator["id"]}],
        )
