"""The Idempotency-Key header: the same request twice is done once."""

import asyncio

import httpx

from tests.builders import Shop

EVENT = {"type": "loggedIn", "context": "WEB", "properties": {}}
KEY = {"Idempotency-Key": "order-4711"}


class TestIdempotencyKey:
    async def test_records_an_event_once_and_answers_alike(
        self, client: httpx.AsyncClient, shop: Shop
    ) -> None:
        saved = await shop.customer(contact__email="ada@shop.example")
        body = {**EVENT, "customerId": str(saved.customer.id)}

        answers = await asyncio.gather(
            *(client.post("/events", json=body, headers=KEY) for _ in range(8))
        )

        assert {answer.status_code for answer in answers} == {202}
        assert len({answer.json()["id"] for answer in answers}) == 1
        found = await client.get("/events", params={"customerId": str(saved.customer.id)})
        assert found.json()["page"]["totalElements"] == 1

    async def test_refuses_another_request_under_the_same_key(
        self, client: httpx.AsyncClient, shop: Shop
    ) -> None:
        email = {"contacts": {"email": "ada@shop.example"}}
        body = {"nodeId": str(shop.node_id), "base": email}
        first = await client.post("/customers", json=body, headers=KEY)
        again = await client.post("/customers", json=body, headers=KEY)
        other = await client.post("/customers", json={**body, "extra": "x"}, headers=KEY)

        assert first.status_code == 201
        assert again.status_code == 201
        assert again.json() == first.json()
        assert other.status_code == 409

    async def test_lets_a_refused_request_be_mended_under_its_key(
        self, client: httpx.AsyncClient, shop: Shop
    ) -> None:
        body: dict[str, object] = {"nodeId": str(shop.node_id), "base": {"firstName": "Ada"}}
        refused = await client.post("/customers", json=body, headers=KEY)
        body["base"] = {"firstName": "Ada", "contacts": {"email": "ada@shop.example"}}
        mended = await client.post("/customers", json=body, headers=KEY)

        assert refused.status_code == 400
        assert mended.status_code == 201
