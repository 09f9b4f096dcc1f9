"""PATCH /customers/{customerId}: what is in the body changes, what is not stays."""

from uuid import uuid4

import pytest

from tests.builders import Shop
from tests.dialects.contacthub.clients import Api
from tests.dialects.contacthub.people import (
    EDUCATION,
    SUBSCRIPTION,
    Json,
    full_customer,
    post_customer,
    read_customer,
)
from tests.dialects.contacthub.snapshots import snapshot


async def patch(client: Api, customer: Json, body: Json, **params: str) -> Json:
    answer = await client.patch(f"/customers/{customer['id']}", json=body, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture
async def full(client: Api, shop: Shop) -> Json:
    return await post_customer(client, shop, **full_customer())


class TestPatchCustomer:
    @pytest.mark.behaviour("contacthub/patchCustomer/1")
    async def test_replaces_what_is_sent_and_keeps_the_rest(self, client: Api, full: Json) -> None:
        body = {
            "extra": "moved",
            "base": {
                "firstName": "Augusta",
                "contacts": {"phone": "+44 20 7946 0009"},
                "address": {"city": "Bath", "geo": {"lat": 51.38, "lon": -2.36}},
                "socialProfile": {"twitter": "augusta"},
                "credential": {"username": "augusta"},
            },
            "consents": {"marketing": {"automatic": {"sms": {"status": False}}}},
            "tags": {"auto": ["rare"]},
        }

        patched = await patch(client, full, body)

        expected = full_customer()
        expected["extra"] = "moved"
        expected["base"]["firstName"] = "Augusta"
        expected["base"]["contacts"]["phone"] = "+44 20 7946 0009"
        expected["base"]["address"] |= {"city": "Bath", "geo": {"lat": 51.38, "lon": -2.36}}
        expected["base"]["socialProfile"]["twitter"] = "augusta"
        expected["base"]["credential"]["username"] = "augusta"
        expected["consents"]["marketing"]["automatic"]["sms"]["status"] = False
        expected["tags"]["auto"] = ["rare"]
        assert {name: patched[name] for name in expected} == expected
        assert patched["version"] == 2
        assert await read_customer(client, full["id"]) == patched

    async def test_of_nothing_changes_nothing(self, client: Api, shop: Shop, full: Json) -> None:
        before = await snapshot(shop)

        assert await patch(client, full, {}) == full

        assert await snapshot(shop) == before

    async def test_that_is_repeated_changes_nothing_more(self, client: Api, full: Json) -> None:
        body = {"base": {"firstName": "Augusta"}, "tags": {"manual": ["one"]}}

        first = await patch(client, full, body)

        assert await patch(client, full, body) == first

    @pytest.mark.parametrize("customer_id", [str(uuid4()), "not-existing"])
    async def test_of_nobody_is_not_found(self, client: Api, customer_id: str) -> None:
        answer = await client.patch(f"/customers/{customer_id}", json={})

        assert answer.status_code == 404

    async def test_ties_the_session_in_the_query(self, client: Api, full: Json) -> None:
        await patch(client, full, {}, sessionId="visit-1")

        listed = await client.get(f"/customers/{full['id']}/sessions")
        assert [one["value"] for one in listed.json()["elements"]] == ["visit-1"]


REMOVABLE = [
    *("externalId", "extra", "tags", "consents"),
    *(f"base/{name}" for name in ("pictureUrl", "title", "prefix", "firstName", "lastName")),
    *(f"base/{name}" for name in ("middleName", "gender", "dob", "locale", "timezone")),
    *(f"base/{name}" for name in ("address", "credential", "socialProfile")),
    *(f"base/contacts/{name}" for name in ("fax", "mobilePhone", "phone")),
    *(f"base/address/{name}" for name in ("street", "city", "country", "province")),
    *(f"base/address/{name}" for name in ("region", "zip", "geo")),
    *(f"base/socialProfile/{name}" for name in ("facebook", "google", "twitter")),
    *(f"consents/disclaimer{rest}" for rest in ("", "/version", "/date")),
    *(f"consents/marketing{rest}" for rest in ("", "/traditional", "/automatic/sms")),
    "consents/marketing/automatic/sms/status",
    "consents/profiling/online/objection",
    "consents/softSpam",
    "consents/thirdPartyTransfer/marketing/limitation",
]


class TestNull:
    @pytest.mark.behaviour("contacthub/patchCustomer/2")
    @pytest.mark.parametrize("path", REMOVABLE)
    async def test_removes_the_property(self, client: Api, full: Json, path: str) -> None:
        names = path.split("/")
        body: Json = None
        for name in reversed(names):
            body = {name: body}

        patched = await patch(client, full, body)

        expected = full_customer()
        inner = expected
        for name in names[:-1]:
            inner = inner[name]
        inner[names[-1]] = None
        assert {name: patched[name] for name in expected} == expected

    async def test_empties_a_list(self, client: Api, full: Json) -> None:
        """A published client for browsers declares its lists as nullable."""
        contacts = {"otherContacts": None, "mobileDevices": None}
        base = {"educations": None, "likes": None, "jobs": None, "contacts": contacts}

        patched = await patch(client, full, {"base": base, "tags": {"manual": None}})

        assert patched["base"]["educations"] == []
        assert patched["base"]["likes"] == []
        assert patched["base"]["jobs"] == []
        assert patched["base"]["contacts"]["otherContacts"] == []
        assert patched["base"]["contacts"]["mobileDevices"] == []
        assert patched["tags"] == {"auto": ["regular"], "manual": []}

    async def test_drops_no_subscription(self, client: Api, full: Json) -> None:
        patched = await patch(client, full, {"base": {"subscriptions": None}})

        assert patched["base"]["subscriptions"] == [SUBSCRIPTION]

    async def test_leaves_lists_of_null_contacts_empty(self, client: Api, shop: Shop) -> None:
        created = await post_customer(client, shop, base={"subscriptions": []})

        answer = await client.patch(
            f"/customers/{created['id']}", json={"base": {"contacts": None}}
        )

        assert answer.status_code == 400
        assert [one["path"] for one in answer.json()["errors"]] == ["/base/contacts/email"]


class TestLists:
    @pytest.mark.behaviour("contacthub/patchCustomer/3")
    async def test_replace_the_stored_ones_without_duplicates(
        self, client: Api, full: Json
    ) -> None:
        phone = {"name": "home", "type": "PHONE", "value": "+44 20 7946 0003"}
        second = EDUCATION | {"id": "second"}
        body = {
            "base": {
                "educations": [second, second],
                "contacts": {"otherContacts": [phone, phone], "mobileDevices": []},
            },
            "tags": {"manual": ["vip", "vip"]},
        }

        patched = await patch(client, full, body)

        assert patched["base"]["educations"] == [second]
        assert patched["base"]["contacts"]["otherContacts"] == [phone]
        assert patched["base"]["contacts"]["mobileDevices"] == []
        assert patched["tags"] == {"auto": ["regular"], "manual": ["vip"]}


class TestSubscriptions:
    @pytest.mark.behaviour("contacthub/patchCustomer/4")
    async def test_merge_by_id_and_none_is_dropped(self, client: Api, full: Json) -> None:
        change = {"id": "news", "subscribed": False, "updatedAt": "2026-02-01T08:00:00.000+0000"}
        sale = SUBSCRIPTION | {"id": "sale"}

        await patch(client, full, {"base": {"subscriptions": [sale]}})
        patched = await patch(client, full, {"base": {"subscriptions": [change]}})

        assert patched["base"]["subscriptions"] == [{**SUBSCRIPTION, **change}, sale]

    @pytest.mark.behaviour("contacthub/patchCustomer/5")
    async def test_are_a_list_as_any_other_in_strict_mode(self, client: Api, full: Json) -> None:
        sale = SUBSCRIPTION | {"id": "sale"}

        patched = await patch(client, full, {"base": {"subscriptions": [sale]}}, mode="STRICT")
        emptied = await patch(client, full, {"base": {"subscriptions": []}}, mode="STRICT")

        assert patched["base"]["subscriptions"] == [sale]
        assert emptied["base"]["subscriptions"] == []

    async def test_take_no_other_mode(self, client: Api, full: Json) -> None:
        answer = await client.patch(f"/customers/{full['id']}", json={}, params={"mode": "LOOSE"})

        assert answer.status_code == 400
        assert [one["path"] for one in answer.json()["errors"]] == ["/mode"]


class TestWhatIsFixed:
    @pytest.mark.behaviour("contacthub/patchCustomer/6")
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("id", "00000000-0000-7000-8000-000000000001"),
            ("id", "not-an-id"),
            ("nodeId", "not-an-id"),
            ("intId", 99),
            ("registeredAt", "2001-01-01T00:00:00.000+0000"),
            ("registeredAt", "yesterday"),
            ("deleted", 1),
            ("deleted", -1),
        ],
    )
    async def test_is_refused_when_it_differs(
        self, client: Api, shop: Shop, full: Json, name: str, value: Json
    ) -> None:
        before = await snapshot(shop)

        answer = await client.patch(
            f"/customers/{full['id']}", json={name: value, "extra": "changed"}
        )

        assert answer.status_code == 400
        assert [one["path"] for one in answer.json()["errors"]] == [f"/{name}"]
        assert await snapshot(shop) == before

    @pytest.mark.behaviour("contacthub/patchCustomer/6")
    async def test_is_ignored_where_it_moves_with_every_change(
        self, client: Api, full: Json
    ) -> None:
        body = {
            "version": 7,
            "updatedAt": "2001-01-01T00:00:00.000+0000",
            "sourceInfo": {"registeredBy": "me", "updatedBy": "me"},
        }

        assert await patch(client, full, body) == full

    @pytest.mark.behaviour("contacthub/patchCustomer/6")
    async def test_is_accepted_as_it_was_answered(self, client: Api, full: Json) -> None:
        names = ("id", "nodeId", "intId", "registeredAt", "deleted")
        body = {name: full[name] for name in names} | {"extra": "changed"}
        body["id"] = body["id"].upper()

        patched = await patch(client, full, body)

        assert patched == full | {
            "extra": "changed",
            "version": 2,
            "updatedAt": patched["updatedAt"],
        }

    async def test_may_be_null_in_the_body_of_a_browser(
        self, client: Api, browser: Api, full: Json
    ) -> None:
        answer = await browser.patch(
            f"/customers/{full['id']}", json={"id": None, "extra": "changed"}
        )

        assert answer.status_code == 200
        assert (await read_customer(client, full["id"]))["extra"] == "changed"


