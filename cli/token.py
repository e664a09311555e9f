"""Print an access token."""

from enum import StrEnum
from typing import Annotated

import typer

from cli.sessions import kept
from cli.target import LOCAL, StageOption, target
from local.outputs import running_outputs
from local.seed import access_token
from schemas.routes import Role


class RoleName(StrEnum):
    """The roles that a user can have."""

    VIEWER = "viewer"
    EDITOR = "editor"
    ADMIN = "admin"


def token(
    *,
    role: Annotated[
        RoleName | None, typer.Option(help="Sign in a seeded user of this role; on the local stage only.")
    ] = None,
    stage: StageOption = LOCAL,
) -> None:
    """Print an access token: of your own session ('sitewire login'), or of a seeded user of the local stage.

    As in: curl -H "Authorization: Bearer $(sitewire token --role editor)" http://localhost:4566/v1/api/contact
    """
    if role is None:
        typer.echo(kept(target(stage)).access_token)
        return
    if stage != LOCAL:
        message = f"--role is for the stage local; on {stage} sign in with 'sitewire login'"
        raise typer.BadParameter(message)
    typer.echo(access_token(running_outputs(), Role[role.name]))
