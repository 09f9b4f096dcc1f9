"""Who may call: tokens, roles, nodes and workspaces, for every operation alike."""

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from onefold.actions.access import switch_tokens
from onefold.actions.context import Context
from onefold.actions.workspaces import change_workspace
from onefold.dialects.contacthub.routes import ROUTES
from onefold.model.access import Role
from onefold.model.workspaces import WorkspaceStatus
from tests.builders import NOON, Shop, make_shop
from tests.contracts.recorder import ContractTransport
from tests.dialects.contacthub.clients import Api, Clients
from tests.dialects.contacthub.people import EMAIL, Json
from tests.dialects.contacthub.scenes import EXAMPLES, Example, Scene, make_scene
from tests.dialects.contacthub.snapshots import snapshot, stored_text

every_operation = pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.operation)


class Stage:
    """Two workspaces that no test of this file changes, each with a scene of its own."""

    def __init__(self, clients: Clients, scene: Scene, rivals: Clients, rival_scene: Scene) -> None:
        self.clients, self.scene = clients, scene
        self.rivals, self.rival_scene = rivals, rival_scene

    @property
    def shop(self) -> Shop:
        return self.scene.shop

    @property
    def rival(self) -> Shop:
        return self.rival_scene.shop


@pytest.fixture(scope="module")
async def stage(context: Context, transport: ContractTransport) -> Stage:
    shop, rival = await make_shop(context), await make_shop(context)
    clients, rivals = Clients(transport, shop), Clients(transport, rival)
    scene = await make_scene(clients, shop)
    return Stage(clients, scene, rivals, await make_scene(rivals, rival, "eve@rival.example"))


@pytest.fixture(scope="module", params=[WorkspaceStatus.DISABLED, WorkspaceStatus.SUSPENDED])
async def closed(
    request: pytest.FixtureRequest, context: Context, transport: ContractTransport
) -> tuple[WorkspaceStatus, Api, Scene]:
    """A workspace that was switched off, in one way or the other, with a token for everything."""
    shop = await make_shop(context)
    clients = Clients(transport, shop)
    scene = await make_scene(clients, shop)
    client = clients.bearing(await shop.token_for(*Role))
    workspace = replace((await shop.picture()).workspace, status=request.param)
    async with context.database.transaction() as tx:
        await change_workspace(tx, shop.operator, workspace=workspace, at=NOON)
    await shop.picture()
    return request.param, client, scene


def assert_refusal(answer: Json) -> None:
    assert answer.keys() == {"message", "logref", "data", "errors"}
    assert answer["data"] is None
    assert answer["errors"] == []


class TestExamples:
    def test_are_there_for_every_operation_of_the_heart(self) -> None:
        """Later operations bring tests of their own, in folders beside this file."""
        assert len({one.operation for one in EXAMPLES}) == 35
        assert {one.operation for one in EXAMPLES} <= {one.operation_id for one in ROUTES}

    @every_operation
    async def test_succeed(self, example: Example, clients: Clients, shop: Shop) -> None:
        scene = await make_scene(clients, shop)
        token = await shop.token_for(*example.roles)

        answer = await example.send(clients.bearing(token), scene)

        assert answer.status_code == example.status, answer.text


@every_operation
class TestTokens:
    async def test_are_needed(self, example: Example, stage: Stage) -> None:
        before = await snapshot(stage.shop)

        answer = await example.send(stage.clients.sending({}), stage.scene)

        assert answer.status_code == 401
        assert answer.json()["message"] == "The client is not authorized to access the API"
        assert_refusal(answer.json())
        assert await snapshot(stage.shop) == before

    async def test_of_another_workspace_are_refused(self, example: Example, stage: Stage) -> None:
        token = await stage.rival.token_for(*Role)
        before = await snapshot(stage.shop)

        answer = await example.send(stage.clients.bearing(token), stage.scene)

        assert answer.status_code == 403
        assert answer.json()["message"] == f"workspace not found: {stage.shop.workspace_id}"
        assert await snapshot(stage.shop) == before

    async def test_bound_to_other_nodes_reach_nothing(self, example: Example, stage: Stage) -> None:
        token = await stage.shop.token_for(*Role, node_ids=frozenset({uuid4()}))
        before = await snapshot(stage.shop)

        answer = await example.send(stage.clients.bearing(token), stage.scene)

        if example.operation == "searchEvents":
            assert answer.json()["elements"] == []
        elif example.operation in {"getUpdates", "getLastOffset"}:
            assert answer.json() in ({"nextOffset": 0, "updates": []}, {"lastOffset": 0})
        else:
            assert answer.status_code == 403
        assert await snapshot(stage.shop) == before

    async def test_allow_what_their_role_does(self, example: Example, stage: Stage) -> None:
        strangers = [await stage.shop.token_for(role) for role in set(Role) - example.roles]
        before = await snapshot(stage.shop)

        for token in strangers:
            client = stage.clients.bearing(token)
            answer = await example.send(client, stage.scene)
            assert answer.status_code == 403
            assert_refusal(answer.json())
            if example.body is not None:
                broken = await example.send(client, stage.scene, content=b"{}")
                assert broken.status_code == 403
        assert await snapshot(stage.shop) == before


