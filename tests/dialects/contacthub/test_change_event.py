"""PUT, PATCH and DELETE /events/{id}."""

from uuid import uuid4

import pytest

from onefold.actions.context import Context
from onefold.model.workspaces import WorkspaceSettings
from tests.builders import Shop, make_shop
from tests.dialects.contacthub.clients import Api
from tests.dialects.contacthub.people import (
    Json,
    brought_back,
    event_body,
    post_customer,
    post_event,
    read_event,
)
from tests.dialects.contacthub.snapshots import snapshot

ORDER: Json = {
    "orderId": "o-1",
    "amount": {"total": 10, "tax": 2},
    "storeCode": "s-1",
    "extraProperties": {"gift": True},
}


@pytest.fixture
async def ada(client: Api, shop: Shop) -> Json:
    return await post_customer(client, shop)


@pytest.fixture
async def order(client: Api, ada: Json) -> Json:
    """An order of a known customer, with all parts that an event can have."""
    body = event_body(
        ada["id"],
        type="completedOrder",
        context="WEB",
        properties=ORDER,
        contextInfo={"client": {"ip": "192.0.2.7"}},
        tracking={"ga": {"utm_source": "mail"}},
        date="2026-02-03T04:05:06.789+0000",
    )
    return await read_event(client, await post_event(client, body))


@pytest.fixture
async def visit(client: Api, shop: Shop, ada: Json) -> Json:
    """A page view that a session gave to its customer: it has both ways of naming her."""
    brought = brought_back(shop, "SESSION_ID", "visit-1")
    event_id = await post_event(client, event_body(bringBackProperties=brought))
    await client.post(f"/customers/{ada['id']}/sessions", json={"value": "visit-1"})
    return await read_event(client, event_id)


async def refused(client: Api, shop: Shop, method: str, event: Json, body: Json) -> list[str]:
    """Send a change that is refused and leaves no trace; give the paths that the answer names."""
    before = await snapshot(shop)

    answer = await client.request(method, f"/events/{event['id']}", json=body)

    assert answer.status_code == 400, answer.text
    assert await snapshot(shop) == before
    return [one["path"] for one in answer.json()["errors"]]


async def changed(client: Api, method: str, event: Json, body: Json) -> Json:
    """Send a change and read the event again."""
    answer = await client.request(method, f"/events/{event['id']}", json=body)
    assert answer.status_code == 202, answer.text
    assert answer.content == b""
    return await read_event(client, event["id"])


def moved(event: Json, after: Json) -> Json:
    """Give the event with what every change moves taken from afterwards."""
    return event | {"version": event["version"] + 1, "updatedAt": after["updatedAt"]}


FIXED = [
    ("id", "00000000-0000-7000-8000-000000000001"),
    ("customerId", "00000000-0000-7000-8000-000000000001"),
    ("bringBackProperties", {"type": "SESSION_ID", "value": "other"}),
    ("type", "loggedIn"),
    ("registeredAt", "2001-01-01T00:00:00.000+0000"),
]


