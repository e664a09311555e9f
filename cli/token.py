"""Sign a token for the stage that runs here."""

from enum import StrEnum
from typing import Annotated

import typer

from local.emulator_process import local_client
from local.outputs import running_outputs
from schemas.routes import Role
from shared.tokens import sign


class RoleName(StrEnum):
    """The roles that a token can have."""

    VIEWER = "viewer"
    EDITOR = "editor"
    ADMIN = "admin"


_HOUR = 3600


def token(
    *,
    role: Annotated[RoleName, typer.Option(help="What its bearer may do.")],
    subject: Annotated[str, typer.Option(help="Who its bearer is.")] = "local-developer",
    hours: Annotated[int, typer.Option(min=1, max=24, help="How long it lasts.")] = 12,
) -> None:
    """Print a token for the stage that runs here.

    As in: curl -H "Authorization: Bearer $(sitewire token --role editor)" http://localhost:4566/v1/api/contact
    """
    outputs = running_outputs()
    secrets = local_client("secretsmanager", outputs["aws_endpoint_url"], outputs["region"])
    key = secrets.get_secret_value(SecretId=outputs["token_secret"])["SecretString"]
    signed = sign(subject, Role[role.name], key=key, issuer=outputs["token_issuer"], lifetime_seconds=hours * _HOUR)
    typer.echo(signed)
