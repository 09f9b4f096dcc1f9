"""Figures of one customer."""

from datetime import timedelta
from uuid import uuid4

import pytest

from onefold.actions.context import Context
from onefold.model.ids import uuid7
from onefold.model.workspaces import Node, NodeKind, WorkspaceSettings
from tests.builders import NOON, Shop, make_draft, make_event, make_shop
from tests.contracts.recorder import ContractTransport
from tests.dialects.contacthub.clients import Api, Clients
from tests.dialects.contacthub.stats.scenes import (
    MARCH,
    by_name,
    figures,
    make_customer,
    order,
    value_of,
    view,
)

NAMES = ("event-category-distribution", "buying-behaviors")


class TestCategoryDistribution:
    async def test_counts_by_type_and_day_as_text(self, client: Api, shop: Shop) -> None:
        ada, bob = await make_customer(shop), await make_customer(shop, "bob")
        await view(shop, ada)
        await view(shop, ada)
        await view(shop, ada, days=1)
        await shop.event(make_event("loggedIn", customer_id=ada))
        await view(shop, bob)

        path = f"/customers/{ada}/stats/event-category-distribution"
        answer = await figures(client, path, **MARCH)

        assert answer["data"] == [
            {
                "category": "loggedIn",
                "type": "timeseries",
                "values": [{"datetime": "2026-03-02", "value": "1"}],
            },
            {
                "category": "viewedPage",
                "type": "timeseries",
                "values": [
                    {"datetime": "2026-03-02", "value": "2"},
                    {"datetime": "2026-03-03", "value": "1"},
                ],
            },
        ]

    @pytest.mark.parametrize(
        ("mode", "values"),
        [
            ("WEEKLY", {"2026-02-23": "1", "2026-03-02": "2"}),
            ("MONTHLY", {"2026-03-01": "3"}),
        ],
    )
    async def test_adds_days_up_to_weeks_and_months(
        self, client: Api, shop: Shop, mode: str, values: dict[str, str]
    ) -> None:
        ada = await make_customer(shop)
        for days in (-1, 0, 6):
            await view(shop, ada, days=days)

        path = f"/customers/{ada}/stats/event-category-distribution"
        (series,) = (await figures(client, path, mode=mode, **MARCH))["data"]

        assert {one["datetime"]: one["value"] for one in series["values"]} == values

    @pytest.mark.behaviour("contacthub/getEventsCategoryDistribution/4")
    async def test_echoes_what_was_asked(self, client: Api, shop: Shop) -> None:
        ada = await make_customer(shop)

        path = f"/customers/{ada}/stats/event-category-distribution"
        answer = await figures(client, path, start="2026-03-01T01:00:00+01:00", end=MARCH["end"])

        assert answer == {
            "parameters": {
                "start": "2026-03-01T00:00:00.000+0000",
                "end": "2026-04-01T00:00:00.000+0000",
                "mode": "DAILY",
            },
            "data": [],
        }

    async def test_goes_by_the_days_of_the_workspace(
        self, transport: ContractTransport, context: Context
    ) -> None:
        shop = await make_shop(context, settings=WorkspaceSettings(timezone="Asia/Tokyo"))
        ada = await make_customer(shop)
        late = NOON.replace(hour=16)
        await shop.event(make_event(customer_id=ada, at=late), at=late)
        api = Clients(transport, shop).bearing(shop.token)

        path = f"/customers/{ada}/stats/event-category-distribution"
        (series,) = (await figures(api, path, **MARCH))["data"]
        before = await figures(api, path, start=MARCH["start"], end="2026-03-02T15:00:00Z")

        assert series["values"] == [{"datetime": "2026-03-03", "value": "1"}]
        assert before["data"] == []

    @pytest.mark.behaviour("contacthub/getEventsCategoryDistribution/5")
    @pytest.mark.parametrize("name", NAMES)
    @pytest.mark.parametrize("wanted", [str(uuid4()), "nobody"])
    async def test_knows_no_unknown_customer(self, client: Api, name: str, wanted: str) -> None:
        answer = await client.get(f"/customers/{wanted}/stats/{name}")

        assert answer.status_code == 404

    @pytest.mark.parametrize("name", NAMES)
    async def test_keeps_to_the_nodes_of_the_token(
        self, client: Api, shop: Shop, name: str
    ) -> None:
        elsewhere = await shop.add_node(Node(uuid7(NOON), NodeKind.ENTRY, "Stall"))
        draft = make_draft(elsewhere.id, contact__email="bob@stall.example")
        await shop.save([draft])

        answer = await client.get(f"/customers/{draft.new_id}/stats/{name}")

        assert answer.status_code == 403


class TestBuyingBehaviors:
    @pytest.mark.behaviour("contacthub/getBuyingBehaviors/2")
    async def test_counts_completed_orders_only(self, client: Api, shop: Shop) -> None:
        ada = await make_customer(shop)
        lines = [{"quantity": 2}, {"quantity": 1}]
        await shop.event(order(ada, 100, amount={"revenue": 80}, products=lines))
        await shop.event(order(ada, 50.5, context="RETAIL"))
        await shop.event(order(ada, 20, type="return", products=[{"quantity": 1}]))
        await shop.event(make_event("abandonedCart", {"amount": {"total": 9}}, customer_id=ada))

        data = (await figures(client, f"/customers/{ada}/stats/buying-behaviors", **MARCH))["data"]

        assert data == [
            {
                "name": "totalSpending",
                "type": "currency",
                "currency": "EUR",
                "value": "130.50",
                "total": "130.50",
                "revenue": "110.50",
            },
            {
                "name": "averageSpending",
                "type": "currency",
                "currency": "EUR",
                "value": "65.25",
                "total": "130.50",
                "revenue": "110.50",
            },
            {"name": "totalOrders", "type": "number", "value": "2"},
            {"name": "totalReturns", "type": "number", "value": "1"},
            {"name": "unitsSold", "type": "number", "value": "2"},
        ]

    async def test_keeps_currencies_apart(self, client: Api, shop: Shop) -> None:
        ada = await make_customer(shop)
        await shop.event(order(ada, 10, amount={"local": {"currency": "EUR"}}))
        await shop.event(order(ada, 5))
        await shop.event(order(ada, 7.125, amount={"local": {"currency": "CHF"}}))

        data = (await figures(client, f"/customers/{ada}/stats/buying-behaviors", **MARCH))["data"]

        spent = {one["currency"]: one["total"] for one in by_name(data, "totalSpending")}
        assert spent == {"CHF": "7.125", "EUR": "15.00"}
        assert value_of(data, "totalOrders") == "3"

    async def test_keeps_to_the_range(self, client: Api, shop: Shop) -> None:
        ada = await make_customer(shop)
        await shop.event(order(ada, 10, at=NOON - timedelta(days=400)))

        found = await figures(client, f"/customers/{ada}/stats/buying-behaviors", **MARCH)

        (spent,) = by_name(found["data"], "totalSpending")
        assert (spent["total"], spent["currency"]) == ("0.00", "EUR")
        assert value_of(found["data"], "totalOrders") == "0"