class TestWorkspaces:
    @every_operation
    async def test_that_are_closed_take_no_changes(
        self, example: Example, closed: tuple[WorkspaceStatus, Api, Scene]
    ) -> None:
        status, client, scene = closed
        before = await snapshot(scene.shop)

        answer = await example.send(client, scene)

        reads = status is WorkspaceStatus.SUSPENDED and not example.writes
        assert answer.status_code == (200 if reads else 403)
        assert await snapshot(scene.shop) == before

    @pytest.mark.parametrize("name", ["fake-workspace-id", str(uuid4()), "%00", "%C3%BC"])
    async def test_that_are_unknown_are_forbidden(self, client: Api, shop: Shop, name: str) -> None:
        url = str(client.base_url).replace(str(shop.workspace_id), name)

        answer = await client.get(f"{url}customers", params={"nodeId": str(shop.node_id)})

        assert answer.status_code == 403
        assert answer.json()["message"].startswith("workspace not found: ")


@every_operation
class TestIdsOfAnotherWorkspace:
    """A token of one workspace, used in that workspace, with ids taken from another."""

    async def test_are_unknown(self, example: Example, stage: Stage) -> None:
        client = stage.rivals.bearing(await stage.rival.token_for(*Role))
        ours, theirs = await snapshot(stage.shop), await snapshot(stage.rival)

        answer = await example.send(client, stage.scene)

        if example.operation == "searchEvents":
            assert answer.json()["elements"] == []
        elif example.operation in {"getUpdates", "getLastOffset"}:
            assert stage.scene.customer not in answer.text
        else:
            assert answer.status_code == 404
            assert EMAIL not in answer.text
        assert await snapshot(stage.shop) == ours
        assert await snapshot(stage.rival) == theirs
        assert stage.scene.customer not in await stored_text(stage.rival)

    async def test_are_unknown_one_by_one(self, example: Example, stage: Stage) -> None:
        """Each single id of a request that is good otherwise."""
        client = stage.rivals.bearing(await stage.rival.token_for(*Role))
        ours, theirs = await snapshot(stage.shop), await snapshot(stage.rival)
        named = f"{example.path} {example.params} {example.body}"
        mixed = [
            replace(stage.rival_scene, **{name: getattr(stage.scene, name)})
            for name, placeholder in (
                ("customer", "<customer>"),
                ("event", "<event>"),
                ("session", "<session>"),
                ("shop", "<node>"),
            )
            if placeholder in named
        ]

        for scene in mixed:
            answer = await example.send(client, scene)
            found = answer.json().get("elements", [])
            assert answer.status_code in {400, 404} or found == []
        assert await snapshot(stage.shop) == ours
        assert await snapshot(stage.rival) == theirs


class TestHeaders:
    @pytest.mark.parametrize(
        "header",
        [
            "",
            "Bearer",
            "Bearer ",
            "Bearer  ",
            "Basic " + base64.b64encode(b"ada:secret").decode(),
            "Token abc",
            "bearer abc def",
            "Bearer " + "x" * 8000,
            "Bearer \x00",
            "Bearer %00",
            "Bearer ünïcödé".encode().decode("latin-1"),
            "Bearer \xff\xfe",
            "Bearer null",
            "\x00",
        ],
    )
    async def test_with_no_token_of_ours_are_refused(self, clients: Clients, header: str) -> None:
        answer = await clients.sending({"Authorization": header}).get("/updates")

        assert answer.status_code == 401
        assert_refusal(answer.json())

    @pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "Bearer "])
    async def test_name_the_scheme_in_any_case(
        self, clients: Clients, shop: Shop, scheme: str
    ) -> None:
        client = clients.sending({"Authorization": f"{scheme} {shop.token}"})

        answer = await client.get("/customers", params={"nodeId": str(shop.node_id)})

        assert answer.status_code == 200

    @pytest.mark.parametrize("change", ["{}x", "x{}", "{} {}"])
    async def test_must_hold_the_whole_token(
        self, clients: Clients, shop: Shop, change: str
    ) -> None:
        token = change.format(shop.token, shop.token)

        for other in (token, shop.token[:-1], shop.token.swapcase()):
            answer = await clients.bearing(other).get("/updates")
            assert answer.status_code == 401

    async def test_may_hold_a_token_until_it_expires(self, clients: Clients, shop: Shop) -> None:
        now = datetime.now(UTC)
        expired = await shop.token_for(Role.USER, expires_at=now - timedelta(seconds=1))
        alive = await shop.token_for(Role.USER, expires_at=now + timedelta(hours=1))

        assert (await clients.bearing(expired).get("/updates")).status_code == 401
        assert (await clients.bearing(alive).get("/updates")).status_code == 200

    async def test_may_hold_a_token_while_it_is_switched_on(
        self, clients: Clients, shop: Shop
    ) -> None:
        client = clients.bearing(await shop.token_for(Role.USER))
        statuses = []
        for enabled in (True, False, True):
            async with shop.context.database.transaction() as tx:
                await switch_tokens(tx, shop.operator, subject_id=shop.source.id, enabled=enabled)
            shop.context.directory.forget()
            statuses.append((await client.get("/updates")).status_code)

        assert statuses == [200, 401, 200]
