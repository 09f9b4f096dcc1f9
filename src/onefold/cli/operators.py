"""`onefold operator`: credentials that act in every workspace of the installation."""

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

import typer

from onefold.actions.operators import (
    issue_operator_token,
    list_operator_tokens,
    revoke_operator_token,
)
from onefold.assembly.context import open_context
from onefold.cli.options import AsJson, Data, DatabaseUrl, KeyFile, print_json, read_settings
from onefold.cli.running import run
from onefold.settings import Settings

DAYS_MAX = 36_500

operator_app = typer.Typer(
    help="Credentials of the installation's operators.", no_args_is_help=True
)


@operator_app.command("create")
def create(
    days: Annotated[
        int | None,
        typer.Option(min=1, max=DAYS_MAX, help="Days until it expires; never without."),
    ] = None,
    data: Data = None,
    database: DatabaseUrl = None,
    key_file: KeyFile = None,
    as_json: AsJson = False,
) -> None:
    """Print a new credential that acts in every workspace; nobody can show it again."""
    made = run(_create(read_settings(data, database, key_file), days))
    if as_json:
        print_json(made)
    else:
        typer.echo(made["token"])


@operator_app.command("list")
def list_all(
    data: Data = None,
    database: DatabaseUrl = None,
    key_file: KeyFile = None,
    as_json: AsJson = False,
) -> None:
    """List these credentials, without anything that could be used."""
    found = run(_list(read_settings(data, database, key_file)))
    if as_json:
        print_json(found)
        return
    for one in found:
        until = f"until {one['expires_at']:%Y-%m-%d %H:%M}" if one["expires_at"] else "for good"
        typer.echo(f"{one['id']}  {until}")


@operator_app.command("revoke")
def revoke(
    token_id: Annotated[UUID, typer.Argument(help="Id of the credential, see `operator list`.")],
    data: Data = None,
    database: DatabaseUrl = None,
    key_file: KeyFile = None,
    as_json: AsJson = False,
) -> None:
    """Make a credential useless for good; a running server refuses it within two seconds."""
    run(_revoke(read_settings(data, database, key_file), token_id))
    if as_json:
        print_json({"revoked": token_id})
    else:
        typer.echo(f"revoked {token_id}")


async def _create(settings: Settings, days: int | None) -> dict[str, str]:
    async with open_context(settings, connections_max=2) as context:
        at = context.clock()
        expires_at = at + timedelta(days=days) if days else None
        async with context.database.transaction() as tx:
            token_id, text = await issue_operator_token(tx, at=at, expires_at=expires_at)
    return {"id": str(token_id), "token": text, "header": f"Authorization: Bearer {text}"}


async def _list(settings: Settings) -> list[dict[str, Any]]:
    async with (
        open_context(settings, connections_max=2) as context,
        context.database.reading() as tx,
    ):
        tokens = await list_operator_tokens(tx)
    return [{"id": str(one.id), "expires_at": one.expires_at} for one in tokens]


async def _revoke(settings: Settings, token_id: UUID) -> None:
    async with (
        open_context(settings, connections_max=2) as context,
        context.database.transaction() as tx,
    ):
        await revoke_operator_token(tx, token_id=token_id)
