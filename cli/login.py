"""Sign in and out."""

import sys
from typing import Annotated, Any

import typer

from cli.console import complain, err, plain
from cli.sessions import ask, forget, keep, to_session
from cli.target import LOCAL, StageOption, Target, target
from local.errors import LocalError
from schemas.text import SHORTEST_PASSWORD

_TRIES = 3


def login(
    *,
    email: Annotated[str, typer.Option(help="Your address.")],
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
    if not password_stdin and not sys.stdin.isatty():
        message = "there is no terminal to ask in: use --password-stdin"
        raise typer.BadParameter(message)
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = typer.prompt("Password", hide_input=True, err=True)
    answer = ask(place, "/api/auth/token", {"email": email, "password": password})
    while "challenge" in answer:
        if password_stdin:
            message = "this account asks for more than a password: run it without --password-stdin"
            raise LocalError(message)
        answer = _meet(place, email, answer)
    path = keep(place, to_session(place, email, answer))
    err.print(plain(f"Signed in as {email} on {stage}; the session is in {path}."))


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
        reply["new_password"] = typer.prompt(
            f"New password (at least {SHORTEST_PASSWORD} characters: capitals, small letters, digits, symbols)",
            hide_input=True,
            confirmation_prompt="The same again",
            err=True,
        )
    else:
        reply["code"] = typer.prompt("Code of your authenticator", err=True)
    return reply


def logout(*, stage: StageOption = LOCAL) -> None:
    """Revoke your session and remove its file; access tokens end by themselves within minutes."""
    had_session = forget(target(stage))
    err.print(f"Signed out of {stage}." if had_session else f"Nobody was signed in on {stage}.")
