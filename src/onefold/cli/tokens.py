"""`onefold token`: credentials that work, shown once."""

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

import typer

from onefold.actions.access import digest_of, issue_token, list_tokens, revoke_token
from onefold.actions.context import Context
from onefold.actions.workspaces import find_workspace, list_sources
from onefold.assembly.context import open_context
from onefold.cli.options import (
    AsJson,
    Data,
    DatabaseUrl,
    KeyFile,
    Workspace,
    print_json,
    read_settings,
    refused,
)
from onefold.cli.running import run
from onefold.model.access import Role, operator_of
from onefold.model.errors import Conflict, NotFound
from onefold.model.workspaces import Source
from onefold.model.workspaces import Workspace as WorkspaceRecord
from onefold.settings import Settings

DIALECTS = ("contacthub",)
DAYS_MAX = 36_500

token_app = typer.Typer(help="Credentials.", no_args_is_help=True)


@token_app.command("create")
def create(
    dialect: Annotated[str, typer.Argument(help=f"One of {', '.join(DIALECTS)}.")],
    workspace: Workspace,
    source: Annotated[str | None, typer.Option(help="Name or id of the source.")] = None,
    role: Annotated[
        list[Role] | None, typer.Option(help="What it may do; several allowed.")
    ] = None,
    days: Annotated[
        int | None,
        typer.Option(min=1, max=DAYS_MAX, help="Days until it expires; never without."),
    ] = None,
    data: Data = None,
    database: DatabaseUrl = None,
    key_file: KeyFile = None,
    as_json: AsJson = False,
) -> None:
    """Print a new credential. It is stored only as a digest: nobody can show it again."""
    if dialect not in DIALECTS:
        raise refused(f"there is no dialect {dialect}; there is {', '.join(DIALECTS)}")
    roles = frozenset(role or [Role.APPLICATION])
    settings = read_settings(data, database, key_file)
    made = run(_create(settings, workspace, source, roles, days))
    if as_json:
        print_json(made)
    else:
        typer.echo(made["token"])


@token_app.command("list")
def list_all(
    workspace: Workspace,
    data: Data = None,
    database: DatabaseUrl = None,
    key_file: KeyFile = None,
    as_json: AsJson = False,
) -> None:
    """List the credentials of a workspace, without anything that could be used."""
    found = run(_list(read_settings(data, database, key_file), workspace))
    if as_json:
        print_json(found)
        return
    for one in found:
        until = f"until {one['expires_at']:%Y-%m-%d %H:%M}" if one["expires_at"] else "for good"
        off = "" if one["enabled"] else "  disabled"
        source = one["source"] or "-"
        typer.echo(f"{one['id']}  {source}  {','.join(one['roles'])}  {until}{off}")


@token_app.command("revoke")
def revoke(
    token_id: Annotated[UUID, typer.Argument(help="Id of the credential, see `token list`.")],
    workspace: Workspace,
    data: Data = None,
    database: DatabaseUrl = None,
    key_file: KeyFile = None,
    as_json: AsJson = False,
) -> None:
    """Make a credential useless for good; a running server refuses it within two seconds."""
    run(_revoke(read_settings(data, database, key_file), workspace, token_id))
    if as_json:
        print_json({"revoked": token_id})
    else:
        typer.echo(f"revoked {token_id}")


async def _create(
    settings: Settings,
    workspace: str,
    source: str | None,
    roles: frozenset[Role],
    days: int | None,
) -> dict[str, str]:
    async with open_context(settings, connections_max=2) as context:
        record = await _workspace(context, workspace)
        at = context.clock()
        actor = operator_of(record.id)
        async with context.database.transaction() as tx:
            chosen = None
            if source is not None:
                chosen = _chosen(await list_sources(tx, actor), source)
            text = await issue_token(
                tx,
                actor,
                kind="source" if chosen else "member",
                roles=roles,
                subject_id=chosen.id if chosen else None,
                node_ids=frozenset(chosen.node_ids) if chosen else None,
                at=at,
                expires_at=at + timedelta(days=days) if days else None,
            )
            made = await list_tokens(tx, actor)
    token_id = next(one.id for one in made if one.digest == digest_of(text))
    return {"id": str(token_id), "token": text, "header": f"Authorization: Bearer {text}"}


def _chosen(sources: list[Source], wanted: str) -> Source:
    for one in sources:
        if wanted in (one.name, str(one.id)):
            break
    else:
        raise NotFound(f"source not found {wanted}")
    if not one.enabled:
        raise Conflict(f"the source {one.name} is switched off")
    return one


async def _workspace(context: Context, slug_or_id: str) -> WorkspaceRecord:
    async with context.database.reading() as tx:
        return await find_workspace(tx, slug_or_id=slug_or_id)


async def _list(settings: Settings, workspace: str) -> list[dict[str, Any]]:
    async with open_context(settings, connections_max=2) as context:
        record = await _workspace(context, workspace)
        actor = operator_of(record.id)
        async with context.database.reading() as tx:
            tokens = await list_tokens(tx, actor)
            names = {one.id: one.name for one in await list_sources(tx, actor)}
    return [
        {
            "id": str(one.id),
            "kind": one.kind,
            "source": names.get(one.subject_id) if one.subject_id else None,
            "roles": sorted(one.roles),
            "enabled": one.enabled,
            "expires_at": one.expires_at,
        }
        for one in tokens
    ]


async def _revoke(settings: Settings, workspace: str, token_id: UUID) -> None:
    async with open_context(settings, connections_max=2) as context:
        record = await _workspace(context, workspace)
        actor = operator_of(record.id)
        async with context.database.transaction() as tx:
            if token_id not in {one.id for one in await list_tokens(tx, actor)}:
                raise NotFound(f"token not found {token_id}")
            await revoke_token(tx, actor, token_id=token_id)
