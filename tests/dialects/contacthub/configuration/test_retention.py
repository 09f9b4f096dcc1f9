"""Retention: policies of workspace and nodes, what is due, and who may change it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from onefold.assembly.files import read_contract
from onefold.model.access import Role
from onefold.model.ids import uuid7
from onefold.model.workspaces import Node, NodeKind
from tests.builders import NOON, Shop, make_event
from tests.dialects.contacthub.clients import Api, Clients

Json = dict[str, Any]
POLICY = "/configuration/retention-policy"


def usual_months() -> Json:
    """The vendor's defaults, as its document gives them."""
    events = read_contract("contacthub-events")["events"]
    return {name: {"months": one["retentionMonths"]} for name, one in sorted(events.items())}


def of_node(shop: Shop) -> str:
    return f"/configuration/nodes/{shop.node_id}/retention-policy"


def of_entry(shop: Shop) -> str:
    return f"/configuration/nodes/entries/{shop.node_id}/retention-policy"


async def read(api: Api, path: str) -> Json:
    answer = await api.get(path)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def put(api: Api, path: str, body: Json) -> Json:
    answer = await api.put(path, json=body)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


@pytest.fixture
async def union(shop: Shop) -> Node:
    return await shop.add_node(Node(uuid7(NOON), NodeKind.AGGREGATE, "Union"))


class TestWorkspacePolicy:
    @pytest.mark.behaviour("contacthub/getRetentionPolicy/1")
    async def test_begins_with_the_defaults_of_the_vendor(self, admin: Api) -> None:
        found = await read(admin, POLICY)

        assert found == usual_months()
        assert len(found) == 48
        assert (found["viewedPage"], found["campaignSent"]) == ({"months": 3}, {"months": 13})

    async def test_keeps_what_it_is_told_and_the_defaults_besides(
        self, admin: Api, operator: Api
    ) -> None:
        answer = await put(operator, POLICY, {"viewedPage": {"months": 6}})

        assert answer == usual_months() | {"viewedPage": {"months": 6}}
        assert await read(admin, POLICY) == answer

    async def test_goes_back_to_the_defaults_where_it_is_no_longer_named(
        self, operator: Api
    ) -> None:
        await put(operator, POLICY, {"viewedPage": {"months": 6}})

        assert await put(operator, POLICY, {}) == usual_months()

    @pytest.mark.behaviour("contacthub/updateRetentionPolicy/1")
    @pytest.mark.parametrize(
        ("body", "pointer"),
        [
            ({"sneezed": {"months": 6}}, "/sneezed"),
            ({"viewedPage": {}}, "/viewedPage/months"),
            ({"viewedPage": {"months": 0}}, "/viewedPage/months"),
            ({"viewedPage": {"months": 1201}}, "/viewedPage/months"),
            ({"viewedPage": {"months": "6"}}, "/viewedPage/months"),
            ({"viewedPage": 6}, "/viewedPage"),
        ],
    )
    async def test_refuses_what_is_no_policy(self, operator: Api, body: Json, pointer: str) -> None:
        answer = await operator.put(POLICY, json=body)

        assert answer.status_code == 400
        assert [one["path"] for one in answer.json()["errors"]] == [pointer]
        assert await read(operator, POLICY) == usual_months()


class TestNodePolicy:
    @pytest.mark.behaviour("contacthub/getEntryNodeRetentionPolicy/1")
    async def test_is_that_of_the_workspace_without_its_own(
        self, admin: Api, operator: Api, shop: Shop
    ) -> None:
        await put(operator, POLICY, {"viewedPage": {"months": 6}, "searched": {"months": 1}})
        await put(operator, of_entry(shop), {"searched": {"months": 24}})

        found = await read(admin, of_entry(shop))

        assert found["viewedPage"] == {"months": 6}
        assert found["searched"] == {"months": 24}
        assert found["loggedIn"] == {"months": 12}

    @pytest.mark.behaviour(
        "contacthub/getNodeRetentionPolicy/1", "contacthub/updateNodeRetentionPolicy/1"
    )
    async def test_is_there_for_both_kinds_of_node(
        self, admin: Api, operator: Api, shop: Shop, union: Node
    ) -> None:
        body = {"enabled": True, "events": {"viewedPage": {"months": 2}}}
        for node_id in (shop.node_id, union.id):
            path = f"/configuration/nodes/{node_id}/retention-policy"

            assert (await read(admin, path))["enabled"] is False
            answer = await put(operator, path, body)

            assert answer["enabled"] is True
            assert answer["events"] == usual_months() | {"viewedPage": {"months": 2}}
            assert await read(admin, path) == answer

    async def test_leaves_what_the_body_leaves_out(self, operator: Api, shop: Shop) -> None:
        await put(operator, of_node(shop), {"events": {"viewedPage": {"months": 2}}})
        answer = await put(operator, of_node(shop), {"enabled": True})

        assert answer["events"]["viewedPage"] == {"months": 2}
        assert (await put(operator, of_node(shop), {"events": {}}))["enabled"] is True

    async def test_names_the_place_of_a_mistake(self, operator: Api, shop: Shop) -> None:
        mistakes: list[tuple[Json, str]] = [
            ({"sneezed": {"months": 1}}, "/events/sneezed"),
            ({"viewedPage": {"months": 0}}, "/events/viewedPage/months"),
            ({"viewedPage": {}}, "/events/viewedPage/months"),
        ]
        for events, pointer in mistakes:
            answer = await operator.put(of_node(shop), json={"events": events})

            assert answer.status_code == 400
            assert [one["path"] for one in answer.json()["errors"]] == [pointer]

    async def test_of_no_node_is_not_found(self, admin: Api, operator: Api, union: Node) -> None:
        entries = "/configuration/nodes/entries"
        for wanted in (str(uuid4()), "counter"):
            path = f"/configuration/nodes/{wanted}/retention-policy"
            assert (await admin.get(path)).status_code == 404
            assert (await operator.put(path, json={})).status_code == 404
        for node_id in (uuid4(), union.id):
            path = f"{entries}/{node_id}/retention-policy"
            for one in (path, f"{path}/state"):
                assert (await admin.get(one)).status_code == 404
                assert (await operator.put(one, json={})).status_code == 404


