"""Events that need a consent are kept only of customers who have given it."""

from typing import Any

import pytest

from tests.audit import audit
from tests.builders import Shop, by_session, make_event
from tests.dialects.contacthub.clients import Api

PATH = "/configuration/events-consent-policy"
ONLINE = {"consents.profiling.online": ["viewedPage", "viewedProduct"]}
Json = dict[str, Any]


async def customer_with(api: Api, shop: Shop, consents: Json | None) -> str:
    body: Json = {
        "nodeId": str(shop.node_id),
        "base": {"contacts": {"email": "ada@shop.example"}},
    }
    if consents is not None:
        body["consents"] = {"profiling": {"online": consents}}
    found: str = (await api.post("/customers", json=body)).json()["id"]
    return found


async def is_kept(api: Api, event_type: str = "viewedPage", **owner: Any) -> bool:
    """Post an event, which is always accepted, and look whether it is there."""
    body = {"type": event_type, "context": "WEB", "properties": {}, **owner}
    answer = await api.post("/events", json=body)
    assert answer.status_code == 202, answer.text
    status = (await api.get(f"/events/{answer.json()['id']}")).status_code
    assert status in {200, 404}
    return status == 200


class TestEventsConsentPolicy:
    @pytest.mark.behaviour("contacthub/updateEventsConsentPolicy/1")
    async def test_is_answered_and_cannot_be_read(self, admin: Api) -> None:
        answer = await admin.put(PATH, json=ONLINE)

        assert (answer.status_code, answer.json()) == (200, ONLINE)
        assert (await admin.get(PATH)).status_code == 405

    @pytest.mark.behaviour("contacthub/updateEventsConsentPolicy/2")
    @pytest.mark.parametrize(
        ("consents", "kept"),
        [
            (None, False),
            ({"status": False}, False),
            ({"status": None}, False),
            ({"status": True}, True),
            ({"status": True, "limitation": False, "objection": False}, True),
            ({"status": True, "limitation": True}, False),
            ({"status": True, "objection": True}, False),
        ],
    )
    async def test_keeps_events_with_the_consent_alone(
        self, admin: Api, client: Api, shop: Shop, consents: Json | None, *, kept: bool
    ) -> None:
        customer = await customer_with(client, shop, consents)
        before = await is_kept(client, customerId=customer)
        await admin.put(PATH, json=ONLINE)

        assert before
        assert await is_kept(client, customerId=customer) is kept
        assert await is_kept(client, "loggedIn", customerId=customer)
        await audit(shop)

    async def test_goes_by_the_customer_behind_a_session(
        self, admin: Api, client: Api, shop: Shop
    ) -> None:
        await admin.put(PATH, json=ONLINE)
        customer = await customer_with(client, shop, {"status": True})
        await client.post(f"/customers/{customer}/sessions", json={"value": "till-7"})

        kept = []
        for value in ("till-7", "nobody"):
            owner = {"type": "SESSION_ID", "value": value, "nodeId": str(shop.node_id)}
            kept.append(await is_kept(client, bringBackProperties=owner))

        assert kept == [True, False]

    async def test_follows_the_consent(self, admin: Api, client: Api, shop: Shop) -> None:
        await admin.put(PATH, json=ONLINE)
        customer = await customer_with(client, shop, {"status": True})
        first = await is_kept(client, customerId=customer)

        taken_back = {"consents": {"profiling": {"online": {"status": False}}}}
        await client.patch(f"/customers/{customer}", json=taken_back)

        assert (first, await is_kept(client, customerId=customer)) == (True, False)

    async def test_asks_for_every_consent_of_a_type(
        self, admin: Api, client: Api, shop: Shop
    ) -> None:
        policy = {**ONLINE, "consents.softSpam.email": ["viewedPage"]}
        answer = await admin.put(PATH, json=policy)
        customer = await customer_with(client, shop, {"status": True})

        assert answer.json() == policy
        assert not await is_kept(client, customerId=customer)
        assert await is_kept(client, "viewedProduct", customerId=customer)

    async def test_is_lifted_by_an_empty_one(self, admin: Api, client: Api, shop: Shop) -> None:
        await admin.put(PATH, json=ONLINE)
        await admin.put(PATH, json={})

        customer = await customer_with(client, shop, None)

        assert await is_kept(client, customerId=customer)

    async def test_refuses_rows_of_an_import_by_name(self, admin: Api, shop: Shop) -> None:
        await admin.put(PATH, json=ONLINE)

        (outcome,) = await shop.record([make_event(bring_back=by_session(shop.node_id, "x"))])

        assert str(outcome) == "there is no consent for profiling.online"

    @pytest.mark.parametrize(
        "body",
        [
            {"consents.profiling": ["viewedPage"]},
            {"profiling.everything": ["viewedPage"]},
            {"base.firstName": ["viewedPage"]},
            {"consents.profiling.online": ["unheardOf"]},
            {"consents.profiling.online": "viewedPage"},
        ],
    )
    async def test_refuses_what_makes_no_sense(self, admin: Api, body: Json) -> None:
        assert (await admin.put(PATH, json=body)).status_code == 400

    async def test_is_for_administrators(self, client: Api, reader: Api) -> None:
        for api in (client, reader):
            assert (await api.put(PATH, json={})).status_code == 403