class TestReplaceEvent:
    @pytest.mark.behaviour("contacthub/replaceEvent/1")
    @pytest.mark.parametrize("name", ["type", "context", "properties", "customerId"])
    async def test_needs_what_makes_an_event(
        self, client: Api, shop: Shop, order: Json, name: str
    ) -> None:
        body = {key: value for key, value in order.items() if key != name}

        assert await refused(client, shop, "PUT", order, body) == [f"/{name}"]

    @pytest.mark.behaviour("contacthub/replaceEvent/1")
    @pytest.mark.parametrize("name", ["customerId", "bringBackProperties"])
    async def test_needs_both_names_of_the_customer_that_it_has(
        self, client: Api, shop: Shop, visit: Json, name: str
    ) -> None:
        body = {key: value for key, value in visit.items() if key != name}

        assert await refused(client, shop, "PUT", visit, body) == [f"/{name}"]
        assert await refused(client, shop, "PUT", visit, visit | {name: None}) == [f"/{name}"]

    @pytest.mark.behaviour("contacthub/replaceEvent/2")
    @pytest.mark.parametrize(("name", "value"), FIXED)
    async def test_refuses_another_value_of_what_is_fixed(
        self, client: Api, shop: Shop, visit: Json, name: str, value: Json
    ) -> None:
        other = value | {"nodeId": str(shop.node_id)} if isinstance(value, dict) else value

        assert await refused(client, shop, "PUT", visit, visit | {name: other}) == [f"/{name}"]

    @pytest.mark.behaviour("contacthub/replaceEvent/3")
    async def test_may_change_the_context(self, client: Api, order: Json) -> None:
        after = await changed(client, "PUT", order, order | {"context": "RETAIL"})

        assert after == moved(order, after) | {"context": "RETAIL"}

    @pytest.mark.behaviour("contacthub/replaceEvent/4")
    async def test_leaves_times_version_and_origin_to_the_server(
        self, client: Api, order: Json
    ) -> None:
        wish = {
            "version": 99,
            "updatedAt": "2001-01-01T00:00:00.000+0000",
            "origin": "DUPLICATE",
        }
        after = await changed(client, "PUT", order, order | wish)

        assert after["version"] == 2
        assert after["origin"] == "NATIVE"
        assert after["updatedAt"] >= order["updatedAt"]

    @pytest.mark.behaviour("contacthub/replaceEvent/5")
    async def test_of_what_was_read_moves_the_version_only(
        self, client: Api, order: Json, visit: Json
    ) -> None:
        for event in (order, visit):
            after = await changed(client, "PUT", event, event)

            assert after == moved(event, after)

    async def test_of_an_anonymous_event_that_was_read_moves_the_version_only(
        self, client: Api, shop: Shop
    ) -> None:
        brought = brought_back(shop, "SESSION_ID", "visit-2")
        event = await read_event(
            client, await post_event(client, event_body(bringBackProperties=brought))
        )
        assert event["customerId"] is None

        after = await changed(client, "PUT", event, event)

        assert after == moved(event, after)

    async def test_replaces_all_of_the_content(self, client: Api, order: Json) -> None:
        names = ("customerId", "type", "context")
        body = {name: order[name] for name in names} | {"properties": {"orderId": "o-2"}}

        after = await changed(client, "PUT", order, body)

        expected = {"properties": {"orderId": "o-2"}, "contextInfo": {}, "tracking": None}
        assert after == moved(order, after) | expected

    @pytest.mark.behaviour("contacthub/replaceEvent/6")
    @pytest.mark.parametrize(
        ("part", "path"),
        [
            ({"properties": {"orderId": 7}}, "/properties/orderId"),
            ({"properties": {"nothing": 7}}, "/properties/nothing"),
            ({"contextInfo": {"client": {"ip": "x"}}}, "/contextInfo/client/ip"),
            ({"contextInfo": {"store": {}}}, "/contextInfo/store"),
        ],
    )
    async def test_checks_the_content(
        self, client: Api, shop: Shop, order: Json, part: Json, path: str
    ) -> None:
        assert await refused(client, shop, "PUT", order, order | part) == [path]


