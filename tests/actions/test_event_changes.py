"""Changing and deleting single events."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from onefold.actions.context import Context
from onefold.actions.event_changes import (
    Neighbours,
    change_event,
    delete_event,
    read_event,
    read_neighbours,
)
from onefold.model.access import Actor, Permission
from onefold.model.errors import Invalid, NotFound, NotPermitted
from onefold.model.events import Event, EventChange
from onefold.model.ids import uuid7
from onefold.model.updates import Operation, UpdateFilter
from onefold.store.updates import read_updates
from tests.audit import audit, counted
from tests.builders import NOON, Shop, by_session, make_event, make_shop


async def change(shop: Shop, event: Event, **parts: Any) -> Event:
    async with shop.context.database.transaction() as tx:
        return await change_event(
            tx,
            shop.operator,
            picture=await shop.picture(),
            catalog=shop.context.catalog,
            event_id=event.id,
            decide=lambda _: EventChange(**parts),
            at=NOON,
        )


async def delete(shop: Shop, event: Event) -> None:
    async with shop.context.database.transaction() as tx:
        await delete_event(
            tx, shop.operator, picture=await shop.picture(), event_id=event.id, at=NOON
        )


def order(total: float, currency: str = "EUR", kind: str = "sale") -> dict[str, Any]:
    return {"amount": {"total": total, "local": {"currency": currency}}, "type": kind}


class TestAChange:
    async def test_replaces_what_it_brings(self, shop: Shop, context: Context) -> None:
        ada = (await shop.customer(contact__email="ada@shop.example")).customer
        event = await shop.event(make_event(properties={"title": "Hats"}, customer_id=ada.id))

        changed = await change(shop, event, properties={"title": "Caps"}, context="MOBILE")

        assert changed.properties == {"title": "Caps"}
        assert (changed.context, changed.version) == ("MOBILE", 2)
        assert changed.occurred_at == event.occurred_at
        async with context.database.reading() as tx:
            assert await read_event(tx, shop.operator, event_id=event.id) == changed
        await audit(shop)

    async def test_moves_money_and_times_in_every_counter(self, shop: Shop) -> None:
        ada = (await shop.customer(contact__email="ada@shop.example")).customer
        first = await shop.event(
            make_event("completedOrder", order(10), customer_id=ada.id, at=NOON)
        )
        later = NOON + timedelta(days=3)
        await shop.event(make_event("completedOrder", order(2.5), customer_id=ada.id, at=later))

        await change(shop, first, properties=order(4, kind="return"), occurred_at=later)

        assert await counted(shop, ada.id) == [("completedOrder", "EUR", 2, Decimal("-1.5"))]
        await audit(shop)
        await change(shop, first, properties=order(4, "CHF"))
        assert await counted(shop, ada.id) == [
            ("completedOrder", "CHF", 1, Decimal(4)),
            ("completedOrder", "EUR", 1, Decimal("2.5")),
        ]
        await audit(shop)

    async def test_of_an_anonymous_event_is_fine(self, shop: Shop) -> None:
        event = await shop.event(make_event(bring_back=by_session(shop.node_id, "s1")))

        changed = await change(shop, event, context="MOBILE")

        assert changed.customer_id is None
        await audit(shop)

    async def test_must_meet_the_schema(self, shop: Shop) -> None:
        event = await shop.event(make_event(bring_back=by_session(shop.node_id, "s1")))

        with pytest.raises(Invalid):
            await change(shop, event, properties={"nope": 1})

        await audit(shop)

    async def test_of_nothing_is_not_found(self, shop: Shop, context: Context) -> None:
        other = await make_shop(context)
        event = await other.event(make_event(bring_back=by_session(other.node_id, "s1")))

        with pytest.raises(NotFound):
            await change(shop, event, context="MOBILE")


class TestADeletion:
    async def test_is_counted_and_announced(self, shop: Shop, context: Context) -> None:
        ada = (await shop.customer(contact__email="ada@shop.example")).customer
        first = await shop.event(make_event(customer_id=ada.id))
        later = NOON + timedelta(days=1)
        await shop.event(make_event(customer_id=ada.id, at=later))

        await delete(shop, first)

        assert await counted(shop, ada.id) == [("viewedPage", "", 1, Decimal(0))]
        async with context.database.reading() as tx:
            entries = await read_updates(
                tx, shop.workspace_id, after=0, wanted=UpdateFilter(), limit=10
            )
        assert entries[-1].change.operation is Operation.DELETE
        assert entries[-1].change.entity_id == first.id
        await audit(shop)

    async def test_of_the_last_event_leaves_no_counter(self, shop: Shop) -> None:
        ada = (await shop.customer(contact__email="ada@shop.example")).customer
        event = await shop.event(make_event(customer_id=ada.id))

        await delete(shop, event)

        assert await counted(shop, ada.id) == []
        with pytest.raises(NotFound):
            await delete(shop, event)
        await audit(shop)

    async def test_needs_the_node(self, shop: Shop, context: Context) -> None:
        event = await shop.event(make_event(bring_back=by_session(shop.node_id, "s1")))
        bound = Actor(
            shop.workspace_id,
            None,
            "source",
            frozenset(),
            frozenset(Permission),
            frozenset({uuid7(NOON)}),
        )

        with pytest.raises(NotPermitted):
            async with context.database.transaction() as tx:
                await delete_event(
                    tx, bound, picture=await shop.picture(), event_id=event.id, at=NOON
                )

        await audit(shop)


class TestNeighbours:
    async def test_are_those_of_the_same_customer_by_date(
        self, shop: Shop, context: Context
    ) -> None:
        ada = (await shop.customer(contact__email="ada@shop.example")).customer
        bob = (await shop.customer(contact__email="bob@shop.example")).customer
        early, middle, late = [
            await shop.event(make_event(customer_id=ada.id, at=NOON + timedelta(hours=hours)))
            for hours in (1, 3, 5)
        ]
        await shop.event(make_event(customer_id=bob.id, at=NOON + timedelta(hours=2)))

        async with context.database.reading() as tx:
            found = [
                await read_neighbours(tx, shop.operator, event=one) for one in (early, middle, late)
            ]

        assert found == [
            Neighbours(None, middle.id),
            Neighbours(early.id, late.id),
            Neighbours(middle.id, None),
        ]
