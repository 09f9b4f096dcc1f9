"""Bulk jobs: a file that a caller leaves here, gone through by a worker as `import` would do it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import IO, Any
from uuid import UUID

from onefold.actions.context import Context
from onefold.actions.directory import Picture, require_open
from onefold.actions.imports.batches import ImportOrder
from onefold.actions.imports.files import open_rows
from onefold.actions.imports.opening import Work
from onefold.actions.imports.ordering import order_import
from onefold.actions.imports.reading import RowReader
from onefold.actions.imports.repeating import Repeat
from onefold.actions.imports.running import Watch, store_rows
from onefold.actions.jobs import enqueue_job, read_job
from onefold.actions.transaction import Transaction
from onefold.actions.uploads import fetch_upload, keep_upload
from onefold.actions.writing import run
from onefold.model.access import Actor, Permission
from onefold.model.errors import Conflict, Invalid, NotFound
from onefold.model.imports.maps import import_map
from onefold.model.imports.paths import ImportEntity, ImportOperation
from onefold.model.jobs import Job, JobDraft, JobFilter, JobState
from onefold.store import jobs, workspaces

BULK_KIND = "bulk"
WAITING_JOBS_MAX = 10
"""In one node; those that a worker has begun do not count."""

BATCH_ROWS = 200
"""Small enough that requests to the same process hardly notice (docs/decisions/0008-worker.md)."""

BATCH_ROWS_DELETING = 100
"""Deleting a customer deletes its events with it, and there may be many."""

BULK_JOB_LIFE = timedelta(days=90)
"""How long a job and its results are shown after its end."""

_NEEDED: Mapping[tuple[ImportEntity, bool], Permission] = {
    (ImportEntity.CUSTOMERS, False): Permission.CUSTOMER_WRITE,
    (ImportEntity.CUSTOMERS, True): Permission.CUSTOMER_DELETE,
    (ImportEntity.EVENTS, False): Permission.EVENT_WRITE,
    (ImportEntity.EVENTS, True): Permission.EVENT_DELETE,
}


@dataclass(frozen=True, slots=True)
class BulkDraft:
    """What a caller wants done with a file; with an `error` it is only written down, as failed."""

    id: UUID
    node_id: UUID
    entity: ImportEntity
    operation: ImportOperation
    map_document: Mapping[str, Any]
    file_name: str
    event_type: str | None = None
    rows: int = 0
    error: str | None = None

    def payload(self, actor: Actor) -> dict[str, Any]:
        return {
            "entity": self.entity.value,
            "operation": self.operation.value,
            "map": self.map_document,
            "file": self.file_name,
            "event_type": self.event_type,
            "rows": self.rows,
            "by": actor.kind,
        }


async def create_bulk_job(
    tx: Transaction,
    actor: Actor,
    *,
    picture: Picture,
    draft: BulkDraft,
    file: IO[bytes],
    at: datetime,
) -> Job:
    """The job and its file, or neither; raises Conflict when too many wait in the node."""
    require_bulk(actor, picture, draft.node_id, draft.entity, draft.operation)
    job = JobDraft(draft.id, BULK_KIND, draft.node_id, None, draft.payload(actor))
    if draft.error is None:
        await _require_room(tx, actor, draft.node_id)
        await keep_upload(tx, actor, job_id=draft.id, file=file)
        await jobs.lock_node(tx, actor.workspace_id, node_id=draft.node_id)
        await _require_room(tx, actor, draft.node_id)
    await enqueue_job(tx, actor, draft=job, at=at)
    made = await read_job(tx, actor, job_id=draft.id)
    if draft.error is not None:
        await jobs.finish_job(
            tx, actor.workspace_id, made, state=JobState.FAILED, at=at, error=draft.error
        )
        made = await read_job(tx, actor, job_id=draft.id)
    return made


def require_bulk(
    actor: Actor,
    picture: Picture,
    node_id: UUID,
    entity: ImportEntity,
    operation: ImportOperation,
) -> None:
    """Raises a refusal when the caller may not have such a job in this node."""
    actor.require(Permission.IMPORT)
    actor.require(_NEEDED[entity, operation is ImportOperation.DELETE])
    require_open(picture.workspace, writing=True)
    actor.require_node(picture.workspace.entry_node(node_id).id)


async def _require_room(tx: Transaction, actor: Actor, node_id: UUID) -> None:
    waiting = JobFilter(BULK_KIND, node_id, (JobState.LOADED,), begun=False)
    if await jobs.count_jobs(tx, actor.workspace_id, wanted=waiting) >= WAITING_JOBS_MAX:
        raise Conflict(f"there are {WAITING_JOBS_MAX} jobs waiting in this node")


async def read_bulk_job(tx: Transaction, actor: Actor, *, node_id: UUID, job_id: UUID) -> Job:
    """Raises NotFound for a job of another node or kind too."""
    found = await read_job(tx, actor, job_id=job_id)
    if found.kind != BULK_KIND or found.node_id != node_id:
        raise NotFound(f"job not found {job_id}")
    return found


def order_bulk(
    picture: Picture, draft: BulkDraft, file: IO[bytes]
) -> tuple[ImportOrder, RowReader]:
    """What will be done with a file, before its first row; raises Invalid when nothing can be."""
    rules = import_map(draft.map_document)
    work = Work(
        draft.node_id, draft.entity, "", draft.map_document, draft.file_name, draft.operation
    )
    reader = open_rows(file, rules.reading)
    deleting = draft.operation is ImportOperation.DELETE
    order = order_import(
        picture,
        reader,
        work=work,
        rules=rules,
        repeat=Repeat(picture.workspace.id),
        batch_rows=BATCH_ROWS_DELETING if deleting else BATCH_ROWS,
    )
    return order, reader


def count_rows(reader: RowReader) -> int:
    """How many rows are left, good or bad."""
    rows = 0
    while some := reader.read(BATCH_ROWS):
        rows += len(some)
    return rows


async def expire_bulk_jobs(context: Context, *, at: datetime) -> None:
    """Forgets jobs that ended long ago, with what they noted, one workspace at a time."""
    async with context.database.reading() as tx:
        known = await workspaces.list_workspaces(tx)
    for workspace_id, *_ in known:
        await run(
            context.database,
            lambda tx, of=workspace_id: jobs.expire_jobs(  # type: ignore[misc]  # a lambda's default has no type
                tx, of, kind=BULK_KIND, before=at - BULK_JOB_LIFE
            ),
        )


async def run_bulk_job(context: Context, actor: Actor, *, job: Job) -> None:
    """Goes through the file of a job from where the job is."""
    author = _author(actor, job)
    picture = await context.directory.newest(author.workspace_id)
    with await fetch_upload(context, author, job_id=job.id) as file:
        order, reader = order_bulk(picture, _draft(job), file)
        await store_rows(context, author, order=order, reader=reader, job=job, watch=Watch())


def _author(actor: Actor, job: Job) -> Actor:
    """The operator in the name of whoever left the file, and bound to the node it was left for."""
    node_ids = frozenset({job.node_id}) if job.node_id is not None else frozenset()
    return replace(actor, id=job.created_by, kind=job.payload["by"], node_ids=node_ids)


def _draft(job: Job) -> BulkDraft:
    if job.node_id is None:
        raise Invalid("the job names no node")
    said = job.payload
    return BulkDraft(
        job.id,
        job.node_id,
        ImportEntity(said["entity"]),
        ImportOperation(said["operation"]),
        said["map"],
        said["file"],
        said["event_type"],
        said["rows"],
    )
