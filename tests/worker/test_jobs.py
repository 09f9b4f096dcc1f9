"""Running jobs: one holder at a time, every step once, and again after a fault."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID

import pytest
import structlog
from structlog.testing import LogCapture

from onefold.actions.context import Context
from onefold.actions.jobs import enqueue_job, read_job, renew_job, take_job
from onefold.actions.writing import run
from onefold.model.access import Actor
from onefold.model.errors import Invalid, Locked
from onefold.model.ids import uuid7
from onefold.model.jobs import LEASE_SECONDS, RETRY_SECONDS, Job, JobDraft, JobState
from onefold.model.workspaces import WorkspaceStatus
from onefold.worker.handlers import Handler
from onefold.worker.jobs import ENDED_ITS_WORKER, Holder, JobRunner
from tests.builders import NOON, Shop

_kinds = count(1)
STEPS = 4


class Clock:
    """A time that tests turn forward."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def turn(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class Queue:
    """Jobs of a kind of the test's own, for runners that look for no other."""

    def __init__(self, shop: Shop, clock: Clock) -> None:
        self.kind = f"test-{next(_kinds)}-{shop.workspace_id}"
        self.shop = shop
        self.clock = clock
        self.context = replace(shop.context, clock=clock)

    async def add(self, node_id: UUID | None = None) -> UUID:
        draft = JobDraft(uuid7(self.clock()), self.kind, node_id)
        async with self.context.database.transaction() as tx:
            await enqueue_job(tx, self.shop.operator, draft=draft, at=self.clock())
        return draft.id

    async def job(self, job_id: UUID) -> Job:
        async with self.context.database.reading() as tx:
            return await read_job(tx, self.shop.operator, job_id=job_id)

    async def wait_until_done(self, job_id: UUID, seconds: float) -> None:
        async with asyncio.timeout(seconds):
            while (await self.job(job_id)).state is not JobState.DONE:  # noqa: ASYNC110 - a row sends no event
                await asyncio.sleep(0.02)

    async def take(self, job_id: UUID, holder: str) -> Job | None:
        async with self.context.database.transaction() as tx:
            return await take_job(
                tx, self.shop.operator, job_id=job_id, holder=holder, at=self.clock()
            )

    def runner(self, handler: Handler, name: str = "one", dead: str = "") -> JobRunner:
        holder = Holder(name, lambda other: other == dead)
        return JobRunner(self.context, handlers={self.kind: handler}, holder=holder)

    async def work(self, handler: Handler, name: str = "one") -> int:
        """One look for due jobs, and what came of it; how many were begun."""
        runner = self.runner(handler, name)
        started = await runner.start_due()
        await runner.finish()
        return started


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def queue(shop: Shop, clock: Clock) -> Queue:
    return Queue(shop, clock)


async def set_status(shop: Shop, status: WorkspaceStatus) -> None:
    await shop.context.database.pool.execute(
        "UPDATE workspaces SET status = $2, revision = revision + 1 WHERE workspace_id = $1",
        shop.workspace_id,
        status,
    )


async def nothing(context: Context, actor: Actor, *, job: Job) -> None:
    """A job without work."""
    del context, actor, job


class Steps:
    """A handler of four steps, one a transaction; `done` is what was ever committed."""

    def __init__(self, fault: Exception | None = None, at: int = 0) -> None:
        self.done: list[int] = []
        self.fault = fault
        self.at = at

    async def __call__(self, context: Context, actor: Actor, *, job: Job) -> None:
        for step in range(int(job.progress.get("steps", 0)), STEPS):
            if self.fault is not None and step == self.at:
                raise self.fault
            await run(
                context.database,
                lambda tx: renew_job(
                    tx,
                    actor,
                    job=job,
                    progress={"steps": step + 1},  # noqa: B023 - run at once
                    at=context.clock(),
                ),
            )
            self.done.append(step)


