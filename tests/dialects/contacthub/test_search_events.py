"""GET /events."""

from uuid import NAMESPACE_URL, UUID, uuid5

import pytest

from tests.builders import Shop
from tests.dialects.contacthub.clients import Api
from tests.dialects.contacthub.people import (
    Json,
    brought_back,
    event_body,
    post_customer,
    post_event,
)
from tests.dialects.contacthub.snapshots import multiply


async def search(client: Api, **params: str | int) -> Json:
    answer = await client.get("/events", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def days(found: Json) -> list[str]:
    """The days of the events that were found."""
    return [one["date"][8:10] for one in found["elements"]]


def paths(answer: Json) -> list[str]:
    return [one["path"] for one in answer["errors"]]


@pytest.fixture
async def ada(client: Api, shop: Shop) -> Json:
    return await post_customer(client, shop)


@pytest.fixture
async def march(client: Api, shop: Shop, ada: Json) -> Json:
    """Events of Ada on the first days of March 2026, and one of nobody on the ninth."""
    for day, event_type, context in (
        ("02", "loggedIn", "WEB"),
        ("01", "viewedPage", "WEB"),
        ("03", "viewedPage", "MOBILE"),
        ("04", "campaignSent", "OTHER"),
        ("05", "completedOrder", "RETAIL"),
    ):
        parts = {"type": event_type, "context": context, "date": f"2026-03-{day}T10:00:00Z"}
        await post_event(client, event_body(ada["id"], **parts))
    brought = brought_back(shop, "SESSION_ID", "visit-1")
    await post_event(client, event_body(bringBackProperties=brought, date="2026-03-09T10:00:00Z"))
    return ada


class TestSearchEvents:
    @pytest.mark.behaviour("contacthub/searchEvents/1")
    async def test_shows_the_newest_date_first(self, client: Api, march: Json) -> None:
        found = await search(client, customerId=march["id"])

        assert days(found) == ["05", "04", "03", "02", "01"]
        assert found["page"] == {
            "size": 10,
            "totalElements": 5,
            "totalUnfilteredElements": 0,
            "totalPages": 1,
            "number": 0,
            "maxElements": 10_000,
            "maxPages": 1000,
        }

    @pytest.mark.behaviour("contacthub/searchEvents/2")
    async def test_reaches_ten_thousand_elements(self, client: Api, shop: Shop, ada: Json) -> None:
        await post_event(client, event_body(ada["id"]))
        await multiply(shop, "events", "event_id", times=10_004)

        found = await search(client, customerId=ada["id"], size=50)
        last = await search(client, customerId=ada["id"], size=50, page=199)
        beyond = await search(client, customerId=ada["id"], size=50, page=200)

        assert found["page"]["totalElements"] == 10_000
        assert found["page"]["totalPages"] == 200
        assert (len(last["elements"]), len(beyond["elements"])) == (50, 0)

    @pytest.mark.behaviour("contacthub/searchEvents/3")
    async def test_needs_no_customer(self, client: Api, shop: Shop, march: Json) -> None:
        everywhere = await search(client)
        in_node = await search(client, nodeId=str(shop.node_id))

        assert march["id"]
        assert days(everywhere) == days(in_node) == ["09", "05", "04", "03", "02", "01"]
        assert everywhere["elements"][0]["customerId"] is None

    @pytest.mark.behaviour("contacthub/searchEvents/4")
    @pytest.mark.parametrize(
        ("params", "expected"),
        [
            ({"type": "viewedPage"}, ["09", "03", "01"]),
            ({"type": "viewedPage,loggedIn"}, ["09", "03", "02", "01"]),
            ({"type": "loggedOut"}, []),
            ({"context": "WEB"}, ["09", "02", "01"]),
            ({"context": "MOBILE,RETAIL"}, ["05", "03"]),
            ({"type": "viewedPage", "context": "MOBILE"}, ["03"]),
            ({"type": "", "context": ""}, ["09", "05", "04", "03", "02", "01"]),
            ({"mode": "PASSIVE"}, ["04"]),
            ({"mode": "ACTIVE"}, ["09", "05", "03", "02", "01"]),
            ({"mode": ""}, ["09", "05", "04", "03", "02", "01"]),
        ],
    )
    async def test_filters_by_several_words(
        self, client: Api, march: Json, params: dict[str, str], expected: list[str]
    ) -> None:
        assert march["id"]
        assert days(await search(client, **params)) == expected

    @pytest.mark.behaviour("contacthub/searchEvents/5")
    @pytest.mark.parametrize(
        ("params", "expected"),
        [
            ({"dateFrom": "2026-03-04T10:00:00Z"}, ["05", "04"]),
            ({"dateFrom": "2026-03-04T10:00:00.001Z"}, ["05"]),
            ({"dateTo": "2026-03-02T10:00:00Z"}, ["02", "01"]),
            ({"dateTo": "2026-03-02T09:59:59.999Z"}, ["01"]),
            (
                {"dateFrom": "2026-03-02T10:00:00Z", "dateTo": "2026-03-03T10:00:00Z"},
                ["03", "02"],
            ),
            ({"dateFrom": "2026-03-04T11:00:00.000+0100"}, ["05", "04"]),
            ({"dateFrom": "2026-03-04T11:00:00.000+01:00"}, ["05", "04"]),
        ],
    )
    async def test_takes_both_dates_into_it(
        self, client: Api, march: Json, params: dict[str, str], expected: list[str]
    ) -> None:
        assert days(await search(client, customerId=march["id"], **params)) == expected

    async def test_takes_a_plus_sign_that_was_left_bare(self, client: Api, march: Json) -> None:
        query = f"customerId={march['id']}&dateFrom=2026-03-04T11:00:00.000+0100"

        answer = await client.get(f"/events?{query}")

        assert days(answer.json()) == ["05", "04"]

    @pytest.mark.behaviour("contacthub/searchEvents/6")
    async def test_ends_with_empty_pages(self, client: Api, march: Json) -> None:
        first = await search(client, customerId=march["id"], size=2)
        last = await search(client, customerId=march["id"], size=2, page=2)
        beyond = await search(client, customerId=march["id"], size=2, page=3)

        assert (days(first), days(last), days(beyond)) == (["05", "04"], ["01"], [])
        assert beyond["page"]["totalPages"] == 3
        assert beyond["page"]["number"] == 3

    @pytest.mark.parametrize(
        "customer_id",
        [
            str(uuid5(NAMESPACE_URL, "nobody")),
            str(UUID(int=0)),
            str(UUID(int=2**128 - 1)),
            "not-existing",
        ],
    )
    async def test_finds_nothing_of_nobody(
        self, client: Api, march: Json, customer_id: str
    ) -> None:
        assert march["id"]
        assert (await search(client, customerId=customer_id))["elements"] == []

    @pytest.mark.parametrize(
        ("params", "path"),
        [
            ({"type": "flewAway"}, "/type"),
            ({"type": "viewedPage,flewAway"}, "/type"),
            ({"type": "viewedpage"}, "/type"),
            ({"context": "web"}, "/context"),
            ({"mode": "active"}, "/mode"),
            ({"mode": "ACTIVE,PASSIVE"}, "/mode"),
            ({"dateFrom": "yesterday"}, "/dateFrom"),
            ({"dateTo": "2026-02-30T00:00:00Z"}, "/dateTo"),
            ({"page": "-1"}, "/page"),
            ({"size": "51"}, "/size"),
        ],
    )
    async def test_names_what_is_wrong(
        self, client: Api, params: dict[str, str], path: str
    ) -> None:
        answer = await client.get("/events", params=params)

        assert answer.status_code == 400
        assert paths(answer.json()) == [path]

    @pytest.mark.parametrize("node_id", [str(UUID(int=7)), "fake-node-id"])
    async def test_needs_a_node_that_is_there(self, client: Api, node_id: str) -> None:
        answer = await client.get("/events", params={"nodeId": node_id})

        assert answer.status_code == 404
        assert answer.json()["message"] == f"node not found {node_id}"
