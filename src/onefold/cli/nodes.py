"""`onefold nodes`: what there is to import into, with ids."""

from typing import Any

import typer

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
)
from onefold.cli.running import run
from onefold.settings import Settings


def nodes(
    workspace: Workspace,
    data: Data = None,
    database: DatabaseUrl = None,
    key_file: KeyFile = None,
    as_json: AsJson = False,
) -> None:
    """List the nodes of a workspace with their ids and what makes a customer unique there."""
    found = run(_nodes(read_settings(data, database, key_file), workspace))
    if as_json:
        print_json(found)
        return
    for one in found:
        typer.echo(f"{one['id']}  {one['name']}  unique: {', '.join(one['unique']) or 'nothing'}")


async def _nodes(settings: Settings, slug_or_id: str) -> list[dict[str, Any]]:
    async with (
        open_context(settings, connections_max=2) as context,
        context.database.reading() as tx,
    ):
        found = await find_workspace(tx, slug_or_id=slug_or_id)
    return [
        {
            "id": str(node.id),
            "name": node.name,
            "kind": node.kind.value,
            "unique": list(node.unique.paths),
        }
        for node in found.nodes.values()
    ]
