"""Jobs: enqueued in the caller's transaction, taken by one holder at a time, seen by all."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from onefold.actions.transaction import Transaction
from onefold.model.access import Actor, Permission
from onefold.model.errors import Conflict, NotFound
from onefold.model.jobs import (
    LEASE_SECONDS,
    UNFINISHED,
    Job,
    JobBatch,
    JobDraft,
    JobFilter,
    JobState,
    Lease,
)
from onefold.store import jobs, uploads

LEASE = timedelta(seconds=LEASE_SECONDS)


class Overtaken(Conflict):
    """Another process holds the job now; what this one had not committed is not stored."""


class DueWork(NamedTuple):
    """A workspace in which jobs of a kind wait; `dead` are holders that are no more."""

    workspace_id: UUID
    kind: str
    dead: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class JobPage:
    """Jobs of one page, newest first, and how many there are in all."""

    jobs: tuple[Job, ...]
    total: int


async def enqueue_job(tx: Transaction, actor: Actor, *, draft: JobDraft, at: datetime) -> bool:
    """Puts work into the queue, with whatever else the transaction does.

    False when the same work (kind and fingerprint) is there and not finished.
    """
    actor.require(Permission.IMPORT)
    if draft.node_id is not None:
        actor.require_node(draft.node_id)
    return await jobs.insert_job(tx, actor.workspace_id, draft, at=at, by=actor.id)


async def read_job(tx: Transaction, actor: Actor, *, job_id: UUID) -> Job:
    """Raises NotFound, also for a job of a node that is out of reach."""
    actor.require(Permission.IMPORT)
    found = await jobs.find_job(tx, actor.workspace_id, job_id=job_id)
    if found is None or (found.node_id is not None and not actor.may_reach(found.node_id)):
        raise NotFound(f"job not found {job_id}")
    return found


async def list_jobs(
    tx: Transaction, actor: Actor, *, wanted: JobFilter, offset: int, limit: int
) -> JobPage:
    actor.require(Permission.IMPORT)
    if wanted.node_id is not None:
        actor.require_node(wanted.node_id)
    found = await jobs.list_jobs(tx, actor.workspace_id, wanted=wanted, offset=offset, limit=limit)
    total = await jobs.count_jobs(tx, actor.workspace_id, wanted=wanted)
    return JobPage(tuple(found), total)


async def read_batches(
    tx: Transaction, actor: Actor, *, job_id: UUID, after: int, limit: int
) -> list[JobBatch]:
    """What the batches of a job did, in the order of the file; -1 is before the first."""
    await read_job(tx, actor, job_id=job_id)
    return await jobs.list_batches(tx, actor.workspace_id, job_id=job_id, after=after, limit=limit)


async def take_job(
    tx: Transaction,
    actor: Actor,
    *,
    job_id: UUID,
    holder: str,
    at: datetime,
    states: Collection[JobState] = UNFINISHED,
    becomes: JobState = JobState.RUNNING,
    dead: Sequence[str] = (),
) -> Job | None:
    """The job under a lease; None when somebody else is at work on it or it is in another state."""
    actor.require(Permission.IMPORT)
    lease = Lease(holder, at, at + LEASE)
    return await jobs.take_job(
        tx,
        actor.workspace_id,
        job_id=job_id,
        lease=lease,
        states=states,
        becomes=becomes,
        dead=dead,
    )


async def take_due_job(
    tx: Transaction,
    actor: Actor,
    *,
    kinds: Sequence[str],
    holder: str,
    at: datetime,
    dead: Sequence[str] = (),
) -> Job | None:
    """The job of the workspace that has waited longest, under a lease; for workers.

    Jobs of one kind in one node come one after another, in the order in which they were made.
    """
    job_id = await jobs.pick_due_job(tx, actor.workspace_id, kinds=kinds, dead=dead, at=at)
    if job_id is None:
        return None
    return await take_job(tx, actor, job_id=job_id, holder=holder, at=at, dead=dead)


async def find_due_work(
    tx: Transaction, *, kinds: Sequence[str], at: datetime, is_gone: Callable[[str], bool]
) -> list[DueWork]:
    """Where a worker should look; a lock belongs to one workspace, so this only asks.

    Work of a holder that is known to be gone is due whatever its lease says.
    """
    due: dict[tuple[UUID, str], list[str]] = {}
    for workspace_id, kind, holder, until in await jobs.list_open_work(tx, kinds=kinds, at=at):
        dead = holder is not None and is_gone(holder)
        if dead or until is None or until <= at:
            due.setdefault((workspace_id, kind), []).extend([holder] if holder and dead else [])
    return [DueWork(workspace_id, kind, tuple(dead)) for (workspace_id, kind), dead in due.items()]


async def renew_job(
    tx: Transaction, actor: Actor, *, job: Job, progress: Mapping[str, Any], at: datetime
) -> None:
    """Keeps the lease and notes how far the work is; raises Overtaken when it was taken over.

    In the transaction of the work itself, so that a holder that was overtaken stores nothing.
    """
    if not await jobs.renew_job(
        tx, actor.workspace_id, job, progress=progress, at=at, until=at + LEASE
    ):
        raise Overtaken("another process has taken the job over")


async def keep_job(tx: Transaction, actor: Actor, *, job: Job, at: datetime) -> None:
    """Keeps the lease while nothing is stored; raises Overtaken when it was taken over."""
    if not await jobs.keep_job(tx, actor.workspace_id, job, until=at + LEASE):
        raise Overtaken("another process has taken the job over")


async def finish_job(
    tx: Transaction, actor: Actor, *, job: Job, state: JobState, at: datetime, error: str = ""
) -> None:
    """The end of this holder's work, and of the job's file; raises Overtaken when overtaken."""
    if not await jobs.finish_job(
        tx, actor.workspace_id, job, state=state, at=at, error=error or None
    ):
        raise Overtaken("another process has taken the job over")
    await uploads.delete_upload(tx, actor.workspace_id, job_id=job.id)


async def release_job(tx: Transaction, actor: Actor, *, job: Job) -> None:
    """Gives an unfinished job up, so that it can be gone on with at once."""
    await jobs.release_job(tx, actor.workspace_id, job)


async def postpone_job(
    tx: Transaction, actor: Actor, *, job: Job, run_at: datetime, tries: int, at: datetime
) -> None:
    """Gives an unfinished job up until a worker takes it again, then or later."""
    await jobs.postpone_job(tx, actor.workspace_id, job, run_at=run_at, tries=tries, at=at)