class TestState:
    async def test_is_off_until_somebody_switches_it_on(
        self, admin: Api, operator: Api, shop: Shop
    ) -> None:
        path = f"{of_entry(shop)}/state"

        assert await read(admin, path) == {"enabled": False}
        assert await put(operator, path, {"enabled": True}) == {"enabled": True}
        assert await read(admin, path) == {"enabled": True}
        assert (await read(admin, of_node(shop)))["enabled"] is True
        (node,) = (await read(admin, "/configuration/nodes"))["elements"]
        assert node["retentionState"] is True

    async def test_must_be_told(self, operator: Api, shop: Shop) -> None:
        answer = await operator.put(f"{of_entry(shop)}/state", json={})

        assert answer.status_code == 400
        assert [one["path"] for one in answer.json()["errors"]] == ["/enabled"]


class TestStatus:
    @pytest.mark.behaviour("contacthub/getRetentionStatus/1")
    async def test_tells_valid_and_expired_apart(
        self, admin: Api, operator: Api, shop: Shop
    ) -> None:
        await put(operator, of_entry(shop), {"viewedPage": {"months": 2}})
        ada = (await shop.customer(contact__email="ada@shop.example")).customer.id
        now = datetime.now(UTC)
        for days in (0, 10, 80, 100):
            at = now - timedelta(days=days)
            await shop.event(make_event(customer_id=ada, at=at), at=now)
        await shop.event(make_event("loggedIn", customer_id=ada, at=now), at=now)

        found = await read(admin, f"{POLICY}/status")

        (types,) = found.values()
        assert list(found) == [str(shop.node_id)]
        assert len(types) == 48
        oldest = (now - timedelta(days=100)).date()
        assert types["viewedPage"] == {
            "months": 2,
            "total": 4,
            "valid": 2,
            "expired": 2,
            "oldestDate": f"{oldest}T00:00:00.000+0000",
        }
        assert types["loggedIn"]["valid"] == types["loggedIn"]["total"] == 1
        assert types["searched"] == {"months": 12, "total": 0, "valid": 0, "expired": 0}

    async def test_shows_only_nodes_of_the_token(self, clients: Clients, shop: Shop) -> None:
        await shop.add_node(Node(uuid7(NOON), NodeKind.ENTRY, "Stall"))
        bound = await clients.acting_as(Role.ADMIN, node_ids=frozenset({shop.node_id}))

        assert list(await read(bound, f"{POLICY}/status")) == [str(shop.node_id)]


class TestRoles:
    async def test_read_as_staff_and_write_as_operator(self, clients: Clients, shop: Shop) -> None:
        reads = [POLICY, f"{POLICY}/status", of_node(shop), of_entry(shop)]
        reads.append(f"{of_entry(shop)}/state")
        writes: dict[str, Json] = {POLICY: {}, of_node(shop): {}, of_entry(shop): {}}
        writes[f"{of_entry(shop)}/state"] = {"enabled": False}

        for role in Role:
            api = await clients.acting_as(role)
            may_read = role in (Role.OPERATOR, Role.ADMIN)
            for path in reads:
                wanted = 200 if may_read else 403
                assert (await api.get(path)).status_code == wanted, (role, path)
            for path, body in writes.items():
                wanted = 200 if role is Role.OPERATOR else 403
                assert (await api.put(path, json=body)).status_code == wanted, (role, path)