class TestAJob:
    async def test_is_done_and_shows_when(self, queue: Queue) -> None:
        job_id = await queue.add()
        steps = Steps()

        started = await queue.work(steps)

        job = await queue.job(job_id)
        assert started == 1
        assert steps.done == [0, 1, 2, 3]
        assert (job.state, job.finished_at, job.leased_by, job.error) == (
            JobState.DONE,
            NOON,
            None,
            None,
        )

    async def test_that_cannot_be_done_has_failed_with_the_reason(self, queue: Queue) -> None:
        job_id = await queue.add()

        await queue.work(Steps(Invalid("the file has no such column")))

        job = await queue.job(job_id)
        assert (job.state, job.error) == (JobState.FAILED, "the file has no such column")

    async def test_goes_on_after_a_fault_where_it_was(self, queue: Queue, clock: Clock) -> None:
        job_id = await queue.add()
        steps = Steps(RuntimeError("anna@shop.example"), at=2)

        await queue.work(steps)
        waiting = await queue.job(job_id)
        too_early = await queue.work(steps)
        clock.turn(RETRY_SECONDS[0])
        steps.fault = None
        await queue.work(steps)

        assert (waiting.state, waiting.run_at) == (
            JobState.LOADED,
            NOON + timedelta(seconds=RETRY_SECONDS[0]),
        )
        assert too_early == 0
        assert steps.done == [0, 1, 2, 3]
        assert (await queue.job(job_id)).state is JobState.DONE

    async def test_waits_longer_after_each_fault_and_fails_in_the_end(
        self, queue: Queue, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        logged = LogCapture()
        logger = structlog.wrap_logger(structlog.PrintLogger(), processors=[logged])
        monkeypatch.setattr("onefold.worker.jobs.log", logger)
        job_id = await queue.add()
        steps = Steps(RuntimeError("anna@shop.example"))
        waits = []

        for _ in RETRY_SECONDS:
            await queue.work(steps)
            wait = (await queue.job(job_id)).run_at - clock()
            waits.append(wait.total_seconds())
            clock.turn(wait.total_seconds())
        await queue.work(steps)

        job = await queue.job(job_id)
        told = [one for one in logged.entries if one["log_level"] == "error"]
        assert waits == list(RETRY_SECONDS) == sorted(waits)
        assert (job.state, job.error) == (JobState.FAILED, "the server failed: RuntimeError")
        assert [one["job"] for one in told] == [str(job_id)] * 5
        assert "anna@shop.example" not in str(told)

    async def test_that_gets_on_has_all_its_tries_again(self, queue: Queue, clock: Clock) -> None:
        job_id = await queue.add()
        steps = Steps(RuntimeError(), at=0)
        for _ in RETRY_SECONDS:
            await queue.work(steps)
            clock.turn(RETRY_SECONDS[-1])

        steps.at = 1
        await queue.work(steps)

        job = await queue.job(job_id)
        assert (job.state, job.tries) == (JobState.LOADED, 1)

    async def test_that_ends_its_worker_each_time_fails(self, queue: Queue, clock: Clock) -> None:
        job_id = await queue.add()
        for number in range(len(RETRY_SECONDS) + 1):
            assert await queue.take(job_id, f"killed {number}")
            clock.turn(LEASE_SECONDS + 1)

        await queue.work(nothing)

        job = await queue.job(job_id)
        assert (job.state, job.error) == (JobState.FAILED, ENDED_ITS_WORKER)

    async def test_that_meets_a_rebuilding_is_tried_again(self, queue: Queue) -> None:
        job_id = await queue.add()

        await queue.work(Steps(Locked("try again")))

        assert (await queue.job(job_id)).state is JobState.LOADED

    async def test_does_not_count_a_database_that_was_away(self, queue: Queue) -> None:
        job_id = await queue.add()

        await queue.work(Steps(ConnectionError()))

        job = await queue.job(job_id)
        assert (job.state, job.tries, job.run_at) == (JobState.LOADED, 0, NOON)

    async def test_waits_while_its_workspace_is_suspended(self, queue: Queue, clock: Clock) -> None:
        job_id = await queue.add()
        await set_status(queue.shop, WorkspaceStatus.SUSPENDED)

        while_suspended = await queue.work(nothing)
        await set_status(queue.shop, WorkspaceStatus.ENABLED)
        afterwards = await queue.work(nothing)

        assert (while_suspended, afterwards) == (0, 1)
        assert (await queue.job(job_id)).state is JobState.DONE


class TestTwoRunners:
    async def test_share_the_jobs(self, queue: Queue) -> None:
        job_ids = {await queue.add() for _ in range(5)}
        done: list[UUID] = []

        async def handler(context: Context, actor: Actor, *, job: Job) -> None:
            del context, actor
            await asyncio.sleep(0)
            done.append(job.id)

        runners = [queue.runner(handler, name) for name in ("one", "two")]
        while any(await asyncio.gather(*(one.start_due() for one in runners))):
            await asyncio.gather(*(one.finish() for one in runners))

        assert sorted(done) == sorted(job_ids)

    async def test_hand_a_job_over_when_its_lease_has_run_out(
        self, queue: Queue, clock: Clock
    ) -> None:
        """The first one is only slow: it comes back, and finds that it has been overtaken."""
        job_id = await queue.add()
        slow, quick = Steps(), Steps()
        overtaken = asyncio.Event()

        async def stall(context: Context, actor: Actor, *, job: Job) -> None:
            await overtaken.wait()
            await slow(context, actor, job=job)

        first = queue.runner(stall, "one")
        await first.start_due()
        clock.turn(LEASE_SECONDS + 1)
        await queue.work(quick, "two")
        overtaken.set()
        await first.finish()

        assert quick.done == [0, 1, 2, 3]
        assert slow.done == []
        assert (await queue.job(job_id)).state is JobState.DONE

    async def test_need_no_lease_to_run_out_when_the_other_is_known_to_be_gone(
        self, queue: Queue
    ) -> None:
        job_id = await queue.add()
        await queue.take(job_id, "dead")
        steps = Steps()

        early = await queue.work(steps)
        runner = queue.runner(steps, dead="dead")
        await runner.start_due()
        await runner.finish()

        assert early == 0
        assert steps.done == [0, 1, 2, 3]


class TestARunner:
    async def test_gives_a_job_up_at_once_when_it_is_stopped(self, queue: Queue) -> None:
        job_id = await queue.add()
        begun = asyncio.Event()

        async def endless(context: Context, actor: Actor, *, job: Job) -> None:
            del context, actor, job
            begun.set()
            await asyncio.Event().wait()

        working = asyncio.create_task(queue.runner(endless).run())
        await begun.wait()
        working.cancel()
        with suppress(asyncio.CancelledError):
            await working
        given_up = await queue.job(job_id)
        steps = Steps()
        await queue.work(steps, "two")

        assert (given_up.state, given_up.tries) == (JobState.LOADED, 0)
        assert steps.done == [0, 1, 2, 3]

    async def test_does_another_kind_while_one_takes_long(self, queue: Queue, shop: Shop) -> None:
        other = Queue(shop, queue.clock)
        await queue.add()
        quick_id = await other.add()
        may_end = asyncio.Event()

        async def slow(context: Context, actor: Actor, *, job: Job) -> None:
            del context, actor, job
            await may_end.wait()

        runner = JobRunner(
            queue.context, handlers={queue.kind: slow, other.kind: nothing}, holder=Holder("one")
        )
        await runner.start_due()
        await other.wait_until_done(quick_id, 10)
        may_end.set()
        await runner.finish()

    async def test_starts_a_new_job_within_a_second(self, queue: Queue) -> None:
        working = asyncio.create_task(queue.runner(nothing).run())
        await asyncio.sleep(0)

        job_id = await queue.add()

        await queue.wait_until_done(job_id, 1)
        working.cancel()
        with suppress(asyncio.CancelledError):
            await working
