"""`onefold doctor`: says what is wrong before it hurts."""

from dataclasses import asdict, dataclass

import typer

from onefold.actions.examination import examine
from onefold.assembly import open_context
from onefold.cli.options import AsJson, Data, DatabaseUrl, KeyFile, print_json, read_settings
from onefold.cli.running import run
from onefold.settings import Settings


@dataclass(frozen=True, slots=True)
class Finding:
    check: str
    ok: bool
    detail: str


def doctor(
    data: Data = None,
    database: DatabaseUrl = None,
    key_file: KeyFile = None,
    as_json: AsJson = False,
) -> None:
    """Check database, schema, identifiers, counters and jobs; status 1 when something is wrong."""
    findings = run(_examine(read_settings(data, database, key_file)))
    if as_json:
        print_json([asdict(one) for one in findings])
    else:
        for one in findings:
            typer.echo(f"{'ok ' if one.ok else 'BAD'}  {one.check}: {one.detail}")
    if not all(one.ok for one in findings):
        raise typer.Exit(1)


async def _examine(settings: Settings) -> list[Finding]:
    async with open_context(settings, connections_max=2) as context:
        found = await examine(context)
    secret = settings.key_file.stat().st_mode & 0o077 == 0
    detail = "only its owner can read it" if secret else "others can read it"
    return [
        *(Finding(one.check, one.ok, one.detail) for one in found),
        Finding("sealing key", secret, detail),
    ]
