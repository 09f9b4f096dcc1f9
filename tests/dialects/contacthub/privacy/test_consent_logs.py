"""The consent log: what writes it, what finds it, and who may read it."""

from uuid import UUID

import pytest

from onefold.actions.customers.drafts import CustomerDraft, Operation
from onefold.actions.members import issue_member_token, let_go, take_in
from onefold.model.access import Role
from onefold.model.changes import CustomerChange
from onefold.model.ids import uuid7
from onefold.model.members import Member
from onefold.model.workspaces import Node, NodeKind
from tests.builders import NOON, Shop, make_draft, make_patch
from tests.dialects.contacthub.clients import Api, Clients
from tests.dialects.contacthub.people import Json, customer_body, post_customer
from tests.dialects.contacthub.privacy.decisions import NO, YES, decide, listed, make_customer
from tests.importing import Importing

EMAIL = "consents.marketing.automatic.email"


def consents(**status: bool) -> Json:
    """Give the tree of consents with the three aspects of marketing by e-mail."""
    return {"marketing": {"automatic": {"email": status}}}


class TestEntries:
    @pytest.mark.behaviour("contacthub/listConsentLogs/1", "contacthub/listConsentLogs/2")
    async def test_tell_each_decision_apart(self, client: Api, officer: Api, shop: Shop) -> None:
        tree = consents(status=True, limitation=False, objection=True)
        tree["disclaimer"] = {"date": "2026-01-02T08:00:00.000+0000", "version": "v1"}
        ada = await post_customer(client, shop, consents=tree)
        await client.patch(f"/customers/{ada['id']}", json={"consents": consents(status=False)})
        await client.patch(f"/customers/{ada['id']}", json={"base": {"firstName": "Ada"}})

        found = await listed(officer, sort="id")

        assert [(one["type"], one["property"], one.get("value")) for one in found] == [
            ("DISCLAIMER_READ", "consents.disclaimer", "v1"),
            ("CONSENT_CHANGED", f"{EMAIL}.status", "true"),
            ("CONSENT_RESTRICTED", f"{EMAIL}.limitation", "false"),
            ("CONSENT_OBJECTED", f"{EMAIL}.objection", "true"),
            ("CONSENT_CHANGED", f"{EMAIL}.status", "false"),
        ]
        assert [one["id"] for one in found] == [1, 2, 3, 4, 5]
        assert {one["customerId"] for one in found} == {ada["id"]}
        assert {one["sourceId"] for one in found} == {str(shop.source.id)}
        assert all("userId" not in one for one in found)

    async def test_name_the_member_who_decided(
        self, clients: Clients, officer: Api, shop: Shop
    ) -> None:
        hired = Member(uuid7(NOON), 0, "Olga", "olga@shop.example", frozenset({Role.ADMIN}))
        async with shop.context.database.transaction() as tx:
            olga = await take_in(tx, shop.operator, member=hired, at=NOON)
            token = await issue_member_token(
                tx, shop.operator, member=olga, at=NOON, expires_at=None
            )
        body = customer_body(shop, consents=consents(status=True))
        assert (await clients.bearing(token).post("/customers", json=body)).status_code == 201
        async with shop.context.database.transaction() as tx:
            await let_go(tx, shop.operator, wanted=olga.id)

        (line,) = await listed(officer)

        assert line["userId"] == olga.number
        assert "sourceId" not in line

    async def test_come_through_every_door(self, client: Api, officer: Api, shop: Shop) -> None:
        ada = await post_customer(client, shop)
        path = f"/customers/{ada['id']}"
        doors = [
            client.patch(path, json={"consents": consents(status=True)}),
            client.put(path, json=customer_body(shop, consents=consents(status=False))),
            client.post("/customers", json=customer_body(shop, consents=consents(status=True))),
            client.put(path, json=customer_body(shop)),
        ]
        for call in doors:
            assert (await call).status_code in (200, 201)
        news = "{to: consents.marketing.automatic.email.status, type: boolean}"
        rules = f"customers: {{columns: {{mail: contact.email, news: {news}}}}}"
        content = "mail,news\nada@shop.example,true\nbob@shop.example,false\n"
        await Importing(shop, content, rules).run()
        whole = CustomerDraft(
            new_id=uuid7(NOON),
            customer_id=UUID(ada["id"]),
            operation=Operation.REVERT,
            change=CustomerChange(
                values={
                    "consents": (
                        await shop.customer(contact__email="cleo@shop.example")
                    ).customer.profile.consents
                }
            ),
        )
        await shop.save([whole])

        found = await listed(officer, sort="id")

        by_ada = [one.get("value") for one in found if one["customerId"] == ada["id"]]
        assert by_ada == ["true", "false", "true", None, "true", None]
        assert [one["value"] for one in found if one["customerId"] != ada["id"]] == ["false"]

    async def test_number_the_lines_of_a_workspace_without_gaps(
        self, officer: Api, shop: Shop
    ) -> None:
        drafts = [make_draft(shop.node_id, contact__email=f"c{n}@shop.example") for n in range(5)]
        await shop.save(drafts)
        for draft in drafts:
            await shop.save([make_patch(draft.new_id, **YES), make_patch(draft.new_id, **NO)])

        assert [one["id"] for one in await listed(officer, sort="id,asc")] == list(range(1, 11))

    @pytest.mark.behaviour("contacthub/listConsentLogs/3")
    async def test_tell_of_an_export_and_of_the_end(self, officer: Api, shop: Shop) -> None:
        ada = await make_customer(shop)
        assert (await officer.get(f"/customers/{ada}/data")).status_code == 200
        assert (await officer.delete(f"/customers/{ada}/data")).status_code == 204

        found = await listed(officer, sort="id")

        assert [one["type"] for one in found] == ["DATA_PORTABILITY_REQUESTED", "FORCED_DELETE"]
        assert {one["sourceId"] for one in found} == {str(shop.source.id)}
        assert all("property" not in one and "value" not in one for one in found)


