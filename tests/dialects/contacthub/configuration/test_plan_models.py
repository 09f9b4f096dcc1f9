"""Plan models: columns that Plan sources name, and properties that can be mapped to them."""

from typing import Any

import pytest

from tests.builders import Shop
from tests.dialects.contacthub.clients import Api
from tests.dialects.contacthub.configuration.integrations import made

MODELS = "/configuration/plan-models"

TILL: dict[str, Any] = {
    "type": "string",
    "format": "date",
    "contactlabProperties": {"label": "Till day"},
}
COLOUR: dict[str, Any] = {"type": "number"}
OFF: dict[str, Any] = {"type": "number", "contactlabProperties": {"enabled": False}}


class TestPlanModel:
    @pytest.mark.behaviour("contacthub/getPlanModel/1")
    async def test_shows_the_extended_properties(self, admin: Api) -> None:
        orders = "/configuration/events/completedOrder/properties/extended"
        pages = "/configuration/events/viewedPage/properties/extended"
        await admin.put(orders, json={"till": TILL, "off": OFF})
        await admin.put(pages, json={"depth": COLOUR})
        await admin.put("/configuration/products/properties/extended", json={"colour": COLOUR})

        answer = await admin.get(f"{MODELS}/ORDER")

        assert answer.json() == {
            "plan": [],
            "hub": {
                "event": [
                    {
                        "name": "till",
                        "type": "string",
                        "format": "date",
                        "contactlabProperties": {"label": "Till day"},
                    }
                ],
                "product": [{"name": "colour", "type": "number"}],
            },
        }
        browsing = (await admin.get(f"{MODELS}/WEB_BROWSING_EVENT")).json()
        assert [one["name"] for one in browsing["hub"]["event"]] == ["depth"]

    async def test_shows_the_columns_of_the_sources_of_plan(self, admin: Api, shop: Shop) -> None:
        mapped = [{"hub": "till", "plan": "TILL"}, {"hub": "x", "plan": "EXTRA"}]
        await made(
            admin,
            shop,
            provider="CONTACTPLAN",
            properties={
                "eventPropertiesColumnMapping": [
                    {"model": "ORDER", "mapping": mapped},
                    {"model": "COUPON", "mapping": [{"hub": "y", "plan": "OTHER"}]},
                ],
                "productsPropertiesColumnMapping": [
                    {"model": "ORDER", "mapping": [{"hub": "colour", "plan": "TILL"}]}
                ],
            },
        )

        answer = await admin.get(f"{MODELS}/ORDER")

        assert answer.json()["plan"] == [
            {"name": "TILL", "type": "STRING"},
            {"name": "EXTRA", "type": "STRING"},
        ]

    @pytest.mark.parametrize("model", ["CHAIR", "order", "%00"])
    async def test_that_is_unknown_is_not_found(self, admin: Api, model: str) -> None:
        assert (await admin.get(f"{MODELS}/{model}")).status_code == 404

    async def test_is_there_for_each_model(self, admin: Api, reader: Api) -> None:
        for model in (
            "ABANDONED_CART",
            "ATTENDANCE_EVENT",
            "COUPON",
            "ORDER",
            "ORDER_LINE",
            "PRODUCT_INTERACTION",
            "SERVICE_SUBSCRIBED",
            "SERVICE_UNSUBSCRIBED",
            "WEB_BROWSING_EVENT",
        ):
            assert (await admin.get(f"{MODELS}/{model}")).status_code == 200
        assert (await reader.get(f"{MODELS}/ORDER")).status_code == 403
