"""`onefold member`: people on staff, their roles and nodes, and credentials for them."""

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

import typer

from onefold.actions.context import Context
from onefold.actions.members import find_member, issue_member_token, let_go, list_members, take_in
from onefold.actions.workspaces import find_workspace
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
from onefold.model.ids import uuid7
from onefold.model.members import Member, NodeAccess
from onefold.model.workspaces import Workspace as WorkspaceRecord
from onefold.settings import Settings

DAYS_MAX = 36_500

member_app = typer.Typer(help="People on staff.", no_args_is_help=True)

Number = Annotated[int, typer.Argument(help="Number of the member, see `member list`.")]


@member_app.command("add")
def add(
    email: Annotated[str, typer.Argument(help="E-mail address, unique in the workspace.")],
    workspace: Workspace,
    name: Annotated[str, typer.Option(help="First name.")],
    surname: Annotated[str, typer.Option(help="Family name.")] = "",
    role: Annotated[list[Role] | None, typer.Option(help="Several allowed.")] = None,
    node: Annotated[
        list[str] | None, typer.Option(help="NAME:read, NAME:write or NAME:both; several allowed.")
    ] = None,
    data: Data = None,
    database: DatabaseUrl = None,
    key_file: KeyFile = None,
    as_json: AsJson = False,
) -> None:
    """Take somebody in; administrators and operators reach every node."""
    roles = frozenset(role or [Role.USER])
    settings = read_settings(data, database, key_file)
    made = run(_add(settings, workspace, (email, name, surname), roles, node or []))
    if as_json:
        print_json(_shown(made))
    else:
        typer.echo(f"{made.number}  {made.full_name}")


@member_app.command("list")
def list_all(
    workspace: Workspace,
    data: Data = None,
    database: DatabaseUrl = None,
    key_file: KeyFile = None,
    as_json: AsJson = False,
) -> None:
    """List the members of a workspace."""
    found = run(_list(read_settings(data, database, key_file), workspace))
    if as_json:
        print_json([_shown(one) for one in found])
        return
    for one in found:
        typer.echo(f"{one.number}  {one.email}  {','.join(sorted(one.roles))}")


@member_app.command("token")
def token(
    number: Number,
    workspace: Workspace,
    days: Annotated[
        int | None,
        typer.Option(min=1, max=DAYS_MAX, help="Days until it expires; never without."),
    ] = None,
    data: Data = None,
    database: DatabaseUrl = None,
    key_file: KeyFile = None,
    as_json: AsJson = False,
) -> None:
    """Print a new credential of a member; nobody can show it again."""
    text = run(_token(read_settings(data, database, key_file), workspace, number, days))
    if as_json:
        print_json({"token": text, "header": f"Authorization: Bearer {text}"})
    else:
        typer.echo(text)


@member_app.command("remove")
def remove(
    number: Number,
    workspace: Workspace,
    data: Data = None,
    database: DatabaseUrl = None,
    key_file: KeyFile = None,
    as_json: AsJson = False,
) -> None:
    """Let somebody go; their credentials are useless from then on."""
    gone = run(_remove(read_settings(data, database, key_file), workspace, number))
    if as_json:
        print_json({"removed": gone.number})
    else:
        typer.echo(f"removed {gone.number}")


def _shown(member: Member) -> dict[str, Any]:
    return {
        "number": member.number,
        "name": member.full_name,
        "email": member.email,
        "roles": sorted(member.roles),
        "nodes": {str(node_id): access.value for node_id, access in member.nodes.items()},
    }


async def _workspace(context: Context, slug_or_id: str) -> WorkspaceRecord:
    async with context.database.reading() as tx:
        return await find_workspace(tx, slug_or_id=slug_or_id)


async def _add(
    settings: Settings,
    workspace: str,
    names: tuple[str, str, str],
    roles: frozenset[Role],
    nodes: list[str],
) -> Member:
    async with open_context(settings, connections_max=2) as context:
        record = await _workspace(context, workspace)
        at = context.clock()
        email, name, surname = names
        member = Member(
            id=uuid7(at),
            number=0,
            name=name,
            surname=surname,
            username=email.partition("@")[0],
            email=email.lower(),
            roles=roles,
            nodes=_nodes(record, nodes),
        )
        async with context.database.transaction() as tx:
            return await take_in(tx, operator_of(record.id), member=member, at=at)


def _nodes(record: WorkspaceRecord, named: list[str]) -> dict[UUID, NodeAccess]:
    ids = {node.name: node.id for node in record.nodes.values()}
    found = {}
    for text in named:
        name, _, word = text.rpartition(":")
        if name not in ids or word not in set(NodeAccess):
            raise refused(f"there is no node or no access like {text}")
        found[ids[name]] = NodeAccess(word)
    return found


async def _list(settings: Settings, workspace: str) -> list[Member]:
    async with open_context(settings, connections_max=2) as context:
        record = await _workspace(context, workspace)
        async with context.database.reading() as tx:
            return await list_members(tx, operator_of(record.id))


async def _token(settings: Settings, workspace: str, number: int, days: int | None) -> str:
    async with open_context(settings, connections_max=2) as context:
        record = await _workspace(context, workspace)
        actor = operator_of(record.id)
        at = context.clock()
        async with context.database.transaction() as tx:
            member = await find_member(tx, actor, wanted=number)
            return await issue_member_token(
                tx,
                actor,
                member=member,
                at=at,
                expires_at=at + timedelta(days=days) if days else None,
            )


async def _remove(settings: Settings, workspace: str, number: int) -> Member:
    async with open_context(settings, connections_max=2) as context:
        record = await _workspace(context, workspace)
        async with context.database.transaction() as tx:
            return await let_go(tx, operator_of(record.id), wanted=number)
