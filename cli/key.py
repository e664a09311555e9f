"""API keys of the client tiers."""

import json
from enum import StrEnum
from typing import Annotated

import typer

from cli.api_keys import TIERS, ApiKey, ApiKeys, KeyNotFoundError
from cli.console import columns, err, out, plain
from cli.target import LOCAL, StageOption, target

TierName = StrEnum("TierName", {name.upper(): name for name in TIERS})  # type: ignore[misc]
AsJson = Annotated[bool, typer.Option("--json", help="JSON, for scripts.")]
KeyId = Annotated[str, typer.Argument(help="The key's id, as 'list' shows it.")]

app = typer.Typer(no_args_is_help=True, help="API keys of the client tiers public, standard and premium.")


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="Who will use it.")],
    *,
    tier: Annotated[TierName, typer.Option(help="Whose limits it has.")],
    as_json: AsJson = False,
    stage: StageOption = LOCAL,
) -> None:
    """Make a key and print it: it is shown this once. Clients send it as X-Api-Key."""
    if not name.strip():
        message = "a key needs a name, by which it is found again"
        raise typer.BadParameter(message)
    _show_once(_keys(stage).create(name, str(tier)), as_json=as_json)


@app.command("list")
def list_(*, as_json: AsJson = False, stage: StageOption = LOCAL) -> None:
    """List the keys, without their values."""
    keys = _keys(stage).all()
    if as_json:
        typer.echo(json.dumps([_described(key) for key in keys], indent=2))
        return
    table = columns("id", "name", "tier", "created")
    for key in keys:
        table.add_row(*map(plain, (key.id, key.name, key.tier, key.created_at)))
    out.print(table)


@app.command()
def rotate(key: KeyId, *, as_json: AsJson = False, stage: StageOption = LOCAL) -> None:
    """Replace a key by one of the same name and tier; the old one is void at once."""
    try:
        _show_once(_keys(stage).rotate(key), as_json=as_json)
    except KeyNotFoundError:
        raise _unknown(key) from None


@app.command()
def revoke(key: KeyId, *, stage: StageOption = LOCAL) -> None:
    """Make a key void."""
    try:
        revoked = _keys(stage).revoke(key)
    except KeyNotFoundError:
        raise _unknown(key) from None
    err.print(plain(f"Revoked {revoked.name} ({revoked.id})."))


def _keys(stage: str) -> ApiKeys:
    return ApiKeys(target(stage).client("apigateway"), stage)


def _show_once(key: ApiKey, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({**_described(key), "value": key.value}, indent=2))
        return
    # The value first: whatever happens to the sentence, the key is not lost.
    typer.echo(key.value)
    err.print(plain(f"{key.name}, tier {key.tier}, id {key.id}. This is the one time that the key is shown."))


def _described(key: ApiKey) -> dict[str, str]:
    return {name: value for name, value in key._asdict().items() if name != "value"}


def _unknown(key: str) -> typer.BadParameter:
    return typer.BadParameter(f"there is no key {key}; 'sitewire key list' shows all")
