"""What published clients send, request by request, and what they need to find in the answers.

The requests of the client for Python were recorded from version 0.2 talking to this server, those
of the others are as their sources and tests have them; see contracts/contacthub.md.
"""

import json
from typing import Any

import httpx
import pytest

from onefold.actions.context import Context
from onefold.model.workspaces import OnMatch, UniquePolicy
from tests.builders import Shop, make_shop
from tests.contracts.recorder import ContractTransport
from tests.dialects.contacthub.clients import Api, Clients
from tests.dialects.contacthub.people import Json, brought_back, post_customer, read_customer


def of_python(clients: Clients, shop: Shop) -> Api:
    """Headers of the client for Python, sent with every method."""
    return clients.sending(
        {
            "Authorization": f"Bearer {shop.token}",
            "Content-Type": "application/json",
            "User-Agent": "python-requests/2.31.0",
            "Accept-Encoding": "gzip, deflate",
            "Accept": "*/*",
            "Connection": "keep-alive",
        }
    )


class TestPython:
    """contacthub-sdk-python 0.2."""

    @pytest.fixture
    def python(self, clients: Clients, shop: Shop) -> Api:
        return of_python(clients, shop)

    async def answered(self, python: Api, method: str, path: str, **sent: Any) -> Json:
        """Do what the client does with an answer: read it as JSON, and index without asking."""
        answer = await python.request(method, path, **sent)
        read = json.loads(answer.text)
        if not 200 <= answer.status_code < 300:
            for name in ("message", "errors", "data", "logref"):
                assert name in read
        return read

    async def test_pages_through_customers(self, python: Api, shop: Shop) -> None:
        for name in ("a", "b", "c"):
            await post_customer(python, shop, f"{name}@shop.example", base={"firstName": name})
        params = {"nodeId": str(shop.node_id), "size": 2, "fields": "base.firstName"}

        first = await self.answered(python, "GET", "/customers", params=params)
        second = await self.answered(python, "GET", "/customers", params={**params, "page": 1})

        assert [one["base"]["firstName"] for one in first["elements"]] == ["c", "b"]
        assert [one["base"]["firstName"] for one in second["elements"]] == ["a"]
        page = second["page"]
        assert (page["size"], page["number"], page["totalElements"]) == (2, 1, 3)
        assert (page["totalPages"], page["totalUnfilteredElements"]) == (2, 0)

    async def test_adds_tags_from_what_it_read(self, python: Api, shop: Shop) -> None:
        ada = await post_customer(python, shop)
        path = f"/customers/{ada['id']}"
        assert (await self.answered(python, "GET", path))["tags"] is None

        await self.answered(python, "PATCH", path, json={"tags": {"manual": ["vip"]}})
        await self.answered(python, "PATCH", path, json={"tags": {"manual": ["vip", "two"]}})
        await self.answered(python, "PATCH", path, json={"tags": {"manual": ["two"]}})

        assert (await self.answered(python, "GET", path))["tags"] == {
            "auto": [],
            "manual": ["two"],
        }

    async def test_ties_a_session(self, python: Api, shop: Shop) -> None:
        ada = await post_customer(python, shop)
        value = "f4b4f9d5-5992-412b-846a-2ad734e3e484"

        tied = await self.answered(
            python, "POST", f"/customers/{ada['id']}/sessions", json={"value": value}
        )

        assert tied["value"] == value

    async def test_posts_events_and_reads_them(self, python: Api, shop: Shop) -> None:
        ada = await post_customer(python, shop, externalId="sdk-1")
        body = {
            "customerId": ada["id"],
            "type": "viewedPage",
            "context": "WEB",
            "properties": {"title": "x"},
        }
        brought = {
            **body,
            "bringBackProperties": brought_back(shop, "EXTERNAL_ID", "sdk-1"),
            "date": "2026-01-02T03:04:05Z",
        }
        del brought["customerId"]

        for sent in (body, brought):
            assert (await self.answered(python, "POST", "/events", json=sent)).keys() == {"id"}
        params = {
            "customerId": ada["id"],
            "type": "viewedPage",
            "context": "WEB",
            "mode": "ACTIVE",
            "dateFrom": "2020-01-01T00:00:00Z",
        }
        found = await self.answered(python, "GET", "/events", params=params)

        assert [one["date"] for one in found["elements"]][1:] == ["2026-01-02T03:04:05.000+0000"]
        assert found["page"]["totalUnfilteredElements"] == 0

    @pytest.mark.parametrize(
        ("name", "new", "change"),
        [
            ("educations", {"id": "e", "startYear": 1990}, {"schoolName": "X"}),
            ("jobs", {"id": "j", "startDate": "2010-01-01"}, {"jobTitle": "y"}),
            ("likes", {"id": "l", "createdTime": "2020-01-01T00:00:00Z"}, {"name": "z"}),
            (
                "subscriptions",
                {"id": "s", "subscribed": True, "startDate": "2020-01-01T00:00:00Z"},
                {"subscribed": False},
            ),
        ],
    )
    async def test_puts_items_without_their_id(
        self, python: Api, shop: Shop, name: str, new: Json, change: Json
    ) -> None:
        path = f"/customers/{(await post_customer(python, shop))['id']}/{name}"

        created = await self.answered(python, "POST", path, json=new)
        updated = await self.answered(python, "PUT", f"{path}/{new['id']}", json=change)
        deleted = await python.delete(f"{path}/{new['id']}")

        assert created["id"] == updated["id"] == new["id"]
        ((field, value),) = change.items()
        assert updated[field] == value
        assert deleted.text == ""

    async def test_puts_the_customer_that_it_read(self, python: Api, shop: Shop) -> None:
        """Without its times, with empty objects for null ones, and with a time zone."""
        ada = await post_customer(python, shop, base={"firstName": "Ada"})
        body = {name: value for name, value in ada.items() if not name.endswith("At")}
        body["base"]["timezone"] = "Europe/Rome"
        body |= {"extended": {}, "tags": {"auto": [], "manual": []}}

        put = await self.answered(python, "PUT", f"/customers/{ada['id']}", json=body)

        assert put["base"]["timezone"] == "Europe/Rome"
        assert put["base"]["firstName"] == "Ada"
        assert put["extended"] is None

    @pytest.mark.parametrize(
        "query",
        [
            {
                "type": "composite",
                "conditions": [
                    {
                        "type": "atomic",
                        "attribute": "base.firstName",
                        "operator": "EQUALS",
                        "value": "Ada",
                    },
                    {"type": "atomic", "attribute": "base.lastName", "operator": "IS_NULL"},
                ],
                "conjunction": "and",
            },
            {"type": "atomic", "attribute": "base.firstName", "operator": "IN", "value": "Ada"},
            {
                "type": "atomic",
                "attribute": "base.dob",
                "operator": "BETWEEN",
                "value": ["1980-01-01T00:00:00Z", "1990-01-01T00:00:00Z"],
            },
        ],
    )
    async def test_sends_a_query_as_one_text(self, python: Api, shop: Shop, query: Json) -> None:
        base = {"firstName": "Ada", "dob": "1985-12-10"}
        ada = await post_customer(python, shop, base=base)
        simple = {"type": "simple", "name": "query", "are": {"condition": query}}
        combined = {
            "type": "combined",
            "name": "query",
            "conjunction": "UNION",
            "queries": [simple, simple],
        }

        for inner in (simple, combined):
            text = json.dumps({"name": "query", "query": inner})
            params = {"nodeId": str(shop.node_id), "query": text}
            found = await self.answered(python, "GET", "/customers", params=params)
            assert [one["id"] for one in found["elements"]] == [ada["id"]]

    async def test_patches_whom_a_conflict_names(
        self, context: Context, transport: ContractTransport
    ) -> None:
        unique = UniquePolicy(("contact.email",), on_match=OnMatch.REFUSE)
        shop = await make_shop(context, unique=unique)
        python = of_python(Clients(transport, shop), shop)
        ada = await post_customer(python, shop)
        body: Json = {
            "base": {"contacts": {"email": "ada@shop.example"}, "lastName": "Byron"},
            "nodeId": str(shop.node_id),
        }

        conflict = await self.answered(python, "POST", "/customers", json=body)
        del body["nodeId"]
        other = conflict["data"]["customer"]["id"]
        patched = await self.answered(python, "PATCH", f"/customers/{other}", json=body)

        assert patched["id"] == ada["id"]
        assert patched["base"]["lastName"] == "Byron"