class TestGet:
    @pytest.mark.behaviour("contacthub/getConsentLog/1")
    async def test_shows_what_was_written_and_nothing_changes_it(
        self, officer: Api, shop: Shop
    ) -> None:
        ada = await make_customer(shop, at=NOON)
        await decide(shop, ada, **YES)
        before = await officer.get("/consent-logs/1")
        await decide(shop, ada, **NO)
        await shop.delete(ada)

        after = await officer.get("/consent-logs/1")

        assert after.json() == before.json()
        assert after.json() == {
            "id": 1,
            "customerId": str(ada),
            "date": "2026-03-02T12:00:00.000+0000",
            "type": "CONSENT_CHANGED",
            "property": f"{EMAIL}.status",
            "value": "true",
        }
        for method in ("PUT", "PATCH", "DELETE", "POST"):
            assert (await officer.request(method, "/consent-logs/1")).status_code == 405

    @pytest.mark.parametrize("wanted", ["0", "77", "one", "-1", "1.5", "9" * 19, "9" * 40])
    async def test_knows_no_other_number(self, officer: Api, shop: Shop, wanted: str) -> None:
        ada = await make_customer(shop)
        await decide(shop, ada, **YES)

        assert (await officer.get(f"/consent-logs/{wanted}")).status_code == 404

    async def test_keeps_to_the_workspace(self, officer: Api, rival: Shop) -> None:
        await decide(rival, await make_customer(rival), **YES)

        assert (await officer.get("/consent-logs/1")).status_code == 404
        assert await listed(officer) == []


class TestRoles:
    async def test_are_the_officers_alone(self, clients: Clients, shop: Shop) -> None:
        await decide(shop, await make_customer(shop), **YES)

        for role in Role:
            api = await clients.acting_as(role)
            wanted = 200 if role is Role.PRIVACY_OFFICER else 403

            assert (await api.get("/consent-logs")).status_code == wanted, role
            assert (await api.get("/consent-logs/1")).status_code == wanted, role

    async def test_reach_no_further_than_their_nodes(self, clients: Clients, shop: Shop) -> None:
        stall = await shop.add_node(Node(uuid7(NOON), NodeKind.ENTRY, "Stall"))
        await decide(shop, await make_customer(shop), **YES)
        bound = await clients.acting_as(Role.PRIVACY_OFFICER, node_ids=frozenset({stall.id}))

        assert await listed(bound) == []
        assert (await bound.get("/consent-logs/1")).status_code == 404
        params = {"nodes": str(shop.node_id)}
        assert (await bound.get("/consent-logs", params=params)).status_code == 403
