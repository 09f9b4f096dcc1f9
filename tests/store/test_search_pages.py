"""Searching: order and pages, and events."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from onefold.actions.customers.drafts import Saved
from onefold.model.events import EventFilter
from onefold.model.filters import (
    SEARCH_ELEMENTS_MAX,
    Sort,
)
from onefold.model.ids import NIL
from onefold.store.search import CustomerPage, search_events
from tests.builders import NOON, Shop, by_session, make_draft, make_event
from tests.store.searching import add, names, page


class TestOrder:
    async def test_without_a_wish_is_newest_first(self, shop: Shop) -> None:
        for day, name in ((1, "Ann"), (3, "Bea"), (2, "Cyd")):
            await add(shop, name, at=NOON + timedelta(days=day))

        assert await names(shop) == ["Bea", "Cyd", "Ann"]

    async def test_of_numbers_is_by_size_and_what_is_missing_comes_last(self, bazaar: Shop) -> None:
        for name, size in (("Ann", 9), ("Bea", 100), ("Cyd", None), ("Dan", -2.5)):
            await add(bazaar, name, custom__size=size)

        assert await names(bazaar, sort=Sort("custom.size")) == ["Dan", "Ann", "Bea", "Cyd"]
        assert await names(bazaar, sort=Sort("custom.size", descending=True)) == [
            "Bea",
            "Ann",
            "Dan",
            "Cyd",
        ]

    async def test_of_columns_keeps_what_is_missing_last(self, shop: Shop) -> None:
        await add(shop, "Ann")

        for path in ("registered_by", "number", "id", "enabled", "updated_at", "contact.email"):
            for descending in (False, True):
                assert await names(shop, sort=Sort(path, descending)) == ["Ann"]

    async def test_is_the_same_on_every_page(self, shop: Shop) -> None:
        drafts = [
            make_draft(shop.node_id, contact__email=f"p{number}@shop.example", gender="f")
            for number in range(23)
        ]
        ids = {one.customer.id for one in await shop.save(drafts) if isinstance(one, Saved)}

        seen: list[UUID] = []
        for offset in range(0, 30, 5):
            found = await page(shop, sort=Sort("gender"), offset=offset, limit=5)
            assert found.total == 23
            seen += [one.id for one in found.customers]

        assert len(seen) == len(ids) == 23
        assert set(seen) == ids


class TestPages:
    async def test_past_the_end_are_empty(self, shop: Shop) -> None:
        await add(shop, "Ann")

        assert await page(shop, offset=1) == CustomerPage((), 1)
        assert await page(shop, limit=0) == CustomerPage((), 1)

    async def test_hold_the_customers_of_one_node_of_one_workspace(
        self, shop: Shop, other_shop: Shop
    ) -> None:
        await add(other_shop, "Ann")

        assert await page(shop) == CustomerPage((), 0)

    async def test_leave_out_the_deleted(self, shop: Shop) -> None:
        ann = await add(shop, "Ann")
        await shop.delete(ann)

        assert await page(shop) == CustomerPage((), 0)

    async def test_end_at_ten_thousand(self, shop: Shop) -> None:
        await shop.context.database.pool.execute(
            "INSERT INTO customers (workspace_id, customer_id, node_id, number, profile, version,"
            " registered_at, updated_at, consent_entries)"
            " SELECT $1, gen_random_uuid(), $2, n, '{}', 1, $3, $3, 0"
            " FROM generate_series(1, 10020) AS n",
            shop.workspace_id,
            shop.node_id,
            NOON,
        )

        assert (await page(shop, limit=1)).total == SEARCH_ELEMENTS_MAX == 10_000
        assert len((await page(shop, offset=9_990, limit=50)).customers) == 10
        assert (await page(shop, offset=10_000, limit=50)).customers == ()


class TestSearchEvents:
    async def test_keeps_what_is_wanted_newest_first(self, shop: Shop) -> None:
        ann = await add(shop, "Ann")
        hour = timedelta(hours=1)
        first = await shop.event(make_event("loggedIn", customer_id=ann, at=NOON))
        second = await shop.event(make_event("campaignSent", customer_id=ann, at=NOON + hour))
        third = await shop.event(make_event("loggedIn", bring_back=by_session(shop.node_id, "s1")))

        for wanted, found in (
            (EventFilter(customer_id=ann), [second, first]),
            (EventFilter(node_id=shop.node_id, mode="PASSIVE"), [second]),
            (EventFilter(types=("loggedIn",)), sorted([first, third], key=_by_id, reverse=True)),
            (EventFilter(contexts=("WEB", "MOBILE"), since=NOON + hour), [second]),
            (EventFilter(contexts=("RETAIL",)), []),
            (EventFilter(customer_id=ann, until=NOON), [first]),
        ):
            async with shop.context.database.reading() as tx:
                events = await search_events(
                    tx, shop.workspace_id, wanted=wanted, node_ids=None, offset=0, limit=10
                )
            assert [one.id for one in events.events] == [one.id for one in found], wanted
            assert events.total == len(found)

    async def test_stays_within_reach(self, shop: Shop) -> None:
        await shop.event(make_event(bring_back=by_session(shop.node_id, "s1")))

        for node_ids, many in ((None, 1), (frozenset({shop.node_id}), 1), (frozenset({NIL}), 0)):
            async with shop.context.database.reading() as tx:
                events = await search_events(
                    tx,
                    shop.workspace_id,
                    wanted=EventFilter(),
                    node_ids=node_ids,
                    offset=0,
                    limit=10,
                )
            assert events.total == many


def _by_id(event: Any) -> UUID:
    found: UUID = event.id
    return found
