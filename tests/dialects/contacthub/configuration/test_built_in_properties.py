"""Base properties: what is written to one that is off is ignored."""

import json
from typing import Any

import pytest
import yaml

from onefold.assembly.files import contract_folder
from tests.audit import audit
from tests.builders import Shop
from tests.dialects.contacthub.clients import Api
from tests.dialects.contacthub.people import JOB, LIKE

LISTED = "/configuration/properties/base"
FLAGS = "/configuration/customers/properties/base"
Json = dict[str, Any]

PERSON: Json = {
    "firstName": "Ada",
    "lastName": "Lovelace",
    "dob": "1815-12-10",
    "contacts": {
        "email": "ada@shop.example",
        "phone": "+39 02 5550100",
        "otherContacts": [{"name": "desk", "type": "PHONE", "value": "+39 02 5550101"}],
    },
    "address": {"city": "Rome", "zip": "00100", "geo": {"lat": 41.9, "lon": 12.5}},
    "socialProfile": {"facebook": "ada.f", "twitter": "ada.t"},
    "likes": [LIKE],
    "jobs": [JOB],
    "subscriptions": [{"id": "news", "kind": "DIGITAL_MESSAGE", "subscribed": True}],
    "credential": {"username": "ada", "password": "a secret of hers"},
}


async def switch(api: Api, name: str, *, enabled: bool) -> None:
    answer = await api.put(f"{FLAGS}/{name}/enabled", json={"value": enabled})
    assert (answer.status_code, answer.json()) == (200, {"value": enabled})


async def create(api: Api, shop: Shop, **base: Any) -> Json:
    body = {"nodeId": str(shop.node_id), "base": {**PERSON, **base}}
    answer = await api.post("/customers", json=body)
    assert answer.status_code == 201, answer.text
    found: Json = answer.json()
    return found


async def states(api: Api) -> dict[str, bool]:
    elements = (await api.get(LISTED)).json()["elements"]
    return {one["name"]: one["enabled"] for one in elements}


def at(customer: Json, path: str) -> Any:
    found: Any = customer["base"]
    for part in path.split("."):
        found = (found or {}).get(part)
    return found


class TestList:
    async def test_has_the_properties_of_the_vendor(self, client: Api) -> None:
        file = contract_folder() / "contacthub-events.yaml"
        known = yaml.load(file.read_text("utf-8"), Loader=yaml.CSafeLoader)
        names = set(known["enums"]["basePropertyNames"])

        found = await states(client)

        assert set(found) == names
        assert set(found.values()) == {True}


