"""How many customers there are: in the workspace, in each node, by channel, by registration."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from onefold.actions.workspaces import save_source
from onefold.model.access import Role
from onefold.model.ids import uuid7
from onefold.model.workspaces import Node, NodeKind, Source
from tests.builders import NOON, Shop, make_draft, make_patch
from tests.dialects.contacthub.clients import Api, Clients
from tests.dialects.contacthub.stats.scenes import MARCH, figures, make_customer

NODE_FIGURES = (
    "/stats/customers-snapshot",
    "/stats/added-customers",
    "/stats/communication-channels",
    "/stats/customers-trend",
    "/stats/events-trend",
    "/stats/events-distribution",
    "/stats/events-kpi/purchases",
    "/stats/events-kpi/ecommerce",
    "/stats/events-kpi/web",
)


@pytest.fixture
async def everywhere(clients: Clients) -> Api:
    """A guest, who is bound to no node."""
    return await clients.acting_as(Role.GUEST)


@pytest.fixture
async def stall(shop: Shop) -> Node:
    """A second node, with two customers; the counter has one."""
    node = await shop.add_node(Node(uuid7(NOON), NodeKind.ENTRY, "Stall"))
    await make_customer(shop)
    for name in ("bob", "cleo"):
        await shop.save([make_draft(node.id, contact__email=f"{name}@stall.example")])
    return node


async def add_source(shop: Shop, provider: str, node_id: UUID, **properties: Any) -> None:
    source = Source(uuid7(NOON), provider.title(), provider, (node_id,), properties=properties)
    async with shop.context.database.transaction() as tx:
        await save_source(tx, shop.operator, source=source, at=NOON)


class TestWorkspaceSnapshot:
    @pytest.mark.behaviour("contacthub/getWorkspaceSnapshot/1")
    @pytest.mark.usefixtures("stall")
    async def test_counts_all_entry_nodes_together(self, everywhere: Api, shop: Shop) -> None:
        picture = await shop.picture()

        assert await figures(everywhere, "/stats/workspace") == {
            "id": str(shop.workspace_id),
            "name": picture.workspace.name,
            "status": "ENABLED",
            "customers": 3,
        }

    @pytest.mark.usefixtures("stall")
    async def test_keeps_to_the_nodes_of_the_token(self, client: Api) -> None:
        assert (await figures(client, "/stats/workspace"))["customers"] == 1

    async def test_forgets_who_is_gone(self, client: Api, shop: Shop) -> None:
        ada = await make_customer(shop)
        await make_customer(shop, "bob")
        await shop.delete(ada)

        assert (await figures(client, "/stats/workspace"))["customers"] == 1


class TestNodesSnapshot:
    @pytest.mark.behaviour("contacthub/getNodesSnapshot/1", "contacthub/getNodesSnapshot/2")
    async def test_tells_what_each_node_feeds(
        self, everywhere: Api, shop: Shop, stall: Node
    ) -> None:
        await add_source(shop, "CONTACTPLAN", stall.id, groupPk=1, userdbId=2)
        await add_source(shop, "CONTACTSEND", shop.node_id, groupPk=7, userdbId=8)

        answer = await figures(everywhere, "/stats/nodes")

        assert answer["elements"] == [
            {
                "id": str(shop.node_id),
                "name": "Counter",
                "type": "ENTRY",
                "customers": 1,
                "plan": False,
                "send": {"groupPk": 7, "userDbId": 8},
            },
            {
                "id": str(stall.id),
                "name": "Stall",
                "type": "ENTRY",
                "customers": 2,
                "plan": True,
            },
        ]
        assert answer["page"]["totalElements"] == 2

    @pytest.mark.usefixtures("stall")
    async def test_shows_only_nodes_of_the_token(self, client: Api) -> None:
        (element,) = (await figures(client, "/stats/nodes"))["elements"]

        assert element["name"] == "Counter"


class TestCustomersSnapshot:
    @pytest.mark.behaviour("contacthub/getCustomersSnapshot/1")
    @pytest.mark.usefixtures("stall")
    async def test_has_one_entry(self, everywhere: Api) -> None:
        assert await figures(everywhere, "/stats/customers-snapshot") == {
            "parameters": {},
            "data": {
                "category": "CustomersSnapshot",
                "type": "keyValue",
                "values": [{"key": "total", "value": 3}],
            },
        }

    @pytest.mark.behaviour("contacthub/getCustomersSnapshot/2")
    async def test_keeps_to_one_node(self, everywhere: Api, stall: Node) -> None:
        answer = await figures(everywhere, "/stats/customers-snapshot", nodeId=str(stall.id))

        assert answer["parameters"] == {"nodeId": str(stall.id)}
        assert answer["data"]["values"] == [{"key": "total", "value": 2}]


class TestNodeFilter:
    @pytest.mark.parametrize("path", NODE_FIGURES)
    async def test_knows_no_other_node(
        self, client: Api, shop: Shop, stall: Node, path: str
    ) -> None:
        inside = await client.get(path, params={"nodeId": str(shop.node_id)})
        unknown = await client.get(path, params={"nodeId": str(uuid4())})
        unreadable = await client.get(path, params={"nodeId": "counter"})
        outside = await client.get(path, params={"nodeId": str(stall.id)})

        found = [inside, unknown, unreadable, outside]
        assert [one.status_code for one in found] == [200, 404, 404, 403]


class TestCommunicationChannels:
    @pytest.mark.behaviour(
        "contacthub/getCommunicationChannels/1",
        "contacthub/getCommunicationChannels/2",
        "contacthub/getCommunicationChannels/3",
    )
    async def test_counts_by_primary_email_and_mobile(self, client: Api, shop: Shop) -> None:
        ways: list[dict[str, Any]] = [
            {"contact__email": "a@shop.example", "contact__mobile": "+44 7700 900001"},
            {"contact__email": "b@shop.example", "contact__landline": "+44 20 7946 0001"},
            {"contact__email": "c@shop.example"},
            {"contact__mobile": "+44 7700 900002"},
            {"contact__fax": "+44 20 7946 0003"},
        ]
        free = await shop.add_node(replace(shop.node, unique=replace(shop.node.unique, paths=())))
        for one in ways:
            await shop.save([make_draft(free.id, **one)])

        answer = await figures(client, "/stats/communication-channels", nodeId=str(shop.node_id))

        assert answer == {
            "parameters": {"nodeId": str(shop.node_id)},
            "data": {
                "category": "communicationChannels",
                "type": "keyValue",
                "values": [
                    {"key": "emailMobile", "value": "1"},
                    {"key": "emailOnly", "value": "2"},
                    {"key": "mobileOnly", "value": "1"},
                    {"key": "notReachable", "value": "1"},
                ],
            },
        }

    async def test_follows_changes_and_departures(self, client: Api, shop: Shop) -> None:
        ada = await make_customer(shop)
        bob = await make_customer(shop, "bob", contact__mobile="+44 7700 900001")
        await make_customer(shop, "cleo")
        await shop.save([make_patch(ada, contact__mobile="+44 7700 900002")])
        await shop.delete(bob)

        answer = await figures(client, "/stats/communication-channels")

        counts = {one["key"]: one["value"] for one in answer["data"]["values"]}
        assert counts == {
            "emailMobile": "1",
            "emailOnly": "1",
            "mobileOnly": "0",
            "notReachable": "0",
        }


class TestAddedCustomers:
    @pytest.mark.behaviour("contacthub/getAddedCustomers/1")
    async def test_counts_by_when_they_were_registered(self, client: Api, shop: Shop) -> None:
        for days, name in ((0, "ada"), (0, "bob"), (1, "cleo"), (40, "dora")):
            await make_customer(shop, name, at=NOON + timedelta(days=days))
        gone = await make_customer(shop, "gone", at=NOON + timedelta(days=1))
        await shop.delete(gone, at=NOON + timedelta(days=2))

        asked = {"start": MARCH["start"], "end": "2026-05-01T00:00:00Z"}
        daily = await figures(client, "/stats/added-customers", mode="DAILY", **asked)
        monthly = await figures(client, "/stats/added-customers", nodeId=str(shop.node_id), **asked)

        (series,) = daily["data"]
        assert (series["category"], series["type"]) == ("addedCustomers", "timeseries")
        assert series["values"] == [
            {"datetime": "2026-03-02", "value": 2},
            {"datetime": "2026-03-03", "value": 1},
            {"datetime": "2026-04-11", "value": 1},
        ]
        assert monthly["data"][0]["values"] == [
            {"datetime": "2026-03-01", "value": 3},
            {"datetime": "2026-04-01", "value": 1},
        ]
        assert monthly["parameters"]["nodeId"] == str(shop.node_id)


class TestRoles:
    @pytest.mark.parametrize("path", ["/stats/workspace", "/stats/nodes", *NODE_FIGURES])
    async def test_do_not_show_figures_to_browsers_and_officers(
        self, clients: Clients, path: str
    ) -> None:
        refused = (Role.BROWSER, Role.PRIVACY_OFFICER, Role.STREAM_READER)
        allowed = (Role.OPERATOR, Role.ADMIN, Role.USER, Role.GUEST, Role.APPLICATION)

        for role in (*refused, *allowed):
            answer = await (await clients.acting_as(role)).get(path)

            assert answer.status_code == (403 if role in refused else 200), role
