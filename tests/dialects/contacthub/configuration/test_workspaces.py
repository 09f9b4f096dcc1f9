"""Workspaces as operators make, find, close and open them."""

from typing import Any
from uuid import uuid4

import pytest

from tests.builders import Shop
from tests.dialects.contacthub.clients import Api

Json = dict[str, Any]


def body(**changes: Any) -> Json:
    return {
        "name": "Records",
        "slug": f"records-{uuid4().hex}",
        "groupPk": 44,
        "shard": "one",
        **changes,
    }


async def made(installer: Api, **changes: Any) -> Json:
    answer = await installer.post("/workspaces", json=body(**changes))
    assert answer.status_code == 201, answer.text
    found: Json = answer.json()
    return found


async def set_status(installer: Api, workspace_id: object, status: str) -> int:
    path = f"/workspaces/{workspace_id}/status"
    return (await installer.put(path, json={"status": status})).status_code


class TestCreateWorkspace:
    @pytest.mark.behaviour("contacthub/createWorkspace/1")
    @pytest.mark.parametrize("missing", ["name", "slug", "groupPk", "shard"])
    async def test_needs_all_four(self, installer: Api, missing: str) -> None:
        sent = {name: value for name, value in body().items() if name != missing}

        answer = await installer.post("/workspaces", json=sent)

        assert answer.status_code == 400
        assert [one["path"] for one in answer.json()["errors"]] == [f"/{missing}"]

    @pytest.mark.behaviour("contacthub/createWorkspace/2")
    async def test_refuses_a_slug_that_is_taken(self, installer: Api) -> None:
        first = await made(installer)

        answer = await installer.post("/workspaces", json=body(slug=first["slug"]))

        assert answer.status_code == 409

    @pytest.mark.behaviour("contacthub/createWorkspace/3")
    async def test_opens_it(self, installer: Api) -> None:
        workspace = await made(installer)

        assert workspace["status"] == "ENABLED"
        path = f"/workspaces/{workspace['id']}"
        assert (await installer.get(path)).json() == workspace
        configuration = (await installer.get(f"{path}/configuration")).json()
        assert (configuration["name"], configuration["timezone"]) == ("Records", "Europe/Rome")
        node = await installer.post(f"{path}/configuration/nodes/entries", json={"name": "Till"})
        assert node.status_code == 201

    @pytest.mark.parametrize(
        ("changes", "path"),
        [
            ({"slug": "My Shop"}, "/slug"),
            ({"slug": str(uuid4())}, "/slug"),
            ({"slug": ""}, "/slug"),
            ({"name": " "}, "/name"),
            ({"groupPk": "44"}, "/groupPk"),
        ],
    )
    async def test_refuses_what_makes_no_sense(
        self, installer: Api, changes: Json, path: str
    ) -> None:
        answer = await installer.post("/workspaces", json=body(**changes))

        assert answer.status_code == 400
        assert [one["path"] for one in answer.json()["errors"]] == [path]

    async def test_is_for_operators_of_the_installation(
        self, operator: Api, admin: Api, shop: Shop
    ) -> None:
        for api in (operator, admin):
            url = str(api.base_url).partition(f"/{shop.workspace_id}")[0]

            answer = await api.post(url, json=body())

            assert answer.status_code == 403


class TestListWorkspaces:
    @pytest.mark.behaviour("contacthub/listWorkspaces/1")
    async def test_finds_part_of_a_name(self, installer: Api) -> None:
        word = uuid4().hex
        for name in (f"Shop {word}", f"{word.upper()} Records", "Other"):
            await made(installer, name=name, groupPk=7 if name == "Other" else 8)

        answer = await installer.get("/workspaces", params={"name": word[4:]})
        grouped = await installer.get("/workspaces", params={"name": word, "groupPk": "8.0"})
        none = await installer.get("/workspaces", params={"name": word, "groupPk": "7"})

        names = [one["name"] for one in answer.json()["elements"]]
        assert sorted(names) == sorted([f"Shop {word}", f"{word.upper()} Records"])
        assert grouped.json()["page"]["totalElements"] == 2
        assert none.json()["elements"] == []
        for text in ("seven", "7.5", "nan", "inf"):
            answer = await installer.get("/workspaces", params={"groupPk": text})
            assert answer.status_code == 400

    @pytest.mark.behaviour("contacthub/listWorkspaces/2")
    async def test_shows_what_the_caller_may_see(
        self, installer: Api, operator: Api, admin: Api, shop: Shop, rival: Shop
    ) -> None:
        url = f"{installer.base_url}workspaces"

        every = await installer.get("/workspaces", params={"size": "50", "name": "Shop"})
        own = await operator.get(url)

        assert rival.workspace_id != shop.workspace_id
        assert every.json()["page"]["totalElements"] >= 2
        assert [one["id"] for one in own.json()["elements"]] == [str(shop.workspace_id)]
        assert (await admin.get(url)).status_code == 403


