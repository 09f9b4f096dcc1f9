"""Users: who they are, on which nodes they may work, and what the caller is told of itself."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest

from onefold.actions.members import issue_member_token, let_go, take_in
from onefold.model.access import Role
from onefold.model.ids import uuid7
from onefold.model.members import Member, NodeAccess
from onefold.model.workspaces import Node, NodeKind, UniquePolicy
from tests.builders import NOON, Shop
from tests.dialects.contacthub.clients import Api, Clients

PATH = "/configuration/users"
Json = dict[str, Any]
Hire = Callable[..., Awaitable[Member]]


@pytest.fixture
def hire(shop: Shop) -> Hire:
    async def take(name: str, *roles: Role, **more: Any) -> Member:
        member = Member(
            id=uuid7(NOON),
            number=0,
            name=name,
            email=f"{name.lower()}-{uuid4().hex[:6]}@shop.example",
            roles=frozenset(roles or {Role.USER}),
            **more,
        )
        async with shop.context.database.transaction() as tx:
            return await take_in(tx, shop.operator, member=member, at=NOON)

    return take


@pytest.fixture
async def stand(shop: Shop) -> Node:
    unique = UniquePolicy(("contact.email",))
    return await shop.add_node(Node(uuid7(NOON), NodeKind.ENTRY, "Stand", unique=unique))


async def log_in(clients: Clients, shop: Shop, member: Member) -> Api:
    async with shop.context.database.transaction() as tx:
        token = await issue_member_token(tx, shop.operator, member=member, at=NOON, expires_at=None)
    return clients.bearing(token)


async def search(api: Api, node: Node) -> int:
    return (await api.get("/customers", params={"nodeId": str(node.id)})).status_code


async def create(api: Api, node: Node) -> int:
    body = {"nodeId": str(node.id), "base": {"contacts": {"email": "ada@shop.example"}}}
    return (await api.post("/customers", json=body)).status_code


def me(api: Api) -> Awaitable[httpx.Response]:
    return api.get(str(api.base_url).partition("/workspaces")[0] + "/me")


class TestListUsers:
    @pytest.mark.behaviour("contacthub/listUsers/1")
    @pytest.mark.parametrize(
        ("search", "found"),
        [
            ("", ["Claire Dubois", "Bruno"]),
            ("lair", ["Claire Dubois"]),
            ("DUB", ["Claire Dubois"]),
            ("clairette", ["Claire Dubois"]),
            ("BRUNO-", ["Bruno"]),
            ("nobody", []),
        ],
    )
    async def test_finds_part_of_what_a_user_is_called(
        self, admin: Api, hire: Hire, search: str, found: list[str]
    ) -> None:
        await hire("Claire", surname="Dubois", username="clairette")
        await hire("Bruno")

        answer = await admin.get(PATH, params={"search": search} if search else {})

        assert [one["name"] for one in answer.json()["elements"]] == found
        assert answer.json()["page"]["totalElements"] == len(found)

    async def test_is_for_administrators(self, reader: Api, client: Api) -> None:
        assert (await reader.get(PATH)).status_code == 403
        assert (await client.get(PATH)).status_code == 403


class TestGetUser:
    async def test_shows_one_by_its_number(self, admin: Api, hire: Hire, shop: Shop) -> None:
        claire = await hire("Claire", nodes={shop.node_id: NodeAccess.BOTH})

        answer = await admin.get(f"{PATH}/{claire.number}")

        assert answer.json() == {
            "id": 1,
            "name": "Claire",
            "registeredAt": "2026-03-02T12:00:00.000+0000",
            "updatedAt": "2026-03-02T12:00:00.000+0000",
            "nodes": [{"id": str(shop.node_id), "permission": "RW"}],
        }
        for unknown in ("2", "0", "claire", "9" * 30, str(uuid4()), "1.0"):
            assert (await admin.get(f"{PATH}/{unknown}")).status_code == 404


class TestUpdateUser:
    @pytest.mark.behaviour("contacthub/updateUser/1")
    async def test_replaces_the_nodes(
        self, admin: Api, clients: Clients, hire: Hire, shop: Shop, stand: Node
    ) -> None:
        claire = await hire("Claire", nodes={shop.node_id: NodeAccess.BOTH})
        api = await log_in(clients, shop, claire)
        before = (await search(api, shop.node), await search(api, stand))

        body = {"nodes": [{"id": str(stand.id), "permission": "RW"}]}
        answer = await admin.put(f"{PATH}/{claire.number}", json=body)

        assert answer.json()["nodes"] == body["nodes"]
        assert before == (200, 403)
        assert (await search(api, shop.node), await search(api, stand)) == (403, 200)

    @pytest.mark.behaviour("contacthub/updateUser/2")
    async def test_lets_them_read_unless_more_is_said(
        self, admin: Api, clients: Clients, hire: Hire, shop: Shop, stand: Node
    ) -> None:
        claire = await hire("Claire")
        api = await log_in(clients, shop, claire)
        body = {"nodes": [{"id": str(shop.node_id)}, {"id": str(stand.id), "permission": "W"}]}

        answer = await admin.put(f"{PATH}/{claire.id}", json=body)

        assert [one["permission"] for one in answer.json()["nodes"]] == ["R", "W"]
        assert (await search(api, shop.node), await create(api, shop.node)) == (200, 403)
        assert (await search(api, stand), await create(api, stand)) == (403, 201)

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"nodes": None},
            {"nodes": [{"id": str(uuid4())}]},
            {"nodes": [{"permission": "R"}]},
            {"nodes": [{"id": "till", "permission": "R"}]},
        ],
    )
    async def test_refuses_what_makes_no_sense(self, admin: Api, hire: Hire, body: Json) -> None:
        claire = await hire("Claire")

        answer = await admin.put(f"{PATH}/{claire.number}", json=body)

        assert answer.status_code == 400

    async def test_of_another_workspace_is_not_found(self, admin: Api, rival: Shop) -> None:
        stranger = Member(uuid7(NOON), 0, "Eve", "eve@rival.example", frozenset({Role.USER}))
        async with rival.context.database.transaction() as tx:
            stranger = await take_in(tx, rival.operator, member=stranger, at=NOON)

        answer = await admin.put(f"{PATH}/{stranger.id}", json={"nodes": []})

        assert answer.status_code == 404

    async def test_binds_no_administrator(
        self, admin: Api, clients: Clients, hire: Hire, shop: Shop
    ) -> None:
        chief = await hire("Chief", Role.ADMIN)
        api = await log_in(clients, shop, chief)

        await admin.put(f"{PATH}/{chief.number}", json={"nodes": []})

        assert await search(api, shop.node) == 200

    async def test_is_followed_by_the_configuration(
        self, clients: Clients, hire: Hire, shop: Shop, stand: Node
    ) -> None:
        claire = await hire("Claire", nodes={stand.id: NodeAccess.READ})
        api = await log_in(clients, shop, claire)

        listed = (await api.get("/configuration/nodes")).json()["elements"]

        assert [one["name"] for one in listed] == ["Stand"]

    async def test_of_somebody_who_is_gone_is_of_no_use(
        self, clients: Clients, hire: Hire, shop: Shop
    ) -> None:
        claire = await hire("Claire", nodes={shop.node_id: NodeAccess.READ})
        api = await log_in(clients, shop, claire)
        before = await search(api, shop.node)
        async with shop.context.database.transaction() as tx:
            await let_go(tx, shop.operator, wanted=claire.number)
        shop.context.directory.forget()

        assert (before, await search(api, shop.node)) == (200, 401)


class TestMe:
    @pytest.mark.behaviour("contacthub/getMe/1")
    async def test_tells_a_user_everything_within_reach(
        self, clients: Clients, hire: Hire, shop: Shop, stand: Node
    ) -> None:
        claire = await hire(
            "Claire",
            Role.USER,
            Role.PRIVACY_OFFICER,
            surname="Dubois",
            nodes={stand.id: NodeAccess.READ},
        )

        answer = await me(await log_in(clients, shop, claire))

        name = (await shop.picture()).workspace.name
        node = {"id": str(stand.id), "name": "Stand", "type": "ENTRY", "permission": "R"}
        workspace = {
            "id": str(shop.workspace_id),
            "name": name,
            "status": "ENABLED",
            "nodes": [node],
        }
        assert answer.json() == {
            "id": claire.number,
            "name": "Claire",
            "surname": "Dubois",
            "lang": "en",
            "email": claire.email,
            "roles": ["DPO", "USER"],
            "groups": [{"workspaces": [workspace]}],
        }

    @pytest.mark.usefixtures("stand")
    async def test_tells_a_source_its_nodes(self, client: Api, browser: Api) -> None:
        trusted = (await me(client)).json()
        page = (await me(browser)).json()

        assert (trusted["name"], trusted["roles"]) == ("Till", ["TRUSTED_APPLICATION"])
        (workspace,) = trusted["groups"][0]["workspaces"]
        assert [(one["name"], one["permission"]) for one in workspace["nodes"]] == [
            ("Counter", "RW")
        ]
        assert {one["permission"] for one in page["groups"][0]["workspaces"][0]["nodes"]} == {"W"}
        assert page["roles"] == ["UNTRUSTED_APPLICATION"]

    async def test_tells_an_operator_of_the_installation_every_workspace(
        self, installer: Api, rival: Shop, shop: Shop
    ) -> None:
        answer = await installer.get("/me")

        found = {one["id"] for group in answer.json()["groups"] for one in group["workspaces"]}
        assert {str(rival.workspace_id), str(shop.workspace_id)} <= found
        assert answer.json()["roles"] == ["CLAB_OPERATOR"]

    async def test_needs_a_token(self, clients: Clients) -> None:
        assert (await me(clients.sending({}))).status_code == 401
