"""Sources of all providers: their properties, and what becomes of their tokens."""

from uuid import uuid4

import httpx
import pytest

from onefold.actions.workspaces import save_source
from onefold.model.ids import uuid7
from onefold.model.workspaces import Node, NodeKind, Source
from tests.builders import NOON, Shop
from tests.contracts.samples import samples
from tests.dialects.contacthub.clients import Api, Clients
from tests.dialects.contacthub.configuration.integrations import (
    PATH,
    Json,
    a_source,
    changed,
    made,
    reaches,
    send_properties,
)


def paths_of(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 400, answer.text
    return [one["path"] for one in answer.json()["errors"]]


class TestListSources:
    @pytest.mark.behaviour("contacthub/listSources/1")
    async def test_shows_all_on_one_page(self, admin: Api, shop: Shop) -> None:
        first = await made(admin, shop)

        answer = await admin.get(PATH, params={"page": "7", "size": "1"})

        assert [one["name"] for one in answer.json()["elements"]] == ["Till", "Shop floor"]
        assert answer.json()["elements"][1] == first
        assert answer.json()["page"]["totalElements"] == 2
        assert answer.json()["page"]["totalPages"] == 1

    async def test_shows_tokens_to_those_who_may_give_them(
        self, admin: Api, guest: Api, shop: Shop
    ) -> None:
        source = await made(admin, shop)

        listed = (await guest.get(PATH)).json()["elements"]
        single = (await guest.get(f"{PATH}/{source['id']}")).json()

        assert [one for one in [*listed, single] if "token" in one] == []


class TestCreateSource:
    @pytest.mark.behaviour("contacthub/createSource/1")
    @pytest.mark.parametrize(
        ("provider", "right", "wrong"),
        [
            ("API", {"allowedIPs": ["192.0.2.7"]}, {"allowedIPs": 5}),
            ("API", {"allowedIPs": "192.0.2.7, 2001:db8::/32"}, {"userdbId": 1}),
            ("API", {}, {"allowedIPs": ["192.0.2.300"]}),
            ("CONTACTSEND", send_properties(), send_properties(userdbId="seven")),
            ("CONTACTSEND", {}, {"exportStores": True}),
            (
                "CONTACTPLAN",
                {
                    "exportProducts": True,
                    "eventPropertiesColumnMapping": [
                        {"model": "ORDER", "mapping": [{"hub": "till", "plan": "TILL"}]}
                    ],
                },
                {"eventPropertiesColumnMapping": [{"model": "CHAIR"}]},
            ),
        ],
    )
    async def test_checks_the_properties_of_the_provider(
        self, admin: Api, shop: Shop, provider: str, right: Json, wrong: Json
    ) -> None:
        refused = await admin.post(PATH, json=a_source(shop, provider=provider, properties=wrong))
        source = await made(admin, shop, provider=provider, properties=right)

        assert refused.status_code == 400
        assert refused.json()["errors"]
        assert (source["provider"], source["properties"]) == (provider, right)
        assert (await admin.get(f"{PATH}/{source['id']}")).json() == source

    async def test_takes_the_sample_of_the_vendor(self, admin: Api, shop: Shop) -> None:
        sample = samples("contacthub")["createSource"]["request"]

        source = await made(admin, shop, **{**sample, "nodes": [str(shop.node_id)]})

        assert source["properties"] == sample["properties"]

    @pytest.mark.behaviour("contacthub/createSource/2", "contacthub/updateSource/2")
    async def test_lets_administrators_and_operators_link_contactsend(
        self, admin: Api, operator: Api, reader: Api, client: Api, shop: Shop
    ) -> None:
        body = a_source(shop, provider="CONTACTSEND", properties=send_properties())
        source = (await operator.post(PATH, json=body)).json()

        for stranger in (reader, client):
            assert (await stranger.post(PATH, json=body)).status_code == 403
            assert (await changed(stranger, source, name="Mine")).status_code == 403
        assert (await changed(admin, source, name="Send")).json()["name"] == "Send"

    @pytest.mark.behaviour("contacthub/createSource/3")
    @pytest.mark.parametrize(
        "provider",
        [
            "JavaScript",
            "MAGENTO",
            "ANDROID_SDK",
            "OBJECTIVEC_SDK",
            "NODEJS_SDK",
            "JAVA_SDK",
            "SCALA_SDK",
            "DOTNET_SDK",
            "UNHEARD_OF",
        ],
    )
    async def test_refuses_old_and_unknown_providers(
        self, admin: Api, shop: Shop, provider: str
    ) -> None:
        answer = await admin.post(PATH, json=a_source(shop, provider=provider))

        assert answer.status_code == 400

    @pytest.mark.behaviour("contacthub/createSource/4")
    @pytest.mark.parametrize("nodes", [[], None, [str(uuid4())], ["counter"]])
    async def test_needs_nodes_of_the_workspace(
        self, admin: Api, shop: Shop, nodes: list[str] | None
    ) -> None:
        body = a_source(shop)
        body = {**body, "nodes": nodes} if nodes is not None else {"name": "Shop floor"}

        answer = await admin.post(PATH, json=body)

        assert answer.status_code == 400
        assert len((await admin.get(PATH)).json()["elements"]) == 1

    @pytest.mark.behaviour("contacthub/createSource/5")
    async def test_answers_a_token_that_works(
        self, admin: Api, clients: Clients, shop: Shop
    ) -> None:
        source = await made(admin, shop)

        assert await reaches(clients, shop, source["token"]) == 200
        other = clients.bearing(source["token"])
        assert (await other.get("/updates")).status_code == 403
        assert (await other.get(PATH)).status_code == 403

    async def test_keeps_no_token_in_clear(self, admin: Api, shop: Shop) -> None:
        token = (await made(admin, shop))["token"]

        async with shop.context.database.reading() as tx:
            kept = await tx.connection.fetch(
                "SELECT tokens::text FROM tokens WHERE workspace_id = $1", shop.workspace_id
            )
            sources = await tx.connection.fetch(
                "SELECT sources::text FROM sources WHERE workspace_id = $1", shop.workspace_id
            )
        assert kept
        assert not [row for row in [*kept, *sources] if token in row[0]]

    async def test_binds_the_token_to_the_nodes(
        self, admin: Api, clients: Clients, shop: Shop
    ) -> None:
        stand = await shop.add_node(Node(uuid7(NOON), NodeKind.ENTRY, "Stand"))
        source = await made(admin, shop, nodes=[str(stand.id)])

        assert await reaches(clients, shop, source["token"]) == 403

    async def test_links_one_node_and_one_user_database(self, admin: Api, shop: Shop) -> None:
        await made(admin, shop, provider="CONTACTSEND", properties=send_properties())

        again = a_source(shop, provider="CONTACTSEND", properties=send_properties(userdbId=8))

        assert paths_of(await admin.post(PATH, json=again)) == ["/nodes"]


class TestGetSource:
    @pytest.mark.behaviour("contacthub/getSource/1")
    async def test_shows_the_token_again(self, admin: Api, shop: Shop) -> None:
        source = await made(admin, shop)

        answer = await admin.get(f"{PATH}/{source['id']}")

        assert answer.json()["token"] == source["token"]

    async def test_of_another_workspace_is_not_found(
        self, admin: Api, rival: Shop, shop: Shop
    ) -> None:
        for unknown in (str(rival.source.id), str(uuid4()), "till"):
            assert (await admin.get(f"{PATH}/{unknown}")).status_code == 404
            put = await admin.put(f"{PATH}/{unknown}", json=a_source(shop))
            assert put.status_code == 404
            assert (await admin.post(f"{PATH}/{unknown}/refresh-token")).status_code == 404


class TestUpdateSource:
    @pytest.mark.behaviour("contacthub/updateSource/1")
    async def test_checks_the_properties_of_the_provider(self, admin: Api, shop: Shop) -> None:
        source = await made(admin, shop, provider="CONTACTPLAN", properties={"groupPk": 1})

        moved = await changed(admin, source, properties={"groupPk": 2})
        wrong = await changed(admin, source, properties={"groupPk": "two"})
        strange = await changed(admin, source, properties={"allowedIPs": []})
        other = await changed(admin, source, provider="API", properties={})

        assert moved.json() == {**source, "properties": {"groupPk": 2}}
        assert wrong.status_code == 400
        assert paths_of(strange) == ["/properties/allowedIPs"]
        assert paths_of(other) == ["/provider"]

    @pytest.mark.behaviour("contacthub/updateSource/3")
    async def test_changes_one_of_an_old_provider(self, admin: Api, shop: Shop) -> None:
        old = Source(uuid7(NOON), "Old shop", "MAGENTO", (shop.node_id,))
        pages = Source(uuid7(NOON), "Pages", "JavaScript", (shop.node_id,))
        async with shop.context.database.transaction() as tx:
            for one in (old, pages):
                await save_source(tx, shop.operator, source=one, at=NOON)

        renamed = await admin.put(
            f"{PATH}/{old.id}", json=a_source(shop, provider="MAGENTO", name="Older shop")
        )
        urls = {"allowedURLs": ["https://records.example/"]}
        bound = await admin.put(
            f"{PATH}/{pages.id}", json=a_source(shop, provider="JavaScript", properties=urls)
        )

        assert (renamed.status_code, renamed.json()["name"]) == (200, "Older shop")
        assert (bound.status_code, bound.json()["properties"]) == (200, urls)

    @pytest.mark.behaviour("contacthub/updateSource/4")
    async def test_that_is_switched_off_lets_nobody_in(
        self, admin: Api, clients: Clients, shop: Shop
    ) -> None:
        source = await made(admin, shop)
        before = await reaches(clients, shop, source["token"])

        await changed(admin, source, enabled=False)
        off = await reaches(clients, shop, source["token"])
        await changed(admin, source, enabled=True)

        assert (before, off) == (200, 401)
        assert await reaches(clients, shop, source["token"]) == 200

    @pytest.mark.behaviour("contacthub/updateSource/5")
    async def test_keeps_the_token(self, admin: Api, shop: Shop) -> None:
        source = await made(admin, shop)

        answer = await changed(admin, source, name="Other", token="mine")  # noqa: S106 - no secret

        assert answer.json()["token"] == source["token"]

    @pytest.mark.parametrize(
        ("changes", "path"),
        [
            ({"id": str(uuid4())}, "/id"),
            ({"name": ""}, "/name"),
            ({"name": "  "}, "/name"),
            ({"nodes": [str(uuid4())]}, "/nodes"),
            ({"properties": {"allowedIPs": "everywhere"}}, "/properties/allowedIPs"),
        ],
    )
    async def test_refuses_what_makes_no_sense(
        self, admin: Api, shop: Shop, changes: Json, path: str
    ) -> None:
        source = await made(admin, shop)

        answer = await changed(admin, source, **changes)

        assert paths_of(answer) == [path]
        assert (await admin.get(f"{PATH}/{source['id']}")).json() == source
