"""What came, changed and went by day, and what happened by day."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from onefold.actions.event_changes import change_event, delete_event
from onefold.model.events import EventChange
from onefold.model.ids import uuid7
from onefold.model.workspaces import Node, NodeKind
from tests.builders import NOON, Shop, by_session, make_draft, make_event, make_patch
from tests.dialects.contacthub.clients import Api
from tests.dialects.contacthub.stats.scenes import MARCH, figures, make_customer, order, view

DAY = timedelta(days=1)


async def change(shop: Shop, event_id: UUID, *, days: int, **parts: Any) -> None:
    picture = await shop.picture()
    async with shop.context.database.transaction() as tx:
        await change_event(
            tx,
            shop.operator,
            picture=picture,
            catalog=shop.context.catalog,
            event_id=event_id,
            decide=lambda _: EventChange(**parts),
            at=NOON + timedelta(days=days),
        )


async def delete(shop: Shop, event_id: UUID, *, days: int) -> None:
    picture = await shop.picture()
    at = NOON + timedelta(days=days)
    async with shop.context.database.transaction() as tx:
        await delete_event(tx, shop.operator, picture=picture, event_id=event_id, at=at)


def days_of(data: Any) -> dict[str, dict[str, int]]:
    """Category -> first day of the interval -> value."""
    return {
        one["category"]: {point["datetime"]: point["value"] for point in one["values"]}
        for one in data
    }


class TestCustomersTrend:
    @pytest.mark.behaviour("contacthub/getCustomersTrend/3")
    async def test_counts_added_ones_unless_told_otherwise(self, client: Api, shop: Shop) -> None:
        await make_customer(shop)
        bob = await make_customer(shop, "bob", at=NOON + DAY)
        await shop.delete(bob, at=NOON + 2 * DAY)

        answer = await figures(client, "/stats/customers-trend", **MARCH)

        assert answer["parameters"]["type"] == "ADDED"
        assert days_of(answer["data"]) == {"customers": {"2026-03-02": 1, "2026-03-03": 1}}

    async def test_counts_a_customer_as_changed_once_a_day(self, client: Api, shop: Shop) -> None:
        ada, bob = await make_customer(shop), await make_customer(shop, "bob")
        for number, customer_id in enumerate((ada, ada, bob)):
            patch = make_patch(customer_id, name__given=f"Number {number}")
            await shop.save([patch], at=NOON + timedelta(hours=number))
        await shop.save([make_patch(ada, name__given="Ada")], at=NOON + DAY)
        await shop.save([make_patch(ada, name__given="Ada")], at=NOON + 2 * DAY)

        answer = await figures(client, "/stats/customers-trend", type="UPDATED", **MARCH)

        assert days_of(answer["data"]) == {"customers": {"2026-03-02": 2, "2026-03-03": 1}}

    async def test_counts_those_who_went(self, client: Api, shop: Shop) -> None:
        ada = await make_customer(shop)
        await shop.delete(ada, at=NOON + DAY)
        asked = {"nodeId": str(shop.node_id), **MARCH}

        answer = await figures(client, "/stats/customers-trend", type="DELETED", **asked)

        assert days_of(answer["data"]) == {"customers": {"2026-03-03": 1}}
        assert answer["parameters"]["nodeId"] == str(shop.node_id)

    async def test_is_there_without_anything_to_count(self, client: Api) -> None:
        answer = await figures(client, "/stats/customers-trend", **MARCH)

        assert answer["data"] == [{"category": "customers", "type": "timeseries", "values": []}]


class TestEventsTrend:
    @pytest.mark.behaviour("contacthub/getEventsTrend/3")
    async def test_counts_by_type_and_day_of_recording(self, client: Api, shop: Shop) -> None:
        ada = await make_customer(shop)
        await view(shop, ada, days=-60)
        await view(shop, ada, recorded=1)
        await shop.event(order(ada, 5))

        answer = await figures(client, "/stats/events-trend", **MARCH)

        assert days_of(answer["data"]) == {
            "completedOrder": {"2026-03-02": 1},
            "viewedPage": {"2026-03-02": 1, "2026-03-03": 1},
        }

    async def test_counts_an_event_as_changed_once_a_day(self, client: Api, shop: Shop) -> None:
        ada = await make_customer(shop)
        event = await view(shop, ada)
        for days in (1, 1, 2):
            await change(shop, event.id, days=days, properties={"title": "Tea"})

        answer = await figures(client, "/stats/events-trend", type="UPDATED", **MARCH)

        assert days_of(answer["data"]) == {"viewedPage": {"2026-03-03": 1, "2026-03-04": 1}}

    async def test_counts_events_that_found_their_customer(self, client: Api, shop: Shop) -> None:
        ada = await make_customer(shop)
        for _ in range(2):
            await shop.event(make_event(bring_back=by_session(shop.node_id, "visit")))
        await shop.tie(ada, "visit", at=NOON + DAY)

        answer = await figures(client, "/stats/events-trend", type="UPDATED", **MARCH)

        assert days_of(answer["data"]) == {"viewedPage": {"2026-03-03": 2}}

    async def test_counts_those_that_went_whichever_way(self, client: Api, shop: Shop) -> None:
        ada, bob = await make_customer(shop), await make_customer(shop, "bob")
        single = await view(shop, ada, days=-30)
        await view(shop, ada)
        await view(shop, bob)
        await delete(shop, single.id, days=1)
        await shop.delete(bob, at=NOON + 2 * DAY)

        gone = await figures(client, "/stats/events-trend", type="DELETED", **MARCH)
        come = await figures(client, "/stats/events-trend", type="ADDED", **MARCH)

        assert days_of(gone["data"]) == {"viewedPage": {"2026-03-03": 1, "2026-03-04": 1}}
        assert days_of(come["data"]) == {"viewedPage": {"2026-03-02": 3}}


class TestEventsDistribution:
    @pytest.mark.behaviour(
        "contacthub/getEventsDistribution/1", "contacthub/getEventsDistribution/3"
    )
    async def test_goes_by_the_date_of_the_event(self, client: Api, shop: Shop) -> None:
        ada = await make_customer(shop)
        await view(shop, ada, days=1, recorded=10)
        await view(shop, ada, days=-60)
        await shop.event(order(ada, 5))

        answer = await figures(client, "/stats/events-distribution", **MARCH)

        assert answer["parameters"]["context"] == "ALL"
        assert answer["data"] == [
            {
                "category": "completedOrder",
                "context": "ECOMMERCE",
                "type": "timeseries",
                "values": [{"datetime": "2026-03-02", "value": 1}],
            },
            {
                "category": "viewedPage",
                "context": "WEB",
                "type": "timeseries",
                "values": [{"datetime": "2026-03-03", "value": 1}],
            },
        ]

    async def test_keeps_to_context_and_node(self, client: Api, shop: Shop) -> None:
        ada = await make_customer(shop)
        await view(shop, ada)
        await shop.event(order(ada, 5))
        await shop.event(order(ada, 5, context="RETAIL"))
        stall = await shop.add_node(Node(uuid7(NOON), NodeKind.ENTRY, "Stall"))
        bob = make_draft(stall.id, contact__email="bob@stall.example")
        await shop.save([bob])
        await shop.event(order(bob.new_id, 5, context="RETAIL"))
        asked = {"context": "RETAIL", "nodeId": str(shop.node_id), **MARCH}

        answer = await figures(client, "/stats/events-distribution", **asked)

        assert days_of(answer["data"]) == {"completedOrder": {"2026-03-02": 1}}
        assert answer["parameters"]["context"] == "RETAIL"

    async def test_follows_an_event_to_another_day(self, client: Api, shop: Shop) -> None:
        ada = await make_customer(shop)
        event = await view(shop, ada)
        await change(shop, event.id, days=1, occurred_at=NOON + 5 * DAY, context="MOBILE")

        (series,) = (await figures(client, "/stats/events-distribution", **MARCH))["data"]

        assert series["context"] == "MOBILE"
        assert series["values"] == [{"datetime": "2026-03-07", "value": 1}]
