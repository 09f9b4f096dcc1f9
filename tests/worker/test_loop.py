"""The worker's loop."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from onefold.actions.context import Context
from onefold.actions.retries import Deed, Keyed, do_once
from onefold.actions.upkeep import expire_retry_keys
from onefold.model.retries import RetryKey
from onefold.worker.loop import Worker
from onefold.worker.schedule import SCHEDULE, Scheduled
from tests.builders import NOON, Shop


class TestWorker:
    async def test_runs_what_is_due_and_not_what_is_not(self, context: Context) -> None:
        now = [NOON]
        ran: list[datetime] = []

        async def task(context: Context, *, at: datetime) -> None:
            del context
            ran.append(at)

        timed = replace(context, clock=lambda: now[0])
        worker = Worker(timed, (Scheduled("tick", timedelta(hours=1), task),))

        await worker.run_due()
        await worker.run_due()
        now[0] = NOON + timedelta(hours=1)
        await worker.run_due()

        assert ran == [NOON, NOON + timedelta(hours=1)]

    async def test_goes_on_after_a_task_that_fails_and_tries_it_again(
        self, context: Context
    ) -> None:
        now = [NOON]
        failures = [OSError("away")]
        ran: list[str] = []

        async def failing(context: Context, *, at: datetime) -> None:
            del context, at
            if failures:
                raise failures.pop()
            ran.append("failing")

        async def other(context: Context, *, at: datetime) -> None:
            del context, at
            ran.append("other")

        day = timedelta(days=1)
        timed = replace(context, clock=lambda: now[0])
        worker = Worker(timed, (Scheduled("a", day, failing), Scheduled("b", day, other)))

        first = await worker.run_due()
        now[0] = NOON + timedelta(minutes=2)
        second = await worker.run_due()

        assert first == ["b"]
        assert second == ["a"]
        assert ran == ["other", "failing"]

    async def test_has_tasks_that_can_run_twice(self, context: Context) -> None:
        for _ in range(2):
            done = await Worker(context).run_due()

            assert done == [one.name for one in SCHEDULE]


class TestExpireRetryKeys:
    async def test_forgets_keys_after_a_day(self, shop: Shop, context: Context) -> None:
        done: list[str] = []

        async def use(key: str, at: datetime) -> None:
            async def do(drafts: Sequence[str]) -> list[Shop]:
                done.extend(drafts)
                return [shop for _ in drafts]

            async def tell(_: Sequence[UUID]) -> dict[UUID, Shop]:
                return {shop.workspace_id: shop}

            deed: Deed[str, Shop] = Deed(do, lambda one: one.workspace_id, tell)
            keyed = [Keyed(key, RetryKey(key, b"request"))]
            async with context.database.transaction() as tx:
                await do_once(tx, shop.operator, keyed=keyed, deed=deed, at=at)

        await use("old", NOON - timedelta(hours=25))
        await use("new", NOON - timedelta(hours=23))
        await expire_retry_keys(context, at=NOON)
        await use("old", NOON)
        await use("new", NOON)

        assert done == ["old", "new", "old"]
