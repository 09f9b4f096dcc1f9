"""What holds for every answer: errors, CORS, methods, dates, and requests that break off."""

import re
from dataclasses import replace
from uuid import UUID

import pytest
from starlette.types import Message

from onefold.actions.context import Context
from onefold.assembly.application import application_on
from onefold.model.access import Role
from tests.builders import Shop
from tests.dialects.contacthub.clients import MOUNT, Api, Clients
from tests.dialects.contacthub.people import Json, event_body, post_customer
from tests.dialects.contacthub.scenes import EXAMPLES, WITH_BODY, Example, Scene, make_scene
from tests.dialects.contacthub.snapshots import snapshot

every_operation = pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.operation)
with_body = pytest.mark.parametrize("example", WITH_BODY, ids=lambda one: one.operation)


@pytest.fixture
async def scene(clients: Clients, shop: Shop) -> Scene:
    return await make_scene(clients, shop)


class TestErrors:
    @pytest.mark.parametrize(
        ("method", "path", "body", "status"),
        [
            ("GET", "/customers", None, 400),
            ("POST", "/customers", {}, 400),
            ("GET", "/customers/nobody", None, 404),
            ("GET", "/nothing", None, 404),
            ("GET", "/customers/", None, 404),
            ("GET", "//customers", None, 404),
            ("PATCH", "/customers", {}, 405),
            ("GET", "/updates", None, 403),
        ],
    )
    async def test_have_four_keys(
        self, client: Api, method: str, path: str, body: Json, status: int
    ) -> None:
        answer = await client.request(method, path, json=body)

        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/json"
        error = answer.json()
        assert list(error) == ["message", "logref", "data", "errors"]
        assert error["message"]
        assert error["data"] is None
        for one in error["errors"]:
            assert list(one) == ["message", "path", "data", "code"]
            assert (one["data"], one["code"]) == (None, None)

    async def test_have_an_id_each(self, client: Api) -> None:
        logrefs = {(await client.get("/nothing")).json()["logref"] for _ in range(5)}

        assert len({UUID(one) for one in logrefs}) == 5


class TestCors:
    @every_operation
    async def test_asks_before_every_method(
        self, example: Example, clients: Clients, scene: Scene
    ) -> None:
        headers = {
            "Origin": "https://shop.example",
            "Access-Control-Request-Method": example.method,
            "Access-Control-Request-Headers": "authorization,contactlab-clientid,content-type",
        }

        answer = await clients.sending(headers).options(scene.filled(example.path))

        assert answer.status_code == 204
        assert answer.content == b""
        assert answer.headers["access-control-allow-origin"] == "*"
        methods = answer.headers["access-control-allow-methods"].split(", ")
        assert example.method in methods
        allowed = answer.headers["access-control-allow-headers"].lower().split(", ")
        assert {"authorization", "contactlab-clientid", "content-type"} <= set(allowed)

    async def test_lets_every_answer_be_read(
        self, client: Api, clients: Clients, shop: Shop
    ) -> None:
        ada = await post_customer(client, shop)
        path = f"/customers/{ada['id']}"
        answers = [
            await client.get(path),
            await client.post("/events", json=event_body(ada["id"])),
            await client.post("/customers", json={}),
            await clients.sending({}).get(path),
            await client.get("/updates"),
            await client.get("/nothing"),
            await client.patch("/customers", json={}),
            await client.post("/customers", content=b"x" * 65_537),
            await client.delete(path),
        ]

        assert [one.status_code for one in answers] == [
            *(200, 202, 400, 401, 403, 404, 405, 413, 200)
        ]
        for answer in answers:
            assert answer.headers["access-control-allow-origin"] == "*"


class TestMethods:
    @every_operation
    async def test_may_be_named_by_a_header_of_post(
        self, example: Example, shop: Shop, clients: Clients, scene: Scene
    ) -> None:
        token = await shop.token_for(*example.roles)
        client = clients.bearing(token)
        client.headers["X-HTTP-Method-Override"] = example.method.lower()
        meant = replace(example, method="POST")

        answer = await meant.send(client, scene)

        assert answer.status_code == example.status, answer.text

    async def test_are_named_by_it_beside_post_only(self, client: Api, shop: Shop) -> None:
        ada = await post_customer(client, shop)
        path = f"/customers/{ada['id']}"

        answer = await client.get(path, headers={"X-HTTP-Method-Override": "DELETE"})

        assert answer.json() == ada
        assert (await client.get(path)).status_code == 200

    @pytest.mark.parametrize("method", ["TRACE", "PROPFIND", "BREW", "PUT", "PATCH", "DELETE"])
    async def test_that_are_not_served_are_told_which_are(self, client: Api, method: str) -> None:
        direct = await client.request(method, "/customers")
        named = await client.post("/customers", headers={"X-HTTP-Method-Override": method})

        for answer in (direct, named):
            assert answer.status_code == 405
            assert answer.headers["allow"] == "GET, POST"

    async def test_include_head(self, client: Api, shop: Shop) -> None:
        ada = await post_customer(client, shop)

        answer = await client.head(f"/customers/{ada['id']}")

        assert answer.status_code == 200
        assert answer.content == b""
        assert int(answer.headers["content-length"]) > 100


TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:")
PUBLISHED_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000")


def texts(value: Json) -> list[str]:
    if isinstance(value, dict):
        return [text for one in value.values() for text in texts(one)]
    if isinstance(value, list):
        return [text for one in value for text in texts(one)]
    return [value] if isinstance(value, str) else []


