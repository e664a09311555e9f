"""Show the functions' logs."""

import time
from typing import Annotated

import typer

from cli.console import out
from cli.log_lines import render
from local.emulator_process import local_client
from local.logs import follow_logs, read_logs
from local.outputs import running_outputs


def logs(
    function: Annotated[
        str | None, typer.Argument(help="Short name, such as store_contact; all, if not given.")
    ] = None,
    *,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="New lines only, until Ctrl-C.")] = False,
    raw: Annotated[
        bool, typer.Option("--json", help="The functions' own lines, a JSON object each, for scripts.")
    ] = False,
) -> None:
    """Show the logs of a function, or of all, in the order of their time."""
    outputs = running_outputs()
    groups = outputs["log_groups"]
    if function is not None:
        function = function.replace("-", "_")
        if function not in groups:
            message = f"there is no function {function}; there are {', '.join(groups)}"
            raise typer.BadParameter(message)
        groups = {function: groups[function]}
    client = local_client("logs", outputs["aws_endpoint_url"], outputs["region"])
    events = follow_logs(client, groups, since=int(time.time() * 1000)) if follow else read_logs(client, groups)
    for event in events:
        if event is None:
            continue
        if raw and event.message.startswith("{"):
            typer.echo(event.message.rstrip())
        elif raw:
            continue  # Lambda's own lines are not JSON
        else:
            render(event, out)
