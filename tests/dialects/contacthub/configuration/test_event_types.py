"""Event types: what they may hold, and whether they are accepted."""

import json
from typing import Any

import pytest

from tests.builders import Shop
from tests.dialects.contacthub.clients import Api

EVENTS = "/configuration/events"
VIEWED = f"{EVENTS}/viewedPage"


async def record(api: Api, shop: Shop, event_type: str = "viewedPage") -> int:
    body = {
        "type": event_type,
        "context": "WEB",
        "properties": {},
        "bringBackProperties": {
            "type": "SESSION_ID",
            "value": "till-7",
            "nodeId": str(shop.node_id),
        },
    }
    return (await api.post("/events", json=body)).status_code


class TestEventConfigurations:
    @pytest.mark.behaviour("contacthub/listEventConfigurations/1")
    async def test_are_48_enabled_or_not(self, admin: Api, guest: Api) -> None:
        await admin.put(f"{VIEWED}/enabled", json={"value": False})

        answer = await guest.get(EVENTS)

        found = {one["id"]: one["enabled"] for one in answer.json()["elements"]}
        assert len(found) == 48
        assert [name for name, enabled in found.items() if not enabled] == ["viewedPage"]
        assert answer.json()["page"] == {
            "size": 50,
            "totalElements": 48,
            "totalUnfilteredElements": 0,
            "totalPages": 1,
            "number": 0,
        }

    async def test_say_what_an_event_is(self, guest: Api) -> None:
        answer = await guest.get(f"{VIEWED}?resolveReferences=true")

        found = answer.json()
        assert found["propertiesSchema"]["properties"]["url"] == {"format": "uri", "type": "string"}
        assert {name: found[name] for name in ("id", "type", "mode", "label", "enabled")} == {
            "id": "viewedPage",
            "type": "viewedPage",
            "mode": "ACTIVE",
            "label": "Viewed page",
            "enabled": True,
        }

    @pytest.mark.behaviour("contacthub/getEventConfiguration/1")
    @pytest.mark.parametrize("name", ["unheardOf", "VIEWEDPAGE", "viewedPage%00"])
    async def test_of_an_unknown_type_are_not_found(self, admin: Api, name: str) -> None:
        assert (await admin.get(f"{EVENTS}/{name}")).status_code == 404
        assert (await admin.get(f"{EVENTS}/{name}/properties")).status_code == 404
        assert (await admin.get(f"{EVENTS}/{name}/properties/extended")).status_code == 404
        switched = await admin.put(f"{EVENTS}/{name}/enabled", json={"value": False})
        assert switched.status_code == 404


class TestSwitching:
    @pytest.mark.behaviour("contacthub/updateEventConfiguration/1")
    async def test_changes_only_whether_it_is_enabled(self, admin: Api) -> None:
        before = (await admin.get(VIEWED)).json()

        answer = await admin.put(
            VIEWED, json={"id": "viewedPage", "enabled": False, "label": "other", "mode": "PASSIVE"}
        )
        renamed = await admin.put(VIEWED, json={"id": "loggedIn", "enabled": False})
        retyped = await admin.put(VIEWED, json={"type": "loggedIn"})

        assert answer.json() == before | {"enabled": False}
        assert [one["path"] for one in renamed.json()["errors"]] == ["/id"]
        assert [one["path"] for one in retyped.json()["errors"]] == ["/type"]

    @pytest.mark.behaviour("contacthub/updateEventConfiguration/2")
    async def test_is_the_same_both_ways(self, admin: Api, client: Api, shop: Shop) -> None:
        await admin.put(VIEWED, json={"enabled": False})
        refused = await record(client, shop)
        await admin.put(f"{VIEWED}/enabled", json={"value": True})

        assert refused == 400
        assert (await admin.get(VIEWED)).json()["enabled"] is True
        assert await record(client, shop) == 202

    @pytest.mark.behaviour("contacthub/setEventEnabled/1")
    async def test_answers_the_value(self, admin: Api) -> None:
        for value in (False, False, True):
            answer = await admin.put(f"{VIEWED}/enabled", json={"value": value})

            assert (answer.status_code, answer.json()) == (200, {"value": value})

    @pytest.mark.behaviour("contacthub/setEventEnabled/2")
    async def test_refuses_new_events_meanwhile(self, admin: Api, client: Api, shop: Shop) -> None:
        await admin.put(f"{VIEWED}/enabled", json={"value": False})

        assert await record(client, shop) == 400
        assert await record(client, shop, "loggedIn") == 202

    @pytest.mark.parametrize("body", [{}, {"value": None}, {"value": "true"}, []])
    async def test_needs_a_flag(self, admin: Api, body: object) -> None:
        answer = await admin.put(f"{VIEWED}/enabled", json=body)

        assert answer.status_code == 400

    async def test_is_for_administrators(self, reader: Api, client: Api) -> None:
        for api in (reader, client):
            answer = await api.put(f"{VIEWED}/enabled", json={"value": False})

            assert answer.status_code == 403


class TestEventProperties:
    @pytest.mark.behaviour("contacthub/getEventProperties/1")
    async def test_include_the_extended_ones(self, admin: Api, browser: Api) -> None:
        size = {"type": "string", "contactlabProperties": {"maxLength": 5}}
        await admin.put(f"{EVENTS}/addedProduct/properties/extended", json={"size": size})

        answer = await browser.get(f"{EVENTS}/addedProduct/properties?resolveReferences=true")

        assert answer.json()["properties"]["extended"] == {
            "type": ["object", "null"],
            "properties": {"size": {"type": ["string", "null"], "maxLength": 5}},
            "additionalProperties": False,
        }

    async def test_keep_their_references_unless_asked(self, guest: Api) -> None:
        left: dict[str, Any] = (await guest.get(f"{EVENTS}/completedOrder/properties")).json()
        whole = await guest.get(f"{EVENTS}/completedOrder/properties?resolveReferences=true")

        assert left["properties"]["amount"] == {"$ref": "#/definitions/amount"}
        assert {"amount", "currency", "orderLines", "productExtended"} <= set(left["definitions"])
        assert "$ref" not in json.dumps(whole.json())
