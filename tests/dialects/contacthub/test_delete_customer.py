"""DELETE /customers/{customerId} and DELETE /customers/{customerId}/data."""

from uuid import UUID, uuid4

import pytest

from onefold.actions.consents import read_consent_log
from onefold.model.access import Role
from tests.builders import Shop
from tests.dialects.contacthub.clients import Api, Clients
from tests.dialects.contacthub.people import (
    Json,
    customer_body,
    event_body,
    full_customer,
    post_customer,
    post_event,
)
from tests.dialects.contacthub.snapshots import snapshot, stored_text


@pytest.fixture
async def officer(clients: Clients) -> Api:
    return await clients.acting_as(Role.PRIVACY_OFFICER)


@pytest.fixture
async def ada(client: Api, shop: Shop) -> Json:
    """A customer with everything that a customer can own: events, sessions, subscriptions."""
    created = await post_customer(client, shop, **full_customer())
    await client.post(f"/customers/{created['id']}/sessions", json={"value": "visit-1"})
    return created


async def left_in_tables(shop: Shop) -> dict[str, int]:
    return {table: rows for table, (rows, _) in (await snapshot(shop)).items() if rows}


class TestDeleteCustomer:
    @pytest.mark.behaviour("contacthub/deleteCustomer/1")
    async def test_answers_without_a_body(self, client: Api, ada: Json) -> None:
        answer = await client.delete(f"/customers/{ada['id']}")

        assert answer.status_code == 200
        assert answer.content == b""

    @pytest.mark.behaviour("contacthub/deleteCustomer/2")
    async def test_deletes_the_events_too(self, client: Api, shop: Shop, ada: Json) -> None:
        event_id = await post_event(client, event_body(ada["id"]))
        bob = await post_customer(client, shop, "bob@shop.example")
        others_id = await post_event(client, event_body(bob["id"]))

        await client.delete(f"/customers/{ada['id']}")

        assert (await client.get(f"/events/{event_id}")).status_code == 404
        assert (await client.get(f"/events/{others_id}")).status_code == 200
        found = await client.get("/events", params={"customerId": ada["id"]})
        assert found.json()["elements"] == []

    async def test_leaves_nothing_to_be_found(self, client: Api, shop: Shop, ada: Json) -> None:
        await client.delete(f"/customers/{ada['id']}")

        for path in ("", "/sessions", "/subscriptions/news", "/educations/school", "/likes/tea"):
            assert (await client.get(f"/customers/{ada['id']}{path}")).status_code == 404
        found = await client.get("/customers", params={"nodeId": str(shop.node_id)})
        assert found.json()["elements"] == []

    @pytest.mark.behaviour("contacthub/deleteCustomer/3")
    @pytest.mark.parametrize("node_id", [str(uuid4()), "not-an-id", ""])
    async def test_ignores_a_stray_node(self, client: Api, ada: Json, node_id: str) -> None:
        path = f"/customers/{ada['id']}"
        headers = {"Content-Type": "application/json"}

        read = await client.get(path, params={"nodeId": node_id}, headers=headers)
        deleted = await client.delete(path, params={"nodeId": node_id}, headers=headers)

        assert (read.status_code, deleted.status_code) == (200, 200)

    @pytest.mark.behaviour("contacthub/deleteCustomer/4")
    @pytest.mark.parametrize("customer_id", [str(uuid4()), "not-existing", "123"])
    async def test_of_nobody_is_not_found(self, client: Api, shop: Shop, customer_id: str) -> None:
        await post_customer(client, shop)
        before = await snapshot(shop)

        answer = await client.delete(f"/customers/{customer_id}")

        assert answer.status_code == 404
        assert await snapshot(shop) == before

    async def test_is_done_once(self, client: Api, ada: Json) -> None:
        await client.delete(f"/customers/{ada['id']}")

        assert (await client.delete(f"/customers/{ada['id']}")).status_code == 404

    async def test_frees_what_was_the_customers(self, client: Api, shop: Shop, ada: Json) -> None:
        await client.delete(f"/customers/{ada['id']}")

        answer = await client.post(
            "/customers", json=customer_body(shop), params={"sessionId": "visit-1"}
        )

        assert answer.status_code == 201
        assert answer.json()["id"] != ada["id"]


class TestForgetCustomer:
    @pytest.mark.behaviour("contacthub/forgetCustomer/4")
    async def test_answers_without_a_body(self, officer: Api, ada: Json) -> None:
        answer = await officer.delete(f"/customers/{ada['id']}/data")

        assert answer.status_code == 204
        assert answer.content == b""

    @pytest.mark.behaviour("contacthub/forgetCustomer/1")
    async def test_leaves_nothing_but_what_must_be_kept(
        self, client: Api, officer: Api, shop: Shop, ada: Json
    ) -> None:
        event_id = await post_event(client, event_body(ada["id"]))
        assert "Byron" in await stored_text(shop)

        await officer.delete(f"/customers/{ada['id']}/data")

        for path in ("", "/sessions", "/subscriptions/news"):
            assert (await client.get(f"/customers/{ada['id']}{path}")).status_code == 404
        assert (await client.get(f"/events/{event_id}")).status_code == 404
        left = await left_in_tables(shop)
        assert left.keys() >= {"customers", "consent_log", "updates"}
        owned = {"events", "history", "identifiers", "sessions", "customer_rollups"}
        assert left.keys() & owned == set()
        text = await stored_text(shop)
        known = ("Byron", "Augusta", "Example Ltd", "Tea", "seats", "till-7", "visit-1", "7946")
        assert [word for word in ("ada@", "ada.t", *known) if word in text] == []

    @pytest.mark.behaviour("contacthub/forgetCustomer/2")
    async def test_is_put_on_record_beside_what_was_agreed_to(
        self, officer: Api, shop: Shop, ada: Json
    ) -> None:
        await officer.delete(f"/customers/{ada['id']}/data")

        async with shop.context.database.reading() as tx:
            entries = await read_consent_log(tx, shop.operator, customer_id=UUID(ada["id"]))
        told = [one.event for one in entries]
        assert told == [
            "DISCLAIMER_READ",
            *["CONSENT_CHANGED", "CONSENT_RESTRICTED", "CONSENT_OBJECTED"] * 13,
            "FORCED_DELETE",
        ]

    @pytest.mark.behaviour("contacthub/forgetCustomer/3")
    async def test_cannot_be_undone(self, client: Api, officer: Api, shop: Shop, ada: Json) -> None:
        await officer.delete(f"/customers/{ada['id']}/data")

        again = await officer.delete(f"/customers/{ada['id']}/data")
        patched = await client.patch(f"/customers/{ada['id']}", json={"enabled": True})
        posted = await client.post("/customers", json=customer_body(shop))

        assert (again.status_code, patched.status_code) == (404, 404)
        assert posted.status_code == 409
        assert "forgotten" in posted.json()["message"]

    async def test_is_for_privacy_officers_only(
        self, clients: Clients, shop: Shop, ada: Json
    ) -> None:
        before = await snapshot(shop)

        for role in set(Role) - {Role.PRIVACY_OFFICER}:
            other = await clients.acting_as(role)
            assert (await other.delete(f"/customers/{ada['id']}/data")).status_code == 403

        kept = await snapshot(shop)
        assert kept | {"tokens": before["tokens"]} == before

    async def test_needs_a_customer(self, officer: Api) -> None:
        assert (await officer.delete(f"/customers/{uuid4()}/data")).status_code == 404
