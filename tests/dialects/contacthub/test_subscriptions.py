"""Single subscriptions: POST, GET, PUT, DELETE /customers/{customerId}/subscriptions."""

from uuid import uuid4

import pytest

from tests.builders import Shop
from tests.dialects.contacthub.clients import Api
from tests.dialects.contacthub.people import SUBSCRIPTION, Json, post_customer, read_customer
from tests.dialects.contacthub.snapshots import snapshot

SALE: Json = {"id": "sale", "subscribed": True}


@pytest.fixture
async def ada(client: Api, shop: Shop) -> Json:
    return await post_customer(client, shop, base={"subscriptions": [SUBSCRIPTION]})


@pytest.fixture
def path(ada: Json) -> str:
    return f"/customers/{ada['id']}/subscriptions"


def paths(answer: Json) -> list[str]:
    return [one["path"] for one in answer["errors"]]


class TestCreateSubscription:
    @pytest.mark.behaviour("contacthub/createSubscription/1")
    @pytest.mark.parametrize(
        ("body", "missing"),
        [
            ({}, ["/id", "/subscribed"]),
            ({"id": "x"}, ["/subscribed"]),
            ({"subscribed": True}, ["/id"]),
        ],
    )
    async def test_needs_id_and_subscribed(
        self, client: Api, shop: Shop, path: str, body: Json, missing: list[str]
    ) -> None:
        before = await snapshot(shop)

        answer = await client.post(path, json=body)

        assert answer.status_code == 400
        assert paths(answer.json()) == missing
        assert await snapshot(shop) == before

    @pytest.mark.behaviour("contacthub/createSubscription/2")
    async def test_refuses_an_id_that_is_there(self, client: Api, shop: Shop, path: str) -> None:
        before = await snapshot(shop)

        answer = await client.post(path, json=SUBSCRIPTION | {"subscribed": False})

        assert answer.status_code == 409
        assert answer.json()["data"] is None
        assert await snapshot(shop) == before

    @pytest.mark.behaviour("contacthub/createSubscription/3")
    async def test_shows_up_in_the_customer(self, client: Api, ada: Json, path: str) -> None:
        answer = await client.post(path, json=SALE)

        assert answer.status_code == 201
        customer = await read_customer(client, ada["id"])
        assert customer["base"]["subscriptions"] == [SUBSCRIPTION, answer.json()]
        assert customer["version"] == 2

    @pytest.mark.behaviour("contacthub/createSubscription/4", "contacthub/updateSubscription/2")
    @pytest.mark.parametrize("name", ["id", "name", "type", "subscriberId"])
    async def test_takes_255_characters(
        self, client: Api, shop: Shop, path: str, name: str
    ) -> None:
        long = SALE | {name: "ü" * 255}
        created = await client.post(path, json=long)
        before = await snapshot(shop)

        posted = await client.post(path, json=long | {"id": "other", name: "x" * 256})
        put = await client.put(f"{path}/{long['id']}", json=long | {name: "x" * 256})

        assert created.status_code == 201
        assert created.json()[name] == "ü" * 255
        for answer in (posted, put):
            assert answer.status_code == 400
            assert paths(answer.json()) == [f"/{name}"]
        assert await snapshot(shop) == before

    @pytest.mark.behaviour("contacthub/createSubscription/5")
    async def test_gets_its_times_from_the_server(self, client: Api, ada: Json, path: str) -> None:
        created = (await client.post(path, json=SALE)).json()

        assert created["registeredAt"] >= ada["registeredAt"]
        assert created["updatedAt"] == created["registeredAt"]
        nothing = ("name", "type", "kind", "startDate", "endDate", "subscriberId")
        assert [created[name] for name in nothing] == [None] * 6

    async def test_keeps_the_times_of_the_body(self, client: Api, path: str) -> None:
        answer = await client.post(path, json=SUBSCRIPTION | {"id": "other"})

        assert answer.json() == SUBSCRIPTION | {"id": "other"}

    async def test_refuses_an_empty_id(self, client: Api, path: str) -> None:
        answer = await client.post(path, json=SALE | {"id": ""})

        assert answer.status_code == 400
        assert paths(answer.json()) == ["/id"]


class TestGetSubscription:
    async def test_answers_the_whole_of_it(self, client: Api, path: str) -> None:
        assert (await client.get(f"{path}/news")).json() == SUBSCRIPTION

    async def test_that_is_not_there_is_not_found(self, client: Api, path: str) -> None:
        for method in ("GET", "DELETE"):
            assert (await client.request(method, f"{path}/other")).status_code == 404
        other = f"/customers/{uuid4()}/subscriptions/news"
        assert (await client.get(other)).status_code == 404

    async def test_finds_an_odd_id(self, client: Api, path: str) -> None:
        await client.post(path, json=SALE | {"id": "a b%ü?#"})

        answer = await client.get(f"{path}/a%20b%25%C3%BC%3F%23")

        assert answer.json()["id"] == "a b%ü?#"


class TestUpdateSubscription:
    @pytest.mark.behaviour("contacthub/updateSubscription/1")
    async def test_keeps_its_id(self, client: Api, shop: Shop, path: str) -> None:
        before = await snapshot(shop)

        other = await client.put(f"{path}/news", json=SUBSCRIPTION | {"id": "other"})

        assert other.status_code == 400
        assert paths(other.json()) == ["/id"]
        assert await snapshot(shop) == before

    @pytest.mark.behaviour("contacthub/updateSubscription/1")
    async def test_takes_the_id_of_the_path(self, client: Api, path: str) -> None:
        answer = await client.put(f"{path}/news", json={"subscribed": False})

        assert answer.status_code == 200
        assert answer.json()["id"] == "news"

    @pytest.mark.behaviour("contacthub/updateSubscription/3")
    async def test_replaces_all_but_the_time_of_registration(
        self, client: Api, ada: Json, path: str
    ) -> None:
        answer = await client.put(f"{path}/news", json={"id": "news", "subscribed": False})

        updated = answer.json()
        assert answer.status_code == 200
        assert updated["subscribed"] is False
        assert updated["name"] is None
        assert updated["preferences"] == []
        assert updated["registeredAt"] == SUBSCRIPTION["registeredAt"]
        assert updated["updatedAt"] >= ada["updatedAt"]
        customer = await read_customer(client, ada["id"])
        assert customer["base"]["subscriptions"] == [updated]

    async def test_of_none_is_not_found(self, client: Api, shop: Shop, path: str) -> None:
        before = await snapshot(shop)

        answer = await client.put(f"{path}/sale", json=SALE)

        assert answer.status_code == 404
        assert await snapshot(shop) == before


class TestDeleteSubscription:
    @pytest.mark.behaviour("contacthub/deleteSubscription/1")
    async def test_answers_without_a_body(self, client: Api, ada: Json, path: str) -> None:
        answer = await client.delete(f"{path}/news")

        assert answer.status_code == 200
        assert answer.content == b""
        assert (await read_customer(client, ada["id"]))["base"]["subscriptions"] == []
        assert (await client.delete(f"{path}/news")).status_code == 404
