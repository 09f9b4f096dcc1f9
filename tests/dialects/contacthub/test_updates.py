"""GET /updates and GET /updates/last-offset."""

from collections.abc import Iterator
from datetime import datetime
from uuid import uuid4

import pytest

from onefold.actions.workspaces import save_node
from onefold.model.access import Role
from onefold.model.ids import uuid7
from onefold.model.workspaces import Node, NodeKind
from tests.builders import NOON, Shop
from tests.dialects.contacthub.clients import Api, Clients
from tests.dialects.contacthub.people import (
    Json,
    event_body,
    post_customer,
    post_event,
    read_customer,
    read_event,
)


async def read(reader: Api, **params: str | int) -> Json:
    answer = await reader.get("/updates", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def last(reader: Api, **params: str) -> int:
    answer = await reader.get("/updates/last-offset", params=params)
    assert answer.status_code == 200, answer.text
    assert answer.json().keys() == {"lastOffset"}
    return int(answer.json()["lastOffset"])


def told(page: Json) -> Iterator[tuple[str, str, str]]:
    for one in page["updates"]:
        yield one["operation"], one["entity"]["type"], one["entity"]["data"]["id"]


def milliseconds(text: str) -> int:
    return int(datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z").timestamp() * 1000)


class Life:
    """What happened in the shop: the ids of whom it happened to."""

    def __init__(self, ada: str, event: str, bob: str) -> None:
        self.ada, self.event, self.bob = ada, event, bob

    @property
    def entries(self) -> list[tuple[str, str, str]]:
        return [
            ("CREATE", "CUSTOMER", self.ada),
            ("CREATE", "EVENT", self.event),
            ("UPDATE", "CUSTOMER", self.ada),
            ("UPDATE", "EVENT", self.event),
            ("CREATE", "CUSTOMER", self.bob),
            ("DELETE", "CUSTOMER", self.bob),
        ]


@pytest.fixture
async def life(client: Api, shop: Shop) -> Life:
    ada = (await post_customer(client, shop))["id"]
    event = await post_event(client, event_body(ada))
    await client.patch(f"/customers/{ada}", json={"extra": "changed"})
    await client.patch(f"/events/{event}", json={"properties": {"title": "changed"}})
    bob = (await post_customer(client, shop, "bob@shop.example"))["id"]
    await client.delete(f"/customers/{bob}")
    return Life(ada, event, bob)


class TestGetUpdates:
    @pytest.mark.behaviour("contacthub/getUpdates/3", "contacthub/getUpdates/6")
    async def test_come_oldest_first(self, reader: Api, life: Life) -> None:
        page = await read(reader)

        assert list(told(page)) == life.entries
        assert page["nextOffset"] == 6

    async def test_show_customers_and_events_as_they_are_now(
        self, client: Api, shop: Shop, reader: Api, life: Life
    ) -> None:
        entities = [one["entity"]["data"] for one in (await read(reader))["updates"]]

        ada = await read_customer(client, life.ada)
        event = await read_event(client, life.event)
        gone = {"id": life.bob, "nodeId": str(shop.node_id)}
        assert entities == [ada, event, ada, event, gone, gone]

    @pytest.mark.behaviour("contacthub/getUpdates/1")
    async def test_begin_after_the_offset(self, reader: Api, life: Life) -> None:
        for offset in range(7):
            page = await read(reader, offset=offset)
            assert list(told(page)) == life.entries[offset:]

    @pytest.mark.behaviour("contacthub/getUpdates/4")
    async def test_go_on_where_they_ended(
        self, client: Api, shop: Shop, reader: Api, life: Life
    ) -> None:
        seen: list[tuple[str, str, str]] = []
        offset = 0
        for _ in range(3):
            page = await read(reader, offset=offset, size=2)
            seen += told(page)
            assert page["nextOffset"] == offset + 2
            offset = page["nextOffset"]

        nothing_new = await read(reader, offset=offset)
        ahead = await read(reader, offset=1000)
        await post_customer(client, shop, "cat@shop.example")
        something_new = await read(reader, offset=offset)

        assert seen == life.entries
        assert nothing_new == {"nextOffset": 6, "updates": []}
        assert ahead == {"nextOffset": 1000, "updates": []}
        assert something_new["nextOffset"] == 7

    @pytest.mark.behaviour("contacthub/getUpdates/2")
    async def test_ignore_the_timestamp_beside_an_offset(self, reader: Api, life: Life) -> None:
        far_ahead = 4_000_000_000_000

        with_offset = await read(reader, timestamp=far_ahead, offset=4)
        alone = await read(reader, timestamp=far_ahead)

        assert list(told(with_offset)) == life.entries[4:]
        assert alone["updates"] == []

    async def test_begin_at_the_timestamp(
        self, client: Api, shop: Shop, reader: Api, life: Life
    ) -> None:
        before = await read(reader, timestamp=0)
        cat = await post_customer(client, shop, "cat@shop.example")

        at_the_time = await read(reader, timestamp=milliseconds(cat["updatedAt"]))

        assert list(told(before)) == life.entries
        assert ("CREATE", "CUSTOMER", cat["id"]) in list(told(at_the_time))

    @pytest.mark.behaviour("contacthub/getUpdates/5")
    async def test_are_at_most_four_thousand(self, reader: Api, life: Life) -> None:
        assert len((await read(reader, size=4000))["updates"]) == len(life.entries)
        assert (await read(reader, size=0))["updates"] == []

        answer = await reader.get("/updates", params={"size": 4001})

        assert answer.status_code == 400
        assert [one["path"] for one in answer.json()["errors"]] == ["/size"]

    async def test_may_be_of_one_entity(self, reader: Api, life: Life) -> None:
        customers = await read(reader, entity="CUSTOMER")
        events = await read(reader, entity="EVENT", offset=0, size=1)

        assert list(told(customers)) == [one for one in life.entries if one[1] == "CUSTOMER"]
        assert list(told(events)) == [("CREATE", "EVENT", life.event)]
        assert events["nextOffset"] == 2

    async def test_may_be_of_one_node(self, reader: Api, shop: Shop, life: Life) -> None:
        other = Node(uuid7(NOON), NodeKind.ENTRY, "Other")
        async with shop.context.database.transaction() as tx:
            await save_node(tx, shop.operator, node=other, at=NOON)
        await shop.picture()

        assert list(told(await read(reader, nodeId=str(shop.node_id)))) == life.entries
        assert await read(reader, nodeId=str(other.id)) == {"nextOffset": 0, "updates": []}

    @pytest.mark.parametrize(
        ("params", "status"),
        [
            ({"entity": "SESSION"}, 400),
            ({"entity": "customer"}, 400),
            ({"nodeId": str(uuid4())}, 404),
            ({"nodeId": "fake-node-id"}, 404),
        ],
    )
    async def test_need_words_that_are_known(
        self, reader: Api, params: dict[str, str], status: int
    ) -> None:
        for path in ("/updates", "/updates/last-offset"):
            assert (await reader.get(path, params=params)).status_code == status

    async def test_are_for_those_who_may_read_them(
        self, client: Api, browser: Api, clients: Clients, life: Life
    ) -> None:
        for path in ("/updates", "/updates/last-offset"):
            for refused in (client, browser):
                assert (await refused.get(path)).status_code == 403
        stream_reader = await clients.acting_as(Role.STREAM_READER)
        assert list(told(await read(stream_reader))) == life.entries

    async def test_hold_back_what_a_token_cannot_reach(self, clients: Clients, life: Life) -> None:
        elsewhere = await clients.acting_as(Role.USER, node_ids=frozenset({uuid4()}))

        assert life.ada
        assert await read(elsewhere) == {"nextOffset": 0, "updates": []}
        assert await last(elsewhere) == 0


class TestGetLastOffset:
    async def test_is_that_of_the_newest_update(self, reader: Api, life: Life) -> None:
        assert await last(reader) == len(life.entries)

    async def test_is_zero_where_nothing_happened(self, reader: Api) -> None:
        assert await last(reader) == 0

    @pytest.mark.behaviour("contacthub/getLastOffset/1")
    async def test_counts_only_what_matches(self, reader: Api, shop: Shop, life: Life) -> None:
        other = Node(uuid7(NOON), NodeKind.ENTRY, "Other")
        async with shop.context.database.transaction() as tx:
            await save_node(tx, shop.operator, node=other, at=NOON)
        await shop.picture()

        assert life.ada
        assert await last(reader, entity="EVENT") == 4
        assert await last(reader, entity="CUSTOMER") == 6
        assert await last(reader, nodeId=str(shop.node_id)) == 6
        assert await last(reader, nodeId=str(other.id)) == 0
        assert await last(reader, nodeId=str(shop.node_id), entity="EVENT") == 4
