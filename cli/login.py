"""Sign in and out."""

import sys
from typing import Annotated, Any

import typer

from cli.console import complain, err, plain
from cli.sessions import ask, forget, keep, to_session
from cli.target import LOCAL, StageOption, Target, target
from local.errors import LocalError

_TRIES = 3


def login(
    *,
    email: Annotated[str | None, typer.Option(help="Your address; asked for if not given.")] = None,
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
    address = email or typer.prompt("E-mail", err=True)
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = typer.prompt("Password", hide_input=True, err=True)
    answer = ask(place, "/api/auth/token", {"email": address, "password": password})
    while "challenge" in answer:
        if password_stdin:
            message = "this account asks for more than a password: run it without --password-stdin"
            raise LocalError(message)
        answer = _meet(place, address, answer)
    path = keep(place, to_session(place, address, answer))
    err.print(plain(f"Signed in as {address} on {stage}; the session is in {path}."))


def _meet(place: Target, email: str, challenge: dict[str, Any]) -> dict[str, Any]:
    """Ask for what a challenge wants, again where it was mistyped, and return the API's answer."""
    for _ in range(_TRIES - 1):
        try:
            return ask(place, "/api/auth/token", _reply(email, challenge))
        except LocalError as error:
            complain(str(error))
    return ask(place, "/api/auth/token", _reply(email, challenge))


def _reply(email: str, challenge: dict[str, Any]) -> dict[str, str]:
    reply = {"email": email, "session": challenge["session"]}
    if challenge["challenge"] == "new_password_required":
        reply["new_password"] = typer.prompt("New password", hide_input=True, confirmation_prompt=True, err=True)
    else:
        reply["code"] = typer.prompt("Code of your authenticator", err=True)
    return reply


def logout(*, stage: StageOption = LOCAL) -> None:
    """Revoke your session and remove its file; access tokens end by themselves within minutes."""
    forget(target(stage))
    err.print(f"Signed out of {stage}.")
