"""Indicators: purchases, online shop, web."""

from datetime import timedelta

import pytest

from onefold.model.events import EventDraft
from onefold.model.ids import uuid7
from tests.builders import NOON, Shop, make_event
from tests.dialects.contacthub.clients import Api
from tests.dialects.contacthub.stats.scenes import (
    MARCH,
    by_name,
    figures,
    make_customer,
    order,
    value_of,
)

PURCHASES, SHOP, WEB = (f"/stats/events-kpi/{name}" for name in ("purchases", "ecommerce", "web"))


class TestPurchases:
    @pytest.mark.behaviour("contacthub/getPurchasesKpi/1")
    async def test_sum_up_orders_by_their_date(self, client: Api, shop: Shop) -> None:
        ada = await make_customer(shop)
        lines = [{"quantity": 3}]
        await shop.event(order(ada, 100, amount={"revenue": 80}, products=lines))
        await shop.event(order(ada, 50, context="RETAIL"), at=NOON + timedelta(days=90))
        await shop.event(order(ada, 30, type="return", context="RETAIL"))
        await shop.event(order(ada, 7, at=NOON - timedelta(days=90)))

        answer = await figures(client, PURCHASES, **MARCH)

        assert answer["parameters"]["type"] == "ALL"
        assert answer["data"] == [
            {
                "name": "totalRevenue",
                "type": "currency",
                "currency": "EUR",
                "value": "100.00",
                "total": "120.00",
            },
            {
                "name": "averageOrderValue",
                "type": "currency",
                "currency": "EUR",
                "value": "60.00",
                "total": "120.00",
            },
            {"name": "totalOrders", "type": "number", "value": "2"},
            {"name": "totalReturns", "type": "number", "value": "1"},
            {"name": "unitsSold", "type": "number", "value": "3"},
        ]

    @pytest.mark.behaviour("contacthub/getPurchasesKpi/3")
    @pytest.mark.parametrize(
        ("scope", "total"), [("ECOMMERCE", "1.00"), ("RETAIL", "2.00"), ("ALL", "7.00")]
    )
    async def test_select_by_the_context_of_the_order(
        self, client: Api, shop: Shop, scope: str, total: str
    ) -> None:
        ada = await make_customer(shop)
        for context, amount in (("ECOMMERCE", 1), ("RETAIL", 2), ("MOBILE", 4)):
            await shop.event(order(ada, amount, context=context))

        answer = await figures(client, PURCHASES, type=scope, nodeId=str(shop.node_id), **MARCH)

        assert value_of(answer["data"], "totalRevenue") == total
        assert answer["parameters"]["type"] == scope
        assert answer["parameters"]["nodeId"] == str(shop.node_id)

    async def test_keep_currencies_apart(self, client: Api, shop: Shop) -> None:
        ada = await make_customer(shop)
        for total, currency in ((10, "CHF"), (5, "CHF"), (2.5, "EUR")):
            await shop.event(order(ada, total, amount={"local": {"currency": currency}}))
        await shop.event(order(ada, 1))

        data = (await figures(client, PURCHASES, **MARCH))["data"]

        revenue = {one["currency"]: one["value"] for one in by_name(data, "totalRevenue")}
        average = {one["currency"]: one["value"] for one in by_name(data, "averageOrderValue")}
        assert revenue == {"CHF": "15.00", "EUR": "3.50"}
        assert average == {"CHF": "7.50", "EUR": "1.75"}
        assert value_of(data, "totalOrders") == "4"

    async def test_are_zero_without_orders(self, client: Api) -> None:
        data = (await figures(client, PURCHASES, **MARCH))["data"]

        assert [one["value"] for one in data] == ["0.00", "0.00", "0", "0", "0"]


class TestEcommerce:
    @pytest.mark.behaviour("contacthub/getEcommerceKpi/1", "contacthub/getEcommerceKpi/3")
    async def test_counts_the_online_shop_alone(self, client: Api, shop: Shop) -> None:
        ada = await make_customer(shop)
        await shop.event(order(ada, 100))
        await shop.event(order(ada, 50, context="RETAIL"))
        await shop.event(order(ada, 50, at=NOON - timedelta(days=90)))
        for event_type, times in (("abandonedCart", 2), ("addedProduct", 3)):
            for _ in range(times):
                draft = EventDraft(uuid7(NOON), event_type, "ECOMMERCE", NOON, {}, customer_id=ada)
                await shop.event(draft)
        await shop.event(make_event("abandonedCart", customer_id=ada))

        answer = await figures(client, SHOP, nodeId=str(shop.node_id), **MARCH)

        assert answer["parameters"] == {
            "start": "2026-03-01T00:00:00.000+0000",
            "end": "2026-04-01T00:00:00.000+0000",
        }
        assert {one["name"]: one["value"] for one in answer["data"]} == {
            "totalSales": "100.00",
            "averageOrderValue": "100.00",
            "totalOrders": "1",
            "totalReturns": "0",
            "unitsSold": "0",
            "abandonedCarts": "2",
            "addedProducts": "3",
            "removedProducts": "0",
        }


class TestWeb:
    @pytest.mark.behaviour("contacthub/getWebKpi/1", "contacthub/getWebKpi/3")
    async def test_counts_views_by_their_date(self, client: Api, shop: Shop) -> None:
        ada = await make_customer(shop)
        for event_type in ("viewedPage", "viewedPage", "searched", "loggedOut"):
            await shop.event(make_event(event_type, customer_id=ada), at=NOON + timedelta(days=90))
        await shop.event(make_event(customer_id=ada, at=NOON - timedelta(days=90)))

        answer = await figures(client, WEB, nodeId=str(shop.node_id), **MARCH)

        assert answer["data"][0] == {
            "name": "pageViews",
            "category": "eventsKPI",
            "type": "keyValue",
            "values": [{"key": "pageViews", "value": 2}],
        }
        assert {one["name"]: one["values"][0]["value"] for one in answer["data"]} == {
            "pageViews": 2,
            "productViews": 0,
            "categoryViews": 0,
            "searches": 1,
            "linkClicks": 0,
            "logins": 0,
            "compiledForms": 0,
            "abandonedSessions": 0,
        }
        assert answer["parameters"]["nodeId"] == str(shop.node_id)
