"""Beginning an import, or going on with one: the same file, map and node are the same work."""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any
from uuid import UUID

from onefold.actions.context import Context
from onefold.actions.imports.repeating import REPEATS_KNOWN_MAX, Repeat
from onefold.actions.jobs import LEASE, enqueue_job, read_job, take_job
from onefold.actions.transaction import Transaction
from onefold.actions.writing import run
from onefold.model.access import Actor, Permission
from onefold.model.errors import Conflict, Invalid
from onefold.model.ids import uuid7
from onefold.model.imports.paths import ImportEntity, ImportOperation
from onefold.model.jobs import Job, JobDraft, JobState
from onefold.store import jobs

IMPORT_KIND = "import"
LOOK_SECONDS = 0.5
"""How often a job that somebody holds is looked at again, until its lease has run out."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who asks for a job, and how it tells that another holder is dead (same machine, no such
    process), whatever a lease says.
    """

    name: str
    is_gone: Callable[[str], bool] = lambda _: False


@dataclass(frozen=True, slots=True)
class Work:
    """What makes two imports the same: the content of the file, what it becomes, and where."""

    node_id: UUID
    entity: ImportEntity
    digest: str
    map_document: object = None
    file_name: str = ""
    operation: ImportOperation | None = None
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        parts = [self.digest, str(self.node_id), self.entity.value]
        parts.append(json.dumps(self.map_document, sort_keys=True, default=str))
        return blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()

    def draft(self, job_id: UUID) -> JobDraft:
        payload = {
            "entity": self.entity.value,
            "file": self.file_name,
            "digest": self.digest,
            "map": self.map_document,
            **self.more,
        }
        return JobDraft(job_id, IMPORT_KIND, self.node_id, self.fingerprint, payload)


async def find_repeat(context: Context, actor: Actor, *, work: Work) -> Repeat:
    """Finished imports of the same, whose results are not written back and forth."""
    async with context.database.reading() as tx:
        found = await jobs.finished_jobs(
            tx,
            actor.workspace_id,
            kind=IMPORT_KIND,
            fingerprint=work.fingerprint,
            limit=REPEATS_KNOWN_MAX,
        )
    return Repeat(actor.workspace_id, tuple(found))


@dataclass(frozen=True, slots=True)
class Begun:
    """A job that is now the caller's. `finished_before` is an earlier, finished import of this."""

    job: Job
    finished_before: UUID | None = None

    @property
    def resumed(self) -> bool:
        return bool(self.job.progress)


async def begin_import(context: Context, actor: Actor, *, work: Work, holder: Holder) -> Begun:
    """The job for this work: a new one, or the one that was left unfinished.

    Raises Conflict while another process is at work on it. One whose process died without a word
    is waited for as long as its lease says, and then taken over.
    """
    actor.require(Permission.IMPORT)
    actor.require_node(work.node_id)
    began, seen = context.clock(), None
    while True:
        begun = await run(context.database, lambda tx: _attempt(context, tx, actor, work, holder))
        if isinstance(begun, Begun):
            return begun
        if _is_alive(seen, begun) or context.clock() > began + 2 * LEASE:
            raise Conflict(f"another process is importing this file: job {begun.id}")
        seen = begun
        await asyncio.sleep(LOOK_SECONDS)


def _is_alive(before: Job | None, now: Job) -> bool:
    """Whether a job that somebody holds has shown a sign of life between two looks."""
    return before is not None and (
        before.leased_until != now.leased_until or before.attempts != now.attempts
    )


async def _attempt(
    context: Context, tx: Transaction, actor: Actor, work: Work, holder: Holder
) -> Begun | Job:
    """What was begun, or the job that somebody else holds."""
    at = context.clock()
    workspace_id = actor.workspace_id
    latest = await jobs.find_latest_job(
        tx, workspace_id, kind=IMPORT_KIND, fingerprint=work.fingerprint
    )
    if latest is not None and latest.state is JobState.REVERTING:
        raise Conflict(f"the import of this file is being taken back: job {latest.id}")
    job_id = uuid7(at)
    await enqueue_job(tx, actor, draft=work.draft(job_id), at=at)
    unfinished = await jobs.find_latest_job(
        tx, workspace_id, kind=IMPORT_KIND, fingerprint=work.fingerprint
    )
    if unfinished is None:
        raise Invalid("the job was taken away while it was begun")
    dead = [unfinished.leased_by] if unfinished.leased_by else []
    taken = await take_job(
        tx,
        actor,
        job_id=unfinished.id,
        holder=holder.name,
        at=at,
        dead=[name for name in dead if holder.is_gone(name)],
    )
    if taken is None:
        return await read_job(tx, actor, job_id=unfinished.id)
    done = latest is not None and latest.state is JobState.DONE
    return Begun(taken, latest.id if latest is not None and done else None)
