"""Extended properties of customers, products and event types: kept, and enforced on each write."""

from typing import Any

import pytest

from tests.builders import Shop
from tests.dialects.contacthub.clients import Api

CUSTOMERS = "/configuration/properties/extended"
PRODUCTS = "/configuration/products/properties/extended"
ORDERS = "/configuration/events/completedOrder/properties/extended"
EVERY = pytest.mark.parametrize("path", [CUSTOMERS, PRODUCTS, ORDERS])

TEXT = {"type": "string", "contactlabProperties": {"maxLength": 20, "indexed": False}}
SIZES = {
    "type": "object",
    "description": "What fits.",
    "contactlabProperties": {"label": "Sizes", "enabled": True, "indexed": False},
    "properties": {
        "shoe": {"type": "number", "contactlabProperties": {"label": "Shoe"}},
        "hat": {"type": "string", "contactlabProperties": {"maxLength": 3}},
    },
}


async def define(api: Api, path: str, **definitions: Any) -> dict[str, Any]:
    answer = await api.put(path, json=definitions)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def create(api: Api, shop: Shop, extended: dict[str, Any]) -> list[str] | None:
    """Post a customer; None when it is accepted, else the paths that are wrong."""
    body = {
        "nodeId": str(shop.node_id),
        "base": {"contacts": {"email": "ada@shop.example"}},
        "extended": extended,
    }
    answer = await api.post("/customers", json=body)
    if answer.status_code == 201:
        return None
    assert answer.status_code == 400, answer.text
    return [one["path"] for one in answer.json()["errors"]]


async def order(api: Api, shop: Shop, properties: dict[str, Any]) -> int:
    bring_back = {"type": "SESSION_ID", "value": "till-7", "nodeId": str(shop.node_id)}
    body = {
        "type": "completedOrder",
        "context": "RETAIL",
        "properties": {"orderId": "o-1", **properties},
        "bringBackProperties": bring_back,
    }
    return (await api.post("/events", json=body)).status_code


@EVERY
class TestDefinitions:
    @pytest.mark.behaviour(
        "contacthub/updateCustomerExtendedProperties/1",
        "contacthub/updateProductExtendedProperties/1",
        "contacthub/updateEventExtendedProperties/1",
    )
    async def test_are_kept_by_name(self, admin: Api, client: Api, path: str) -> None:
        answered = await define(admin, path, code=TEXT, sizes=SIZES)

        assert answered == {"code": TEXT, "sizes": SIZES}
        assert (await client.get(path)).json() == answered

    async def test_replace_those_before(self, admin: Api, path: str) -> None:
        await define(admin, path, code=TEXT)

        await define(admin, path, sizes=SIZES)

        assert (await admin.get(path)).json() == {"sizes": SIZES}

    @pytest.mark.behaviour(
        "contacthub/updateCustomerExtendedProperties/2",
        "contacthub/updateProductExtendedProperties/2",
        "contacthub/updateEventExtendedProperties/2",
    )
    async def test_have_no_dot_in_their_name(self, admin: Api, path: str) -> None:
        inside = {"type": "object", "properties": {"a.b": TEXT}}

        for body in ({"a.b": TEXT}, {"a": inside}):
            answer = await admin.put(path, json=body)

            assert answer.status_code == 400
        assert (await admin.get(path)).json() == {}

    @pytest.mark.behaviour(
        "contacthub/updateCustomerExtendedProperties/3",
        "contacthub/updateProductExtendedProperties/3",
        "contacthub/updateEventExtendedProperties/3",
    )
    async def test_are_indexed_by_an_operator_only(
        self, admin: Api, operator: Api, path: str
    ) -> None:
        indexed = {"type": "number", "contactlabProperties": {"indexed": True}}
        silent = {"type": "number", "contactlabProperties": {"label": "Points"}}

        refused = await admin.put(path, json={"points": indexed})
        await define(operator, path, points=indexed)
        taken = await admin.put(
            path, json={"points": {"type": "number", "contactlabProperties": {"indexed": False}}}
        )
        kept = await define(admin, path, points=silent)

        assert (refused.status_code, taken.status_code) == (403, 403)
        assert kept["points"]["contactlabProperties"] == {"label": "Points", "indexed": True}

    @pytest.mark.behaviour(
        "contacthub/updateCustomerExtendedProperties/4",
        "contacthub/updateProductExtendedProperties/4",
        "contacthub/updateEventExtendedProperties/4",
    )
    async def test_may_carry_more_words(self, operator: Api, path: str) -> None:
        words = {"label": "Points", "enabled": True, "indexed": True, "mergePolicy": "MATH_SUM"}

        answered = await define(
            operator, path, points={"type": "number", "contactlabProperties": words}
        )

        assert answered["points"]["contactlabProperties"] == words

    @pytest.mark.parametrize(
        "definition",
        [
            {"type": "text"},
            {"type": "number", "contactlabProperties": {"mergePolicy": "MATH_GUESS"}},
            {"type": "number", "contactlabProperties": {"mergePolicy": "ARRAY_UNION"}},
            {"type": "string", "$ref": "#/properties/other"},
            {"type": "string", "pattern": "("},
            {"type": "object", "properties": {"a": {"type": "text"}}},
            {"type": "object", "properties": {"a": {"type": "string", "pattern": "("}}},
        ],
    )
    async def test_that_can_never_be_used_are_refused(
        self, admin: Api, path: str, definition: dict[str, Any]
    ) -> None:
        answer = await admin.put(path, json={"a": definition})

        assert answer.status_code == 400
        assert answer.json()["errors"]

    async def test_are_for_administrators(self, client: Api, guest: Api, path: str) -> None:
        assert (await client.put(path, json={})).status_code == 403
        assert (await guest.put(path, json={})).status_code == 403
        assert (await guest.get(path)).status_code == 200


