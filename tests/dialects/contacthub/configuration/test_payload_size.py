"""Largest payloads of events, type by type."""

from typing import Any

import pytest

from tests.builders import Shop
from tests.dialects.contacthub.clients import Api

PATH = "/configuration/events-payload-size"


async def record(api: Api, shop: Shop, size: int, event_type: str = "loggedIn") -> int:
    """Post an event of so many bytes; the status."""
    head = (
        f'{{"type":"{event_type}","context":"WEB","bringBackProperties":{{"type":"SESSION_ID",'
        f'"value":"till-7","nodeId":"{shop.node_id}"}},"properties":{{"extraProperties":{{"x":"'
    )
    tail = '"}}}'
    content = head + "x" * (size - len(head) - len(tail)) + tail
    headers = {"Content-Type": "application/json"}
    return (await api.post("/events", content=content, headers=headers)).status_code


class TestEventsPayloadSize:
    @pytest.mark.behaviour("contacthub/getEventsPayloadSize/1")
    async def test_is_64_kb_unless_said(self, admin: Api, client: Api, shop: Shop) -> None:
        found = (await admin.get(PATH)).json()

        assert len(found) == 48
        assert {one["maxBytes"] for one in found.values()} == {65_535}
        assert await record(client, shop, 65_535) == 202
        assert await record(client, shop, 65_537) == 413

    @pytest.mark.behaviour("contacthub/updateEventsPayloadSize/1")
    async def test_is_kept_by_events_of_the_type(
        self, operator: Api, admin: Api, client: Api, shop: Shop
    ) -> None:
        answer = await operator.put(PATH, json={"loggedIn": {"maxBytes": 1000}})

        assert answer.json()["loggedIn"] == {"maxBytes": 1000}
        assert (await admin.get(PATH)).json() == answer.json()
        assert await record(client, shop, 1000) == 202
        assert await record(client, shop, 1001) == 413
        assert await record(client, shop, 1001, "loggedOut") == 202

    async def test_is_kept_by_events_that_change(
        self, operator: Api, client: Api, shop: Shop
    ) -> None:
        bring_back = {"type": "SESSION_ID", "value": "till-7", "nodeId": str(shop.node_id)}
        body: dict[str, Any] = {
            "type": "loggedIn",
            "context": "WEB",
            "properties": {},
            "bringBackProperties": bring_back,
        }
        event_id = (await client.post("/events", json=body)).json()["id"]
        await operator.put(PATH, json={"loggedIn": {"maxBytes": 200}})

        long = {"properties": {"extraProperties": {"x": "x" * 200}}}
        answer = await client.patch(f"/events/{event_id}", json=long)

        assert answer.status_code == 413

    async def test_is_general_again_when_it_is_left_out(self, operator: Api) -> None:
        await operator.put(PATH, json={"loggedIn": {"maxBytes": 1000}})

        answer = await operator.put(PATH, json={})

        assert answer.json()["loggedIn"] == {"maxBytes": 65_535}

    @pytest.mark.parametrize(
        ("body", "path"),
        [
            ({"unheardOf": {"maxBytes": 1}}, "/unheardOf"),
            ({"loggedIn": {}}, "/loggedIn/maxBytes"),
            ({"loggedIn": {"maxBytes": 0}}, "/loggedIn/maxBytes"),
            ({"loggedIn": {"maxBytes": 65_537}}, "/loggedIn/maxBytes"),
            ({"loggedIn": {"maxBytes": "1000"}}, "/loggedIn/maxBytes"),
        ],
    )
    async def test_refuses_what_makes_no_sense(
        self, operator: Api, body: dict[str, Any], path: str
    ) -> None:
        answer = await operator.put(PATH, json=body)

        assert answer.status_code == 400
        assert [one["path"] for one in answer.json()["errors"]] == [path]

    async def test_is_set_by_operators(self, admin: Api, reader: Api) -> None:
        assert (await admin.put(PATH, json={})).status_code == 403
        assert (await reader.get(PATH)).status_code == 403