class TestGetWorkspace:
    async def test_that_is_unknown_is_forbidden(
        self, installer: Api, operator: Api, rival: Shop
    ) -> None:
        for unknown in (str(uuid4()), "records"):
            assert (await installer.get(f"/workspaces/{unknown}")).status_code == 403
        url = f"{installer.base_url}workspaces/{rival.workspace_id}"
        assert (await operator.get(url)).status_code == 403


class TestStatus:
    @pytest.mark.behaviour("contacthub/updateWorkspaceStatus/1")
    async def test_decides_what_can_be_called(
        self, installer: Api, client: Api, shop: Shop
    ) -> None:
        found = []
        customer = {
            "nodeId": str(shop.node_id),
            "base": {"contacts": {"email": "ada@shop.example"}},
        }
        for status in ("SUSPENDED", "DISABLED", "ENABLED"):
            assert await set_status(installer, shop.workspace_id, status) == 200
            read = await client.get("/customers", params={"nodeId": str(shop.node_id)})
            write = await client.post("/customers", json=customer)
            shown = await installer.get(f"/workspaces/{shop.workspace_id}")
            found.append((shown.json()["status"], read.status_code, write.status_code))

        assert found == [
            ("SUSPENDED", 200, 403),
            ("DISABLED", 403, 403),
            ("ENABLED", 200, 201),
        ]

    async def test_holds_for_the_configuration_and_for_operators(
        self, installer: Api, operator: Api, shop: Shop
    ) -> None:
        configuration = f"/workspaces/{shop.workspace_id}/configuration"
        await set_status(installer, shop.workspace_id, "SUSPENDED")
        suspended = [
            (await installer.get(configuration)).status_code,
            (await installer.put(configuration, json={})).status_code,
            (await operator.put("/configuration", json={})).status_code,
        ]
        await set_status(installer, shop.workspace_id, "DISABLED")

        assert suspended == [200, 403, 403]
        assert (await installer.get(configuration)).status_code == 403
        opened = await operator.put("/status", json={"status": "ENABLED"})
        assert (opened.status_code, opened.json()) == (200, {"status": "ENABLED"})

    @pytest.mark.parametrize("sent", [{}, {"status": "CLOSED"}, {"status": None}])
    async def test_must_be_one_of_three(self, operator: Api, sent: Json) -> None:
        assert (await operator.put("/status", json=sent)).status_code == 400

    async def test_is_for_operators(self, admin: Api) -> None:
        answer = await admin.put("/status", json={"status": "DISABLED"})

        assert answer.status_code == 403


class TestOperatorsOfTheInstallation:
    async def test_act_in_each_workspace(self, installer: Api, shop: Shop, rival: Shop) -> None:
        emails = []
        for one in (shop, rival):
            body = {
                "nodeId": str(one.node_id),
                "base": {"contacts": {"email": f"{one.workspace_id}@shop.example"}},
            }
            path = f"/workspaces/{one.workspace_id}/customers"
            assert (await installer.post(path, json=body)).status_code == 201
            listed = await installer.get(path, params={"nodeId": str(one.node_id)})
            emails.append([c["base"]["contacts"]["email"] for c in listed.json()["elements"]])

        assert emails == [
            [f"{shop.workspace_id}@shop.example"],
            [f"{rival.workspace_id}@shop.example"],
        ]
        stray = f"/workspaces/{rival.workspace_id}/customers"
        answer = await installer.get(stray, params={"nodeId": str(shop.node_id)})
        assert answer.status_code == 404

    async def test_may_not_forget(self, installer: Api, shop: Shop) -> None:
        path = f"/workspaces/{shop.workspace_id}/customers/{uuid4()}/data"

        assert (await installer.delete(path)).status_code == 403
