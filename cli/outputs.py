"""Say what runs here."""

import json
from typing import Annotated

import typer

from cli.console import columns, out, plain
from local.outputs import running_outputs


def outputs(*, as_json: Annotated[bool, typer.Option("--json", help="One JSON object, for scripts.")] = False) -> None:
    """Show the addresses and names of the stage that runs here."""
    found = running_outputs()
    if as_json:
        typer.echo(json.dumps(found, indent=2))
        return
    table = columns()
    for name, value in found.items():
        if isinstance(value, dict):
            for key, item in value.items():
                table.add_row(f"{name}.{key}", plain(item))
        else:
            table.add_row(name, plain(value))
    out.print(table)
