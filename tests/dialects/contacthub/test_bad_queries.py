"""Query strings, paths and headers that no client should send."""

from dataclasses import replace

import pytest

from onefold.actions.context import Context
from onefold.model.access import Role
from tests.builders import make_shop
from tests.contracts.recorder import ContractTransport
from tests.dialects.contacthub.clients import Api, Clients
from tests.dialects.contacthub.people import post_customer
from tests.dialects.contacthub.scenes import EXAMPLES, Example, Scene, make_scene
from tests.dialects.contacthub.snapshots import snapshot

every_operation = pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.operation)

NUMBERS = [
    ("/customers", "page", 1_000_000_000),
    ("/customers", "size", 50),
    ("/events", "page", 1_000_000_000),
    ("/events", "size", 50),
    ("/updates", "size", 4000),
    ("/updates", "offset", 2**53),
    ("/updates", "timestamp", 253_402_300_799_000),
]


@pytest.fixture(scope="module")
async def scene(context: Context, transport: ContractTransport) -> Scene:
    shop = await make_shop(context)
    return await make_scene(Clients(transport, shop), shop)


@pytest.fixture(scope="module")
async def anybody(transport: ContractTransport, scene: Scene) -> Api:
    """A caller that may do everything, so that nothing else is in the way."""
    token = await scene.shop.token_for(*Role)
    return Clients(transport, scene.shop).bearing(token)


class TestNumbers:
    @pytest.mark.parametrize(("path", "name", "most"), NUMBERS)
    async def test_are_whole_and_within_their_limits(
        self, anybody: Api, scene: Scene, path: str, name: str, most: int
    ) -> None:
        node = {"nodeId": str(scene.shop.node_id)}
        good = ["0", "1", "007", str(most), "0" * 10 + "1", ""]
        bad = [
            *("-1", "-0", "+1", "1.0", "1e3", "0x10", "1_000", " 1", "1 ", "ten", "null"),
            *("true", "NaN", "Infinity", "\u0661", "\u00b2", "1,2", "[]", "--", "1;2"),
            *(str(most + 1), "9" * 19, "9" * 20, "9" * 21, "9" * 400, "9" * 5000),
            *("0" * 20 + "9" * 30, "0" * 5000, "1" + "0" * 4300),
        ]

        for value in good:
            answer = await anybody.get(path, params={**node, name: value})
            assert answer.status_code == 200, value
        for value in bad:
            answer = await anybody.get(path, params={**node, name: value})
            assert answer.status_code == 400, value
            assert [one["path"] for one in answer.json()["errors"]] == [f"/{name}"]

    @pytest.mark.parametrize("path", ["/customers", "/events"])
    async def test_are_answered_by_an_empty_page_far_out(
        self, anybody: Api, scene: Scene, path: str
    ) -> None:
        params: dict[str, str | int] = {
            "nodeId": str(scene.shop.node_id),
            "page": 1_000_000_000,
            "size": 50,
        }

        answer = await anybody.get(path, params=params)

        assert answer.json()["elements"] == []
        assert answer.json()["page"]["number"] == 1_000_000_000


RAW_QUERIES = [
    "%",
    "%zz",
    "%e",
    "a=%ff",
    "%ff=a",
    "a=%ed%a0%80",
    "a=%c0%80",
    "a=%00",
    "%00=a",
    "&&&=&",
    "=",
    "a",
    "a=b=c",
    "a=1&a=2",
    "a=" + "x" * 60_000,
    "&".join(f"a{number}=1" for number in range(2000)),
    "a[]=1&a[b]=2",
    "a=%F0%9F%91%A9",
    "nodeId[$ne]=1",
]
TO_BE_REFUSED = {"a=%ff", "%ff=a", "a=%ed%a0%80", "a=%c0%80", "a=%00"}