class TestLengths:
    @pytest.mark.behaviour("contacthub/updateCustomerExtendedProperties/5")
    async def test_of_texts_are_255_unless_said(self, admin: Api, client: Api, shop: Shop) -> None:
        answered = await define(
            admin,
            CUSTOMERS,
            short={"type": "string"},
            long={"type": "string", "contactlabProperties": {"maxLength": 6000}},
        )

        assert answered["short"]["contactlabProperties"]["maxLength"] == 255
        assert await create(client, shop, {"short": "x" * 255, "long": "x" * 6000}) is None
        assert await create(client, shop, {"short": "x" * 256}) == ["/extended/short"]
        assert await create(client, shop, {"long": "x" * 6001}) == ["/extended/long"]

    @pytest.mark.behaviour("contacthub/updateCustomerExtendedProperties/6")
    async def test_of_lists_are_1000_with_their_separators(
        self, admin: Api, client: Api, shop: Shop
    ) -> None:
        listed = {"type": "array", "items": {"type": "string"}}
        small = {**listed, "contactlabProperties": {"maxLength": 5}}
        inside = {"type": "object", "properties": {"few": small}}
        answered = await define(admin, CUSTOMERS, many=listed, few=small, deep=inside)

        assert answered["many"]["contactlabProperties"]["maxLength"] == 1000
        assert (
            await create(client, shop, {"many": ["x" * 499, "y" * 500], "few": ["ab", "cd"]})
            is None
        )
        assert await create(client, shop, {"many": ["x" * 500, "y" * 500]}) == ["/extended/many"]
        assert await create(client, shop, {"few": ["ab", "cde"]}) == ["/extended/few"]
        assert await create(client, shop, {"deep": {"few": ["ab", "cde"]}}) == [
            "/extended/deep/few"
        ]

    @pytest.mark.behaviour("contacthub/updateCustomerExtendedProperties/7")
    @pytest.mark.parametrize("most", [0, -1, 6001, "20", None])
    async def test_lie_between_1_and_6000(self, admin: Api, most: object) -> None:
        definition = {"type": "string", "contactlabProperties": {"maxLength": most}}

        for body in ({"a": definition}, {"a": {"type": "object", "properties": {"b": definition}}}):
            answer = await admin.put(CUSTOMERS, json=body)

            assert answer.status_code == 400


class TestValues:
    async def test_of_customers_are_held_against_them(
        self, admin: Api, client: Api, shop: Shop
    ) -> None:
        off = {"type": "number", "contactlabProperties": {"enabled": False}}
        await define(admin, CUSTOMERS, code=TEXT, sizes=SIZES, off=off)

        assert (
            await create(client, shop, {"code": "c-1", "sizes": {"shoe": 42, "hat": "M"}}) is None
        )
        assert await create(client, shop, {"code": 5}) == ["/extended/code"]
        assert await create(client, shop, {"off": 5}) == ["/extended/off"]
        assert await create(client, shop, {"unknown": 5}) == ["/extended/unknown"]
        assert await create(client, shop, {"sizes": {"hat": "wide"}}) == ["/extended/sizes/hat"]
        assert await create(client, shop, {"sizes": {"coat": 5}}) == ["/extended/sizes/coat"]

    async def test_of_customers_can_be_searched(self, admin: Api, client: Api, shop: Shop) -> None:
        await define(admin, CUSTOMERS, code=TEXT)
        await create(client, shop, {"code": "c-1"})
        condition = (
            '{"type":"atomic","attribute":"extended.code","operator":"EQUALS","value":"c-1"}'
        )
        query = f'{{"query":{{"type":"simple","are":{{"condition":{condition}}}}}}}'

        answer = await client.get(
            "/customers", params={"nodeId": str(shop.node_id), "query": query}
        )

        assert [one["extended"] for one in answer.json()["elements"]] == [{"code": "c-1"}]

    async def test_of_orders_and_products_are_held_against_theirs(
        self, admin: Api, client: Api, shop: Shop
    ) -> None:
        await define(admin, ORDERS, till=TEXT)
        await define(admin, PRODUCTS, colour=TEXT)

        assert await order(client, shop, {"extended": {"till": "7"}}) == 202
        assert await order(client, shop, {"extended": {"colour": "red"}}) == 400
        red = {"products": [{"id": "p-1", "extended": {"colour": "red"}}]}
        assert await order(client, shop, red) == 202
        till = {"products": [{"id": "p-1", "extended": {"till": "7"}}]}
        assert await order(client, shop, till) == 400


class TestCustomerSchema:
    @pytest.mark.behaviour("contacthub/getCustomerProperties/1")
    async def test_has_no_reference_left_when_asked(self, admin: Api, client: Api) -> None:
        await define(admin, CUSTOMERS, code=TEXT)

        left = (await client.get("/configuration/customers/properties")).json()
        answer = await client.get("/configuration/customers/properties?resolveReferences=true")

        assert left["properties"]["base"] == {"$ref": "#/definitions/CustomerBase"}
        assert "CustomerBase" in left["definitions"]
        assert "$ref" not in answer.text
        assert answer.json()["properties"]["extended"]["properties"] == {
            "code": {"type": ["string", "null"], "maxLength": 20}
        }
        assert "firstName" in answer.json()["properties"]["base"]["properties"]
