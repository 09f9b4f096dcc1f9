"""Fictional customers and events of the benchmarks."""

import json
from collections import Counter
from datetime import UTC, datetime
from uuid import UUID

from onefold.actions.context import Context
from onefold.bench.people import customer_body, event_body, event_of, spread_over
from onefold.bench.place import Shop
from onefold.bench.requests import search_by_email, upsert_requests
from onefold.model.properties import Definitions

NODE = UUID("0190f0c4-0000-7000-8000-000000000001")
CUSTOMER = UUID("0190f0c4-0000-7000-8000-000000000002")
NOON = datetime(2026, 3, 2, 12, 0, 0, 123000, tzinfo=UTC)
SHOP = Shop(UUID(int=7), NODE, "secret")


class TestEventBody:
    def test_is_valid_by_the_contract(self, context: Context) -> None:
        for number in range(200):
            body = event_body(number, CUSTOMER, NOON)
            found = context.catalog.findings(
                body["type"],
                body["context"],
                properties=body["properties"],
                context_info=body["contextInfo"],
                definitions=Definitions({}),
            )

            assert found == ()

    def test_has_300_to_600_bytes(self) -> None:
        sizes = [len(json.dumps(event_body(number, CUSTOMER, NOON))) for number in range(2000)]

        assert min(sizes) >= 300
        assert max(sizes) <= 600

    def test_writes_times_as_clients_do(self) -> None:
        assert event_body(1, CUSTOMER, NOON)["date"] == "2026-03-02T12:00:00.123+0000"


class TestEventOf:
    def test_mixes_the_types(self) -> None:
        many = Counter(event_of(number)[0] for number in range(2000))

        assert many == {
            "viewedPage": 800,
            "viewedProduct": 500,
            "addedProduct": 300,
            "searched": 200,
            "completedOrder": 200,
        }


class TestSpreadOver:
    def test_fills_the_year_before(self) -> None:
        assert spread_over(NOON, 0, 10) == NOON
        assert (NOON - spread_over(NOON, 9, 10)).days == 327


class TestUpsertRequests:
    def test_are_half_new_and_half_known(self) -> None:
        texts = upsert_requests(SHOP, known=10, start=100, count=20)

        bodies = [json.loads(text.partition(b"\r\n\r\n")[2]) for text in texts]
        numbers = [int(body["externalId"].removeprefix("C-")) for body in bodies]
        assert sum(number < 10 for number in numbers) == 10
        assert [number for number in numbers if number >= 10] == list(range(101, 120, 2))
        assert len({body["base"]["address"]["street"] for body in bodies}) == 20


class TestRequests:
    def test_are_complete(self) -> None:
        text = upsert_requests(SHOP, known=1, start=1, count=1)[0].decode()

        head, _, body = text.partition("\r\n\r\n")
        assert head.startswith(
            f"POST /contacthub/hub/v1/workspaces/{UUID(int=7)}/customers HTTP/1.1"
        )
        assert "Authorization: Bearer secret" in head
        assert f"Content-Length: {len(body)}" in head

    def test_carry_a_query_as_json(self) -> None:
        head = search_by_email(SHOP, 3).decode()

        assert "nodeId=0190f0c4-0000-7000-8000-000000000001" in head
        assert "base.contacts.email" in head
        assert "person3%40shop.example" in head


class TestCustomerBody:
    def test_is_the_same_for_the_same_number(self) -> None:
        assert customer_body(5, NODE) == customer_body(5, NODE)
        assert customer_body(5, NODE)["base"]["contacts"]["email"] == "person5@shop.example"
