"""Invoke a function."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from cli.console import complain
from local.emulator_process import local_client
from local.outputs import running_outputs


def invoke(
    function: Annotated[str, typer.Argument(help="Short name, such as store_contact.")],
    *,
    event: Annotated[
        Path,
        typer.Option(
            help="File with the event, in JSON; - for standard input. tests/unit/events/ has some.", allow_dash=True
        ),
    ],
) -> None:
    """Invoke a function with an event and print what it returns; exit code 1 when it raised."""
    try:
        payload = sys.stdin.read() if str(event) == "-" else event.read_text()
        json.loads(payload)
    except OSError as error:
        message = f"{event} can't be read: {error.strerror}"
        raise typer.BadParameter(message) from None
    except ValueError as error:
        message = f"{'standard input' if str(event) == '-' else event} is not JSON: {error}"
        raise typer.BadParameter(message) from None
    outputs = running_outputs()
    function = function.replace("-", "_")
    if function not in outputs["functions"]:
        message = f"there is no function {function}; there are {', '.join(outputs['functions'])}"
        raise typer.BadParameter(message)
    client = local_client("lambda", outputs["aws_endpoint_url"], outputs["region"])
    answer = client.invoke(FunctionName=outputs["functions"][function], Qualifier="live", Payload=payload.encode())
    typer.echo(json.dumps(json.loads(answer["Payload"].read()), indent=2))
    if "FunctionError" in answer:
        complain(f"{function} raised; 'sitewire logs {function}' shows where")
        raise typer.Exit(1)
