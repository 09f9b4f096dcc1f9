"""Runs jobs: takes what is due, keeps the lease while a handler works, and ends it."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

import structlog

from onefold.actions.context import Context
from onefold.actions.directory import require_open
from onefold.actions.jobs import (
    DueWork,
    Overtaken,
    find_due_work,
    finish_job,
    keep_job,
    postpone_job,
    read_job,
    take_due_job,
)
from onefold.actions.transaction import DRIVER_ERRORS, is_unavailable
from onefold.actions.writing import run
from onefold.model.access import Actor, operator_of
from onefold.model.errors import Locked, NotPermitted, Refusal
from onefold.model.faults import describe_fault
from onefold.model.imports.verdicts import shortened
from onefold.model.jobs import LEASE_SECONDS, TRIES_MAX, Job, JobState, retry_after
from onefold.worker.handlers import HANDLERS, Handler
from onefold.worker.holders import holder_name, is_gone

LOOK_SECONDS = 0.5
"""How often it looks for jobs while it has nothing to do, or a lane to spare."""

KEEP_SECONDS = LEASE_SECONDS / 4
AT_ONCE = timedelta()
FAULT = "the server failed"
ENDED_ITS_WORKER = "the server ended while it worked on this, each time"

log = structlog.get_logger()
_runners = count(1)


@dataclass(frozen=True, slots=True)
class Holder:
    """Who takes jobs; two runners of one process are two."""

    name: str
    is_gone: Callable[[str], bool] = is_gone


def this_process() -> Holder:
    return Holder(f"{holder_name()}/{next(_runners)}", _is_gone)


def _is_gone(holder: str) -> bool:
    """Of a runner its process; of any other holder whatever can be told."""
    process, _, runner = holder.rpartition("/")
    return is_gone(process if runner.isdigit() else holder)


class JobRunner:
    """Takes jobs of every kind that it has a handler for, one of each kind at a time."""

    def __init__(
        self,
        context: Context,
        *,
        handlers: Mapping[str, Handler] = HANDLERS,
        holder: Holder | None = None,
        look_seconds: float = LOOK_SECONDS,
    ) -> None:
        self._context = context
        self._handlers = handlers
        self._holder = holder or this_process()
        self._look_seconds = look_seconds
        self._lanes: dict[str, asyncio.Task[None]] = {}
        self._turn = 0

    async def run(self) -> None:
        """Until it is cancelled; jobs under way are given up then, and go on elsewhere."""
        away = False
        try:
            while True:
                was_away, away = away, not await self._start_or_miss()
                if away and not was_away:
                    log.warning("jobs cannot be looked for: the database does not answer")
                await self._pause()
        finally:
            await self._give_up()

    async def start_due(self) -> int:
        """Starts a job in each lane that is free and has work; how many."""
        free = [kind for kind in self._handlers if kind not in self._lanes]
        if not free:
            return 0
        at = self._context.clock()
        async with self._context.database.reading() as tx:
            due = await find_due_work(tx, kinds=free, at=at, is_gone=self._holder.is_gone)
        started = 0
        for work in self._in_turn(due):
            if work.kind not in self._lanes and await self._start(work):
                started += 1
        return started

    async def finish(self) -> None:
        """Waits until the jobs under way have ended."""
        while self._lanes:
            await self._pause(forever=True)

    def _in_turn(self, due: Sequence[DueWork]) -> list[DueWork]:
        """Another workspace first each time: one with many jobs does not keep all others."""
        if not due:
            return []
        ordered = sorted(due)
        self._turn += 1
        first = self._turn % len(ordered)
        return ordered[first:] + ordered[:first]

    async def _start_or_miss(self) -> bool:
        """False while the database is away; whatever else stands in the way may be gone soon."""
        (outcome,) = await asyncio.gather(self.start_due(), return_exceptions=True)
        if not isinstance(outcome, Exception):
            return True
        away = is_unavailable(outcome)
        if not away:
            log.error("jobs could not be taken", **describe_fault(outcome))
        return not away

    async def _start(self, work: DueWork) -> bool:
        actor = operator_of(work.workspace_id)
        job = await run(
            self._context.database,
            lambda tx: take_due_job(
                tx,
                actor,
                kinds=[work.kind],
                holder=self._holder.name,
                at=self._context.clock(),
                dead=work.dead,
            ),
        )
        if job is None:
            return False
        handler = self._handlers[work.kind]
        running = run_job(self._context, actor, job=job, handler=handler)
        self._lanes[work.kind] = asyncio.create_task(running)
        return True

    async def _pause(self, *, forever: bool = False) -> None:
        """Until it is time to look again; at once when a lane becomes free."""
        if not self._lanes:
            await asyncio.sleep(self._look_seconds)
            return
        timeout = None if forever else self._look_seconds
        done, _ = await asyncio.wait(
            self._lanes.values(), timeout=timeout, return_when=asyncio.FIRST_COMPLETED
        )
        self._lanes = {kind: task for kind, task in self._lanes.items() if task not in done}

    async def _give_up(self) -> None:
        for task in self._lanes.values():
            task.cancel()
        await asyncio.gather(*self._lanes.values(), return_exceptions=True)
        self._lanes.clear()


async def run_job(context: Context, actor: Actor, *, job: Job, handler: Handler) -> None:
    """Runs a job that was taken, and ends it.

    Never raises: what became of the job is in its row, and faults are in the log.
    """
    await _Running(context, actor, job).through(handler)


class _Running:
    """One job in this runner's hands."""

    def __init__(self, context: Context, actor: Actor, job: Job) -> None:
        self._context = context
        self._actor = actor
        self._job = job
        self._log = log.bind(job=str(job.id), kind=job.kind)

    async def through(self, handler: Handler) -> None:
        try:
            await self._end(await self._work(handler))
        except Overtaken:
            self._log.info("job is held by another process")
        except asyncio.CancelledError:
            with suppress(*DRIVER_ERRORS):
                await asyncio.shield(self._hand_on())
            raise
        except DRIVER_ERRORS as error:
            # The lease runs out, and whoever comes next finds what was committed.
            self._log.warning("job was left as it is", error=type(error).__name__)

    async def _work(self, handler: Handler) -> BaseException | None:
        """What went wrong, if anything did; raises Overtaken when another holder has the job."""
        if self._job.tries > TRIES_MAX:
            return Refusal(ENDED_ITS_WORKER)
        working = asyncio.ensure_future(handler(self._context, self._actor, job=self._job))
        keeping = asyncio.create_task(self._keep())
        try:
            await asyncio.wait((working, keeping), return_when=asyncio.FIRST_COMPLETED)
            if keeping.done():
                await keeping
        finally:
            for task in (working, keeping):
                task.cancel()
            await asyncio.gather(working, keeping, return_exceptions=True)
        error = working.exception()
        if isinstance(error, Overtaken):
            raise error
        return error

    async def _keep(self) -> None:
        """Shows signs of life, however long a batch takes; raises Overtaken."""
        while True:
            await asyncio.sleep(KEEP_SECONDS)
            with suppress(*DRIVER_ERRORS):
                await run(
                    self._context.database,
                    lambda tx: keep_job(tx, self._actor, job=self._job, at=self._context.clock()),
                )

    async def _end(self, error: BaseException | None) -> None:
        if error is None:
            await self._finish(JobState.DONE)
        elif isinstance(error, NotPermitted) and await self._is_closed():
            await self._hand_on()
        elif isinstance(error, Refusal) and not isinstance(error, Locked):
            await self._finish(JobState.FAILED, _told(error))
        elif is_unavailable(error):
            await self._hand_on()
        else:
            await self._try_again(error)

    async def _is_closed(self) -> bool:
        """Whether the workspace takes no changes now; its jobs wait until it does."""
        picture = await self._context.directory.newest(self._actor.workspace_id)
        try:
            require_open(picture.workspace, writing=True)
        except NotPermitted:
            return True
        return False

    async def _try_again(self, error: BaseException) -> None:
        tries = max(await self._tries(), 1)
        self._log.error("job failed", tries=tries, **describe_fault(error))
        wait = retry_after(tries)
        if wait is None:
            await self._finish(JobState.FAILED, f"{FAULT}: {type(error).__name__}")
        else:
            await self._postpone(wait, tries=tries)

    async def _hand_on(self) -> None:
        """The job is not to blame: it goes on as soon as somebody takes it."""
        await self._postpone(AT_ONCE, tries=max(await self._tries() - 1, 0))

    async def _tries(self) -> int:
        """As they stand now: they began anew if the job has got on."""
        async with self._context.database.reading() as tx:
            return (await read_job(tx, self._actor, job_id=self._job.id)).tries

    async def _finish(self, state: JobState, error: str = "") -> None:
        await run(
            self._context.database,
            lambda tx: finish_job(
                tx,
                self._actor,
                job=self._job,
                state=state,
                at=self._context.clock(),
                error=error,
            ),
        )
        self._log.info("job ended", state=state.value)

    async def _postpone(self, wait: timedelta, *, tries: int) -> None:
        at = self._context.clock()
        await run(
            self._context.database,
            lambda tx: postpone_job(
                tx, self._actor, job=self._job, run_at=at + wait, tries=tries, at=at
            ),
        )


def _told(refusal: Refusal) -> str:
    """The refusal as one sentence, for whoever asked for the job."""
    fields = "; ".join(f"{one.path} {one.message}" for one in refusal.fields)
    return shortened(f"{refusal.message}: {fields}" if fields else refusal.message)
