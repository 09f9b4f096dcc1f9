"""`onefold doctor`: says what is wrong before it hurts."""

from dataclasses import asdict
from typing import Annotated

import typer

from onefold.actions.examination import Finding, examine
from onefold.assembly.context import open_context
from onefold.cli.options import AsJson, Data, DatabaseUrl, KeyFile, print_json, read_settings
from onefold.cli.running import run
from onefold.settings import Settings

READABLE_BY_OTHERS = 0o077


def doctor(
    data: Data = None,
    database: DatabaseUrl = None,
    key_file: KeyFile = None,
    counters: Annotated[bool, typer.Option("--counters", help="Recount every event too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Check database, schema, identifiers and update stream; status 1 when something is wrong."""
    settings = read_settings(data, database, key_file)
    findings = run(_examine(settings, counters=counters))
    if as_json:
        print_json([asdict(one) for one in findings])
    else:
        for one in findings:
            typer.echo(f"{'ok ' if one.ok else 'BAD'}  {one.check}: {one.detail}")
    if not all(one.ok for one in findings):
        raise typer.Exit(1)


async def _examine(settings: Settings, *, counters: bool) -> list[Finding]:
    async with open_context(settings, connections_max=2) as context:
        found = await examine(context, counters=counters)
    return [*found, _key_finding(settings)]


def _key_finding(settings: Settings) -> Finding:
    secret = settings.key_file.stat().st_mode & READABLE_BY_OTHERS == 0
    detail = "only its owner can read it" if secret else "others can read it"
    return Finding("sealing key", secret, f"{settings.key_file}: {detail}")
