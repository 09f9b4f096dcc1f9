"""Jobs: one holder at a time, whatever else happens."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from onefold.actions.jobs import (
    DueWork,
    enqueue_job,
    find_due_work,
    finish_job,
    list_jobs,
    read_job,
    take_due_job,
    take_job,
)
from onefold.model.ids import uuid7
from onefold.model.jobs import LEASE_SECONDS, Job, JobDraft, JobFilter, JobState
from tests.builders import NOON, Shop

LATER = NOON + timedelta(seconds=LEASE_SECONDS + 1)
KIND = "test"
ELSEWHERE = uuid7(NOON)


async def enqueue(
    shop: Shop,
    fingerprint: str | None = None,
    *,
    kind: str = KIND,
    node_id: UUID | None = None,
    at: datetime = NOON,
) -> UUID | None:
    draft = JobDraft(uuid7(at), kind, node_id or shop.node_id, fingerprint, {"what": "test"})
    async with shop.context.database.transaction() as tx:
        stored = await enqueue_job(tx, shop.operator, draft=draft, at=at)
    return draft.id if stored else None


async def take(shop: Shop, job_id: UUID | None, holder: str, at: datetime = NOON) -> Job | None:
    assert job_id is not None
    async with shop.context.database.transaction() as tx:
        return await take_job(tx, shop.operator, job_id=job_id, holder=holder, at=at)


class TestEnqueueing:
    async def test_happens_with_the_transaction_or_not_at_all(self, shop: Shop) -> None:
        draft = JobDraft(uuid7(NOON), KIND)

        async def enqueue_and_fail() -> None:
            async with shop.context.database.transaction() as tx:
                await enqueue_job(tx, shop.operator, draft=draft, at=NOON)
                raise LookupError

        with pytest.raises(LookupError):
            await enqueue_and_fail()

        async with shop.context.database.reading() as tx:
            page = await list_jobs(
                tx, shop.operator, wanted=JobFilter(kind=KIND), offset=0, limit=10
            )
        assert page.jobs == ()

    async def test_refuses_the_same_work_until_it_is_finished(self, shop: Shop) -> None:
        first = await enqueue(shop, "same")
        assert await enqueue(shop, "same") is None
        assert await enqueue(shop, "other") is not None
        assert await enqueue(shop, "same", kind="other") is not None
        job = await take(shop, first, "one")
        assert job is not None
        async with shop.context.database.transaction() as tx:
            await finish_job(tx, shop.operator, job=job, state=JobState.DONE, at=NOON)

        assert await enqueue(shop, "same") is not None

    async def test_allows_any_number_without_a_fingerprint(self, shop: Shop) -> None:
        assert await enqueue(shop) is not None
        assert await enqueue(shop) is not None


class TestTaking:
    async def test_gives_the_job_to_one_holder(self, shop: Shop) -> None:
        job_id = await enqueue(shop)

        first = await take(shop, job_id, "one")
        second = await take(shop, job_id, "two")

        assert first is not None
        assert (first.state, first.leased_by, first.attempts) == (JobState.RUNNING, "one", 1)
        assert second is None

    async def test_gives_it_to_another_when_the_lease_has_run_out(self, shop: Shop) -> None:
        job_id = await enqueue(shop)
        await take(shop, job_id, "one")

        second = await take(shop, job_id, "two", LATER)

        assert second is not None
        assert (second.leased_by, second.attempts) == ("two", 2)

    async def test_passes_over_what_is_finished(self, shop: Shop) -> None:
        job_id = await enqueue(shop)
        job = await take(shop, job_id, "one")
        assert job is not None
        async with shop.context.database.transaction() as tx:
            await finish_job(tx, shop.operator, job=job, state=JobState.DONE, at=NOON, error="none")

        assert await take(shop, job_id, "two", LATER) is None


async def take_due(shop: Shop, holder: str, at: datetime = NOON, dead: str = "") -> UUID | None:
    async with shop.context.database.transaction() as tx:
        found = await take_due_job(
            tx, shop.operator, kinds=[KIND], holder=holder, at=at, dead=[dead]
        )
    return found.id if found else None


class TestAWorker:
    async def test_is_told_where_something_is_due_and_takes_the_oldest(self, shop: Shop) -> None:
        second = await enqueue(shop, node_id=ELSEWHERE)
        first = await enqueue(shop, at=NOON - timedelta(seconds=1))

        async with shop.context.database.reading() as tx:
            due = await find_due_work(tx, kinds=[KIND], at=NOON, is_gone=lambda _: False)
        taken = [await take_due(shop, "one") for _ in range(3)]

        assert DueWork(shop.workspace_id, KIND) in due
        assert taken == [first, second, None]

    async def test_does_the_jobs_of_a_node_one_after_another(self, shop: Shop) -> None:
        first = await enqueue(shop, at=NOON - timedelta(seconds=1))
        second = await enqueue(shop)

        while_it_waits = await take_due(shop, "one"), await take_due(shop, "two")
        job = await take(shop, first, "one", LATER)
        assert job is not None
        async with shop.context.database.transaction() as tx:
            await finish_job(tx, shop.operator, job=job, state=JobState.DONE, at=NOON)
        afterwards = await take_due(shop, "two")

        assert while_it_waits == (first, None)
        assert afterwards == second

    async def test_does_not_wait_for_a_holder_that_is_gone(self, shop: Shop) -> None:
        job_id = await enqueue(shop)
        await take(shop, job_id, "dead")

        async with shop.context.database.reading() as tx:
            known = await find_due_work(
                tx, kinds=[KIND], at=NOON, is_gone=lambda one: one == "dead"
            )
            unknown = await find_due_work(tx, kinds=[KIND], at=NOON, is_gone=lambda _: False)

        assert DueWork(shop.workspace_id, KIND, ("dead",)) in known
        assert shop.workspace_id not in {one.workspace_id for one in unknown}
        assert await take_due(shop, "new", dead="other") is None
        assert await take_due(shop, "new", dead="dead") == job_id

    async def test_goes_on_with_what_a_dead_one_left(self, shop: Shop) -> None:
        job_id = await enqueue(shop)
        await take(shop, job_id, "dead")

        async with shop.context.database.transaction() as tx:
            early = await take_due_job(tx, shop.operator, kinds=[KIND], holder="new", at=NOON)
            late = await take_due_job(tx, shop.operator, kinds=[KIND], holder="new", at=LATER)

        assert early is None
        assert late is not None
        assert late.id == job_id

    async def test_does_not_take_what_another_is_just_taking(self, shop: Shop) -> None:
        first = await enqueue(shop)
        second = await enqueue(shop, node_id=ELSEWHERE)
        database, actor = shop.context.database, shop.operator

        async with database.transaction() as one, database.transaction() as two:
            mine = await take_due_job(one, actor, kinds=[KIND], holder="one", at=NOON)
            yours = await take_due_job(two, actor, kinds=[KIND], holder="two", at=NOON)

        assert mine is not None
        assert yours is not None
        assert {mine.id, yours.id} == {first, second}


class TestListing:
    async def test_shows_the_jobs_of_a_node_in_some_states(self, shop: Shop) -> None:
        waiting = await enqueue(shop)
        running = await enqueue(shop)
        await take(shop, running, "one")

        async with shop.context.database.reading() as tx:
            page = await list_jobs(
                tx,
                shop.operator,
                wanted=JobFilter(KIND, shop.node_id, (JobState.LOADED,)),
                offset=0,
                limit=10,
            )
            job = await read_job(tx, shop.operator, job_id=page.jobs[0].id)

        assert page.total == 1
        assert job.id == waiting
        assert job.payload == {"what": "test"}
