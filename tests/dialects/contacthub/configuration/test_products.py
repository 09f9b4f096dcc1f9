"""The product registry, and which events feed it."""

from datetime import timedelta
from typing import Any

import pytest

from onefold.actions.products import list_products
from onefold.model.products import PRODUCT_EVENT_TYPES
from tests.builders import NOON, Shop, by_session, make_event
from tests.dialects.contacthub.clients import Api

PATH = "/configuration/products/update-policy"
Json = dict[str, Any]


async def choose(admin: Api, *event_types: str) -> None:
    answer = await admin.put(PATH, json={"eventTypes": list(event_types)})
    assert answer.status_code == 200, answer.text


async def registry(shop: Shop) -> dict[str, Json]:
    async with shop.context.database.reading() as tx:
        found = await list_products(tx, shop.operator)
    return {one.id: dict(one.facts) for one in found}


async def show(shop: Shop, event_type: str, properties: Json, *, minutes: int = 0) -> None:
    await shop.event(
        make_event(
            event_type,
            properties,
            bring_back=by_session(shop.node_id, "till-7"),
            at=NOON + timedelta(minutes=minutes),
        )
    )


class TestPolicy:
    @pytest.mark.behaviour("contacthub/updateProductsUpdatePolicy/1")
    async def test_takes_the_ten_types_with_products(self, admin: Api) -> None:
        await choose(admin, *PRODUCT_EVENT_TYPES)

        assert len((await admin.get(PATH)).json()["eventTypes"]) == 10
        for other in (["viewedPage"], ["completedOrder", "x"], "completedOrder", [None]):
            answer = await admin.put(PATH, json={"eventTypes": other})
            assert answer.status_code == 400
            assert answer.json()["errors"][0]["path"].startswith("/eventTypes")
        assert (await admin.put(PATH, json={})).status_code == 400
        assert len((await admin.get(PATH)).json()["eventTypes"]) == 10

    @pytest.mark.behaviour("contacthub/updateProductsUpdatePolicy/2")
    async def test_is_a_set(self, admin: Api) -> None:
        sent = ["viewedProduct", "completedOrder", "viewedProduct"]

        answer = await admin.put(PATH, json={"eventTypes": sent})

        assert answer.json() == {"eventTypes": ["viewedProduct", "completedOrder"]}
        assert (await admin.get(PATH)).json() == answer.json()

    @pytest.mark.parametrize("nothing", [[], None])
    async def test_may_be_empty(self, admin: Api, shop: Shop, nothing: object) -> None:
        await choose(admin, "viewedProduct")
        await admin.put(PATH, json={"eventTypes": nothing})
        await show(shop, "viewedProduct", {"id": "p-1", "name": "Chair"})

        assert (await admin.get(PATH)).json() == {"eventTypes": []}
        assert await registry(shop) == {}

    async def test_is_for_administrators(self, client: Api, reader: Api) -> None:
        for api in (client, reader):
            assert (await api.get(PATH)).status_code == 403
            assert (await api.put(PATH, json={"eventTypes": []})).status_code == 403


class TestRegistry:
    async def test_takes_the_lines_of_an_order_and_single_products(
        self, admin: Api, client: Api, shop: Shop
    ) -> None:
        colour = {"colour": {"type": "string"}}
        await admin.put("/configuration/products/properties/extended", json=colour)
        await choose(admin, "completedOrder", "viewedProduct")
        line = {"id": "p-1", "name": "Chair", "price": 9.5, "quantity": 2, "tax": 1}
        body = {
            "type": "completedOrder",
            "context": "RETAIL",
            "properties": {
                "orderId": "o-1",
                "products": [{**line, "extended": {"colour": "red"}}, {"sku": "s-2"}, {"tax": 3}],
            },
            "bringBackProperties": {
                "type": "SESSION_ID",
                "value": "till-7",
                "nodeId": str(shop.node_id),
            },
        }

        answer = await client.post("/events", json=body)
        await show(shop, "viewedProduct", {"id": "p-3", "category": ["tables"]})

        assert answer.status_code == 202
        assert await registry(shop) == {
            "p-1": {"name": "Chair", "price": 9.5, "extended": {"colour": "red"}},
            "s-2": {"sku": "s-2"},
            "p-3": {"category": ["tables"]},
        }

    async def test_takes_events_of_the_chosen_types_only(self, admin: Api, shop: Shop) -> None:
        await choose(admin, "completedOrder")

        await show(shop, "viewedProduct", {"id": "p-1"})

        assert await registry(shop) == {}

    async def test_believes_the_newest_event_however_they_arrive(
        self, admin: Api, shop: Shop
    ) -> None:
        await choose(admin, "viewedProduct")

        await show(shop, "viewedProduct", {"id": "p-1", "name": "Chair", "price": 9}, minutes=5)
        await show(shop, "viewedProduct", {"id": "p-1", "name": "Stool", "sku": "s-1"}, minutes=1)
        await show(shop, "viewedProduct", {"id": "p-1", "price": 8}, minutes=9)

        assert await registry(shop) == {"p-1": {"name": "Chair", "price": 8, "sku": "s-1"}}

    async def test_believes_the_newest_event_of_a_batch(self, admin: Api, shop: Shop) -> None:
        await choose(admin, "viewedProduct")
        drafts = [
            make_event(
                "viewedProduct",
                {"id": "p-1", **facts},
                bring_back=by_session(shop.node_id, "till-7"),
                at=NOON + timedelta(minutes=minutes),
            )
            for minutes, facts in ((9, {"name": "New"}), (1, {"name": "Old", "sku": "s-1"}))
        ]

        await shop.record(drafts)

        assert await registry(shop) == {"p-1": {"name": "New", "sku": "s-1"}}

    async def test_leaves_out_what_is_no_id(self, admin: Api, shop: Shop) -> None:
        await choose(admin, "viewedProduct")

        for product_id in ("", "x" * 256):
            await show(shop, "viewedProduct", {"id": product_id})

        assert await registry(shop) == {}
