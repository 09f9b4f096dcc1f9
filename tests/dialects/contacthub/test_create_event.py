"""POST /events: whose an event is, what it needs, and how it is stored."""

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from onefold.actions.context import Context
from onefold.actions.workspaces import save_node
from onefold.model.ids import uuid7
from onefold.model.workspaces import Node, NodeKind, WorkspaceSettings
from tests.builders import NOON, Shop, make_shop
from tests.contracts.recorder import ContractTransport
from tests.dialects.contacthub.clients import Api, Clients
from tests.dialects.contacthub.people import (
    Json,
    brought_back,
    event_body,
    post_customer,
    post_event,
    read_event,
)
from tests.dialects.contacthub.snapshots import snapshot


@pytest.fixture
async def ada(client: Api, shop: Shop) -> Json:
    return await post_customer(client, shop, externalId="till-7")


async def refused(client: Api, shop: Shop, body: Json, *, status: int = 400) -> list[str]:
    """Send a body that is refused and leaves no trace; give the paths that the answer names."""
    before = await snapshot(shop)

    answer = await client.post("/events", json=body)

    assert answer.status_code == status, answer.text
    assert await snapshot(shop) == before
    return [one["path"] for one in answer.json()["errors"]]


class TestCreateEvent:
    @pytest.mark.behaviour("contacthub/createEvent/4")
    async def test_answers_the_id_under_which_it_is_stored(self, client: Api, ada: Json) -> None:
        body = {
            **event_body(ada["id"]),
            "properties": {"url": "https://shop.example/tea", "pageTags": ["tea", "green"]},
            "contextInfo": {"client": {"ip": "192.0.2.7", "userAgent": "Till/1"}},
            "tracking": {"ga": {"utm_source": "mail", "utm_medium": "news"}},
            "date": "2026-02-03T04:05:06.789+0000",
        }

        answer = await client.post("/events", json=body)

        assert answer.status_code == 202
        assert answer.json() == {"id": answer.json()["id"]}
        event = await read_event(client, answer.json()["id"])
        assert event == {
            **body,
            "id": answer.json()["id"],
            "bringBackProperties": None,
            "origin": "NATIVE",
            "registeredAt": event["registeredAt"],
            "updatedAt": event["registeredAt"],
            "version": 1,
        }

    @pytest.mark.behaviour("contacthub/createEvent/1")
    @pytest.mark.parametrize("name", ["type", "context", "properties"])
    async def test_needs_type_context_and_properties(
        self, client: Api, shop: Shop, ada: Json, name: str
    ) -> None:
        body = event_body(ada["id"])
        del body[name]

        assert await refused(client, shop, body) == [f"/{name}"]

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("type", "flewAway"),
            ("type", "VIEWEDPAGE"),
            ("context", "MOON"),
            ("date", "yesterday"),
            ("date", "2026-02-30T00:00:00Z"),
            ("date", "2026-02-03"),
            ("tracking", {"ga": {"utm": "x"}}),
            ("contextInfo", []),
        ],
    )
    async def test_names_what_is_wrong(
        self, client: Api, shop: Shop, ada: Json, name: str, value: Json
    ) -> None:
        found = await refused(client, shop, {**event_body(ada["id"]), name: value})

        assert [path.split("/")[1] for path in found] == [name]


