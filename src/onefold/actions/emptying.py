"""Emptying a node: its events and customers go, some at a time, and the node stays.

What was written after the call began stays too, so that it comes to an end. It is a job from the
start, which the call itself does as far as it has time.
"""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from onefold.actions.context import Context
from onefold.actions.customers.remove import remove_customers
from onefold.actions.directory import Picture, require_open
from onefold.actions.event_counts import count_gone
from onefold.actions.events import change_of
from onefold.actions.jobs import (
    Overtaken,
    enqueue_job,
    finish_job,
    postpone_job,
    renew_job,
    take_job,
)
from onefold.actions.transaction import DRIVER_ERRORS, Transaction
from onefold.actions.writing import run
from onefold.model.access import Actor, Permission
from onefold.model.errors import NotFound
from onefold.model.ids import NIL, uuid7
from onefold.model.jobs import Job, JobDraft, JobState
from onefold.model.updates import Operation
from onefold.store import customers, emptying, updates

EMPTYING_KIND = "emptying"
CALLER = "caller"
WAIT_SECONDS_MAX = 10.0
"""How long a call works itself: clients wait for half a minute."""

EVENTS_AT_ONCE = 1000
CUSTOMERS_AT_ONCE = 500


async def empty_node(
    context: Context, actor: Actor, *, node_id: UUID, events_only: bool, at: datetime
) -> bool:
    """Takes away every event of the node and, unless only these are meant, every customer.

    False when that takes longer than a caller waits: a worker goes on with it then, and so it does
    when this process ends in the middle.
    """
    actor.require(Permission.WORKSPACE_PROVISION)
    payload = {"events_only": events_only}
    draft = JobDraft(uuid7(at), EMPTYING_KIND, node_id, None, payload)

    async def begin(tx: Transaction) -> Job | None:
        await enqueue_job(tx, actor, draft=draft, at=at)
        return await take_job(tx, actor, job_id=draft.id, holder=CALLER, at=at)

    job = await run(context.database, begin)
    if job is None:
        raise NotFound(f"job not found {draft.id}")
    done = False
    try:
        done = await _Round(context, actor, job).go_on(seconds_max=WAIT_SECONDS_MAX)
    except Overtaken:
        return False
    finally:
        if not done:
            with suppress(*DRIVER_ERRORS):  # a worker finds it all the same, when the lease is over
                await asyncio.shield(_hand_over(context, actor, job))
    if done:
        await run(
            context.database,
            lambda tx: finish_job(tx, actor, job=job, state=JobState.DONE, at=context.clock()),
        )
    return done


async def run_emptying_job(context: Context, actor: Actor, *, job: Job) -> None:
    """Goes on with what a caller had no time for."""
    await _Round(context, replace(actor, id=job.created_by), job).go_on()


async def _hand_over(context: Context, actor: Actor, job: Job) -> None:
    at = context.clock()
    await run(
        context.database,
        lambda tx: postpone_job(tx, actor, job=job, run_at=at, tries=0, at=at),
    )


class _Round:
    """One job's work, transaction by transaction; each says whether there may be more."""

    def __init__(self, context: Context, actor: Actor, job: Job) -> None:
        self._context = context
        self._actor = actor
        self._job = job
        self._node_id = job.node_id or NIL
        self._at = job.created_at
        self._after = UUID(job.progress.get("after", str(NIL)))

    async def go_on(self, *, seconds_max: float | None = None) -> bool:
        """Until nothing is left, or until it has taken so long; whether it is done."""
        began = self._context.clock()
        steps = [self.take_events]
        steps += [] if self._job.payload["events_only"] else [self.take_customers]
        for step in steps:
            while await run(self._context.database, step):
                spent = (self._context.clock() - began).total_seconds()
                if seconds_max is not None and spent > seconds_max:
                    return False
        return True

    async def take_events(self, tx: Transaction) -> bool:
        """Owners are locked before their events, as everywhere."""
        workspace = (await self._picture(tx)).workspace
        listed = await emptying.list_events_to_take(
            tx,
            workspace.id,
            node_id=self._node_id,
            after=self._after,
            until=self._at,
            limit=EVENTS_AT_ONCE,
        )
        if not listed:
            return False
        owners = sorted({owner for _, owner in listed} - {NIL})
        await customers.lock_customers(tx, workspace.id, customer_ids=owners)
        gone = await emptying.take_events(tx, workspace.id, event_ids=[one for one, _ in listed])
        at = self._context.clock()
        await count_gone(tx, workspace, gone, at=at)
        changes = [change_of(one, Operation.DELETE) for one in gone]
        await self._note(tx, listed[-1][0], at)
        await updates.append_updates(tx, workspace.id, changes, at=at)
        self._after = listed[-1][0]
        return True

    async def take_customers(self, tx: Transaction) -> bool:
        picture = await self._picture(tx)
        workspace = picture.workspace
        some = await emptying.lock_customers_to_take(
            tx, workspace.id, node_id=self._node_id, until=self._at, limit=CUSTOMERS_AT_ONCE
        )
        if not some:
            return False
        at = self._context.clock()
        await self._note(tx, self._after, at)
        await remove_customers(tx, self._actor, picture, some, at=at)
        return True

    async def _note(self, tx: Transaction, after: UUID, at: datetime) -> None:
        progress = {"after": str(after)}
        await renew_job(tx, self._actor, job=self._job, progress=progress, at=at)

    async def _picture(self, tx: Transaction) -> Picture:
        picture = await self._context.directory.current(tx, self._actor.workspace_id)
        require_open(picture.workspace, writing=True)
        self._actor.require_node(picture.workspace.entry_node(self._node_id).id)
        return picture
