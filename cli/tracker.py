"""Hand out the script that counts visits, and the tag that loads it."""

import base64
import hashlib
from html import escape
from pathlib import Path
from typing import Annotated

import typer

from cli.target import LOCAL, StageOption, target
from local.paths import ROOT

SCRIPT = ROOT / "web" / "tracker" / "sitewire.min.js"
"""What sites serve; `make generate` writes it from the source beside it."""

_SERVED_AS = "sitewire.js"


def tracker(
    *,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write the script to this file of your site.")] = None,
    src: Annotated[
        str | None, typer.Option("--src", help="Where your pages find it; the file's name at the root of the site.")
    ] = None,
    stage: StageOption = LOCAL,
) -> None:
    """Print the tag that lets a page count its visits in a stage, and with --out write the script that it loads."""
    script = SCRIPT.read_bytes()
    tag = script_tag(script, src or f"/{out.name if out else _SERVED_AS}", target(stage).api_url)
    if out is not None:
        try:
            out.write_bytes(script)
        except OSError as error:
            message = f"{out} can't be written: {error.strerror}"
            raise typer.BadParameter(message) from None
    typer.echo(tag)


def script_tag(script: bytes, src: str, api_url: str) -> str:
    """Return the tag of a page that loads `script` from `src` and sends to the API at `api_url`.

    A browser runs the script only as it is: its hash is in the tag (https://www.w3.org/TR/SRI/).
    """
    digest = base64.b64encode(hashlib.sha384(script).digest()).decode()
    return (
        f'<script defer src="{escape(src)}" data-api="{escape(api_url)}"'
        f' integrity="sha384-{digest}" crossorigin="anonymous"></script>'
    )
