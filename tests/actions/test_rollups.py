"""Figures from the counters, and the recount that they must agree with."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from onefold.actions.context import Context
from onefold.actions.events import Recorded, record_events
from onefold.actions.rollups import DayCount, compare, read_counts, rebuild, recount
from onefold.model.access import Actor, Permission
from onefold.model.errors import NotFound, NotPermitted
from onefold.model.events import EventDraft
from onefold.model.ids import uuid7
from tests.builders import NOON, Shop

TODAY = NOON.date()


async def record(shop: Shop, *drafts: EventDraft, slot: int = 0) -> None:
    async with shop.context.database.transaction(slot=slot) as tx:
        outcomes = await record_events(
            tx,
            shop.operator,
            picture=await shop.picture(),
            catalog=shop.context.catalog,
            drafts=drafts,
            at=NOON,
        )
    assert all(isinstance(outcome, Recorded) for outcome in outcomes), outcomes


def draft(customer_id: UUID, event_type: str, at: datetime = NOON) -> EventDraft:
    properties = {}
    if event_type == "completedOrder":
        properties = {"amount": {"total": 12.5, "local": {"currency": "EUR"}}}
    return EventDraft(
        id=uuid7(at),
        type=event_type,
        context="WEB",
        occurred_at=at,
        properties=properties,
        customer_id=customer_id,
    )


async def shop_with_events(shop: Shop) -> UUID:
    """Ada viewed three pages on two days, and bought once."""
    saved = await shop.customer(contact__email="ada@shop.example")
    ada = saved.customer.id
    yesterday = NOON - timedelta(days=1)
    await record(shop, draft(ada, "viewedPage", yesterday), draft(ada, "viewedPage"))
    await record(shop, draft(ada, "viewedPage"), draft(ada, "completedOrder"), slot=1)
    return ada


async def counts_of(
    shop: Shop, actor: Actor | None = None, *, node_id: UUID | None = None
) -> Sequence[DayCount]:
    async with shop.context.database.reading() as tx:
        return await read_counts(
            tx,
            actor or shop.operator,
            picture=await shop.picture(),
            since=TODAY - timedelta(days=7),
            until=TODAY,
            node_id=node_id,
        )


async def spoil(shop: Shop, statement: str) -> None:
    """Does to the counters what nothing of ours would."""
    await shop.context.database.pool.execute(statement, shop.workspace_id)


class TestReadCounts:
    async def test_adds_up_every_slot_by_day_and_type(self, shop: Shop) -> None:
        await shop_with_events(shop)

        assert await counts_of(shop) == [
            DayCount(date(2026, 3, 1), "viewedPage", 1),
            DayCount(date(2026, 3, 2), "completedOrder", 1),
            DayCount(date(2026, 3, 2), "viewedPage", 2),
        ]

    async def test_keeps_to_one_node_when_it_is_named(self, shop: Shop) -> None:
        await shop_with_events(shop)

        assert len(await counts_of(shop, node_id=shop.node_id)) == 3
        with pytest.raises(NotFound):
            await counts_of(shop, node_id=uuid7(NOON))

    async def test_keeps_to_the_nodes_within_reach(self, shop: Shop) -> None:
        await shop_with_events(shop)
        elsewhere = replace(shop.operator, node_ids=frozenset({uuid7(NOON)}))
        here = replace(shop.operator, node_ids=frozenset({uuid7(NOON), shop.node_id}))

        assert await counts_of(shop, elsewhere) == []
        assert len(await counts_of(shop, here)) == 3
        with pytest.raises(NotPermitted):
            await counts_of(shop, elsewhere, node_id=shop.node_id)

    async def test_needs_the_permission_to_read_events(self, shop: Shop) -> None:
        actor = replace(shop.operator, permissions=frozenset({Permission.EVENT_WRITE}))

        with pytest.raises(NotPermitted):
            await counts_of(shop, actor)


class TestRecount:
    async def test_counts_every_event(self, shop: Shop) -> None:
        ada = await shop_with_events(shop)
        told: list[int] = []

        async with shop.context.database.reading() as tx:
            counted = await recount(
                tx, shop.operator, picture=await shop.picture(), progress=told.append
            )

        viewed = {
            key.day: count.events
            for key, count in counted.by_customer.items()
            if (key.customer_id, key.type) == (ada, "viewedPage")
        }
        assert counted.events == 4
        assert told == [4]
        assert viewed == {date(2026, 3, 1): 1, date(2026, 3, 2): 2}


class TestCompare:
    async def test_finds_nothing_after_ordinary_writes(self, shop: Shop, context: Context) -> None:
        await shop_with_events(shop)

        found = await compare(context.database, shop.operator, picture=await shop.picture())

        assert found.exact
        assert found.events == 4

    @pytest.mark.parametrize(
        "spoiled",
        [
            "UPDATE event_rollups SET events = events + 1 WHERE workspace_id = $1 AND slot = 0",
            "UPDATE event_rollups SET amount = 1 WHERE workspace_id = $1 AND currency = 'EUR'",
            "DELETE FROM event_rollups WHERE workspace_id = $1 AND slot = 1",
            "DELETE FROM customer_rollups WHERE workspace_id = $1 AND currency = 'EUR'",
            "UPDATE customer_rollups SET revenue = 3 WHERE workspace_id = $1 AND amount <> 0",
            "UPDATE customer_rollups SET events = 9 WHERE workspace_id = $1",
            "UPDATE event_rollups SET units = 7, returns = 1 WHERE workspace_id = $1",
            "UPDATE event_rollups SET added = 0 WHERE workspace_id = $1",
            "DELETE FROM node_rollups WHERE workspace_id = $1",
            "UPDATE node_rollups SET by_email = 0, by_both = 5 WHERE workspace_id = $1",
            "DELETE FROM events WHERE workspace_id = $1 AND type = 'completedOrder'",
        ],
    )
    async def test_finds_what_a_rebuild_then_puts_right(
        self, shop: Shop, context: Context, spoiled: str
    ) -> None:
        await shop_with_events(shop)
        await spoil(shop, spoiled)
        picture = await shop.picture()

        found = await rebuild(context.database, shop.operator, picture=picture)

        assert not found.exact
        assert (await compare(context.database, shop.operator, picture=picture)).exact

    async def test_leaves_what_was_right_as_it_was(self, shop: Shop, context: Context) -> None:
        await shop_with_events(shop)
        before = await counts_of(shop)

        found = await rebuild(context.database, shop.operator, picture=await shop.picture())

        assert found.exact
        assert await counts_of(shop) == before

    async def test_goes_on_counting_right_after_a_rebuild(
        self, shop: Shop, context: Context
    ) -> None:
        ada = await shop_with_events(shop)
        await spoil(shop, "DELETE FROM event_rollups WHERE workspace_id = $1")
        picture = await shop.picture()
        await rebuild(context.database, shop.operator, picture=picture)

        await record(shop, draft(ada, "viewedPage"))

        assert (await compare(context.database, shop.operator, picture=picture)).exact
        assert sum(one.events for one in await counts_of(shop)) == 5

    async def test_needs_the_permission_to_configure(self, shop: Shop, context: Context) -> None:
        actor = replace(shop.operator, permissions=frozenset({Permission.EVENT_READ}))

        with pytest.raises(NotPermitted):
            await rebuild(context.database, actor, picture=await shop.picture())
