"""Administer users."""

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from cli.console import columns, complain, err, out, plain
from cli.target import LOCAL, StageOption, Target, target
from cli.token import RoleName
from local.errors import LocalError
from schemas.responses import User
from schemas.text import EMAIL
from shared.identity.directory import LARGEST_PAGE, UserDirectory
from shared.identity.errors import (
    DirectoryBusyError,
    IdentityError,
    LastAdminError,
    RefusedAddressError,
    UserExistsError,
    UserNotFoundError,
)
from shared.table.leases import Leases

Who = Annotated[str, typer.Argument(metavar="USER", help="Id or e-mail address.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON, for scripts.")]

_MEANINGS: dict[type[IdentityError], str] = {
    DirectoryBusyError: "the user pool is busy: run it again",
    LastAdminError: "this is the last enabled administrator: give somebody else the role first",
    RefusedAddressError: "the user pool does not take this address",
    UserExistsError: "there is a user with this address",
}

app = typer.Typer(no_args_is_help=True, help="Users: who may sign in, and in which role.")


@app.command()
def create(
    email: Annotated[str, typer.Argument(help="Where the invitation goes.")],
    *,
    role: Annotated[RoleName, typer.Option(help="What the user may do.")],
    name: Annotated[str, typer.Option(help="Shown to other administrators.")] = "",
    as_json: AsJson = False,
    stage: StageOption = LOCAL,
) -> None:
    """Invite a user: a temporary password is mailed, which the first sign-in replaces."""
    if not re.fullmatch(EMAIL, email):
        message = f"{email} is no e-mail address such as ada@example.org"
        raise typer.BadParameter(message)
    with _said(email):
        user = _directory(target(stage)).create(email, role.value, name=name)
    _show(user, as_json=as_json)


@app.command("list")
def list_(*, as_json: AsJson = False, stage: StageOption = LOCAL) -> None:
    """List all users."""
    with _said("of the page"):
        users = list(_all(_directory(target(stage))))
    if as_json:
        typer.echo(json.dumps([_described(user) for user in users], indent=2))
        return
    table = columns("id", "e-mail", "role", "status", "enabled")
    for user in users:
        cells = (user.id, user.email, user.role or "none", user.status, "yes" if user.enabled else "no")
        table.add_row(*map(plain, cells))
    out.print(table)


@app.command()
def show(user: Who, *, as_json: AsJson = False, stage: StageOption = LOCAL) -> None:
    """Show a user."""
    place = target(stage)
    with _said(user):
        found = _directory(place).get(_id(place, user))
    _show(found, as_json=as_json)


@app.command("set-role")
def set_role(
    user: Who, role: Annotated[RoleName, typer.Argument(help="The new role.")], *, stage: StageOption = LOCAL
) -> None:
    """Give a user another role; tokens keep the old one until they expire, within minutes."""
    place = target(stage)
    with _said(user):
        _directory(place).set_role(_id(place, user), role.value)
    err.print(plain(f"{user} is {role.value} on {stage}."))


@app.command()
def disable(user: Who, *, stage: StageOption = LOCAL) -> None:
    """Let a user sign in no more, and end the sessions."""
    _set_enabled(user, stage, enabled=False)


@app.command()
def enable(user: Who, *, stage: StageOption = LOCAL) -> None:
    """Let a user sign in again."""
    _set_enabled(user, stage, enabled=True)


@app.command()
def delete(
    user: Who,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
    stage: StageOption = LOCAL,
) -> None:
    """Delete a user and end the sessions."""
    place = target(stage)
    if not yes and not sys.stdin.isatty():
        message = "there is no terminal to ask in: pass --yes"
        raise typer.BadParameter(message)
    if not yes and not typer.confirm(f"Delete {user} on {stage}?", err=True):
        complain("nothing was deleted")
        raise typer.Exit(1)
    with _said(user):
        _directory(place).delete(_id(place, user))
    err.print(plain(f"Deleted {user}."))


def _set_enabled(user: str, stage: str, *, enabled: bool) -> None:
    place = target(stage)
    with _said(user):
        _directory(place).set_enabled(_id(place, user), enabled=enabled)
    err.print(plain(f"{user} is {'enabled' if enabled else 'disabled'} on {stage}."))


def _directory(place: Target) -> UserDirectory:
    return UserDirectory(place.client("cognito-idp"), place.user_pool, Leases(place.client("dynamodb"), place.table))


def _id(place: Target, user: str) -> str:
    """Return a user's id; an address stands for its user."""
    if "@" not in user:
        return user
    cognito = place.client("cognito-idp")
    try:
        return str(cognito.admin_get_user(UserPoolId=place.user_pool, Username=user.lower())["Username"])
    except cognito.exceptions.UserNotFoundException:
        raise UserNotFoundError(user) from None


def _all(directory: UserDirectory) -> Iterator[User]:
    cursor = None
    while True:
        page = directory.page(limit=LARGEST_PAGE, cursor=cursor)
        yield from page.items
        cursor = page.next_cursor
        if cursor is None:
            return


@contextmanager
def _said(user: str) -> Iterator[None]:
    """Say what went wrong in a sentence."""
    try:
        yield
    except UserNotFoundError:
        message = f"there is no user {user}; 'sitewire user list' shows all"
        raise typer.BadParameter(message) from None
    except IdentityError as error:
        raise LocalError(_MEANINGS.get(type(error), f"the user pool refused: {error}")) from None


def _show(user: User, *, as_json: bool) -> None:
    document = _described(user)
    if as_json:
        typer.echo(json.dumps(document, indent=2))
        return
    table = columns()
    for field, value in document.items():
        table.add_row(field, plain(value))
    out.print(table)


def _described(user: User) -> dict[str, Any]:
    return user.model_dump(mode="json", exclude_none=True)