class TestNode:
    """contacthub-sdk-nodejs 1.1: nulls and empty lists are dropped before a value is compared."""

    async def test_reads_back_what_it_wrote(self, client: Api, shop: Shop) -> None:
        base = {
            "firstName": "Mario",
            "dob": "1990-12-12",
            "contacts": {
                "email": "mario@shop.example",
                "otherContacts": [{"type": "MOBILE", "name": "work", "value": "3337654321"}],
                "mobileDevices": [{"type": "IOS", "name": "iPhone", "identifier": "1234ABC"}],
            },
            "address": {"street": "Via Malaga", "geo": {"lat": 45.4654, "lon": 9.1859}},
            "subscriptions": [
                {
                    "id": "sub",
                    "kind": "DIGITAL_MESSAGE",
                    "subscribed": True,
                    "startDate": "2016-01-01T00:00:00.000Z",
                    "preferences": [{"key": "key1", "value": "value1"}],
                }
            ],
        }

        created = await post_customer(client, shop, base=base)

        compacted = compact(created["base"])
        (subscription,) = compacted.pop("subscriptions")
        assert compacted == {name: base[name] for name in base if name != "subscriptions"}
        assert subscription["startDate"] == "2016-01-01T00:00:00.000+0000"
        assert subscription["preferences"] == [{"key": "key1", "value": "value1"}]

    async def test_puts_and_patches_with_the_id_in_the_body(self, client: Api, shop: Shop) -> None:
        ada = await post_customer(client, shop, base={"firstName": "Ada"})
        path = f"/customers/{ada['id']}"
        sent = {"id": ada["id"], "base": compact(ada["base"])}

        put = await client.put(path, json={**sent, "nodeId": str(shop.node_id)})
        patched = await client.patch(path, json={**sent, "extra": "changed"})

        assert (put.status_code, patched.status_code) == (200, 200)
        assert patched.json()["extra"] == "changed"

    async def test_asks_for_the_page_behind_the_last(self, client: Api, shop: Shop) -> None:
        await post_customer(client, shop)
        params: dict[str, str | int] = {"nodeId": str(shop.node_id)}
        first = (await client.get("/customers", params=params)).json()

        last = await client.get(
            "/customers", params={**params, "page": first["page"]["totalPages"]}
        )

        assert last.status_code == 200
        assert last.json()["elements"] == []

    async def test_looks_for_these_words_in_errors(
        self, client: Api, clients: Clients, shop: Shop
    ) -> None:
        node = {"nodeId": "fake-node-id"}
        unknown = str(client.base_url).replace(str(shop.workspace_id), "fake-workspace-id")

        token = await clients.bearing("fake-token").get("/customers", params=node)
        workspace = await client.get(f"{unknown}customers", params=node)
        missing = await client.get("/customers", params=node)

        assert [
            (one.status_code, one.json()["message"]) for one in (token, workspace, missing)
        ] == [
            (401, "The client is not authorized to access the API"),
            (403, "workspace not found: fake-workspace-id"),
            (404, "node not found fake-node-id"),
        ]


