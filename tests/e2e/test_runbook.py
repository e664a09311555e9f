"""Every command of the runbook runs, where the embedded AWS has the call; of the others the input is checked."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from infra.alarms import RUNBOOK
from local.paths import ROOT, clean_environment
from tests.commands import shown_commands
from tests.e2e.conftest import Site

COMMANDS = sorted(set(shown_commands((ROOT / RUNBOOK).read_text())))

NOT_HERE = {
    "aws ce": "the embedded AWS knows no billing",
    "aws acm resend-validation-email": "there is no such call",
    "aws events describe-archive": "archives are left out of the local template",
    "aws events start-replay": "there is no such call",
    "aws sesv2 put-account-sending-attributes": "there is no such call",
    "aws service-quotas": "there is no such service",
    "aws xray": "there is no such service",
}
"""Commands, by how they begin, that the AWS CLI only checks the input of, with the reason."""

ELSEWHERE = {
    "sitewire deploy production": "tests/e2e/test_command_line.py runs it without credentials: it is for AWS alone",
    "curl": "the addresses are those of AWS",
}
"""Commands that are not run here, with the reason."""

_MAIL = {"sender": "website@example.org", "recipients": ["owner@example.org"], "site_name": "x", "autoresponse": True}


class Shell(NamedTuple):
    """Where commands are run: a folder, its environment, and what stands for the placeholders."""

    folder: Path
    environment: dict[str, str]
    values: dict[str, str]

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        """Run a command as the runbook shows it, but on this stage."""
        for placeholder, value in self.values.items():
            command = command.replace(placeholder, value)
        return subprocess.run(
            ["bash", "-c", command], cwd=self.folder, env=self.environment, input="y\n", capture_output=True, text=True,
            check=False, timeout=100,
        )  # fmt: skip


def reason_of(command: str, reasons: dict[str, str]) -> str | None:
    """Return why a command is among exceptions."""
    return next((reason for beginning, reason in reasons.items() if command.startswith(beginning)), None)


@pytest.fixture(scope="module")
def shell(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """Give a shell in which `aws` and `sitewire` are for the running stage; what commands change is changed back."""
    folder = tmp_path_factory.mktemp("runbook")
    programs = folder / "bin"
    programs.mkdir()
    outputs, stage = site.outputs, site.outputs["stage"]
    endpoint = f"--endpoint-url {outputs['aws_endpoint_url']}"
    _write(programs / "aws", f'exec {ROOT}/.venv-awscli/bin/aws {endpoint} "$@"')
    _write(programs / "sitewire", f'exec {ROOT}/.venv/bin/sitewire "$@"')
    aws_lambda, cognito = site.aws("lambda"), site.aws("cognito-idp")
    ssm, acm = site.aws("ssm"), site.aws("acm")
    (folder / "mail.json").write_text(json.dumps(_MAIL))
    parameter = f"/sitewire/{stage}/contact/mail"
    preferences = ssm.get_parameter(Name=parameter)["Parameter"]["Value"]
    consumer = outputs["functions"]["store_contact"]
    (source,) = aws_lambda.list_event_source_mappings(FunctionName=f"{consumer}:live")["EventSourceMappings"]
    address = site.plant("runbook@people.example")
    cognito.admin_create_user(
        UserPoolId=outputs["user_pool"],
        Username=address,
        MessageAction="SUPPRESS",
        UserAttributes=[{"Name": "email", "Value": address}],
    )
    environment = {
        **clean_environment(), "AWS_DEFAULT_REGION": outputs["region"], "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test", "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_PAGER": "", "SITEWIRE_STATE": str(site.folder.parent), "PYTHONPATH": str(ROOT), "COLUMNS": "200",
    }  # fmt: skip
    environment["PATH"] = f"{programs}:{environment['PATH']}"
    shell = Shell(folder, environment, {})
    key = json.loads(shell.run("sitewire key create runbook --tier standard --json").stdout)["id"]
    query = site.aws("logs").start_query(
        logGroupName=outputs["log_groups"]["authorizer"], startTime=0, endTime=2**31, queryString="fields @message"
    )
    shell.values.update(
        {
            "USER_POOL_ID": outputs["user_pool"], "QUERY_ID": query["queryId"], "UUID": source["UUID"],
            "CERTIFICATE_ARN": acm.request_certificate(DomainName="example.org")["CertificateArn"],
            "ARCHIVE_ARN": "arn:aws:events:eu-central-1:000000000000:archive/sitewire-production",
            "ACCOUNT": "000000000000", " KEY ": f" {key} ", " USER ": f" {address} ", "production": stage,
        }
    )  # fmt: skip
    yield shell
    aws_lambda.update_event_source_mapping(UUID=source["UUID"], Enabled=True)
    aws_lambda.delete_function_concurrency(FunctionName=outputs["functions"]["ingest_contact"])
    ssm.put_parameter(Name=parameter, Value=preferences, Overwrite=True)
    cognito.admin_delete_user(UserPoolId=outputs["user_pool"], Username=address)


def _write(path: Path, command: str) -> None:
    path.write_text(f"#!/bin/sh\n{command}\n")
    path.chmod(0o755)


def _shows_what_is_wrong(command: str, done: subprocess.CompletedProcess[str]) -> bool:
    """Tell whether a command showed the stage, and ended with 1 because another test left something wrong with it."""
    return command.startswith("sitewire status") and done.returncode == 1 and "dead letters" in done.stdout


@pytest.mark.parametrize("command", [found for found in COMMANDS if reason_of(found, ELSEWHERE) is None])
def test_a_command_of_the_runbook_runs(shell: Shell, command: str) -> None:
    checked_only = reason_of(command, NOT_HERE)

    done = shell.run(f"{command} --generate-cli-skeleton output" if checked_only else command)

    assert done.returncode == 0 or _shows_what_is_wrong(command, done), done.stderr


def test_the_input_of_a_command_is_checked_where_it_is_not_run(shell: Shell) -> None:
    done = shell.run("aws xray get-trace-summaries --start-time 1 --generate-cli-skeleton output")

    assert done.returncode != 0


def test_every_exception_is_of_a_command(show_figure: Callable[[str], None]) -> None:
    checked = [command for command in COMMANDS if reason_of(command, NOT_HERE)]
    elsewhere = [command for command in COMMANDS if reason_of(command, ELSEWHERE)]

    show_figure(
        f"runbook: {len(COMMANDS)} commands, {len(COMMANDS) - len(checked) - len(elsewhere)} run on the stage, "
        f"{len(checked)} checked by the AWS CLI, {len(elsewhere)} run elsewhere"
    )
    for beginning in (*NOT_HERE, *ELSEWHERE):
        assert any(command.startswith(beginning) for command in COMMANDS), beginning