class TestUniqueProperties:
    @pytest.mark.behaviour("contacthub/patchCustomer/7")
    async def test_of_another_customer_are_refused(
        self, client: Api, shop: Shop, full: Json
    ) -> None:
        bob = await post_customer(client, shop, "bob@shop.example")
        before = await snapshot(shop)

        answer = await client.patch(
            f"/customers/{bob['id']}", json={"base": {"contacts": {"email": "Ada@shop.example"}}}
        )

        assert answer.status_code == 409
        assert answer.json()["message"] == f"Conflict with exiting customer {full['id']}"
        assert answer.json()["data"]["customer"]["id"] == full["id"]
        assert await snapshot(shop) == before

    async def test_of_another_customer_are_not_told_to_a_browser(
        self, client: Api, browser: Api, shop: Shop, full: Json
    ) -> None:
        bob = await post_customer(client, shop, "bob@shop.example")

        answer = await browser.patch(
            f"/customers/{bob['id']}", json={"base": {"contacts": {"email": "ada@shop.example"}}}
        )

        assert answer.status_code == 409
        assert answer.json()["data"] is None
        assert full["id"] not in answer.text

    async def test_can_change_and_are_then_free_for_others(
        self, client: Api, shop: Shop, full: Json
    ) -> None:
        await patch(client, full, {"base": {"contacts": {"email": "augusta@shop.example"}}})

        other = await post_customer(client, shop, "ada@shop.example")

        assert other["id"] != full["id"]

    async def test_may_change_their_letters(self, client: Api, full: Json) -> None:
        patched = await patch(client, full, {"base": {"contacts": {"email": "ADA@shop.example"}}})

        assert patched["base"]["contacts"]["email"] == "ADA@shop.example"

    async def test_stay_where_they_are_when_the_session_is_refused(
        self, client: Api, shop: Shop, full: Json
    ) -> None:
        bob = await post_customer(client, shop, "bob@shop.example")
        await client.post(f"/customers/{bob['id']}/sessions", json={"value": "visit-1"})
        before = await snapshot(shop)
        body = {
            "nodeId": str(shop.node_id),
            "base": {"contacts": {"email": "augusta@shop.example"}},
        }

        for method in ("PATCH", "PUT"):
            answer = await client.request(
                method, f"/customers/{full['id']}", json=body, params={"sessionId": "visit-1"}
            )
            assert answer.status_code == 409
            assert answer.json()["data"] is None
        assert await snapshot(shop) == before

    async def test_cannot_be_removed(self, client: Api, shop: Shop, full: Json) -> None:
        before = await snapshot(shop)

        answer = await client.patch(
            f"/customers/{full['id']}", json={"base": {"contacts": {"email": None}}}
        )

        assert answer.status_code == 400
        assert [one["path"] for one in answer.json()["errors"]] == ["/base/contacts/email"]
        assert await snapshot(shop) == before
