"""Figures of aggregate nodes and of their customers."""

from typing import Any

import pytest

from tests.dialects.contacthub.people import Json
from tests.dialects.contacthub.unions import ADA, STAFF, Union


class TestFigures:
    """What customers of entry nodes did, told of their person and of the aggregate node."""

    @pytest.fixture
    async def ada(self, union: Union, everybody: Json) -> Json:
        for external_id, second in (("1", False), ("2", True)):
            one = await union.customer(external_id, ADA, second=second)
            order = {"orderId": external_id, "amount": {"total": 10, "revenue": 8}}
            bought = {"type": "completedOrder", "context": "ECOMMERCE", "properties": order}
            await union.event(one["id"], **bought)
            await union.event(one["id"])
        await union.event((await union.customer("3", "bea@shop.example"))["id"])
        return (await union.persons(everybody))[0]

    async def test_of_a_person_are_those_of_its_customers(self, union: Union, ada: Json) -> None:
        path = f"/customers/{ada['id']}/stats"

        bought = (await union.admin.get(f"{path}/buying-behaviors")).json()["data"]
        did = (await union.admin.get(f"{path}/event-category-distribution")).json()["data"]

        assert {one["name"]: one["value"] for one in bought} == {
            "totalSpending": "20.00",
            "averageSpending": "10.00",
            "totalOrders": "2",
            "totalReturns": "0",
            "unitsSold": "0",
        }
        totals = {one["category"]: sum(int(at["value"]) for at in one["values"]) for one in did}
        assert totals == {"completedOrder": 2, "viewedPage": 2}

    async def test_of_the_node_are_those_of_its_entry_nodes(
        self, union: Union, ada: Json, everybody: Json
    ) -> None:
        params = {"nodeId": everybody["id"]}
        found: dict[str, Any] = {}
        for name in ("events-trend", "events-distribution", "customers-trend"):
            answer = await union.admin.get(f"/stats/{name}", params=params)
            for one in answer.json()["data"]:
                total = sum(int(at["value"]) for at in one["values"])
                found[f"{name} {one['category']}"] = total
        kpi = (await union.admin.get("/stats/events-kpi/purchases", params=params)).json()["data"]

        assert ada["nodeId"] == everybody["id"]
        assert found == {
            "events-trend completedOrder": 2,
            "events-trend viewedPage": 3,
            "events-distribution completedOrder": 2,
            "events-distribution viewedPage": 3,
            "customers-trend customers": 2,
        }
        assert [one["value"] for one in kpi if one["name"] == "totalRevenue"] == ["16.00"]

    async def test_of_the_node_leave_out_whom_a_filter_keeps_out(
        self, union: Union, ada: Json, everybody: Json
    ) -> None:
        before = await self.told(union, everybody)
        till = await union.customer("4", "till@staff.example")
        order = {"orderId": "4", "amount": {"total": 99}, "products": [{"quantity": 2}]}
        bought = {"type": "completedOrder", "context": "ECOMMERCE", "properties": order}
        await union.event(till["id"], **bought)
        await union.event(till["id"], context="MOBILE")
        between = await self.told(union, everybody)

        body = everybody | {"state": "ACTIVE", "exclusionFilters": [STAFF]}
        path = f"/configuration/nodes/aggregates/{everybody['id']}"
        assert (await union.admin.put(path, json=body)).status_code == 200
        await union.work(everybody)

        assert ada["id"]
        assert between != before
        assert await self.told(union, everybody) == before

    @staticmethod
    async def told(union: Union, node: Json) -> list[Json]:
        kpis = [f"events-kpi/{one}" for one in ("purchases", "ecommerce", "web")]
        names = ["events-trend", "events-distribution", "customers-snapshot", *kpis]
        params = {"nodeId": node["id"]}
        answers = [await union.admin.get(f"/stats/{one}", params=params) for one in names]
        return [one.json()["data"] for one in answers]

    async def test_of_a_node_that_is_not_active_are_nothing(self, union: Union) -> None:
        made = await union.make()
        await union.event((await union.customer("1", ADA))["id"])

        answer = await union.admin.get("/stats/events-trend", params={"nodeId": made["id"]})

        assert answer.json()["data"] == []
