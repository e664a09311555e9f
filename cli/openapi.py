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
    if output is None:
        typer.echo(openapi_text(), nl=False)
    else:
        try:
            output.write_text(openapi_text())
        except OSError as error:
            message = f"{output} can't be written: {error.strerror}"
            raise typer.BadParameter(message) from None


def openapi_text() -> str:
    """Return the OpenAPI document as it is printed, and committed."""
    return json.dumps(openapi_document(), indent=2) + "\n"
