"""Sign in and out."""

import sys
from typing import Annotated

import typer

from cli.console import err
from cli.sessions import ask, forget, keep, to_session
from cli.target import LOCAL, StageOption, target


def login(
    *,
    email: Annotated[str, typer.Option(prompt="E-mail", help="Your address; asked for if not given.")],
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input instead of asking.")
    ] = False,
    stage: StageOption = LOCAL,
) -> None:
    """Sign in with your own account, and keep the session in a file that only you can read.

    Asks for a new password where yours is a temporary one, and for a code where you have a second factor. 'sitewire
    token' then prints an access token.
    """
    place = target(stage)
    password = sys.stdin.readline().rstrip("\n") if password_stdin else typer.prompt("Password", hide_input=True)
    answer = ask(place, "/api/auth/token", {"email": email, "password": password})
    while challenge := answer.get("challenge"):
        reply = {"email": email, "session": answer["session"]}
        if challenge == "new_password_required":
            reply["new_password"] = typer.prompt("New password", hide_input=True, confirmation_prompt=True)
        else:
            reply["code"] = typer.prompt("Code of your authenticator")
        answer = ask(place, "/api/auth/token", reply)
    path = keep(place, to_session(email, answer))
    err.print(f"Signed in as {email} on {stage}; the session is in {path}.")


def logout(*, stage: StageOption = LOCAL) -> None:
    """Revoke your session and remove its file; access tokens end by themselves within minutes."""
    forget(target(stage))
    err.print(f"Signed out of {stage}.")
