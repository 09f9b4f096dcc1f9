"""Taking an import back: customers it made go, fields it changed return, its events go.

Batch by batch, the last one first, each in one transaction with the note of how far it is. What
somebody else changed since stays, and is named.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from uuid import UUID

from onefold.actions.context import Context
from onefold.actions.directory import require_open
from onefold.actions.imports.opening import IMPORT_KIND, Holder
from onefold.actions.imports.running import IMPORT_SLOT
from onefold.actions.imports.undoing import undo_customers, undo_events
from onefold.actions.jobs import finish_job, read_job, release_job, renew_job, take_job
from onefold.actions.transaction import DRIVER_ERRORS, Transaction
from onefold.actions.writing import run
from onefold.model.access import Actor, Permission
from onefold.model.errors import Conflict, Invalid
from onefold.model.imports.paths import ImportEntity
from onefold.model.imports.reverting import RevertTally, revert_tally
from onefold.model.imports.verdicts import tally_of
from onefold.model.jobs import REVERTIBLE, Job, JobState
from onefold.store import jobs

PROGRESS_KEY = "revert"

Report = Callable[[RevertTally], None]


async def revert_import(
    context: Context, actor: Actor, *, job_id: UUID, holder: Holder, report: Report
) -> RevertTally:
    """Takes back what is left of a job's batches; doing so again changes nothing.

    Raises Conflict while somebody is at work on the job, NotFound for one that there is not.
    """
    actor.require(Permission.CUSTOMER_DELETE)
    actor.require(Permission.EVENT_DELETE)
    job = await run(context.database, lambda tx: _take(context, tx, actor, job_id, holder))
    tally = _tally(job)
    if job.state is JobState.REVERTED:
        return tally
    async with _holding(context, actor, job):
        while tally.next >= 0:
            tally = await run(
                context.database,
                lambda tx: _undo_batch(context, tx, actor, job, tally),  # noqa: B023 - run at once
                slot=IMPORT_SLOT,
            )
            report(tally)
        await run(
            context.database,
            lambda tx: finish_job(tx, actor, job=job, state=JobState.REVERTED, at=context.clock()),
        )
    return tally


@asynccontextmanager
async def _holding(context: Context, actor: Actor, job: Job) -> AsyncIterator[None]:
    try:
        yield
    finally:
        with suppress(*DRIVER_ERRORS):
            await run(context.database, lambda tx: release_job(tx, actor, job=job))


async def _take(
    context: Context, tx: Transaction, actor: Actor, job_id: UUID, holder: Holder
) -> Job:
    """The job under a lease, or as it is when it has been taken back already."""
    job = await read_job(tx, actor, job_id=job_id)
    if job.kind != IMPORT_KIND:
        raise Invalid(f"job {job_id} is no import")
    if job.state is JobState.REVERTED:
        return job
    dead = [job.leased_by] if job.leased_by and holder.is_gone(job.leased_by) else []
    taken = await take_job(
        tx,
        actor,
        job_id=job_id,
        holder=holder.name,
        at=context.clock(),
        states=REVERTIBLE,
        becomes=JobState.REVERTING,
        dead=dead,
    )
    if taken is None:
        raise Conflict(f"job {job_id} is {job.state.lower()}: another process is at work on it")
    return taken


def _tally(job: Job) -> RevertTally:
    return revert_tally(job.progress.get(PROGRESS_KEY), batches=tally_of(job.progress).batches)


async def _undo_batch(
    context: Context, tx: Transaction, actor: Actor, job: Job, tally: RevertTally
) -> RevertTally:
    picture = await context.directory.current(tx, actor.workspace_id)
    require_open(picture.workspace, writing=True)
    at = context.clock()
    batch = await jobs.find_batch(tx, actor.workspace_id, job_id=job.id, batch=tally.next)
    if batch is None:
        after = tally.plus()
    elif job.payload["entity"] == ImportEntity.CUSTOMERS:
        after = await undo_customers(
            tx, actor, picture=picture, job_id=job.id, batch=batch, tally=tally, at=at
        )
    else:
        after = await undo_events(
            tx, actor, picture=picture, job_id=job.id, batch=batch, tally=tally, at=at
        )
    progress = {**job.progress, PROGRESS_KEY: after.document()}
    await renew_job(tx, actor, job=job, progress=progress, at=at)
    return after