class TestQueryStrings:
    @pytest.mark.parametrize("path", ["/customers", "/events", "/updates", "/updates/last-offset"])
    @pytest.mark.parametrize("query", RAW_QUERIES, ids=lambda text: text[:12])
    async def test_are_read_or_refused(
        self, anybody: Api, scene: Scene, path: str, query: str
    ) -> None:
        answer = await anybody.get(f"{path}?nodeId={scene.shop.node_id}&{query}")

        assert answer.status_code == (400 if query in TO_BE_REFUSED else 200)

    @pytest.mark.parametrize(
        ("path", "name"),
        [
            *(("/customers", name) for name in ("nodeId", "externalId", "query", "fields", "sort")),
            *(("/events", name) for name in ("customerId", "nodeId", "type", "context", "mode")),
            *(("/events", name) for name in ("dateFrom", "dateTo")),
            *(("/updates", name) for name in ("nodeId", "entity", "size", "offset", "timestamp")),
        ],
    )
    @pytest.mark.parametrize(
        "value",
        [
            "'",
            "%27%20OR%201=1",
            "$1",
            "{}",
            "[]",
            "%22",
            "%5C",
            "%25",
            "..",
            "%E2%80%AE",
            "x" * 9000,
        ],
        ids=lambda text: text[:6],
    )
    async def test_with_a_strange_value_do_no_harm(
        self, anybody: Api, scene: Scene, path: str, name: str, value: str
    ) -> None:
        node = "" if name == "nodeId" else f"nodeId={scene.shop.node_id}&"

        answer = await anybody.get(f"{path}?{node}{name}={value}")

        assert answer.status_code in {200, 400, 404}
        assert len(answer.text) < 5000

    @every_operation
    async def test_with_a_nul_are_refused_where_they_are_read(
        self, example: Example, anybody: Api, scene: Scene
    ) -> None:
        """Operations without query parameters ignore them all, odd ones too."""
        names = {"nodeId", "sessionId", "mode", "nav", "customerId", "entity", "query"}
        before = await snapshot(scene.shop)
        if example.operation in {
            *("searchCustomers", "searchEvents", "getUpdates", "getLastOffset", "getEvent"),
            *("createCustomer", "patchCustomer", "replaceCustomer"),
        }:
            for name in sorted(names):
                answer = await example.send(anybody, scene, params={name: "a\0b"})
                assert answer.status_code == 400
                assert [one["path"] for one in answer.json()["errors"]] == [f"/{name}"]
            assert await snapshot(scene.shop) == before

    @pytest.mark.parametrize("name", ["mode", "nav", "entity"])
    async def test_echo_nothing_personal(self, anybody: Api, scene: Scene, name: str) -> None:
        personal = "eve@secret.example"
        paths = {
            "mode": f"/events?mode={personal}",
            "nav": f"/events/{scene.event}?nav={personal}",
            "entity": f"/updates?entity={personal}",
        }
        others = [
            f"/customers?nodeId={scene.shop.node_id}&sort={personal}",
            f"/customers?nodeId={scene.shop.node_id}&query={personal}",
            f"/customers?nodeId={scene.shop.node_id}&size={personal}",
            f"/events?dateFrom={personal}",
            f"/events?type={personal}",
            f"/customers/{personal}",
            f"/events/{personal}",
            f"/customers/{scene.customer}/sessions/{personal}",
            f"/customers/{scene.customer}/subscriptions/{personal}",
        ]

        for path in (paths[name], *others):
            answer = await anybody.get(path)
            assert answer.status_code in {400, 404}
            assert "secret" not in answer.text, path


ODD_NAMES = [
    "%00",
    "%0A",
    "%20",
    "%2e%2e",
    "%2F",
    "a%2Fb",
    "%ff%fe",
    "%ed%a0%80",
    "%",
    "%zz",
    "%C3%BC",
    "%F0%9F%91%A9",
    "'%20OR%201=1",
    "{customerId}",
    "*",
    "-1",
    "0" * 32,
    "00000000-0000-0000-0000-000000000000",
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
    "{00000000-0000-0000-0000-000000000000}",
    "urn:uuid:00000000-0000-0000-0000-000000000000",
    "%D9%A0" * 32,
    "x" * 8000,
]


class TestPaths:
    @every_operation
    async def test_with_strange_names_lead_nowhere(
        self, example: Example, anybody: Api, scene: Scene
    ) -> None:
        before = await snapshot(scene.shop)
        places = [part for part in scene.filled(example.path).split("/") if part]
        changing = [
            position
            for position, part in enumerate(places)
            if part not in {"customers", "events", "sessions", "updates", "data", "last-offset"}
            and part not in {"subscriptions", "educations", "likes", "jobs"}
        ]

        for position in changing:
            for name in ODD_NAMES:
                path = "/" + "/".join([*places[:position], name, *places[position + 1 :]])
                answer = await replace(example, path=path).send(anybody, scene)
                assert answer.status_code in {404, 405}, (path, answer.text)
                assert len(answer.text) < 1000
        assert await snapshot(scene.shop) == before


class TestIdempotencyKeys:
    @pytest.mark.parametrize("key", ["x" * 256, "a" * 5000])
    async def test_that_are_too_long_are_refused(
        self, anybody: Api, scene: Scene, key: str
    ) -> None:
        before = await snapshot(scene.shop)
        (example,) = [one for one in EXAMPLES if one.operation == "createEvent"]

        answer = await example.send(anybody, scene, headers={"Idempotency-Key": key})

        assert answer.status_code == 400
        assert await snapshot(scene.shop) == before

    async def test_of_another_request_are_refused(self, anybody: Api, scene: Scene) -> None:
        (example,) = [one for one in EXAMPLES if one.operation == "createEvent"]
        headers = {"Idempotency-Key": "once"}

        first = await example.send(anybody, scene, headers=headers)
        again = await example.send(anybody, scene, headers=headers)
        other = await example.send(
            anybody, scene, headers=headers, json=scene.filled(example.body) | {"context": "IOT"}
        )

        assert (first.status_code, again.status_code) == (202, 202)
        assert first.json() == again.json()
        assert other.status_code == 409
        assert other.json()["data"] is None


class TestLongSessions:
    async def test_in_the_query_may_hold_any_text(self, anybody: Api, scene: Scene) -> None:
        created = await post_customer(anybody, scene.shop, "zoe@shop.example")
        for value in ("ü" * 255, "'", "a b", "👩"):
            answer = await anybody.patch(
                f"/customers/{created['id']}", json={}, params={"sessionId": value}
            )
            assert answer.status_code == 200

        listed = await anybody.get(f"/customers/{created['id']}/sessions")

        assert [one["value"] for one in listed.json()["elements"]] == ["ü" * 255, "'", "a b", "👩"]
