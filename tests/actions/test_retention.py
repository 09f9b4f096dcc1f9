"""The sweep: what is due goes, counters and stream follow, everything else stays."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from onefold.actions.context import Context
from onefold.actions.event_changes import change_event
from onefold.actions.retention import (
    EVENTS_AT_ONCE,
    keep_in_node,
    read_stock,
    sweep,
    sweep_everywhere,
)
from onefold.actions.rollups import compare
from onefold.actions.workspaces import change_workspace
from onefold.model.access import Permission
from onefold.model.errors import NotPermitted
from onefold.model.events import Event, EventChange
from onefold.model.ids import uuid7
from onefold.model.updates import Entity, Operation, UpdateFilter
from onefold.model.workspaces import Node, NodeKind, UniquePolicy, WorkspaceSettings
from onefold.store.updates import read_updates
from tests.audit import audit
from tests.builders import NOON, Shop, by_session, make_event, make_shop

DAY = timedelta(days=1)


async def switch_on(
    shop: Shop, *, node_id: UUID | None = None, enabled: bool = True, **months: int
) -> None:
    picture = await shop.picture()
    async with shop.context.database.transaction() as tx:
        await keep_in_node(
            tx,
            shop.operator,
            picture=picture,
            catalog=shop.context.catalog,
            node_id=node_id or shop.node_id,
            months=months,
            enabled=enabled,
            at=NOON,
        )


async def run_sweep(shop: Shop) -> int:
    shop.context.directory.forget()
    return await sweep(shop.context, shop.operator, at=NOON)


async def view(shop: Shop, customer_id: UUID, *, days: int, name: str = "viewedPage") -> Event:
    """An event that many days before NOON."""
    return await shop.event(make_event(name, customer_id=customer_id, at=NOON - days * DAY))


async def stored(shop: Shop) -> set[UUID]:
    rows = await shop.context.database.pool.fetch(
        "SELECT event_id FROM events WHERE workspace_id = $1", shop.workspace_id
    )
    return {row[0] for row in rows}


async def make_ada(shop: Shop) -> UUID:
    return (await shop.customer(contact__email="ada@shop.example")).customer.id


async def gone_from_stream(shop: Shop) -> Sequence[UUID]:
    async with shop.context.database.reading() as tx:
        entries = await read_updates(
            tx, shop.workspace_id, after=0, wanted=UpdateFilter(), limit=10_000
        )
    return [
        one.change.entity_id
        for one in entries
        if (one.change.entity, one.change.operation) == (Entity.EVENT, Operation.DELETE)
    ]


async def is_exact(shop: Shop) -> bool:
    picture = await shop.picture()
    found = await compare(shop.context.database, shop.operator, picture=picture)
    return found.exact


class TestSweep:
    @pytest.mark.behaviour("contacthub/updateNodeRetentionPolicy/2")
    async def test_touches_no_node_that_is_not_swept(self, shop: Shop) -> None:
        old = await view(shop, await make_ada(shop), days=1000)
        await switch_on(shop, enabled=False, viewedPage=1)

        assert await run_sweep(shop) == 0
        assert await stored(shop) == {old.id}

    async def test_goes_by_type_and_whole_days(self, shop: Shop) -> None:
        ada = await make_ada(shop)
        await switch_on(shop, viewedPage=1, searched=3)
        kept = [
            await view(shop, ada, days=0),
            await view(shop, ada, days=28),
            await view(shop, ada, days=80, name="searched"),
            await view(shop, ada, days=300, name="loggedIn"),
        ]
        due = [
            await view(shop, ada, days=29),
            await view(shop, ada, days=400),
            await view(shop, ada, days=100, name="searched"),
            await view(shop, ada, days=400, name="loggedIn"),
        ]

        many = await run_sweep(shop)

        assert many == len(due)
        assert await stored(shop) == {one.id for one in kept}
        assert set(await gone_from_stream(shop)) == {one.id for one in due}
        assert await is_exact(shop)
        await audit(shop)
        assert await run_sweep(shop) == 0

    async def test_goes_by_the_days_of_the_workspace(self, context: Context) -> None:
        shop = await make_shop(context, settings=WorkspaceSettings(timezone="Asia/Tokyo"))
        ada = await make_ada(shop)
        await switch_on(shop, viewedPage=1)
        begins = NOON.replace(month=2, day=1, hour=15)
        due = await shop.event(make_event(customer_id=ada, at=begins - timedelta(seconds=1)))
        kept = await shop.event(make_event(customer_id=ada, at=begins))

        assert await run_sweep(shop) == 1
        assert await stored(shop) == {kept.id}
        assert await gone_from_stream(shop) == [due.id]

    async def test_takes_as_much_as_the_figures_say(self, shop: Shop, context: Context) -> None:
        ada = await make_ada(shop)
        await switch_on(shop, viewedPage=2)
        for days in range(0, 120, 7):
            await view(shop, ada, days=days)
        picture = await shop.picture()
        async with context.database.reading() as tx:
            stock = await read_stock(
                tx, shop.operator, picture=picture, catalog=context.catalog, at=NOON
            )
        _, viewed = stock[shop.node_id]["viewedPage"]

        assert await run_sweep(shop) == viewed.expired > 0
        assert len(await stored(shop)) == viewed.valid > 0

    async def test_takes_anonymous_events_and_keeps_to_the_node(self, shop: Shop) -> None:
        stall = await shop.add_node(
            Node(uuid7(NOON), NodeKind.ENTRY, "Stall", unique=UniquePolicy(()))
        )
        await switch_on(shop, viewedPage=1)
        old = NOON - 90 * DAY
        await shop.event(make_event(bring_back=by_session(shop.node_id, "visit"), at=old))
        other = await shop.event(make_event(bring_back=by_session(stall.id, "visit"), at=old))

        assert await run_sweep(shop) == 1
        assert await stored(shop) == {other.id}
        assert await is_exact(shop)

    async def test_finds_events_whose_date_was_changed(self, shop: Shop) -> None:
        ada = await make_ada(shop)
        await switch_on(shop, viewedPage=1)
        became_old = await view(shop, ada, days=1)
        became_new = await view(shop, ada, days=100)
        picture = await shop.picture()
        for event, at in ((became_old, NOON - 100 * DAY), (became_new, NOON - DAY)):
            change = EventChange(occurred_at=at)
            async with shop.context.database.transaction() as tx:
                await change_event(
                    tx,
                    shop.operator,
                    picture=picture,
                    catalog=shop.context.catalog,
                    event_id=event.id,
                    decide=lambda _, change=change: change,  # type: ignore[misc] # a default
                    at=NOON,
                )

        assert await run_sweep(shop) == 1
        assert await stored(shop) == {became_new.id}
        assert await is_exact(shop)

    async def test_takes_more_than_one_batch_of_a_day(self, shop: Shop) -> None:
        ada = await make_ada(shop)
        await switch_on(shop, viewedPage=1)
        old = NOON - 90 * DAY
        many = EVENTS_AT_ONCE + 200
        await shop.record([make_event(customer_id=ada, at=old) for _ in range(many)])
        told: list[int] = []

        shop.context.directory.forget()
        await sweep(shop.context, shop.operator, at=NOON, report=told.append)

        assert told == [EVENTS_AT_ONCE, 200]
        assert await stored(shop) == set()
        assert len(await gone_from_stream(shop)) == many
        assert await is_exact(shop)

    async def test_passes_over_what_somebody_is_changing(self, shop: Shop) -> None:
        ada = await make_ada(shop)
        await switch_on(shop, viewedPage=1)
        held = await view(shop, ada, days=100)
        await view(shop, ada, days=100)

        async with shop.context.database.transaction() as tx:
            await tx.connection.execute(
                "SELECT 1 FROM events WHERE workspace_id = $1 AND event_id = $2 FOR UPDATE",
                shop.workspace_id,
                held.id,
            )
            assert await run_sweep(shop) == 1

        assert await stored(shop) == {held.id}
        assert await run_sweep(shop) == 1

    async def test_leaves_customers_and_their_counters_right(self, shop: Shop) -> None:
        ada = await make_ada(shop)
        await switch_on(shop, viewedPage=1)
        await view(shop, ada, days=100)
        await view(shop, ada, days=0)

        await run_sweep(shop)

        rows = await shop.context.database.pool.fetch(
            "SELECT day, events FROM customer_rollups WHERE workspace_id = $1", shop.workspace_id
        )
        assert [tuple(row) for row in rows] == [(NOON.date(), 1)]
        await audit(shop)

    async def test_goes_through_every_workspace(self, context: Context) -> None:
        shops = [await make_shop(context) for _ in range(2)]
        for shop in shops:
            await switch_on(shop, viewedPage=1)
            await view(shop, await make_ada(shop), days=100)
        context.directory.forget()

        await sweep_everywhere(context, at=NOON)

        assert [await stored(shop) for shop in shops] == [set(), set()]

    async def test_needs_the_permission(self, shop: Shop) -> None:
        actor = replace(shop.operator, permissions=frozenset({Permission.EVENT_DELETE}))

        with pytest.raises(NotPermitted):
            await sweep(shop.context, actor, at=NOON)

    async def test_takes_nothing_too_early_when_the_time_zone_changed(self, shop: Shop) -> None:
        ada = await make_ada(shop)
        await switch_on(shop, viewedPage=1)
        edge = NOON.replace(month=2, day=2, hour=1)
        kept = await shop.event(make_event(customer_id=ada, at=edge))
        workspace = (await shop.picture()).workspace
        moved = replace(workspace, settings=WorkspaceSettings(timezone="Asia/Tokyo"))
        async with shop.context.database.transaction() as tx:
            await change_workspace(tx, shop.operator, workspace=moved, at=NOON)

        assert await run_sweep(shop) == 0
        assert await stored(shop) == {kept.id}