class TestDates:
    @pytest.mark.parametrize(
        "example",
        [one for one in EXAMPLES if one.status in {200, 201} and one.method != "DELETE"],
        ids=lambda one: one.operation,
    )
    async def test_are_written_in_one_form(
        self, example: Example, clients: Clients, shop: Shop, scene: Scene
    ) -> None:
        token = await shop.token_for(*example.roles - {Role.BROWSER})

        answer = await example.send(clients.bearing(token), scene)

        times = [text for text in texts(answer.json()) if TIME.match(text)]
        assert [text for text in times if not PUBLISHED_TIME.fullmatch(text)] == []


class TestStrayParts:
    @every_operation
    async def test_of_a_request_are_ignored(
        self, example: Example, shop: Shop, clients: Clients, scene: Scene
    ) -> None:
        """A nodeId where there is none to name, and headers that say nothing."""
        token = await shop.token_for(*example.roles)
        client = clients.bearing(token)
        sent = {
            "Content-Type": "application/json",
            "Accept": "text/plain;q=0, nonsense",
            "Contactlab-ClientId": "sdk-browser",
            "Cookie": "a=b; c",
            "X-Odd": "\x7f",
        }
        client.headers.update(sent)
        stray = (
            {}
            if example.operation.startswith(("search", "getU", "getL"))
            else {
                "nodeId": "not-an-id",
                "more": "\u00fc",
            }
        )

        answer = await example.send(client, scene, params={**scene.filled(example.params), **stray})

        assert answer.status_code == example.status, answer.text


class Sent(list[Message]):
    """What an application sent, message by message."""

    async def take(self, message: Message) -> None:
        self.append(message)

    @property
    def status(self) -> int:
        return int(self[0]["status"])


class Wire:
    """The application without a client's manners: any bytes, in any pieces."""

    def __init__(self, context: Context, scene: Scene) -> None:
        self.app, self.services, _ = application_on(context)
        self.scene = scene

    async def send(self, example: Example, messages: list[Message], **more: object) -> Sent:
        """Send an operation's request with this body; `more` replaces parts of its scope."""
        shop = self.scene.shop
        path = f"{MOUNT}/workspaces/{shop.workspace_id}{self.scene.filled(example.path)}"
        scope = {
            "type": "http",
            "method": example.method,
            "scheme": "http",
            "path": path.removeprefix("http://onefold.example"),
            "query_string": b"",
            "headers": [(b"authorization", f"Bearer {shop.token}".encode())],
            **more,
        }
        sent = Sent()

        async def receive() -> Message:
            return messages.pop(0)

        await self.app(scope, receive, sent.take)
        await self.services.drain()
        return sent


@pytest.fixture
async def wire(context: Context, scene: Scene) -> Wire:
    return Wire(context, scene)


def chunk(body: bytes, *, more: bool = True) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


(PATCH_CUSTOMER,) = [one for one in EXAMPLES if one.operation == "patchCustomer"]


class TestRequestsThatBreakOff:
    @with_body
    async def test_change_nothing_and_get_no_answer(
        self, example: Example, wire: Wire, shop: Shop
    ) -> None:
        before = await snapshot(shop)
        gone: Message = {"type": "http.disconnect"}

        for chunks in ([], [b"{"], [b'{"base": ', b"{}"]):
            messages = [*(chunk(one) for one in chunks), gone]
            assert await wire.send(example, messages) == []

        assert await snapshot(shop) == before


class TestOddRequests:
    async def test_may_come_in_small_pieces(self, wire: Wire, client: Api) -> None:
        pieces = [chunk(bytes([one])) for one in b'{"extra": "in pieces"}']

        sent = await wire.send(PATCH_CUSTOMER, [*pieces, chunk(b"", more=False)])

        assert sent.status == 200
        answer = await client.get(f"/customers/{wire.scene.customer}")
        assert answer.json()["extra"] == "in pieces"

    async def test_are_refused_as_soon_as_they_are_too_large(self, wire: Wire, shop: Shop) -> None:
        before = await snapshot(shop)
        pieces = [chunk(b" " * 1000) for _ in range(100)]

        sent = await wire.send(PATCH_CUSTOMER, pieces)

        assert sent.status == 413
        assert 30 < len(pieces) < 40
        assert await snapshot(shop) == before

    @pytest.mark.parametrize("query", [b"a=\xff", b"nodeId=\xc3\xbc", b"\x00", b"a=\x00"])
    async def test_with_bytes_in_the_query_are_no_fault_of_ours(
        self, wire: Wire, query: bytes
    ) -> None:
        (search,) = [one for one in EXAMPLES if one.operation == "searchCustomers"]

        sent = await wire.send(search, [chunk(b"", more=False)], query_string=query)

        assert sent.status == 400

    @pytest.mark.parametrize(
        "headers",
        [
            [],
            [(b"authorization", b"\xff\xfe")],
            [(b"authorization", b"Bearer a"), (b"authorization", b"Bearer b")],
            [(b"authorization", b""), (b"host", b"")],
        ],
    )
    async def test_with_odd_headers_are_refused(
        self, wire: Wire, headers: list[tuple[bytes, bytes]]
    ) -> None:
        sent = await wire.send(PATCH_CUSTOMER, [chunk(b"{}", more=False)], headers=headers)

        assert sent.status == 401

    async def test_need_no_host(self, wire: Wire) -> None:
        sent = await wire.send(PATCH_CUSTOMER, [chunk(b"{}", more=False)])

        assert sent.status == 200
