"""What bulk jobs do with rows of events: upsert, insert, delete."""

from typing import Any
from uuid import uuid4

import pytest

from onefold.model.ids import uuid7
from tests.audit import audit
from tests.builders import NOON
from tests.dialects.contacthub.bulk.loading import Json, Loading, counts
from tests.dialects.contacthub.people import post_customer, post_event

ORDERS = (
    "externalId,context,date,properties.orderId,properties.amount.total,properties.products,"
    "contextInfo.store.name\n"
    '7,RETAIL,2026-01-02T08:00:00.000+0000,o-1,12.5,"[{""id"": ""tea"", ""price"": 12.5}]",Main\n'
    "7,RETAIL,2026-01-03T08:00:00Z,o-2,7,,\n"
    "8,RETAIL,2026-01-03T08:00:00Z,o-3,7,,\n"
    "7,RETAIL,2026-01-03T08:00:00Z,o-4,seven,,\n"
    "7,NOWHERE,2026-01-03T08:00:00Z,o-5,7,,\n"
)
ORDER: dict[str, Any] = {"entity": "EVENT", "eventType": "completedOrder"}
VISIT: dict[str, Any] = {"entity": "EVENT", "eventType": "viewedPage"}


@pytest.fixture
async def customer(loading: Loading) -> str:
    made = await post_customer(loading.api, loading.shop, "ada@shop.example", externalId="7")
    return str(made["id"])


async def events(loading: Loading, customer: str) -> list[Json]:
    answer = await loading.api.get("/events", params={"customerId": customer})
    found: list[Json] = answer.json()["elements"]
    return found


class TestUpsert:
    async def test_records_what_the_schema_allows(self, loading: Loading, customer: str) -> None:
        job = await loading.done(ORDERS, **ORDER)

        assert (job["entity"], job["eventType"]) == ("EVENT", "completedOrder")
        assert counts(job) == ("PROCESSED", 2, 3, 5)
        results = await loading.results(job)
        assert [one["result"] for one in results] == ["CREATED"] * 2 + ["REFUSED"] * 3
        assert [one["column"] for one in results[2:]] == [
            "externalId",
            "properties.amount.total",
            "context",
        ]
        _, first = await events(loading, customer)
        assert first["properties"] == {
            "orderId": "o-1",
            "amount": {"total": 12.5},
            "products": [{"id": "tea", "price": 12.5}],
        }
        assert first["contextInfo"] == {"store": {"name": "Main"}}
        assert first["date"] == "2026-01-02T08:00:00.000+0000"
        await audit(loading.shop)

    async def test_changes_an_event_that_a_row_names(self, loading: Loading, customer: str) -> None:
        event = await post_event(
            loading.api,
            {"customerId": customer, "type": "viewedPage", "context": "WEB"}
            | {"properties": {"title": "Tea"}, "date": "2026-01-02T08:00:00Z"},
        )
        head = "id,customerId,context,date,properties.title\n"
        row = f"{event},{customer},WEB,2026-01-02T08:00:00Z,"

        same = await loading.done(f"{head}{row}Tea\n", **VISIT)
        other = await loading.done(f"{head}{row}Coffee\n{row}Coffee\n", **VISIT)
        inserted = await loading.done(f"{head}{row}Milk\n", "INSERT", **VISIT)

        results = [await loading.results(one) for one in (same, other, inserted)]
        assert [[one["result"] for one in found] for found in results] == [
            ["UNCHANGED"],
            ["UPDATED", "UNCHANGED"],
            ["REFUSED"],
        ]
        (found,) = await events(loading, customer)
        assert found["properties"] == {"title": "Coffee"}
        assert found["version"] == 2
        await audit(loading.shop)

    async def test_does_not_give_an_event_to_somebody_else(
        self, loading: Loading, customer: str
    ) -> None:
        bea = await post_customer(loading.api, loading.shop, "bea@shop.example")
        event = uuid7(NOON)
        head = "id,customerId,context,date,properties.title\n"
        await loading.done(f"{head}{event},{customer},WEB,2026-01-02T08:00:00Z,Tea\n", **VISIT)

        job = await loading.done(
            f"{head}{event},{bea['id']},WEB,2026-01-02T08:00:00Z,Tea\n", **VISIT
        )

        (result,) = await loading.results(job)
        assert (result["column"], result["message"]) == ("customerId", "cannot change")
        assert len(await events(loading, customer)) == 1


class TestInsert:
    async def test_refuses_what_was_recorded_before(self, loading: Loading, customer: str) -> None:
        first = await loading.done(ORDERS, "INSERT", **ORDER)
        second = await loading.done(ORDERS, "INSERT", **ORDER)

        assert counts(first) == ("PROCESSED", 2, 3, 5)
        assert counts(second) == ("PROCESSED", 0, 5, 5)
        assert len(await events(loading, customer)) == 2


class TestDelete:
    async def test_deletes_by_id(self, loading: Loading, customer: str) -> None:
        await loading.done(ORDERS, **ORDER)
        first, second = await events(loading, customer)
        content = f"id,context\n{first['id']},x\n{uuid4()},\n{first['id']},\n,\nx,\n"

        job = await loading.done(content, "DELETE", **ORDER)

        assert counts(job) == ("PROCESSED", 1, 4, 5)
        results = await loading.results(job)
        assert [one["result"] for one in results] == ["DELETED"] + ["REFUSED"] * 4
        assert [one["id"] for one in await events(loading, customer)] == [second["id"]]
        await audit(loading.shop)


class TestHeader:
    @pytest.mark.parametrize(
        ("header", "reason"),
        [
            ("customerId,context", "date is required"),
            ("customerId,date", "context is required"),
            ("context,date", "customerId is required, or externalId"),
            ("customerId,context,date,properties.colour", "is no property of such an event"),
            ("customerId,context,date,type", "type is no property of such an event"),
            ("customerId,context,date,contextInfo.moon", "is no property of such an event"),
        ],
    )
    async def test_names_what_is_wrong(self, loading: Loading, header: str, reason: str) -> None:
        job = await loading.load(f"{header}\n", **VISIT)

        assert job["status"] == "FAILED"
        assert reason in job["errorMessage"]

    async def test_needs_ids_to_delete(self, loading: Loading) -> None:
        job = await loading.load("customerId\nx\n", "DELETE", entity="EVENT")

        assert job["errorMessage"].endswith("id is required")
