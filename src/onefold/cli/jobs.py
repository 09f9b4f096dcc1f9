"""`onefold jobs`: what is being done, what failed, and how far it came."""

from typing import Annotated, Any

import typer

from onefold.actions.jobs import list_jobs
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
from onefold.model.jobs import Job, JobFilter, JobState
from onefold.settings import Settings

JOBS_SHOWN_MAX = 1000

State = Annotated[JobState | None, typer.Option("--state", help="Only jobs in this state.")]
Limit = Annotated[
    int, typer.Option("--limit", min=1, max=JOBS_SHOWN_MAX, help="How many, newest first.")
]


def jobs(
    workspace: Workspace,
    state: State = None,
    limit: Limit = 20,
    data: Data = None,
    database: DatabaseUrl = None,
    key_file: KeyFile = None,
    as_json: AsJson = False,
) -> None:
    """List imports, bulk jobs, projections and other work of a workspace, newest first."""
    wanted = JobFilter(states=(state,) if state else ())
    found = run(_jobs(read_settings(data, database, key_file), workspace, wanted, limit))
    if as_json:
        print_json(found)
        return
    for one in found:
        done = ", ".join(f"{name} {value}" for name, value in one["progress"].items())
        typer.echo("  ".join([one["id"], one["kind"], one["state"], done, one["error"] or ""]))


async def _jobs(
    settings: Settings, slug_or_id: str, wanted: JobFilter, limit: int
) -> list[dict[str, Any]]:
    async with (
        open_context(settings, connections_max=2) as context,
        context.database.reading() as tx,
    ):
        workspace = await find_workspace(tx, slug_or_id=slug_or_id)
        page = await list_jobs(tx, operator_of(workspace.id), wanted=wanted, offset=0, limit=limit)
    return [_shown(one) for one in page.jobs]


def _shown(job: Job) -> dict[str, Any]:
    return {
        "id": str(job.id),
        "kind": job.kind,
        "state": job.state.value,
        "node": str(job.node_id) if job.node_id else None,
        "progress": dict(job.progress),
        "tries": job.tries,
        "error": job.error,
        "created_at": job.created_at.isoformat(),
        "started_at": job.started_at.isoformat() if job.started_at else None,
        "finished_at": job.finished_at.isoformat() if job.finished_at else None,
    }
