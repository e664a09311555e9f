"""Print the API's description."""

import json
from pathlib import Path
from typing import Annotated

import typer

from schemas.openapi import openapi_document


def openapi(
    *, output: Annotated[Path | None, typer.Option("--output", "-o", help="Write it to a file instead.")] = None
) -> None:
    """Print the OpenAPI document, generated from the schemas."""
    text = json.dumps(openapi_document(), indent=2)
    if output is None:
        typer.echo(text)
    else:
        output.write_text(text + "\n")
