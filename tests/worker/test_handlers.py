"""Every kind of job that anything puts into the queue has a handler that does it."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import pytest

from onefold.actions import emptying
from onefold.actions.aggregates import PROJECTION
from onefold.actions.context import Context
from onefold.actions.emptying import EMPTYING_KIND, empty_node
from onefold.actions.imports.bulk import BULK_KIND
from onefold.actions.jobs import list_jobs, take_due_job
from onefold.model.jobs import JobFilter, JobState
from onefold.worker.handlers import HANDLERS
from onefold.worker.jobs import run_job
from tests.aggregating import Chain, make_chain
from tests.builders import NOON


async def project(chain: Chain) -> None:
    await chain.activate()


async def empty(chain: Chain) -> None:
    done = await empty_node(
        chain.shop.context,
        chain.shop.operator,
        node_id=chain.first_id,
        events_only=False,
        at=NOON + timedelta(days=1),
    )
    assert not done


async def left_of(chain: Chain, kind: str) -> list[JobState]:
    async with chain.shop.context.database.reading() as tx:
        page = await list_jobs(tx, chain.shop.operator, wanted=JobFilter(kind), offset=0, limit=10)
    return [one.state for one in page.jobs]


class TestHandlers:
    def test_are_there_for_every_kind(self) -> None:
        assert set(HANDLERS) == {BULK_KIND, EMPTYING_KIND, PROJECTION}

    @pytest.mark.parametrize(
        ("kind", "begin", "persons"), [(PROJECTION, project, 2), (EMPTYING_KIND, empty, 0)]
    )
    async def test_do_what_was_put_into_the_queue(
        self,
        context: Context,
        monkeypatch: pytest.MonkeyPatch,
        kind: str,
        begin: Callable[[Chain], Awaitable[None]],
        persons: int,
    ) -> None:
        monkeypatch.setattr(emptying, "WAIT_SECONDS_MAX", -1.0)
        monkeypatch.setattr(emptying, "CUSTOMERS_AT_ONCE", 1)
        chain = await make_chain(context, active=False)
        for name in ("ada", "bea"):
            email = f"{name}@shop.example"
            await chain.customer(chain.first_id, external_id=name, contact__email=email)

        await begin(chain)
        taken = await work(chain, kind)

        assert isinstance(taken, UUID)
        assert await left_of(chain, kind) == [JobState.DONE]
        assert len(await chain.persons()) == persons


async def work(chain: Chain, kind: str) -> UUID:
    context, operator = chain.shop.context, chain.shop.operator
    async with context.database.transaction() as tx:
        job = await take_due_job(tx, operator, kinds=[kind], holder="test", at=context.clock())
    assert job is not None
    await run_job(context, operator, job=job, handler=HANDLERS[kind])
    return job.id
