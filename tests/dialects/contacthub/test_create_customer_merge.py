"""POST /customers when a customer matches: the two become one."""

import pytest

from tests.builders import Shop
from tests.dialects.contacthub.clients import Api
from tests.dialects.contacthub.people import (
    CONSENT,
    EDUCATION,
    JOB,
    LIKE,
    SUBSCRIPTION,
    brought_back,
    customer_body,
    event_body,
    full_customer,
    post_customer,
    post_event,
    read_event,
)
from tests.dialects.contacthub.snapshots import snapshot


class TestAMatch:
    @pytest.mark.behaviour("contacthub/createCustomer/4")
    async def test_is_updated_and_answered_with_its_id(self, client: Api, shop: Shop) -> None:
        first = await post_customer(client, shop, base={"firstName": "Ada"})

        second = await post_customer(client, shop, "ADA@shop.example", base={"title": "Ms"})

        assert second["id"] == first["id"]
        assert second["intId"] == first["intId"]
        assert second["registeredAt"] == first["registeredAt"]
        assert second["version"] == 2
        assert second["base"]["contacts"]["email"] == "ADA@shop.example"

    @pytest.mark.behaviour("contacthub/createCustomer/5")
    async def test_keeps_scalars_that_are_not_in_the_body(self, client: Api, shop: Shop) -> None:
        await post_customer(client, shop, **full_customer())

        merged = await post_customer(
            client,
            shop,
            extra="moved",
            base={"firstName": "Augusta", "address": {"city": "Bath"}},
            consents={"profiling": {"online": {"status": False}}},
        )

        expected = full_customer()
        expected["extra"] = "moved"
        expected["base"]["firstName"] = "Augusta"
        expected["base"]["address"]["city"] = "Bath"
        expected["consents"]["profiling"]["online"] = CONSENT | {"status": False}
        assert {name: merged[name] for name in expected} == expected

    async def test_that_brings_nothing_new_keeps_its_version(self, client: Api, shop: Shop) -> None:
        first = await post_customer(client, shop, base={"firstName": "Ada"})
        before = await snapshot(shop)

        again = await post_customer(client, shop, base={"firstName": "Ada"})

        assert again == first
        assert await snapshot(shop) == before


class TestLists:
    @pytest.mark.behaviour("contacthub/createCustomer/6")
    async def test_of_texts_are_appended_and_deduplicated(self, client: Api, shop: Shop) -> None:
        await post_customer(client, shop, tags={"auto": ["a"], "manual": ["vip", "friend"]})

        merged = await post_customer(client, shop, tags={"manual": ["friend", "new", "new"]})

        assert merged["tags"] == {"auto": ["a"], "manual": ["vip", "friend", "new"]}

    @pytest.mark.behaviour("contacthub/createCustomer/6")
    @pytest.mark.parametrize(
        ("name", "item", "change"),
        [
            ("educations", EDUCATION, {"schoolName": "Other School"}),
            ("likes", LIKE, {"name": "Green tea"}),
            ("jobs", JOB, {"jobTitle": "Manager"}),
        ],
    )
    async def test_of_items_with_ids_know_them_by_the_id(
        self, client: Api, shop: Shop, name: str, item: dict[str, str], change: dict[str, str]
    ) -> None:
        await post_customer(client, shop, base={name: [item]})
        changed, new = {**item, **change}, {**item, "id": "second"}

        merged = await post_customer(client, shop, base={name: [changed, new]})

        assert merged["base"][name] == [changed, new]

    @pytest.mark.behaviour("contacthub/createCustomer/6")
    async def test_of_contacts_are_the_same_when_all_of_them_is(
        self, client: Api, shop: Shop
    ) -> None:
        home = {"type": "PHONE", "value": "+44 20 7946 0003", "name": "home"}
        work = {"type": "PHONE", "value": "+44 20 7946 0003", "name": "work"}
        email = {"contacts": {"email": "ada@shop.example", "otherContacts": [home]}}
        await post_customer(client, shop, base=email)
        more = {"contacts": {"email": "ada@shop.example", "otherContacts": [work, home]}}

        merged = await post_customer(client, shop, base=more)

        assert merged["base"]["contacts"]["otherContacts"] == [home, work]


class TestSubscriptions:
    @pytest.mark.behaviour("contacthub/createCustomer/7")
    async def test_with_a_known_id_keep_their_missing_fields(self, client: Api, shop: Shop) -> None:
        await post_customer(client, shop, base={"subscriptions": [SUBSCRIPTION]})
        change = {
            "id": "news",
            "subscribed": False,
            "name": None,
            "updatedAt": "2026-02-01T08:00:00.000+0000",
        }

        merged = await post_customer(client, shop, base={"subscriptions": [change]})

        expected = {**SUBSCRIPTION, **change}
        assert merged["base"]["subscriptions"] == [expected]

    @pytest.mark.behaviour("contacthub/createCustomer/7")
    async def test_with_a_new_id_are_added(self, client: Api, shop: Shop) -> None:
        await post_customer(client, shop, base={"subscriptions": [SUBSCRIPTION]})
        sale = {"id": "sale", "subscribed": True}

        merged = await post_customer(client, shop, base={"subscriptions": [sale]})

        first, second = merged["base"]["subscriptions"]
        assert first == SUBSCRIPTION
        assert (second["id"], second["subscribed"], second["name"]) == ("sale", True, None)


class TestSessionInTheQuery:
    @pytest.mark.behaviour("contacthub/createCustomer/8")
    async def test_is_tied_to_a_new_customer(self, client: Api, shop: Shop) -> None:
        brought = brought_back(shop, "SESSION_ID", "visit-1")
        event_id = await post_event(client, event_body(bringBackProperties=brought))

        answer = await client.post(
            "/customers", params={"sessionId": "visit-1"}, json=customer_body(shop)
        )

        customer = answer.json()
        assert answer.status_code == 201
        assert (await read_event(client, event_id))["customerId"] == customer["id"]
        listed = await client.get(f"/customers/{customer['id']}/sessions")
        assert [one["value"] for one in listed.json()["elements"]] == ["visit-1"]

    @pytest.mark.behaviour("contacthub/createCustomer/8")
    async def test_is_tied_to_a_match(self, client: Api, shop: Shop) -> None:
        first = await post_customer(client, shop)

        answer = await client.post(
            "/customers", params={"sessionId": "visit-1"}, json=customer_body(shop)
        )

        assert answer.json()["id"] == first["id"]
        listed = await client.get(f"/customers/{first['id']}/sessions")
        assert [one["value"] for one in listed.json()["elements"]] == ["visit-1"]

    async def test_of_somebody_else_is_refused_and_nothing_is_stored(
        self, client: Api, shop: Shop
    ) -> None:
        bob = await post_customer(client, shop, "bob@shop.example")
        await client.post(f"/customers/{bob['id']}/sessions", json={"value": "visit-1"})
        before = await snapshot(shop)

        answer = await client.post(
            "/customers", params={"sessionId": "visit-1"}, json=customer_body(shop)
        )

        assert answer.status_code == 409
        assert await snapshot(shop) == before

    async def test_that_is_too_long_is_named(self, client: Api, shop: Shop) -> None:
        before = await snapshot(shop)

        answer = await client.post(
            "/customers", params={"sessionId": "v" * 256}, json=customer_body(shop)
        )

        assert answer.status_code == 400
        assert [one["path"] for one in answer.json()["errors"]] == ["/sessionId"]
        assert await snapshot(shop) == before
