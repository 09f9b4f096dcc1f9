"""Properties of the 48 event types and details of the 9 contexts, each against its schema."""

from collections.abc import Iterator

import pytest

from onefold.actions.context import Context
from onefold.actions.workspaces import define_properties
from tests.builders import NOON, Shop, make_shop
from tests.contracts.recorder import ContractTransport
from tests.dialects.contacthub.clients import Api, Clients
from tests.dialects.contacthub.event_values import (
    CONTEXTS,
    EVENT_TYPES,
    context_schema,
    full_value,
    kind_of,
    properties_schema,
    resolved,
)
from tests.dialects.contacthub.people import Json, event_body, post_customer, read_event
from tests.dialects.contacthub.snapshots import snapshot


def wrong_values(schema: Json, path: str) -> Iterator[tuple[str, Json]]:
    """Give for each property a value of another type, with its pointer; unknown keys too."""
    schema = resolved(schema)
    for name, inner in schema.get("properties", {}).items():
        kind = kind_of(resolved(inner).get("oneOf", [resolved(inner)])[0])
        yield f"{path}/{name}", 7 if kind == "string" else "text"
    if schema.get("additionalProperties") is False:
        yield f"{path}/notInTheSchema", 7


class Till:
    """A shop with one customer, to whom events of any content are sent."""

    def __init__(self, client: Api, shop: Shop, customer_id: str) -> None:
        self.client, self.shop, self.customer_id = client, shop, customer_id

    async def send(self, **parts: Json) -> tuple[int, Json]:
        answer = await self.client.post("/events", json=event_body(self.customer_id, **parts))
        return answer.status_code, answer.json()

    async def paths(self, **parts: Json) -> list[str]:
        status, answer = await self.send(**parts)
        assert status == 400, (parts, answer)
        return [one["path"] for one in answer["errors"]]


@pytest.fixture(scope="module")
async def till(context: Context, transport: ContractTransport) -> Till:
    shop = await make_shop(context)
    client = Clients(transport, shop).bearing(shop.token)
    return Till(client, shop, (await post_customer(client, shop))["id"])


class TestEventTypes:
    def test_are_48_in_9_contexts(self) -> None:
        assert (len(EVENT_TYPES), len(CONTEXTS)) == (48, 9)

    @pytest.mark.behaviour("contacthub/createEvent/10")
    @pytest.mark.parametrize("event_type", EVENT_TYPES)
    async def test_take_nothing_but_what_they_need(self, till: Till, event_type: str) -> None:
        needed = properties_schema(event_type).get("required", [])

        status, answer = await till.send(type=event_type)

        assert status == (400 if needed else 202)
        found = [one["path"] for one in answer.get("errors", [])]
        assert found == [f"/properties/{name}" for name in needed]

    @pytest.mark.behaviour("contacthub/createEvent/10")
    @pytest.mark.parametrize("event_type", EVENT_TYPES)
    async def test_take_everything_and_give_it_back(self, till: Till, event_type: str) -> None:
        sent = full_value(properties_schema(event_type))
        assert sent

        status, answer = await till.send(type=event_type, properties=sent)

        assert status == 202, answer
        event = await read_event(till.client, answer["id"])
        assert event["properties"] == sent
        assert event["type"] == event_type

    @pytest.mark.behaviour("contacthub/createEvent/10")
    @pytest.mark.parametrize("event_type", EVENT_TYPES)
    async def test_refuse_what_is_not_theirs_and_name_it(self, till: Till, event_type: str) -> None:
        schema = properties_schema(event_type)
        least = {
            name: full_value(schema["properties"][name]) for name in schema.get("required", [])
        }
        for path, value in wrong_values(schema, "/properties"):
            sent = {**least, path.rpartition("/")[2]: value}

            assert await till.paths(type=event_type, properties=sent) == [path]

    @pytest.mark.parametrize(
        ("event_type", "properties", "path"),
        [
            ("completedOrder", {"amount": {"total": "9"}}, "/properties/amount/total"),
            ("completedOrder", {"products": [{}, {"id": 1}]}, "/properties/products/1/id"),
            ("completedOrder", {"type": "gift"}, "/properties/type"),
            ("viewedPage", {"url": "tea"}, "/properties/url"),
            ("viewedPage", {"a/b~c": 1}, "/properties/a~1b~0c"),
            ("viewedPage", {"a.b": 1}, "/properties/a.b"),
            ("viewedPage", {"": 1}, "/properties/"),
        ],
    )
    async def test_name_the_place_of_what_is_wrong(
        self, till: Till, event_type: str, properties: Json, path: str
    ) -> None:
        assert await till.paths(type=event_type, properties=properties) == [path]

    async def test_may_be_open(self, till: Till) -> None:
        status, _ = await till.send(type="surveyCompiled", properties={"anything": [1, {"a": 2}]})

        assert status == 202

    async def test_keep_their_free_part_to_the_letter(self, till: Till) -> None:
        free = {"a": None, "b": {}, "c": [], "d": [None, 1.5, "ü"], "e": {"f": ""}}

        _, answer = await till.send(properties={"extraProperties": free})

        event = await read_event(till.client, answer["id"])
        assert event["properties"] == {"extraProperties": free}