def compact(value: Json) -> Json:
    """Drop nulls, empty lists and empty objects, as the client for Node does."""
    if isinstance(value, dict):
        kept = {name: compact(one) for name, one in value.items()}
        return {name: one for name, one in kept.items() if one is not None} or None
    if isinstance(value, list):
        return [one for one in map(compact, value) if one is not None] or None
    return value


class TestBrowser:
    """@contactlab/sdk-browser 2.2: only POST and PATCH, with a token that everybody can read."""

    @pytest.fixture
    def page(self, browser: Api) -> Api:
        browser.headers.update(
            {
                "Accept": "application/json",
                "Contactlab-ClientId": "sdk-browser",
                "Content-Type": "application/json",
                "Origin": "https://shop.example",
            }
        )
        return browser

    @staticmethod
    def read(answer: httpx.Response) -> Json:
        assert answer.is_success, answer.text
        assert answer.headers["access-control-allow-origin"] == "*"
        return json.loads(answer.text or "{}")

    async def test_creates_ties_and_patches(self, page: Api, client: Api, shop: Shop) -> None:
        node = {"nodeId": str(shop.node_id)}
        customer = {
            "externalId": "456",
            "base": {"firstName": "Mario", "contacts": {"email": "mario@shop.example"}},
            "extended": {},
            "extra": "",
            "tags": {"auto": [], "manual": []},
        }

        created = self.read(await page.post("/customers", json={**customer, **node}))
        path = f"/customers/{created['id']}"
        self.read(await page.post(f"{path}/sessions", json={"value": "sid-1"}))
        more = {"id": None, "base": {"contacts": {"mobilePhone": "+393331234567"}}}
        self.read(await page.patch(path, json=more))

        stored = await read_customer(client, created["id"])
        assert stored["base"]["contacts"]["mobilePhone"] == "+393331234567"
        assert stored["base"]["firstName"] == "Mario"
        assert stored["extra"] == ""

    async def test_sends_page_views(self, page: Api, client: Api, shop: Shop) -> None:
        body = {
            "type": "viewedPage",
            "context": "WEB",
            "contextInfo": {},
            "properties": {
                "title": "Some title",
                "url": "http://shop.example/some/path?a=b#c",
                "path": "/some/path",
                "referer": "",
            },
            "tracking": {"ga": {"utm_source": "abcd", "utm_medium": "web"}},
            "bringBackProperties": brought_back(shop, "SESSION_ID", "sid-1"),
        }

        sent = self.read(await page.post("/events", json=body))

        event = (await client.get(f"/events/{sent['id']}")).json()
        assert {name: event[name] for name in body} == body

    async def test_learns_nothing_about_whom_it_reaches(
        self, page: Api, client: Api, shop: Shop
    ) -> None:
        """Whoever knows an address must not get the profile behind it."""
        ada = await post_customer(client, shop, base={"firstName": "Ada", "lastName": "Byron"})
        email = {"contacts": {"email": "ada@shop.example"}}

        posted = await page.post("/customers", json={"nodeId": str(shop.node_id), "base": email})
        patched = await page.patch(f"/customers/{ada['id']}", json={"extra": "x"})
        put = await page.put(
            f"/customers/{ada['id']}", json={"nodeId": str(shop.node_id), "base": email}
        )

        for answer in (posted, patched, put):
            assert self.read(answer) == {"id": ada["id"], "nodeId": str(shop.node_id)}
        for path in ("", "/sessions", "/subscriptions/x", "/educations/x"):
            assert (await page.get(f"/customers/{ada['id']}{path}")).status_code == 403
