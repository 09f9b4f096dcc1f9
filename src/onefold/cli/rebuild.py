"""`onefold rebuild`: the counters counted again, and put right where they differ."""

from typing import Annotated, Any

import typer
from rich.progress import Progress

from onefold.actions.rollups import compare
from onefold.actions.rollups import rebuild as rebuild_counters
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
from onefold.model.access import operator_of
from onefold.model.errors import NotFound
from onefold.settings import Settings

Check = Annotated[bool, typer.Option("--check", help="Only say what is wrong; status 1 then.")]


def rebuild(
    workspace: Workspace,
    check: Check = False,
    data: Data = None,
    database: DatabaseUrl = None,
    key_file: KeyFile = None,
    as_json: AsJson = False,
) -> None:
    """Count every event and customer again and put the counters right; writers go on meanwhile."""
    settings = read_settings(data, database, key_file)
    found = run(_rebuild(settings, workspace, only_check=check, quiet=as_json))
    if as_json:
        print_json(found)
    else:
        typer.echo(f"{found['events']} events counted, {found['wrong']} counters were wrong")
    if check and found["wrong"]:
        raise typer.Exit(1)


async def _rebuild(
    settings: Settings, workspace: str, *, only_check: bool, quiet: bool
) -> dict[str, Any]:
    async with open_context(settings, connections_max=2) as context:
        async with context.database.reading() as tx:
            record = await find_workspace(tx, slug_or_id=workspace)
        picture = await context.directory.workspace(record.id)
        if picture is None:
            raise NotFound(f"workspace not found: {workspace}")
        with Progress(disable=quiet) as bar:
            task = bar.add_task("counting", total=None)
            work = compare if only_check else rebuild_counters
            found = await work(
                context.database,
                operator_of(record.id),
                picture=picture,
                progress=lambda many: bar.advance(task, many),
            )
    return {"events": found.events, "wrong": found.wrong}
