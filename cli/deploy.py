"""Deploy a stage to AWS."""

import subprocess
from pathlib import Path
from typing import Annotated

import boto3
import typer
from botocore.exceptions import NoCredentialsError

from cli.console import progress
from infra.names import Names
from infra.stage import configuration_file, read_stage
from local.errors import LocalError
from local.packages import Platform, Report, build
from local.paths import ROOT, STATE, node_tool
from local.synthesis import synthesize

_PINNED = ROOT / "infra" / "cdk-cli"


def deploy(
    stage: Annotated[str, typer.Argument(help="A stage of sitewire.toml.")],
    *,
    synth_only: Annotated[bool, typer.Option("--synth-only", help="Build and synthesize, deploy nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask about changes of permissions.")] = False,
) -> None:
    """Deploy a stage to AWS, with the credentials of your environment or AWS_PROFILE.

    Builds the layers for Lambda, synthesizes the template, and hands it to the CDK version that is pinned here. The
    account and region must have been bootstrapped once, with 'cdk bootstrap'.
    """
    if stage == "local":
        message = "the stage local runs on the embedded AWS: use 'sitewire dev'"
        raise typer.BadParameter(message)
    settings = read_stage(stage, configuration_file(ROOT))
    if not synth_only and boto3.Session().get_credentials() is None:
        raise NoCredentialsError
    with progress() as report:
        assets = build(Platform.LAMBDA, report)
        assembly = synthesize(settings, assets, Platform.LAMBDA, report)
        cdk = None if synth_only else _pinned_cdk(report)
    if cdk is None:
        typer.echo(str(assembly))
        return
    approval = "never" if yes else "broadening"
    done = subprocess.run(  # noqa: S603  our own arguments
        [str(node_tool("node")), str(cdk), "deploy", Names(stage).stack, "--app", str(assembly),
         "--require-approval", approval, "--region", settings.region],
        cwd=ROOT, check=False,
    )  # fmt: skip
    if done.returncode:
        message = "the deployment failed; what CDK says above tells why"
        raise LocalError(message)


def _pinned_cdk(report: Report) -> Path:
    """Install the CDK command line from its lock, once, and return its script."""
    folder = STATE / "cdk-cli"
    script = folder / "node_modules" / "aws-cdk" / "bin" / "cdk"
    lock, installed = _PINNED / "package-lock.json", folder / "package-lock.json"
    if script.exists() and installed.read_bytes() == lock.read_bytes():
        return script
    report("Installing the CDK command line")
    folder.mkdir(parents=True, exist_ok=True)
    for path in (_PINNED / "package.json", lock):
        (folder / path.name).write_bytes(path.read_bytes())
    npm = [
        str(node_tool("node")),
        str(node_tool("npm")),
        "ci",
        "--silent",
        "--no-audit",
        "--no-fund",
        "--ignore-scripts",
    ]
    done = subprocess.run(npm, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        message = "the CDK command line can't be installed: check the network, then run it again"
        raise LocalError(message)
    return script