class TestSwitching:
    @pytest.mark.behaviour("contacthub/updateBaseProperty/1")
    @pytest.mark.parametrize(
        ("name", "gone"),
        [
            ("firstName", ["firstName"]),
            ("dob", ["dob"]),
            ("contacts.phone", ["contacts.phone"]),
            ("contacts.otherContacts", ["contacts.otherContacts"]),
            ("address", ["address.city", "address.zip", "address.geo"]),
            ("address.geo", ["address.geo"]),
            ("socialProfile.facebook", ["socialProfile.facebook"]),
            ("likes", ["likes"]),
            ("jobs", ["jobs"]),
            ("subscriptions", ["subscriptions"]),
            ("credential", ["credential.username"]),
        ],
    )
    async def test_off_ignores_what_is_sent(
        self, admin: Api, client: Api, shop: Shop, name: str, gone: list[str]
    ) -> None:
        answer = await admin.put(f"{LISTED}/{name}", json={"name": name, "enabled": False})

        customer = await create(client, shop)

        assert answer.json()["enabled"] is False
        assert [at(customer, path) or None for path in gone] == [None] * len(gone)
        assert at(customer, "lastName") == "Lovelace"
        assert at(customer, "contacts.email") == "ada@shop.example"
        await audit(shop)

    async def test_off_is_read_searched_and_sorted_by_as_before(
        self, admin: Api, client: Api, shop: Shop
    ) -> None:
        """`enabled` says whether a property can be written; what is there stays to be seen."""
        before = await create(client, shop)
        await switch(admin, "firstName", enabled=False)
        await switch(admin, "address", enabled=False)
        conditions = {"base.firstName": "Ada", "base.address.city": "Rome"}

        assert (await client.get(f"/customers/{before['id']}")).json() == before
        for attribute, value in conditions.items():
            atom = {"type": "atomic", "attribute": attribute, "operator": "EQUALS", "value": value}
            query = {"query": {"type": "simple", "are": {"condition": atom}}}
            params = {"nodeId": str(shop.node_id), "query": json.dumps(query), "sort": attribute}
            found = (await client.get("/customers", params=params)).json()
            assert found["elements"] == [before]

    async def test_off_leaves_what_is_there_whatever_is_sent(
        self, admin: Api, client: Api, shop: Shop
    ) -> None:
        before = await create(client, shop)
        for name in ("firstName", "address.city", "likes", "socialProfile.facebook"):
            await switch(admin, name, enabled=False)
        path = f"/customers/{before['id']}"
        contacts = {"email": "ada@shop.example"}

        await client.patch(path, json={"base": {"firstName": "Eve", "likes": []}})
        await client.post(f"{path}/likes", json={"id": "jazz", "name": "Jazz"})
        body = {"id": before["id"], "nodeId": str(shop.node_id), "base": {"contacts": contacts}}
        answer = await client.put(path, json=body)

        after = answer.json()
        assert at(after, "firstName") == "Ada"
        assert at(after, "address.city") == "Rome"
        assert at(after, "likes") == at(before, "likes")
        assert at(after, "socialProfile.facebook") == "ada.f"
        for name in ("lastName", "address.zip", "socialProfile.twitter"):
            assert at(after, name) is None
        await audit(shop)

    async def test_answers_an_item_of_a_list_that_is_off(
        self, admin: Api, client: Api, shop: Shop
    ) -> None:
        customer = await create(client, shop, likes=[])
        await switch(admin, "likes", enabled=False)

        answer = await client.post(f"/customers/{customer['id']}/likes", json=LIKE)

        assert answer.status_code == 200
        read = await client.get(f"/customers/{customer['id']}")
        assert at(read.json(), "likes") == []

    @pytest.mark.behaviour("contacthub/setBasePropertyEnabled/1")
    async def test_answers_the_value(self, admin: Api, client: Api, shop: Shop) -> None:
        for enabled in (False, False, True):
            await switch(admin, "firstName", enabled=enabled)

        assert at(await create(client, shop), "firstName") == "Ada"

    @pytest.mark.behaviour("contacthub/setBasePropertyEnabled/2")
    async def test_is_the_same_both_ways(self, admin: Api) -> None:
        await switch(admin, "base.title", enabled=False)
        off = await states(admin)
        answer = await admin.put(f"{LISTED}/title", json={"enabled": True})

        assert [name for name, enabled in off.items() if not enabled] == ["title"]
        assert answer.json() == {"name": "title", "description": "Title", "enabled": True}
        assert set((await states(admin)).values()) == {True}

    async def test_of_a_group_is_that_of_everything_in_it(self, admin: Api) -> None:
        await switch(admin, "address.geo", enabled=False)
        await switch(admin, "address.geo.lat", enabled=True)
        one = await states(admin)
        await switch(admin, "address", enabled=False)
        whole = await states(admin)

        assert {name for name, enabled in one.items() if not enabled} == {"address.geo.lon"}
        assert {name for name, enabled in whole.items() if not enabled} == {
            name for name in whole if name.partition(".")[0] == "address"
        }

    @pytest.mark.parametrize("name", ["shoe", "base", "extended.x", "address.", "title%00"])
    async def test_of_something_else_is_not_found(self, admin: Api, name: str) -> None:
        flag = await admin.put(f"{FLAGS}/{name}/enabled", json={"value": False})
        whole = await admin.put(f"{LISTED}/{name}", json={"enabled": False})

        assert (flag.status_code, whole.status_code) == (404, 404)

    async def test_is_refused_while_a_node_asks_for_it(self, admin: Api, shop: Shop) -> None:
        for name in ("contacts.email", "contacts"):
            answer = await admin.put(f"{FLAGS}/{name}/enabled", json={"value": False})

            assert answer.status_code == 400
            assert answer.json()["errors"][0]["path"] == "/base/contacts/email"
        await switch(admin, "dob", enabled=False)
        node = (await admin.get(f"/configuration/nodes/entries/{shop.node_id}")).json()
        path = f"/configuration/nodes/entries/{shop.node_id}"
        asked = await admin.put(path, json={**node, "mandatoryProperties": ["base.dob"]})
        assert asked.status_code == 400

    @pytest.mark.parametrize("body", [{"name": "gender", "enabled": False}, {"enabled": "no"}])
    async def test_takes_its_own_name_and_a_flag(self, admin: Api, body: Json) -> None:
        assert (await admin.put(f"{LISTED}/title", json=body)).status_code == 400

    async def test_is_for_administrators(self, client: Api, guest: Api) -> None:
        for api in (client, guest):
            answer = await api.put(f"{LISTED}/title", json={"enabled": False})

            assert answer.status_code == 403
