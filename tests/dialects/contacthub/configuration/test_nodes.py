"""Entry nodes: made, changed, and what tells their customers apart; the list of all nodes."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from onefold.model.access import Role
from onefold.model.ids import uuid7
from onefold.model.workspaces import Node, NodeKind
from tests.audit import audit
from tests.builders import NOON, Shop
from tests.contracts.samples import samples
from tests.dialects.contacthub.clients import Api, Clients

NODES = "/configuration/nodes"
ENTRIES = f"{NODES}/entries"
Json = dict[str, Any]


async def made(api: Api, **body: Any) -> Json:
    answer = await api.post(ENTRIES, json=body)
    assert answer.status_code == 201, answer.text
    found: Json = answer.json()
    return found


async def changed(api: Api, node: Json, **changes: Any) -> httpx.Response:
    return await api.put(f"{ENTRIES}/{node['id']}", json={**node, **changes})


async def create(api: Api, node_id: str, email: str, **more: Any) -> httpx.Response:
    body = {"nodeId": node_id, "base": {"contacts": {"email": email}}, **more}
    return await api.post("/customers", json=body)


def paths_of(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 400, answer.text
    return [one["path"] for one in answer.json()["errors"]]


class TestListNodes:
    @pytest.mark.behaviour("contacthub/listNodes/1")
    async def test_shows_each_kind_in_its_form(self, guest: Api, shop: Shop) -> None:
        whole = Node(uuid7(NOON), NodeKind.AGGREGATE, "Everybody", description="All of them.")
        await shop.add_node(whole)

        elements = (await guest.get(NODES)).json()["elements"]

        assert [(one["nodeType"], one["name"]) for one in elements] == [
            ("ENTRY", "Counter"),
            ("AGGREGATE", "Everybody"),
        ]
        assert elements[0]["properties"] == {
            "uniqueCustomer": {"caseSensitive": False, "properties": ["base.contacts.email"]},
            "mandatoryProperties": [],
        }
        assert "state" in elements[1]["properties"]
        for word, name in (("ENTRY", "Counter"), ("AGGREGATE", "Everybody")):
            found = (await guest.get(NODES, params={"nodeType": word})).json()
            assert [one["name"] for one in found["elements"]] == [name]
            assert found["page"]["totalElements"] == 1

    @pytest.mark.behaviour("contacthub/listNodes/2")
    async def test_takes_pages_and_sizes_up_to_50(self, guest: Api, shop: Shop) -> None:
        for name in ("Stand", "Cart"):
            await shop.add_node(Node(uuid7(NOON), NodeKind.ENTRY, name))

        second = (await guest.get(NODES, params={"size": "2", "page": "1"})).json()
        usual = (await guest.get(NODES)).json()

        assert len(second["elements"]) == 1
        assert (second["page"]["totalPages"], second["page"]["number"]) == (2, 1)
        assert usual["page"]["size"] == 20
        assert (await guest.get(NODES, params={"size": "50", "page": "50"})).status_code == 200
        for name, value in (("size", "51"), ("page", "51"), ("size", "-1"), ("page", "x")):
            for path in (NODES, ENTRIES):
                assert paths_of(await guest.get(path, params={name: value})) == [f"/{name}"]
        assert paths_of(await guest.get(NODES, params={"nodeType": "VIEW"})) == ["/nodeType"]

    async def test_shows_what_the_caller_can_reach(
        self, admin: Api, clients: Clients, shop: Shop
    ) -> None:
        stand = await made(admin, name="Stand")
        bound = await clients.acting_as(Role.USER, node_ids=frozenset({shop.node_id}))

        listed = [one["name"] for one in (await bound.get(NODES)).json()["elements"]]

        assert listed == ["Counter"]
        assert (await bound.get(f"{ENTRIES}/{stand['id']}")).status_code == 403


class TestCreateEntryNode:
    @pytest.mark.behaviour("contacthub/createEntryNode/1")
    @pytest.mark.parametrize("body", [{}, {"name": " "}, {"description": "no name"}])
    async def test_needs_a_name(self, admin: Api, body: Json) -> None:
        assert paths_of(await admin.post(ENTRIES, json=body)) == ["/name"]

    @pytest.mark.behaviour("contacthub/createEntryNode/2")
    async def test_starts_from_the_usual_policy(self, admin: Api) -> None:
        usual = (await admin.get("/configuration/unique-customer-matching-policy")).json()

        node = await made(admin, name="Stand")

        assert usual == {"properties": ["base.contacts.email"], "caseSensitive": False}
        assert node["uniqueCustomer"] == usual
        assert (await admin.get(f"{ENTRIES}/{node['id']}")).json() == node
        assert node["id"] in {one["id"] for one in (await admin.get(ENTRIES)).json()["elements"]}

    async def test_keeps_everything(self, admin: Api, shop: Shop) -> None:
        sent = {
            "name": "Stand",
            "description": "At the market.",
            "imageUrl": "https://records.example/stand.png",
            "uniqueCustomer": {"caseSensitive": True, "properties": ["externalId"]},
            "sourcePriority": [str(shop.source.id)],
            "mandatoryProperties": ["base.firstName", "base.likes", "tags.manual"],
        }

        node = await made(admin, **sent)

        assert {name: node[name] for name in sent} == sent

    @pytest.mark.parametrize(
        ("body", "path"),
        [
            ({"uniqueCustomer": {"properties": ["base.shoe"]}}, "/uniqueCustomer/properties/0"),
            ({"uniqueCustomer": {"properties": ["base.likes"]}}, "/uniqueCustomer/properties/0"),
            ({"uniqueCustomer": {"properties": ["extended.x"]}}, "/uniqueCustomer/properties/0"),
            ({"mandatoryProperties": ["externalId", "base"]}, "/mandatoryProperties/1"),
            ({"mandatoryProperties": ["registeredAt"]}, "/mandatoryProperties/0"),
            ({"sourcePriority": [str(uuid4())]}, "/sourcePriority"),
            ({"imageUrl": "no address"}, "/imageUrl"),
        ],
    )
    async def test_refuses_what_makes_no_sense(self, admin: Api, body: Json, path: str) -> None:
        answer = await admin.post(ENTRIES, json={"name": "Stand", **body})

        assert paths_of(answer) == [path]
        assert len((await admin.get(ENTRIES)).json()["elements"]) == 1

    async def test_is_for_administrators(self, reader: Api, client: Api) -> None:
        for api in (reader, client):
            assert (await api.post(ENTRIES, json={"name": "Stand"})).status_code == 403


class TestUpdateEntryNode:
    @pytest.mark.behaviour("contacthub/updateEntryNode/1")
    @pytest.mark.parametrize("missing", ["id", "name", "uniqueCustomer"])
    async def test_needs_id_name_and_unique_properties(self, admin: Api, missing: str) -> None:
        node = await made(admin, name="Stand")
        body = {name: value for name, value in node.items() if name != missing}

        answer = await admin.put(f"{ENTRIES}/{node['id']}", json=body)

        assert paths_of(answer) == [f"/{missing}"]

    @pytest.mark.behaviour("contacthub/updateEntryNode/2")
    async def test_needs_the_id_of_the_path(self, admin: Api) -> None:
        node = await made(admin, name="Stand")
        other = await made(admin, name="Cart")

        answer = await admin.put(f"{ENTRIES}/{node['id']}", json=other)

        assert paths_of(answer) == ["/id"]
        assert (await admin.get(f"{ENTRIES}/{node['id']}")).json() == node

    @pytest.mark.behaviour("contacthub/updateEntryNode/3")
    async def test_changes_what_tells_customers_apart(
        self, admin: Api, shop: Shop, client: Api
    ) -> None:
        node = (await admin.get(f"{ENTRIES}/{shop.node_id}")).json()
        first = await create(client, node["id"], "ada@shop.example", externalId="e-1")
        await create(client, node["id"], "eve@shop.example", externalId="e-2")

        answer = await changed(admin, node, uniqueCustomer={"properties": ["externalId"]})
        same = await create(client, node["id"], "other@shop.example", externalId="e-1")
        new = await create(client, node["id"], "ada@shop.example", externalId="e-3")
        nobody = await create(client, node["id"], "ada@shop.example")

        assert answer.json()["uniqueCustomer"] == {
            "caseSensitive": False,
            "properties": ["externalId"],
        }
        assert same.json()["id"] == first.json()["id"]
        assert new.status_code == 201
        assert new.json()["id"] != first.json()["id"]
        assert paths_of(nobody) == ["/externalId"]
        assert (await shop.picture()).workspace.node(shop.node_id).unique.version == 2
        await audit(shop)

    async def test_replaces_the_whole(self, admin: Api) -> None:
        node = await made(
            admin, name="Stand", description="Old.", mandatoryProperties=["externalId"]
        )
        body = {"id": node["id"], "name": "Cart", "uniqueCustomer": {"properties": []}}

        answer = await admin.put(f"{ENTRIES}/{node['id']}", json=body)

        assert answer.json() == {
            "id": node["id"],
            "name": "Cart",
            "description": None,
            "imageUrl": None,
            "uniqueCustomer": {"caseSensitive": False, "properties": []},
            "sourcePriority": [],
            "mandatoryProperties": [],
        }

    async def test_asks_for_mandatory_properties(self, admin: Api, client: Api, shop: Shop) -> None:
        size = {"type": "number"}
        await admin.put("/configuration/properties/extended", json={"size": size})
        node = (await admin.get(f"{ENTRIES}/{shop.node_id}")).json()
        await changed(admin, node, mandatoryProperties=["extended.size"])

        without = await create(client, node["id"], "ada@shop.example")
        given = await create(client, node["id"], "ada@shop.example", extended={"size": 42})

        assert paths_of(without) == ["/extended/size"]
        assert given.status_code == 201

    async def test_of_no_entry_node_is_not_found(self, admin: Api, rival: Shop, shop: Shop) -> None:
        whole = await shop.add_node(Node(uuid7(NOON), NodeKind.AGGREGATE, "Everybody"))
        body = {"name": "Stand", "uniqueCustomer": {"properties": []}}

        for unknown in (str(uuid4()), str(rival.node_id), str(whole.id)):
            path = f"{ENTRIES}/{unknown}"
            assert (await admin.get(path)).status_code == 404
            assert (await admin.put(path, json={**body, "id": unknown})).status_code == 404
        assert (await admin.get(f"{ENTRIES}/counter")).status_code == 404


class TestMatchingPolicy:
    PATH = "unique-customer-matching-policy"

    @pytest.mark.behaviour(
        "contacthub/getNodeMatchingPolicy/1", "contacthub/updateNodeMatchingPolicy/2"
    )
    async def test_is_the_one_of_the_node(self, admin: Api, shop: Shop) -> None:
        policy = {"properties": ["externalId", "base.lastName"], "caseSensitive": True}
        path = f"{ENTRIES}/{shop.node_id}"

        answer = await admin.put(f"{path}/{self.PATH}", json=policy)

        assert (answer.status_code, answer.json()) == (200, policy)
        assert (await admin.get(f"{path}/{self.PATH}")).json() == policy
        assert (await admin.get(path)).json()["uniqueCustomer"] == policy

    @pytest.mark.behaviour("contacthub/updateNodeMatchingPolicy/1")
    @pytest.mark.parametrize("body", [{"properties": []}, {}, {"properties": ["nothing"]}])
    async def test_needs_properties(self, admin: Api, shop: Shop, body: Json) -> None:
        path = f"{ENTRIES}/{shop.node_id}/{self.PATH}"

        answer = await admin.put(path, json=body)

        assert answer.status_code == 400
        assert (await admin.get(path)).json()["properties"] == ["base.contacts.email"]

    async def test_of_a_node_without_one_has_no_properties(self, admin: Api) -> None:
        node = await made(admin, name="Stand", uniqueCustomer={"properties": []})

        answer = await admin.get(f"{ENTRIES}/{node['id']}/{self.PATH}")

        assert answer.json() == {"caseSensitive": False}

    async def test_keeps_the_rule_for_letters_unless_said(self, admin: Api, shop: Shop) -> None:
        path = f"{ENTRIES}/{shop.node_id}/{self.PATH}"
        await admin.put(path, json={"properties": ["externalId"], "caseSensitive": True})

        answer = await admin.put(path, json={"properties": ["base.dob"]})

        assert answer.json() == {"properties": ["base.dob"], "caseSensitive": True}


class TestSamples:
    async def test_of_the_vendor_are_taken_but_for_their_words(
        self, admin: Api, shop: Shop
    ) -> None:
        sample = samples("contacthub")["createEntryNode"]["request"]
        real = {
            "uniqueCustomer": {"caseSensitive": True, "properties": ["externalId"]},
            "sourcePriority": [str(shop.source.id)],
            "mandatoryProperties": ["base.contacts.email"],
        }

        node = await made(admin, **{**sample, **real})

        assert {name: node[name] for name in sample} == {**sample, **real}
