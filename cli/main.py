"""The `sitewire` command."""

import sys
from collections.abc import Callable

import typer
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

from cli import (
    analytics,
    deploy,
    dev,
    dlq,
    doctor,
    invoke,
    key,
    login,
    logs,
    openapi,
    outputs,
    project,
    stats,
    status,
    token,
    tracker,
    user,
)
from cli.console import complain
from infra.stage import StageError
from local.errors import LocalError

_FAILED, _BAD_INPUT, _INTERRUPTED = 1, 2, 130

EXIT_CODES = {0: "done", _FAILED: "failed", _BAD_INPUT: "bad input or configuration", _INTERRUPTED: "interrupted"}
"""What the exit codes of every command mean."""

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    help=f"""
    Run, inspect and deploy a Sitewire backend.

    [bold]sitewire dev[/] runs the whole of it here, on an embedded AWS, from the template that is deployed.
    Exit codes: {", ".join(f"{code} {meaning}" for code, meaning in EXIT_CODES.items())}.
    """,
)
_COMMANDS: tuple[Callable[..., None], ...] = (
    dev.dev, dev.down, outputs.outputs, status.status, doctor.doctor, logs.logs, invoke.invoke, login.login,
    login.logout, token.token, stats.stats, openapi.openapi, tracker.tracker, deploy.deploy,
)  # fmt: skip
for _command in _COMMANDS:
    app.command()(_command)
app.add_typer(user.app, name="user")
app.add_typer(key.app, name="key")
app.add_typer(dlq.app, name="dlq")
app.add_typer(project.app, name="project")
app.add_typer(analytics.app, name="analytics")


def main() -> None:
    """Run the command line and exit; a person never sees a traceback of what they can mend."""
    try:
        sys.exit(app(standalone_mode=False) or 0)
    except typer.TyperException as error:
        # Without arguments the message is empty: the help was shown instead.
        if message := " ".join(error.format_message().split()):
            # Typer hands on what Pydantic says of an option's value.
            complain(f"{message.replace(': Value error, ', ': ')} (try --help)")
        sys.exit(_BAD_INPUT)
    except StageError as error:
        complain(str(error))
        sys.exit(_BAD_INPUT)
    except LocalError as error:
        complain(str(error))
        sys.exit(_FAILED)
    except NoCredentialsError:
        complain("there are no AWS credentials: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
        sys.exit(_FAILED)
    except (BotoCoreError, ClientError) as error:
        complain(f"AWS: {error}")
        sys.exit(_FAILED)
    except (KeyboardInterrupt, typer.Abort):
        sys.exit(_INTERRUPTED)
