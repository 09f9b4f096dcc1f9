"""Jobs: taken by one holder at a time under a lease, and what each of their batches did."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from onefold.model.jobs import Job, JobBatch, JobDraft, JobFilter, JobState, Lease
from onefold.store.database import Row, Transaction, decode_json, encode_json
from onefold.store.queries import queries

_SQL = queries("jobs")


async def insert_job(
    tx: Transaction, workspace_id: UUID, draft: JobDraft, *, at: datetime, by: UUID | None
) -> bool:
    """False when the same work is unfinished already."""
    inserted = await tx.connection.fetchval(
        _SQL["insert_job"],
        workspace_id,
        draft.id,
        draft.kind,
        JobState.LOADED,
        draft.node_id,
        draft.fingerprint,
        encode_json(draft.payload),
        at,
        by,
    )
    return inserted is not None


async def find_job(tx: Transaction, workspace_id: UUID, *, job_id: UUID) -> Job | None:
    row = await tx.connection.fetchrow(_SQL["find_job"], workspace_id, job_id)
    return _job(row) if row else None


async def find_latest_job(
    tx: Transaction, workspace_id: UUID, *, kind: str, fingerprint: str
) -> Job | None:
    row = await tx.connection.fetchrow(_SQL["find_latest_job"], workspace_id, kind, fingerprint)
    return _job(row) if row else None


async def finished_jobs(
    tx: Transaction, workspace_id: UUID, *, kind: str, fingerprint: str, limit: int
) -> list[UUID]:
    """Jobs that did the same work and were not taken back, newest first."""
    rows = await tx.connection.fetch(_SQL["finished_jobs"], workspace_id, kind, fingerprint, limit)
    return [row[0] for row in rows]


async def list_jobs(
    tx: Transaction, workspace_id: UUID, *, wanted: JobFilter, offset: int, limit: int
) -> list[Job]:
    rows = await tx.connection.fetch(
        _SQL["list_jobs"], workspace_id, *_arguments(wanted), wanted.oldest_first, offset, limit
    )
    return [_job(row) for row in rows]


async def count_jobs(tx: Transaction, workspace_id: UUID, *, wanted: JobFilter) -> int:
    return int(await tx.connection.fetchval(_SQL["count_jobs"], workspace_id, *_arguments(wanted)))


async def take_job(
    tx: Transaction,
    workspace_id: UUID,
    *,
    job_id: UUID,
    lease: Lease,
    states: Collection[JobState],
    becomes: JobState,
    dead: Sequence[str] = (),
) -> Job | None:
    """The job, now this holder's; None when it is somebody else's or in none of the states.

    `dead` are holders of whom the caller knows that they are gone, whatever their lease says.
    """
    row = await tx.connection.fetchrow(
        _SQL["take_job"],
        workspace_id,
        job_id,
        sorted(states),
        becomes,
        lease.holder,
        lease.at,
        lease.until,
        list(dead),
    )
    return _job(row) if row else None


async def renew_job(
    tx: Transaction,
    workspace_id: UUID,
    job: Job,
    *,
    progress: Mapping[str, Any],
    at: datetime,
    until: datetime,
) -> bool:
    """False when another holder has taken the job over."""
    renewed = await tx.connection.fetchval(
        _SQL["renew_job"], workspace_id, job.id, job.attempts, encode_json(progress), until, at
    )
    return renewed is not None


async def keep_job(tx: Transaction, workspace_id: UUID, job: Job, *, until: datetime) -> bool:
    """False when another holder has taken the job over."""
    kept = await tx.connection.fetchval(_SQL["keep_job"], workspace_id, job.id, job.attempts, until)
    return kept is not None


async def finish_job(
    tx: Transaction,
    workspace_id: UUID,
    job: Job,
    *,
    state: JobState,
    at: datetime,
    error: str | None = None,
) -> bool:
    """False when another holder has taken the job over."""
    finished = await tx.connection.fetchval(
        _SQL["finish_job"], workspace_id, job.id, job.attempts, state, at, error
    )
    return finished is not None


async def release_job(tx: Transaction, workspace_id: UUID, job: Job) -> None:
    await tx.connection.execute(_SQL["release_job"], workspace_id, job.id, job.attempts)


async def postpone_job(
    tx: Transaction, workspace_id: UUID, job: Job, *, run_at: datetime, tries: int, at: datetime
) -> None:
    await tx.connection.execute(
        _SQL["postpone_job"], workspace_id, job.id, job.attempts, run_at, tries, at
    )


async def list_open_work(
    tx: Transaction, *, kinds: Sequence[str], at: datetime
) -> list[tuple[UUID, str, str | None, datetime | None]]:
    """Workspace, kind, holder and the end of its lease, for what waits and what is held."""
    rows = await tx.connection.fetch(_SQL["list_open_work"], at, list(kinds))
    return [tuple(row) for row in rows]


async def pick_due_job(
    tx: Transaction,
    workspace_id: UUID,
    *,
    kinds: Sequence[str],
    dead: Sequence[str],
    at: datetime,
) -> UUID | None:
    """The job to take next, locked until commit."""
    found: UUID | None = await tx.connection.fetchval(
        _SQL["pick_due_job"], workspace_id, at, list(kinds), list(dead)
    )
    return found


async def lock_node(tx: Transaction, workspace_id: UUID, *, node_id: UUID) -> None:
    await tx.connection.execute(_SQL["lock_node_for_jobs"], workspace_id, node_id)


async def expire_jobs(tx: Transaction, workspace_id: UUID, *, kind: str, before: datetime) -> None:
    """With what their batches noted."""
    gone = await tx.connection.fetch(_SQL["expire_jobs"], workspace_id, kind, before)
    await tx.connection.execute(_SQL["delete_batches"], workspace_id, [row[0] for row in gone])


async def insert_batch(
    tx: Transaction, workspace_id: UUID, *, job_id: UUID, batch: JobBatch
) -> None:
    await tx.connection.execute(
        _SQL["insert_batch"],
        workspace_id,
        job_id,
        batch.batch,
        batch.rows_done,
        batch.position,
        batch.first_row,
        batch.outcomes,
        batch.entity_ids,
        encode_json(batch.problems),
        batch.at,
    )


async def list_batches(
    tx: Transaction, workspace_id: UUID, *, job_id: UUID, after: int, limit: int
) -> list[JobBatch]:
    rows = await tx.connection.fetch(_SQL["list_batches"], workspace_id, job_id, after, limit)
    return [_batch(row) for row in rows]


async def batches_of_rows(
    tx: Transaction, workspace_id: UUID, *, job_id: UUID, first_row: int, last_row: int
) -> list[JobBatch]:
    rows = await tx.connection.fetch(
        _SQL["batches_of_rows"], workspace_id, job_id, first_row, last_row
    )
    return [_batch(row) for row in rows]


async def find_batch(
    tx: Transaction, workspace_id: UUID, *, job_id: UUID, batch: int
) -> JobBatch | None:
    row = await tx.connection.fetchrow(_SQL["find_batch"], workspace_id, job_id, batch)
    return _batch(row) if row else None


def _arguments(
    wanted: JobFilter,
) -> tuple[str | None, UUID | None, list[str] | None, bool | None, str | None]:
    states: list[str] | None = list(wanted.states) or None
    return (wanted.kind, wanted.node_id, states, wanted.begun, wanted.entity)


def _job(row: Row) -> Job:
    return Job(
        id=row["job_id"],
        kind=row["kind"],
        state=JobState(row["state"]),
        node_id=row["node_id"],
        fingerprint=row["fingerprint"],
        payload=decode_json(row["payload"]),
        progress=decode_json(row["progress"]),
        attempts=row["attempts"],
        run_at=row["run_at"],
        created_at=row["created_at"],
        created_by=row["created_by"],
        started_at=row["started_at"],
        finished_at=row["finished_at"],
        leased_by=row["leased_by"],
        leased_until=row["leased_until"],
        error=row["error"],
        tries=row["tries"],
        updated_at=row["updated_at"] or row["created_at"],
    )


def _batch(row: Row) -> JobBatch:
    return JobBatch(
        batch=row["batch"],
        first_row=row["first_row"],
        rows_done=row["rows_done"],
        position=row["position"],
        outcomes=row["outcomes"],
        entity_ids=tuple(row["entity_ids"]),
        problems=decode_json(row["problems"]),
        at=row["at"],
    )
