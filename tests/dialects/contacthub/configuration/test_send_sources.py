"""Links to Contactsend: stored, validated, and found again."""

from typing import Any
from uuid import uuid4

import pytest

from onefold.model.access import Role
from onefold.model.ids import uuid7
from onefold.model.workspaces import Node, NodeKind
from tests.builders import NOON, Shop
from tests.contracts.recorder import ContractTransport
from tests.dialects.contacthub.clients import MOUNT, Api, Clients
from tests.dialects.contacthub.configuration.integrations import (
    PATH,
    a_source,
    made,
    send_properties,
)

Json = dict[str, Any]


async def linked(api: Api, shop: Shop, **properties: Any) -> Json:
    return await made(api, shop, provider="CONTACTSEND", properties=send_properties(**properties))


@pytest.fixture
async def rival_admin(transport: ContractTransport, rival: Shop) -> Api:
    return Clients(transport, rival).bearing(await rival.token_for(Role.ADMIN))


class TestSendSources:
    @pytest.mark.behaviour("contacthub/listSendSourceConfigurations/1")
    async def test_are_listed_with_their_nodes(self, admin: Api, operator: Api, shop: Shop) -> None:
        source = await linked(admin, shop)
        await made(admin, shop)

        answer = await operator.get(f"{MOUNT}/send-sources")

        assert answer.json()["elements"] == [
            {
                "id": str(shop.workspace_id),
                "name": (await shop.picture()).workspace.name,
                "industry": "OTHER",
                "workspaceStatus": "ENABLED",
                "nodeId": str(shop.node_id),
                "nodeName": "Counter",
                "nodeType": "ENTRY",
                "contactSendSource": source,
            }
        ]

    async def test_of_a_group_are_found_in_all_workspaces(
        self, admin: Api, rival_admin: Api, installer: Api, operator: Api, shop: Shop, rival: Shop
    ) -> None:
        group = uuid4().int % 10**9
        await linked(admin, shop, groupPk=group, userdbId=1)
        await linked(rival_admin, rival, groupPk=group, userdbId=2)
        path = f"/send-sources/groups/{group}"

        every = (await installer.get(path)).json()["elements"]
        own = (await operator.get(MOUNT + path)).json()["elements"]
        none = (await installer.get("/send-sources/groups/none")).json()

        assert {one["id"] for one in every} == {str(shop.workspace_id), str(rival.workspace_id)}
        assert [one["id"] for one in own] == [str(shop.workspace_id)]
        assert none == {"elements": []}

    @pytest.mark.behaviour("contacthub/getSendSourceByUserDb/1")
    async def test_are_one_for_each_user_database(
        self, admin: Api, installer: Api, shop: Shop
    ) -> None:
        group = uuid4().int % 10**9
        stand = await shop.add_node(Node(uuid7(NOON), NodeKind.ENTRY, "Stand"))
        source = await linked(admin, shop, groupPk=group, userdbId=7)
        same = a_source(
            shop,
            provider="CONTACTSEND",
            nodes=[str(stand.id)],
            properties=send_properties(groupPk=group, userdbId=7),
        )

        refused = await admin.post(PATH, json=same)
        found = await installer.get(f"/send-sources/groups/{group}/userdbs/7")
        missing = await installer.get(f"/send-sources/groups/{group}/userdbs/8")

        assert refused.status_code == 400
        assert [one["path"] for one in refused.json()["errors"]] == ["/properties/userdbId"]
        assert found.json()["contactSendSource"] == source
        assert missing.status_code == 404

    @pytest.mark.behaviour("contacthub/getNodeSendSource/1")
    async def test_of_a_node_without_one_are_not_found(
        self, admin: Api, operator: Api, installer: Api, shop: Shop, rival: Shop
    ) -> None:
        path = f"/nodes/{shop.node_id}/send-source"
        before = await operator.get(path)
        source = await linked(admin, shop)

        answer = await installer.get(f"/workspaces/{shop.workspace_id}{path}")

        assert before.status_code == 404
        assert answer.json()["contactSendSource"] == source
        for unknown in (str(rival.node_id), str(uuid4()), "counter"):
            assert (await operator.get(f"/nodes/{unknown}/send-source")).status_code == 404

    async def test_are_for_operators(self, admin: Api, shop: Shop) -> None:
        for path in ("", "/groups/44", "/groups/44/userdbs/7"):
            assert (await admin.get(f"{MOUNT}/send-sources{path}")).status_code == 403
        assert (await admin.get(f"/nodes/{shop.node_id}/send-source")).status_code == 403


class TestSharedSubscriptions:
    @pytest.mark.behaviour("contacthub/listAggregateSendSubscriptions/1")
    async def test_are_a_bare_list(self, admin: Api, shop: Shop) -> None:
        whole = Node(uuid7(NOON), NodeKind.AGGREGATE, "Everybody", entry_node_ids=(shop.node_id,))
        await shop.add_node(whole)
        path = f"/configuration/nodes/aggregates/{whole.id}/send-source-subscriptions"
        before = (await admin.get(path)).json()
        await linked(admin, shop, subscriptions=[{"hub": "news", "send": "12", "sendWfc": "w"}])

        answer = await admin.get(path)

        assert before == []
        assert answer.json() == [
            {
                "subscriptionId": "news",
                "path": "base.subscriptions.news",
                "entryNodeName": "Counter",
                "entryNodeId": str(shop.node_id),
            }
        ]

    async def test_of_no_aggregate_node_are_not_found(self, admin: Api, shop: Shop) -> None:
        for unknown in (str(shop.node_id), str(uuid4()), "everybody"):
            path = f"/configuration/nodes/aggregates/{unknown}/send-source-subscriptions"
            assert (await admin.get(path)).status_code == 404
