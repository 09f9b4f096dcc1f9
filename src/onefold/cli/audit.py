"""`onefold audit`: whether the consent log is still what was written."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from onefold.actions.certificates import check_certificate
from onefold.actions.consents import Verdict, verify_log
from onefold.actions.context import Context
from onefold.actions.workspaces import find_workspace, list_workspaces
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
from onefold.model.access import operator_of
from onefold.settings import Settings

BROKEN_SHOWN_MAX = 20

audit_app = typer.Typer(help="What was written stays what it was.", no_args_is_help=True)

OneWorkspace = Annotated[
    str | None, typer.Option("--workspace", help="Slug or id of the workspace; all without it.")
]


@audit_app.callback()
def audit() -> None:
    """Check what must never change."""


@audit_app.command("verify")
def verify(
    workspace: OneWorkspace = None,
    data: Data = None,
    database: DatabaseUrl = None,
    key_file: KeyFile = None,
    as_json: AsJson = False,
) -> None:
    """Hold every line of the consent log against its digest, chain and number; status 1 if wrong.

    Note the seal somewhere else: as long as nothing is added, it stays the same.
    """
    found = run(_verify(read_settings(data, database, key_file), workspace))
    if as_json:
        print_json([_document(slug, verdict) for slug, verdict in found])
    else:
        for slug, verdict in found:
            _tell(slug, verdict)
    if not all(verdict.intact for _, verdict in found):
        raise typer.Exit(1)


@audit_app.command("certificate")
def certificate(
    file: Annotated[Path, typer.Argument(help="What `onefold forget --certificate` wrote.")],
    workspace: Workspace,
    data: Data = None,
    database: DatabaseUrl = None,
    key_file: KeyFile = None,
    as_json: AsJson = False,
) -> None:
    """Say whether certificates of erasure are genuine; status 1 if one is not."""
    papers = _read(file)
    wrong = run(_check(read_settings(data, database, key_file), workspace, papers))
    if as_json:
        print_json({"genuine": not wrong, "wrong": wrong})
    else:
        typer.echo("genuine" if not wrong else "\n".join(wrong))
    if wrong:
        raise typer.Exit(1)


def _read(file: Path) -> list[dict[str, Any]]:
    """Whoever forgets by e-mail address gets a list: one for each customer that had it."""
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise refused(f"{file} cannot be read: {error}") from error
    papers = document if isinstance(document, list) else [document]
    if not papers or not all(isinstance(one, dict) for one in papers):
        raise refused(f"{file} holds no certificate")
    return papers


async def _check(settings: Settings, workspace: str, papers: Sequence[dict[str, Any]]) -> list[str]:
    """What is wrong; of several, with the place in the list."""
    async with open_context(settings, connections_max=2) as context:
        ((workspace_id, _),) = await _workspaces(context, workspace)
        async with context.database.reading() as tx:
            found = [
                await check_certificate(tx, operator_of(workspace_id), certificate=one)
                for one in papers
            ]
    if len(found) == 1:
        return found[0]
    return [f"{place}: {one}" for place, wrong in enumerate(found, start=1) for one in wrong]


async def _verify(settings: Settings, workspace: str | None) -> list[tuple[str, Verdict]]:
    async with open_context(settings, connections_max=2) as context:
        return [
            (slug, await _verdict(context, workspace_id))
            for workspace_id, slug in await _workspaces(context, workspace)
        ]


async def _workspaces(context: Context, wanted: str | None) -> list[tuple[UUID, str]]:
    async with context.database.reading() as tx:
        if wanted is None:
            return [(one[0], one[1]) for one in await list_workspaces(tx)]
        record = await find_workspace(tx, slug_or_id=wanted)
    return [(record.id, record.slug)]


async def _verdict(context: Context, workspace_id: UUID) -> Verdict:
    async with context.database.snapshot() as tx:
        return await verify_log(tx, operator_of(workspace_id))


def _tell(slug: str, verdict: Verdict) -> None:
    word = "ok " if verdict.intact else "BAD"
    typer.echo(
        f"{word}  {slug}: {verdict.lines} lines of {verdict.customers} customers,"
        f" seal {verdict.seal}"
    )
    if verdict.missing:
        typer.echo(f"     {verdict.missing} numbers without a line, or lines without a customer")
    for customer_id in verdict.broken[:BROKEN_SHOWN_MAX]:
        typer.echo(f"     the log of customer {customer_id} was changed")


def _document(slug: str, verdict: Verdict) -> dict[str, Any]:
    return {
        "workspace": slug,
        "intact": verdict.intact,
        "lines": verdict.lines,
        "customers": verdict.customers,
        "missing": verdict.missing,
        "broken": [str(one) for one in verdict.broken],
        "seal": verdict.seal,
    }
