"""GET /events/{id}, with and without its neighbours."""

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


@pytest.fixture
async def ada(client: Api, shop: Shop) -> Json:
    return await post_customer(client, shop)


async def post_on(client: Api, customer: Json, *days: str) -> list[str]:
    """Record one event a day of March 2026, in the order given."""
    return [
        await post_event(client, event_body(customer["id"], date=f"2026-03-{day}T10:00:00Z"))
        for day in days
    ]


class TestNeighbours:
    @pytest.mark.behaviour("contacthub/getEvent/1")
    async def test_are_shown_when_asked_for(self, client: Api, ada: Json) -> None:
        (event_id,) = await post_on(client, ada, "01")

        plain = await read_event(client, event_id)
        empty = await read_event(client, event_id, nav="")
        navigable = await read_event(client, event_id, nav="CUSTOMER")

        assert plain.keys() & {"prev", "next"} == set()
        assert empty == plain
        assert navigable == plain | {"prev": None, "next": None}

    @pytest.mark.behaviour("contacthub/getEvent/2")
    async def test_are_those_of_the_customer_by_date(
        self, client: Api, shop: Shop, ada: Json
    ) -> None:
        bob = await post_customer(client, shop, "bob@shop.example")
        third, first, second = await post_on(client, ada, "05", "01", "03")
        await post_on(client, bob, "02", "04", "06")

        found = [
            await read_event(client, event_id, nav="CUSTOMER")
            for event_id in (first, second, third)
        ]

        assert [(one["prev"], one["next"]) for one in found] == [
            (None, second),
            (first, third),
            (second, None),
        ]

    async def test_of_the_same_date_are_all_passed(self, client: Api, ada: Json) -> None:
        ids = await post_on(client, ada, "01", "01", "01", "01")
        start = next(
            one
            for one in [await read_event(client, event_id, nav="CUSTOMER") for event_id in ids]
            if one["prev"] is None
        )

        seen = [start["id"]]
        step = start
        while step["next"] is not None:
            step = await read_event(client, step["next"], nav="CUSTOMER")
            seen.append(step["id"])

        assert sorted(seen) == sorted(ids)

    async def test_of_an_anonymous_event_are_none(self, client: Api, shop: Shop) -> None:
        brought = brought_back(shop, "SESSION_ID", "visit-1")
        ids = [await post_event(client, event_body(bringBackProperties=brought)) for _ in range(2)]

        event = await read_event(client, ids[0], nav="CUSTOMER")

        assert (event["prev"], event["next"]) == (None, None)

    async def test_are_refused_in_another_way(self, client: Api, ada: Json) -> None:
        (event_id,) = await post_on(client, ada, "01")

        answer = await client.get(f"/events/{event_id}", params={"nav": "customer"})

        assert answer.status_code == 400
        assert [one["path"] for one in answer.json()["errors"]] == ["/nav"]

    async def test_are_not_shown_to_a_browser(self, client: Api, browser: Api, ada: Json) -> None:
        (event_id,) = await post_on(client, ada, "01")

        assert (await browser.get(f"/events/{event_id}")).status_code == 403