class TestDate:
    @pytest.mark.behaviour("contacthub/createEvent/5")
    async def test_is_the_time_of_arrival_when_missing(self, client: Api, ada: Json) -> None:
        event_id = await post_event(client, event_body(ada["id"]))

        event = await read_event(client, event_id)
        arrived = datetime.strptime(event["date"], "%Y-%m-%dT%H:%M:%S.%f%z")
        assert datetime.now(UTC) - arrived < timedelta(minutes=1)
        assert event["date"] <= event["registeredAt"]

    @pytest.mark.parametrize(
        ("sent", "answered"),
        [
            ("2026-02-03T04:05:06Z", "2026-02-03T04:05:06.000+0000"),
            ("2026-02-03T04:05:06.7Z", "2026-02-03T04:05:06.700+0000"),
            ("2026-02-03T04:05:06.789123Z", "2026-02-03T04:05:06.789+0000"),
            ("2026-02-03T04:05:06.789+00:00", "2026-02-03T04:05:06.789+0000"),
            ("2026-02-03T04:05:06.789+0000", "2026-02-03T04:05:06.789+0000"),
            ("2026-02-03T04:05:06+0200", "2026-02-03T02:05:06.000+0000"),
            ("2026-02-03T00:30:00+0100", "2026-02-02T23:30:00.000+0000"),
            ("0001-01-03T00:00:00Z", "0001-01-03T00:00:00.000+0000"),
            ("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999+0000"),
            ("9999-12-30T00:00:00Z", "9999-12-30T00:00:00.000+0000"),
        ],
    )
    async def test_comes_in_many_forms_and_goes_out_in_one(
        self, client: Api, ada: Json, sent: str, answered: str
    ) -> None:
        event_id = await post_event(client, event_body(ada["id"], date=sent))

        assert (await read_event(client, event_id))["date"] == answered

    @pytest.mark.parametrize(
        "date",
        [
            "0001-01-01T00:00:00Z",
            "0001-01-01T00:00:00+1400",
            "9999-12-31T23:59:59.999999Z",
            "9999-12-31T23:59:59-1400",
            "2026-02-03T24:00:00Z",
        ],
    )
    async def test_outside_of_the_calendar_is_refused(
        self, client: Api, shop: Shop, ada: Json, date: str
    ) -> None:
        assert await refused(client, shop, event_body(ada["id"], date=date)) == ["/date"]

    async def test_at_the_end_of_the_calendar_is_a_day_everywhere(
        self, context: Context, transport: ContractTransport
    ) -> None:
        for timezone in ("Pacific/Kiritimati", "America/Los_Angeles"):
            shop = await make_shop(context, settings=WorkspaceSettings(timezone=timezone))
            client = Clients(transport, shop).bearing(shop.token)
            ada = await post_customer(client, shop)
            for date in ("0001-01-02T00:00:01Z", "9999-12-30T23:59:58Z"):
                await post_event(client, event_body(ada["id"], date=date))


class TestOwner:
    @pytest.mark.behaviour("contacthub/createEvent/2")
    async def test_is_given_in_exactly_one_way(self, client: Api, shop: Shop, ada: Json) -> None:
        brought = brought_back(shop, "EXTERNAL_ID", "till-7")

        await refused(client, shop, event_body())
        await refused(client, shop, event_body(ada["id"], bringBackProperties=brought))
        await refused(client, shop, event_body(bringBackProperties=None))
        await post_event(client, event_body(ada["id"], bringBackProperties=None))
        await post_event(client, event_body(bringBackProperties=brought))

    @pytest.mark.behaviour("contacthub/createEvent/8")
    async def test_that_is_unknown_is_not_found(self, client: Api, shop: Shop) -> None:
        assert await refused(client, shop, event_body(str(uuid4())), status=404) == []

    async def test_must_be_an_id(self, client: Api, shop: Shop) -> None:
        assert await refused(client, shop, event_body("not-existing")) == ["/customerId"]

    @pytest.mark.behaviour("contacthub/createEvent/6")
    async def test_may_be_known_by_the_external_id(
        self, client: Api, shop: Shop, ada: Json
    ) -> None:
        brought = brought_back(shop, "EXTERNAL_ID", "till-7")
        nobody = brought_back(shop, "EXTERNAL_ID", "till-8")

        hers = await post_event(client, event_body(bringBackProperties=brought))
        anonymous = await post_event(client, event_body(bringBackProperties=nobody))

        event = await read_event(client, hers)
        assert event["customerId"] == ada["id"]
        assert event["bringBackProperties"] == brought
        assert (await read_event(client, anonymous))["customerId"] is None

    @pytest.mark.behaviour("contacthub/createEvent/7")
    async def test_may_be_known_by_the_session(self, client: Api, shop: Shop, ada: Json) -> None:
        brought = brought_back(shop, "SESSION_ID", "visit-1")
        before = await post_event(client, event_body(bringBackProperties=brought))
        assert (await read_event(client, before))["customerId"] is None

        await client.post(f"/customers/{ada['id']}/sessions", json={"value": "visit-1"})
        after = await post_event(client, event_body(bringBackProperties=brought))

        for event_id in (before, after):
            event = await read_event(client, event_id)
            assert event["customerId"] == ada["id"]
            assert event["bringBackProperties"] == brought

    async def test_of_another_node_is_not_known_by_the_session(
        self, client: Api, shop: Shop, ada: Json, rival: Shop
    ) -> None:
        await client.post(f"/customers/{ada['id']}/sessions", json={"value": "visit-1"})
        brought = brought_back(rival, "SESSION_ID", "visit-1")

        found = await refused(client, shop, event_body(bringBackProperties=brought))

        assert found == ["/bringBackProperties/nodeId"]

    @pytest.mark.behaviour("contacthub/createEvent/3")
    async def test_cannot_be_looked_for_in_an_aggregate_node(self, client: Api, shop: Shop) -> None:
        union = Node(uuid7(NOON), NodeKind.AGGREGATE, "Everybody")
        async with shop.context.database.transaction() as tx:
            await save_node(tx, shop.operator, node=union, at=NOON)
        brought = {"type": "SESSION_ID", "value": "visit-1", "nodeId": str(union.id)}

        found = await refused(client, shop, event_body(bringBackProperties=brought))

        assert found == ["/bringBackProperties/nodeId"]

    @pytest.mark.parametrize(
        ("part", "path"),
        [
            ({"value": ""}, "/bringBackProperties/value"),
            ({"value": 7}, "/bringBackProperties/value"),
            ({"type": "EMAIL"}, "/bringBackProperties/type"),
            ({"nodeId": "till"}, "/bringBackProperties/nodeId"),
            ({"nodeId": str(uuid4())}, "/bringBackProperties/nodeId"),
            ({"more": 1}, "/bringBackProperties/more"),
        ],
    )
    async def test_is_named_in_full(self, client: Api, shop: Shop, part: Json, path: str) -> None:
        brought = brought_back(shop, "SESSION_ID", "visit-1") | part

        found = await refused(client, shop, event_body(bringBackProperties=brought))

        assert path in found


