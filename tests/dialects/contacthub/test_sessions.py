"""Sessions of a customer: POST, GET, DELETE /customers/{customerId}/sessions."""

from uuid import UUID, uuid4

import pytest

from tests.builders import Shop
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


@pytest.fixture
async def ada(client: Api, shop: Shop) -> Json:
    return await post_customer(client, shop)


@pytest.fixture
async def bob(client: Api, shop: Shop) -> Json:
    return await post_customer(client, shop, "bob@shop.example")


async def tie(client: Api, customer: Json, value: str = "visit-1") -> Json:
    answer = await client.post(f"/customers/{customer['id']}/sessions", json={"value": value})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def post_anonymous(client: Api, shop: Shop, value: str = "visit-1") -> str:
    brought = brought_back(shop, "SESSION_ID", value)
    return await post_event(client, event_body(bringBackProperties=brought))


class TestCreateSession:
    async def test_answers_the_session(self, client: Api, ada: Json) -> None:
        tied = await tie(client, ada)

        assert UUID(tied["id"]).version == 7
        assert tied == {"id": tied["id"], "value": "visit-1"}

    @pytest.mark.behaviour("contacthub/createSession/1")
    async def test_of_somebody_else_is_refused(
        self, client: Api, shop: Shop, ada: Json, bob: Json
    ) -> None:
        await tie(client, ada)
        before = await snapshot(shop)

        answer = await client.post(f"/customers/{bob['id']}/sessions", json={"value": "visit-1"})

        assert answer.status_code == 409
        assert answer.json()["data"] is None
        assert await snapshot(shop) == before

    @pytest.mark.behaviour("contacthub/createSession/2")
    async def test_again_succeeds_and_changes_nothing(
        self, client: Api, shop: Shop, ada: Json
    ) -> None:
        first = await tie(client, ada)
        before = await snapshot(shop)

        assert await tie(client, ada) == first

        assert await snapshot(shop) == before

    @pytest.mark.behaviour("contacthub/createSession/3")
    async def test_gives_the_customer_the_events_that_wait_for_it(
        self, client: Api, shop: Shop, ada: Json
    ) -> None:
        waiting = await post_anonymous(client, shop)
        other = await post_anonymous(client, shop, "visit-2")
        assert (await read_event(client, waiting))["customerId"] is None

        await tie(client, ada)

        event = await read_event(client, waiting)
        assert event["customerId"] == ada["id"]
        assert event["bringBackProperties"]["value"] == "visit-1"
        assert (await read_event(client, other))["customerId"] is None
        found = await client.get("/events", params={"customerId": ada["id"]})
        assert [one["id"] for one in found.json()["elements"]] == [waiting]

    @pytest.mark.behaviour("contacthub/createSession/4")
    async def test_takes_values_of_up_to_255_characters(
        self, client: Api, shop: Shop, ada: Json
    ) -> None:
        assert (await tie(client, ada, "ü" * 255))["value"] == "ü" * 255
        before = await snapshot(shop)

        path = f"/customers/{ada['id']}/sessions"
        for value in ("v" * 256, "", 7, None, ["v"]):
            answer = await client.post(path, json={"value": value})
            assert answer.status_code == 400
            assert [one["path"] for one in answer.json()["errors"]] == ["/value"]
        missing = await client.post(path, json={})

        assert missing.status_code == 400
        assert [one["path"] for one in missing.json()["errors"]] == ["/value"]
        assert await snapshot(shop) == before

    @pytest.mark.parametrize("customer_id", [str(uuid4()), "not-existing"])
    async def test_of_nobody_is_not_found(self, client: Api, shop: Shop, customer_id: str) -> None:
        before = await snapshot(shop)

        answer = await client.post(f"/customers/{customer_id}/sessions", json={"value": "v"})

        assert answer.status_code == 404
        assert await snapshot(shop) == before

    async def test_is_what_a_browser_does(self, browser: Api, ada: Json) -> None:
        assert (await tie(browser, ada))["value"] == "visit-1"


class TestListSessions:
    @pytest.mark.behaviour("contacthub/listSessions/1")
    async def test_has_elements_and_no_page(self, client: Api, ada: Json) -> None:
        empty = await client.get(f"/customers/{ada['id']}/sessions")
        tied = [await tie(client, ada, value) for value in ("visit-1", "visit-2")]

        full = await client.get(f"/customers/{ada['id']}/sessions")

        assert empty.json() == {"elements": []}
        assert full.json() == {"elements": tied}


class TestGetSession:
    @pytest.mark.behaviour("contacthub/getSession/1")
    async def test_goes_by_the_id_and_not_by_the_value(self, client: Api, ada: Json) -> None:
        value = str(uuid4())
        tied = await tie(client, ada, value)

        by_id = await client.get(f"/customers/{ada['id']}/sessions/{tied['id']}")
        by_value = await client.get(f"/customers/{ada['id']}/sessions/{value}")

        assert by_id.json() == tied
        assert by_value.status_code == 404

    async def test_is_of_its_customer_only(self, client: Api, ada: Json, bob: Json) -> None:
        tied = await tie(client, ada)

        path = f"/customers/{bob['id']}/sessions/{tied['id']}"

        assert (await client.get(path)).status_code == 404
        assert (await client.delete(path)).status_code == 404
        assert (await client.get(path.replace(bob["id"], ada["id"]))).status_code == 200


class TestDeleteSession:
    @pytest.mark.behaviour("contacthub/deleteSession/1")
    async def test_answers_without_a_body(self, client: Api, ada: Json) -> None:
        tied = await tie(client, ada)

        answer = await client.delete(f"/customers/{ada['id']}/sessions/{tied['id']}")

        assert answer.status_code == 200
        assert answer.content == b""
        listed = await client.get(f"/customers/{ada['id']}/sessions")
        assert listed.json() == {"elements": []}

    @pytest.mark.behaviour("contacthub/deleteSession/2")
    async def test_leaves_the_events_with_the_customer(
        self, client: Api, shop: Shop, ada: Json
    ) -> None:
        event_id = await post_anonymous(client, shop)
        tied = await tie(client, ada)

        await client.delete(f"/customers/{ada['id']}/sessions/{tied['id']}")

        assert (await read_event(client, event_id))["customerId"] == ada["id"]

    async def test_frees_the_value_for_others(
        self, client: Api, shop: Shop, ada: Json, bob: Json
    ) -> None:
        tied = await tie(client, ada)
        await client.delete(f"/customers/{ada['id']}/sessions/{tied['id']}")

        event_id = await post_anonymous(client, shop)
        await tie(client, bob)

        assert (await read_event(client, event_id))["customerId"] == bob["id"]

    @pytest.mark.parametrize("session_id", [str(uuid4()), "not-existing", "visit-1"])
    async def test_of_none_is_not_found(self, client: Api, ada: Json, session_id: str) -> None:
        await tie(client, ada)

        answer = await client.delete(f"/customers/{ada['id']}/sessions/{session_id}")

        assert answer.status_code == 404
