"""Tokens of sources: exchanged for new ones, and where they may be used."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from uuid import UUID

import httpx
import pytest

from onefold.actions.workspaces import save_source
from onefold.assembly.application import application_on
from onefold.model.access import Role
from onefold.model.ids import uuid7
from onefold.model.workspaces import Source
from tests.builders import NOON, Shop
from tests.contracts.recorder import ContractTransport
from tests.dialects.contacthub.clients import MOUNT, Api, Clients
from tests.dialects.contacthub.configuration.integrations import (
    PATH,
    a_source,
    changed,
    made,
    reaches,
)

From = Callable[[str | None, str], Api]


@pytest.fixture
async def calling_from(shop: Shop) -> AsyncIterator[From]:
    """Make clients that call from another address, None for one that is not known."""
    app, services, _ = application_on(shop.context)
    async with AsyncExitStack() as stack:

        def client(address: str | None, token: str) -> Api:
            inner = httpx.ASGITransport(app, client=(address, 4711))  # type: ignore[arg-type]  # None: a socket file
            return httpx.AsyncClient(
                transport=ContractTransport(inner),
                base_url=f"{MOUNT}/workspaces/{shop.workspace_id}",
                headers={"Authorization": f"Bearer {token}"},
            )

        yield client
        stack.push_async_callback(services.drain)


class TestRefreshToken:
    @pytest.mark.behaviour("contacthub/refreshSourceToken/1", "contacthub/refreshSourceToken/2")
    async def test_ends_the_old_one(self, admin: Api, clients: Clients, shop: Shop) -> None:
        source = await made(admin, shop)
        before = await reaches(clients, shop, source["token"])

        answer = await admin.post(f"{PATH}/{source['id']}/refresh-token")

        fresh = answer.json()["token"]
        assert answer.json() == {**source, "token": fresh}
        assert fresh != source["token"]
        assert (before, await reaches(clients, shop, source["token"])) == (200, 401)
        assert await reaches(clients, shop, fresh) == 200
        assert (await admin.get(f"{PATH}/{source['id']}")).json()["token"] == fresh

    @pytest.mark.behaviour("contacthub/refreshSourceToken/3")
    async def test_needs_no_body(self, admin: Api, shop: Shop) -> None:
        source = await made(admin, shop)
        headers = {"Content-Type": "application/json"}

        answer = await admin.post(f"{PATH}/{source['id']}/refresh-token", headers=headers)

        assert answer.status_code == 200

    async def test_of_a_page_may_write_and_not_search(
        self, admin: Api, clients: Clients, shop: Shop
    ) -> None:
        pages = Source(uuid7(NOON), "Pages", "JavaScript", (shop.node_id,))
        async with shop.context.database.transaction() as tx:
            await save_source(tx, shop.operator, source=pages, at=NOON)

        token = (await admin.post(f"{PATH}/{pages.id}/refresh-token")).json()["token"]

        assert await reaches(clients, shop, token) == 403
        body = {"nodeId": str(shop.node_id), "base": {"contacts": {"email": "a@b.example"}}}
        assert (await clients.bearing(token).post("/customers", json=body)).status_code == 201


class TestAllowedPages:
    """Browsers say which page calls; the token of a page is of no use to others."""

    @pytest.fixture
    async def token(self, admin: Api, shop: Shop) -> str:
        pages = Source(uuid7(NOON), "Pages", "JavaScript", (shop.node_id,))
        async with shop.context.database.transaction() as tx:
            await save_source(tx, shop.operator, source=pages, at=NOON)
        urls = ["https://shop.example/tea", "http://shop.example:8080"]
        body = a_source(shop, provider="JavaScript", properties={"allowedURLs": urls})
        assert (await admin.put(f"{PATH}/{pages.id}", json=body)).status_code == 200
        answer = await admin.post(f"{PATH}/{pages.id}/refresh-token")
        found: str = answer.json()["token"]
        return found

    @pytest.mark.parametrize(
        ("origin", "status"),
        [
            ("https://shop.example", 201),
            ("http://shop.example:8080", 201),
            ("http://shop.example", 403),
            ("https://shop.example.rival.example", 403),
            ("null", 403),
            (None, 403),
        ],
    )
    async def test_are_those_that_may_use_the_token(
        self, clients: Clients, shop: Shop, token: str, origin: str | None, status: int
    ) -> None:
        page = clients.bearing(token)
        headers = {} if origin is None else {"Origin": origin}
        base = {"contacts": {"email": "ada@shop.example"}}
        body = {"nodeId": str(shop.node_id), "base": base}

        answer = await page.post("/customers", json=body, headers=headers)

        assert answer.status_code == status
        assert answer.headers["access-control-allow-origin"] == "*"

    async def test_are_all_while_none_is_named(
        self, admin: Api, clients: Clients, shop: Shop
    ) -> None:
        source = await made(admin, shop)
        api = clients.bearing(source["token"])
        params = {"nodeId": str(shop.node_id)}

        answer = await api.get("/customers", params=params, headers={"Origin": "https://x.example"})

        assert answer.status_code == 200

    async def test_must_be_addresses_of_pages(self, admin: Api, shop: Shop) -> None:
        pages = Source(uuid7(NOON), "Pages", "JavaScript", (shop.node_id,))
        async with shop.context.database.transaction() as tx:
            await save_source(tx, shop.operator, source=pages, at=NOON)
        urls = ["https://shop.example", "mailto:ada@shop.example"]
        body = a_source(shop, provider="JavaScript", properties={"allowedURLs": urls})

        answer = await admin.put(f"{PATH}/{pages.id}", json=body)

        assert answer.status_code == 400
        assert [one["path"] for one in answer.json()["errors"]] == ["/properties/allowedURLs/1"]


class TestAllowedAddresses:
    @pytest.mark.parametrize(
        ("allowed", "address", "status"),
        [
            (["192.0.2.7"], "192.0.2.7", 200),
            (["192.0.2.7"], "192.0.2.8", 403),
            (["192.0.2.0/24"], "192.0.2.8", 200),
            (["192.0.2.7"], "::ffff:192.0.2.7", 200),
            (["::ffff:192.0.2.7"], "192.0.2.7", 200),
            (["192.0.2.7", "2001:db8::1"], "2001:0DB8:0:0::1", 200),
            (["2001:db8::/32"], "2001:db9::1", 403),
            (["fe80::1"], "fe80::1%eth0", 200),
            (["192.0.2.7"], "2001:db8::1", 403),
            (["192.0.2.7"], "testclient", 403),
            (["192.0.2.7"], None, 403),
            ("192.0.2.7; 2001:db8::1", "2001:db8::1", 200),
            ("", "198.51.100.1", 200),
            ([], None, 200),
        ],
    )
    async def test_are_where_the_token_works(
        self,
        admin: Api,
        calling_from: From,
        shop: Shop,
        allowed: object,
        address: str | None,
        status: int,
    ) -> None:
        source = await made(admin, shop, properties={"allowedIPs": allowed})

        api = calling_from(address, source["token"])
        answer = await api.get("/customers", params={"nodeId": str(shop.node_id)})

        assert answer.status_code == status

    async def test_hold_at_once_and_for_this_source_only(
        self, admin: Api, calling_from: From, shop: Shop
    ) -> None:
        source = await made(admin, shop)
        other = await made(admin, shop, name="Other")
        await changed(admin, source, properties={"allowedIPs": ["192.0.2.7"]})

        statuses = []
        for token in (source["token"], other["token"], await shop.token_for(Role.USER)):
            api = calling_from("198.51.100.1", token)
            answer = await api.get("/customers", params={"nodeId": str(shop.node_id)})
            statuses.append(answer.status_code)

        assert statuses == [403, 200, 200]

    async def test_may_be_set_by_the_operator_of_the_machine(
        self, admin: Api, calling_from: From, shop: Shop
    ) -> None:
        source = await made(admin, shop, provider="CONTACTSEND", properties={"groupPk": 1})
        bound = Source(
            UUID(source["id"]),
            "Send",
            "CONTACTSEND",
            (shop.node_id,),
            networks=("192.0.2.7/32",),
        )
        async with shop.context.database.transaction() as tx:
            await save_source(tx, shop.operator, source=bound, at=NOON)
        await changed(admin, source, name="Renamed")

        api = calling_from("198.51.100.1", source["token"])
        answer = await api.get("/customers", params={"nodeId": str(shop.node_id)})

        assert answer.status_code == 403
        assert (await admin.get(f"{PATH}/{source['id']}")).json()["properties"] == {"groupPk": 1}