class TestContexts:
    @pytest.mark.behaviour("contacthub/createEvent/10")
    @pytest.mark.parametrize("name", CONTEXTS)
    async def test_take_everything_and_give_it_back(self, till: Till, name: str) -> None:
        empty: Json = {}
        for sent in (empty, full_value(context_schema(name))):
            status, answer = await till.send(context=name, contextInfo=sent)

            assert status == 202, answer
            event = await read_event(till.client, answer["id"])
            assert event["contextInfo"] == sent

    @pytest.mark.behaviour("contacthub/createEvent/10")
    @pytest.mark.parametrize("name", CONTEXTS)
    async def test_refuse_what_is_not_theirs_and_name_it(self, till: Till, name: str) -> None:
        for path, value in wrong_values(context_schema(name), "/contextInfo"):
            sent = {path.rpartition("/")[2]: value}

            assert await till.paths(context=name, contextInfo=sent) == [path]

    async def test_are_checked_in_depth(self, till: Till) -> None:
        sent = {"client": {"ip": "192.0.2.300", "localization": {"geo": {"lat": 91}}}}

        assert sorted(await till.paths(contextInfo=sent)) == [
            "/contextInfo/client/ip",
            "/contextInfo/client/localization/geo/lat",
        ]


class TestExtendedProperties:
    @pytest.fixture
    async def till(self, context: Context, transport: ContractTransport) -> Till:
        shop = await make_shop(context)
        async with context.database.transaction() as tx:
            for owner, name in (("event:completedOrder", "gift"), ("product", "colour")):
                definitions = {name: {"schema": {"type": "string"}, "max_length": 5}}
                await define_properties(
                    tx, shop.operator, owner=owner, definitions=definitions, at=NOON
                )
        client = Clients(transport, shop).bearing(shop.token)
        return Till(client, shop, (await post_customer(client, shop))["id"])

    async def test_are_those_of_the_type_and_of_products(self, till: Till) -> None:
        products = [{"id": "1", "extended": {"colour": "green"}}]

        status, answer = await till.send(
            type="completedOrder", properties={"extended": {"gift": "yes"}, "products": products}
        )

        assert status == 202, answer

    @pytest.mark.parametrize(
        ("properties", "path"),
        [
            ({"extended": {"colour": "green"}}, "/properties/extended/colour"),
            ({"extended": {"gift": 1}}, "/properties/extended/gift"),
            ({"extended": {"gift": "longer"}}, "/properties/extended/gift"),
            (
                {"products": [{"id": "1"}, {"id": "2", "extended": {"gift": "no"}}]},
                "/properties/products/1/extended/gift",
            ),
        ],
    )
    async def test_are_refused_where_they_do_not_belong(
        self, till: Till, properties: Json, path: str
    ) -> None:
        before = await snapshot(till.shop)

        assert await till.paths(type="completedOrder", properties=properties) == [path]

        assert await snapshot(till.shop) == before
