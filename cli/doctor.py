"""Check whether everything that a stage needs is there."""

import json
from collections.abc import Iterator

import boto3
import typer

from cli.console import columns, out, plain
from cli.dlq_place import AsJson
from cli.health.account import cloud_checks
from cli.health.checks import Check, Outcome, skipped
from cli.health.embedded import local_checks
from cli.health.machine import environment, placeholders, read
from cli.target import LOCAL, StageOption

_COLOURS = {Outcome.OK: "green", Outcome.WARN: "yellow", Outcome.FAIL: "bold red", Outcome.SKIPPED: "dim"}


def doctor(*, as_json: AsJson = False, stage: StageOption = LOCAL) -> None:
    """Check what a stage needs, and say what to do about what is missing.

    That is sitewire.toml, Python and the embedded AWS; of a deployed stage also
    your credentials, CDK's bootstrap, the last deployment, SES (sandbox, sender,
    recipients), the quotas of Lambda and API Gateway, and domains of your own
    with their certificates. Nothing is changed. What does not apply is skipped,
    and it says why.

    With --json: an array of objects with name, outcome (ok, warn, fail or
    skipped), found and advice. Exit codes:
    0 nothing failed, though there may be warnings;
    1 a check failed.

    Example: sitewire doctor --stage production

    Example: sitewire doctor --json | jq '.[] | select(.outcome == "fail") | .advice'
    """
    found = list(_checks(stage))
    if as_json:
        typer.echo(json.dumps([check._asdict() for check in found], indent=2))
    else:
        table = columns("", "check", "found")
        for check in found:
            advice = f"\n-> {check.advice}" if check.advice else ""
            outcome = f"[{_COLOURS[check.outcome]}]{check.outcome}[/]"
            table.add_row(outcome, check.name, plain(check.found) + advice)
        out.print(table)
    if any(check.outcome is Outcome.FAIL for check in found):
        raise typer.Exit(1)


def _checks(stage: str) -> Iterator[Check]:
    settings, found = read(stage)
    yield from found
    if settings:
        yield placeholders(settings, is_local=stage == LOCAL)
    yield from environment()
    if stage == LOCAL:
        yield from local_checks()
    elif settings:
        yield from cloud_checks(settings, boto3.Session(region_name=settings.region).client)
    else:
        yield skipped("credentials", "without a configuration there is no region to ask in")
