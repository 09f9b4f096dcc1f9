"""Running a batch's transaction."""

import asyncio
from collections.abc import Sequence

import asyncpg
import pytest

from onefold.actions.customers.drafts import CustomerDraft, Outcome, Saved
from onefold.actions.customers.save import save_customers
from onefold.actions.transaction import Transaction
from onefold.actions.writing import run, run_batch
from onefold.model.errors import Conflict, Invalid, NotFound
from tests.audit import audit
from tests.builders import NOON, Shop, make_draft


class TestRunBatch:
    async def test_keeps_what_the_database_refuses_to_its_item(self, shop: Shop) -> None:
        """No check foresaw these two: a zero byte, and an id that is taken."""
        drafts = [
            make_draft(shop.node_id, contact__email=f"p{number}@shop.example")
            for number in range(5)
        ]
        drafts[1] = make_draft(shop.node_id, contact__email="x@shop.example", gender="a\x00b")
        taken = (await shop.customer(contact__email="ada@shop.example")).customer.id
        drafts[3] = CustomerDraft(taken, drafts[3].change, node_id=shop.node_id)

        async def write(tx: Transaction, items: Sequence[CustomerDraft]) -> list[Outcome]:
            picture = await shop.context.directory.current(tx, shop.workspace_id)
            return await save_customers(tx, shop.operator, picture=picture, drafts=items, at=NOON)

        outcomes = await run_batch(shop.context.database, write, drafts)

        assert [type(one) for one in outcomes] == [Saved, Invalid, Saved, Conflict, Saved]
        assert len(await audit(shop)) == 4

    async def test_runs_again_after_a_deadlock(self, shop: Shop) -> None:
        """Two transactions lock the same two rows crosswise; one of them is told to go."""
        first = (await shop.customer(contact__email="ada@shop.example")).customer.id
        second = (await shop.customer(contact__email="bob@shop.example")).customer.id
        both_hold_one = asyncio.Barrier(2)
        attempts = []

        async def cross(tx: Transaction, items: Sequence[object]) -> list[object]:
            attempts.append(items[0])
            lock = "SELECT 1 FROM customers WHERE workspace_id = $1 AND customer_id = $2 FOR UPDATE"
            await tx.connection.fetchval(lock, shop.workspace_id, items[0])
            if len(attempts) <= 2:
                await both_hold_one.wait()
            other = second if items[0] == first else first
            await tx.connection.fetchval(lock, shop.workspace_id, other)
            return [items[0]]

        results = await asyncio.gather(
            *(run_batch(shop.context.database, cross, [one]) for one in (first, second))
        )

        assert results == [[first], [second]]
        assert len(attempts) >= 3

    async def test_passes_on_what_is_nobody_s_fault(self, shop: Shop) -> None:
        async def write(tx: Transaction, _: Sequence[int]) -> list[int]:
            await tx.connection.execute("SELECT no_such_function()")
            return [1]

        with pytest.raises(asyncpg.UndefinedFunctionError):
            await run_batch(shop.context.database, write, [1, 2])


class TestRun:
    async def test_gives_the_result(self, shop: Shop) -> None:
        async def write(tx: Transaction) -> int:
            found: int = await tx.connection.fetchval("SELECT 7")
            return found

        assert await run(shop.context.database, write) == 7

    async def test_raises_a_refusal_and_keeps_nothing(self, shop: Shop) -> None:
        async def write(tx: Transaction) -> None:
            picture = await shop.context.directory.current(tx, shop.workspace_id)
            draft = make_draft(shop.node_id, contact__email="ada@shop.example")
            await save_customers(tx, shop.operator, picture=picture, drafts=[draft], at=NOON)
            raise NotFound("after all")

        with pytest.raises(NotFound):
            await run(shop.context.database, write)

        assert await audit(shop) == []