class TestPatchEvent:
    @pytest.mark.behaviour("contacthub/patchEvent/1")
    @pytest.mark.parametrize(("name", "value"), [*FIXED, ("context", "RETAIL")])
    async def test_refuses_another_value_of_what_is_fixed(
        self, client: Api, shop: Shop, visit: Json, name: str, value: Json
    ) -> None:
        other = value | {"nodeId": str(shop.node_id)} if isinstance(value, dict) else value

        assert await refused(client, shop, "PATCH", visit, {name: other}) == [f"/{name}"]

    @pytest.mark.behaviour("contacthub/patchEvent/1")
    async def test_takes_what_is_fixed_as_it_is(self, client: Api, visit: Json) -> None:
        body = visit | {"id": visit["id"].upper(), "customerId": visit["customerId"].upper()}

        after = await changed(client, "PATCH", visit, body)

        assert after == moved(visit, after)

    @pytest.mark.behaviour("contacthub/patchEvent/2")
    async def test_merges_properties_key_by_key(self, client: Api, order: Json) -> None:
        body = {"properties": {"storeCode": None, "orderId": "o-2", "paymentMethod": "cash"}}

        after = await changed(client, "PATCH", order, body)

        expected = ORDER | {"orderId": "o-2", "paymentMethod": "cash"}
        del expected["storeCode"]
        assert after == moved(order, after) | {"properties": expected}

    @pytest.mark.behaviour("contacthub/patchEvent/3", "contacthub/patchEvent/4")
    async def test_leaves_times_version_and_origin_to_the_server(
        self, client: Api, order: Json
    ) -> None:
        wish = {
            "version": 99,
            "updatedAt": "2001-01-01T00:00:00.000+0000",
            "origin": "DUPLICATE",
        }

        after = await changed(client, "PATCH", order, wish)

        assert after == moved(order, after)

    async def test_changes_date_context_info_and_tracking(self, client: Api, order: Json) -> None:
        body = {
            "date": "2026-02-04T04:05:06Z",
            "contextInfo": {"client": {"userAgent": "Till/2"}},
            "tracking": None,
        }

        after = await changed(client, "PATCH", order, body)

        assert after == moved(order, after) | {
            "date": "2026-02-04T04:05:06.000+0000",
            "contextInfo": {"client": {"userAgent": "Till/2"}},
            "tracking": None,
        }

    @pytest.mark.behaviour("contacthub/patchEvent/5")
    @pytest.mark.parametrize(
        ("part", "path"),
        [
            ({"properties": {"orderId": 7}}, "/properties/orderId"),
            ({"properties": {"nothing": 7}}, "/properties/nothing"),
            ({"contextInfo": {"store": {}}}, "/contextInfo/store"),
        ],
    )
    async def test_checks_the_content(
        self, client: Api, shop: Shop, order: Json, part: Json, path: str
    ) -> None:
        assert await refused(client, shop, "PATCH", order, part) == [path]

    @pytest.mark.behaviour("contacthub/patchEvent/5")
    async def test_cannot_remove_what_a_type_needs(
        self, client: Api, shop: Shop, ada: Json
    ) -> None:
        body = event_body(
            ada["id"], type="addedReward", properties={"rewardAmount": 1, "rewardTypeId": "r"}
        )
        event = {"id": await post_event(client, body)}

        found = await refused(client, shop, "PATCH", event, {"properties": {"rewardAmount": None}})

        assert found == ["/properties/rewardAmount"]


class TestPayload:
    @pytest.fixture
    async def shop(self, context: Context) -> Shop:
        settings = WorkspaceSettings(event_bytes_max={"viewedPage": 1000})
        return await make_shop(context, settings=settings)

    @pytest.mark.behaviour("contacthub/replaceEvent/7", "contacthub/patchEvent/6")
    @pytest.mark.parametrize("method", ["PUT", "PATCH"])
    async def test_has_the_limit_of_its_type_and_of_all(
        self, client: Api, shop: Shop, ada: Json, method: str
    ) -> None:
        event = await read_event(client, await post_event(client, event_body(ada["id"])))
        order = event_body(ada["id"], type="completedOrder")
        large = await read_event(client, await post_event(client, order))
        before = await snapshot(shop)
        path = f"/events/{event['id']}"

        above = event | {"properties": {"title": "x" * 1000}}
        far_above = large | {"properties": {"extraProperties": {"a": "x" * 65_536}}}
        for sent, target in ((above, path), (far_above, f"/events/{large['id']}")):
            answer = await client.request(method, target, json=sent)
            assert answer.status_code == 413
            assert answer.json()["errors"] == []
        assert await snapshot(shop) == before
        within = event | {"properties": {"title": "x" * 400}}
        assert (await client.request(method, path, json=within)).status_code == 202


class TestDeleteEvent:
    @pytest.mark.behaviour("contacthub/deleteEvent/1")
    async def test_answers_without_a_body(self, client: Api, ada: Json, order: Json) -> None:
        other = await post_event(client, event_body(ada["id"]))

        answer = await client.delete(
            f"/events/{order['id']}",
            params={"nodeId": "x"},
            headers={"Content-Type": "application/json"},
        )

        assert answer.status_code == 204
        assert answer.content == b""
        found = await client.get("/events", params={"customerId": ada["id"]})
        assert [one["id"] for one in found.json()["elements"]] == [other]


class TestEventsThatAreNotThere:
    @pytest.mark.parametrize("event_id", [str(uuid4()), "not-existing", "123"])
    @pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
    async def test_are_not_found(
        self, client: Api, shop: Shop, order: Json, method: str, event_id: str
    ) -> None:
        before = await snapshot(shop)
        body = None if method in {"GET", "DELETE"} else order

        answer = await client.request(method, f"/events/{event_id}", json=body)

        assert answer.status_code == 404
        assert await snapshot(shop) == before
