"""Everything of a customer, handed over."""

from uuid import uuid4

import pytest

from onefold.model.access import Role
from onefold.model.ids import uuid7
from onefold.model.workspaces import Node, NodeKind, WorkspaceStatus
from tests.builders import NOON, Shop, make_draft, make_event
from tests.dialects.contacthub.clients import Api, Clients
from tests.dialects.contacthub.people import (
    Json,
    customer_body,
    event_body,
    full_customer,
    post_customer,
    post_event,
    read_customer,
)
from tests.dialects.contacthub.snapshots import snapshot

NATIONAL_ID = "RSSMRA85T10A562S"


async def exported(officer: Api, customer_id: str) -> Json:
    answer = await officer.get(f"/customers/{customer_id}/data")
    assert answer.status_code == 200, answer.text
    return answer.json()


class TestExport:
    async def test_has_the_customer_as_it_is(self, client: Api, officer: Api, shop: Shop) -> None:
        ada = await post_customer(client, shop, **full_customer())

        found = await exported(officer, ada["id"])

        assert found["customer"] == await read_customer(client, ada["id"])

    @pytest.mark.behaviour("contacthub/exportCustomerData/1")
    async def test_has_every_event_on_no_pages(self, officer: Api, shop: Shop) -> None:
        ada = (await shop.customer(contact__email="ada@shop.example")).customer.id
        bob = (await shop.customer(contact__email="bob@shop.example")).customer.id
        await shop.record([make_event(customer_id=ada) for _ in range(1100)])
        await shop.event(make_event(customer_id=bob))

        events = (await exported(officer, str(ada)))["events"]

        assert len({one["id"] for one in events}) == 1100
        assert {one["customerId"] for one in events} == {str(ada)}
        assert [one["date"] for one in events] == sorted(one["date"] for one in events)

    async def test_has_an_event_as_it_is(self, client: Api, officer: Api, shop: Shop) -> None:
        ada = await post_customer(client, shop)
        parts = {"properties": {"title": "Tea"}, "tracking": {"ga": {"utm_term": "tea"}}}
        event_id = await post_event(client, event_body(ada["id"], **parts))

        (event,) = (await exported(officer, ada["id"]))["events"]

        assert event == (await client.get(f"/events/{event_id}")).json()

    async def test_has_what_contacthub_does_not_show(
        self, client: Api, officer: Api, shop: Shop
    ) -> None:
        tree = {"profiling": {"online": {"status": True}}}
        ada = await post_customer(client, shop, consents=tree)
        await client.post(f"/customers/{ada['id']}/sessions", json={"value": "visit-1"})
        await client.patch(f"/customers/{ada['id']}", json={"base": {"firstName": "Ada"}})

        found = await exported(officer, ada["id"])

        assert [one["value"] for one in found["sessions"]] == ["visit-1"]
        assert [one["property"] for one in found["consentLogs"]] == [
            "consents.profiling.online.status"
        ]
        assert [(one["version"], one["operation"]) for one in found["history"]] == [
            (1, "create"),
            (2, "patch"),
        ]
        assert found["history"][1]["changes"] == [
            {"path": "/name", "old": None, "new": {"given": "Ada"}}
        ]
        kinds = {one["type"]: one["value"] for one in found["identifiers"]}
        assert kinds["email"] == "ada@shop.example"
        assert kinds["number"] == str(ada["intId"])

    async def test_opens_what_is_sealed_and_keeps_passwords(
        self, client: Api, officer: Api, shop: Shop
    ) -> None:
        saved = await shop.customer(contact__email="ada@shop.example", national_id=NATIONAL_ID)
        path = f"/customers/{saved.customer.id}"
        base = {"credential": {"username": "ada", "password": "secret-tea"}}
        for password in ("secret-tea", "secret-coffee"):
            base["credential"]["password"] = password
            assert (await client.patch(path, json={"base": base})).status_code == 200

        answer = await officer.get(f"{path}/data")

        assert NATIONAL_ID in answer.text
        assert "sealed:" not in answer.text
        assert "argon2" not in answer.text

    @pytest.mark.behaviour("contacthub/exportCustomerData/2")
    async def test_is_noted_in_the_consent_log(self, client: Api, officer: Api, shop: Shop) -> None:
        ada = await post_customer(client, shop)
        await exported(officer, ada["id"])

        logs = (await officer.get("/consent-logs")).json()["elements"]
        again = await exported(officer, ada["id"])

        assert [(one["type"], one["customerId"]) for one in logs] == [
            ("DATA_PORTABILITY_REQUESTED", ada["id"])
        ]
        assert [one["type"] for one in again["consentLogs"]] == ["DATA_PORTABILITY_REQUESTED"]
        assert again["customer"]["version"] == ada["version"]

    async def test_works_while_the_workspace_takes_no_changes(
        self, client: Api, officer: Api, shop: Shop
    ) -> None:
        ada = await post_customer(client, shop)
        await shop.context.database.pool.execute(
            "UPDATE workspaces SET status = $2, revision = revision + 1 WHERE workspace_id = $1",
            shop.workspace_id,
            WorkspaceStatus.SUSPENDED,
        )
        shop.context.directory.forget()

        assert (await exported(officer, ada["id"]))["customer"]["id"] == ada["id"]

    @pytest.mark.parametrize("wanted", [str(uuid4()), "nobody"])
    async def test_of_nobody_is_not_found(self, officer: Api, shop: Shop, wanted: str) -> None:
        before = await snapshot(shop)

        assert (await officer.get(f"/customers/{wanted}/data")).status_code == 404
        assert await snapshot(shop) == before

    async def test_is_the_officers_alone(self, clients: Clients, shop: Shop) -> None:
        ada = (await shop.customer(contact__email="ada@shop.example")).customer.id
        before = await snapshot(shop)

        for role in set(Role) - {Role.PRIVACY_OFFICER}:
            api = await clients.acting_as(role)
            assert (await api.get(f"/customers/{ada}/data")).status_code == 403, role

        after = await snapshot(shop)
        assert {**after, "tokens": None} == {**before, "tokens": None}

    async def test_reaches_no_further_than_the_token(self, clients: Clients, shop: Shop) -> None:
        stall = await shop.add_node(Node(uuid7(NOON), NodeKind.ENTRY, "Stall"))
        draft = make_draft(stall.id)
        await shop.save([draft])
        bound = await clients.acting_as(Role.PRIVACY_OFFICER, node_ids=frozenset({shop.node_id}))

        assert (await bound.get(f"/customers/{draft.new_id}/data")).status_code == 403

    async def test_finds_nothing_once_the_customer_is_forgotten(
        self, client: Api, officer: Api, shop: Shop
    ) -> None:
        ada = await post_customer(client, shop)
        await officer.delete(f"/customers/{ada['id']}/data")

        assert (await officer.get(f"/customers/{ada['id']}/data")).status_code == 404
        refused = await client.post("/customers", json=customer_body(shop))
        assert refused.status_code == 409
        assert refused.json()["data"] is None