class TestTypesThatAreOff:
    @pytest.fixture
    async def shop(self, context: Context) -> Shop:
        settings = WorkspaceSettings(disabled_event_types=("loggedIn",))
        return await make_shop(context, settings=settings)

    @pytest.mark.behaviour("contacthub/createEvent/9")
    async def test_are_refused(self, client: Api, shop: Shop, ada: Json) -> None:
        found = await refused(client, shop, event_body(ada["id"], type="loggedIn"))

        assert found == ["/type"]
        await post_event(client, event_body(ada["id"], type="loggedOut"))


def padded(body: Json, size: int) -> bytes:
    """Make a body weigh exactly this many bytes."""
    text = json.dumps({**body, "properties": {"title": ""}})
    return text.replace('"title": ""', '"title": "' + "x" * (size - len(text)) + '"').encode()


class TestPayload:
    @pytest.fixture
    async def shop(self, context: Context) -> Shop:
        settings = WorkspaceSettings(event_bytes_max={"viewedProductCategory": 300})
        return await make_shop(context, settings=settings)

    @pytest.mark.behaviour("contacthub/createEvent/11")
    @pytest.mark.parametrize(
        ("event_type", "size", "status"),
        [
            ("viewedPage", 65_536, 202),
            ("viewedPage", 65_537, 413),
            ("viewedProductCategory", 300, 400),
            ("viewedProductCategory", 301, 413),
        ],
    )
    async def test_may_weigh_so_many_bytes(
        self, client: Api, shop: Shop, ada: Json, event_type: str, size: int, status: int
    ) -> None:
        content = padded(event_body(ada["id"], type=event_type), size)
        before = await snapshot(shop)

        answer = await client.post("/events", content=content)

        assert len(content) == size
        assert answer.status_code == status
        assert (await snapshot(shop) == before) is (status != 202)

    async def test_of_a_browser_is_taken(self, browser: Api, client: Api, ada: Json) -> None:
        event_id = await post_event(browser, event_body(ada["id"]))

        assert UUID((await read_event(client, event_id))["id"]).version == 7
