"""What finds entries of the consent log: filters, order, pages, and unique properties."""

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from onefold.model.ids import uuid7
from onefold.model.workspaces import Node, NodeKind
from tests.builders import NOON, Shop, make_draft, make_patch
from tests.dialects.contacthub.clients import Api
from tests.dialects.contacthub.privacy.decisions import NO, YES, decide, listed, make_customer


@dataclass(frozen=True)
class Couple:
    ada: UUID
    bob: UUID


@pytest.fixture
async def couple(shop: Shop) -> Couple:
    """Ada decides on three days, Bob once; Bob reads the notice."""
    ada = await make_customer(shop)
    draft = make_draft(shop.node_id, contact__email="bob@shop.example")
    later = replace(draft, new_id=uuid7(NOON + timedelta(minutes=1)))
    await shop.save([later])
    restricted = {"consents.soft_spam.email.limitation": True}
    objected = {"consents.profiling.online.objection": True}
    await decide(shop, ada, **YES)
    await shop.save([make_patch(ada, **restricted)], at=NOON + timedelta(days=1))
    await shop.save([make_patch(ada, **objected)], at=NOON + timedelta(days=2))
    await decide(shop, later.new_id, at=NOON + timedelta(days=3), notice__version="v2", **NO)
    return Couple(ada, later.new_id)


@pytest.mark.usefixtures("couple")
class TestFilters:
    async def test_show_the_newest_first_without_any(self, officer: Api) -> None:
        found = await listed(officer)

        assert [one["id"] for one in found] == [5, 4, 3, 2, 1]

    async def test_find_a_customer(self, officer: Api, couple: Couple) -> None:
        assert len(await listed(officer, customerId=str(couple.ada))) == 3
        assert await listed(officer, customerId=str(uuid4())) == []
        assert await listed(officer, customerId="nobody") == []

    async def test_find_days_of_the_workspace(self, officer: Api) -> None:
        among = {"startDate": "2026-03-03", "endDate": "2026-03-04"}

        assert [one["id"] for one in await listed(officer, sort="id", **among)] == [2, 3]
        assert len(await listed(officer, startDate="2026-03-05")) == 2
        assert len(await listed(officer, endDate="2026-03-02")) == 1
        assert len(await listed(officer, startDate="0001-01-01", endDate="9999-12-31")) == 5

    @pytest.mark.parametrize(
        ("kind", "many"),
        [
            ("CONSENT_CHANGED", 2),
            ("CONSENT_RESTRICTED", 1),
            ("CONSENT_OBJECTED", 1),
            ("DISCLAIMER_READ", 1),
            ("FORCED_DELETE", 0),
        ],
    )
    async def test_find_a_kind(self, officer: Api, kind: str, many: int) -> None:
        found = await listed(officer, type=kind)

        assert [one["type"] for one in found] == [kind] * many

    @pytest.mark.parametrize(
        ("path", "ids"),
        [
            ("consents.marketing.automatic.email.status", [1, 5]),
            ("consents.marketing.automatic.email", [1, 5]),
            ("consents.marketing", [1, 5]),
            ("$.consents.softSpam.email.limitation", [2]),
            ("/consents/profiling/online/objection", [3]),
            ("softSpam", [2]),
            ("consents.disclaimer", [4]),
            ("consents.disclaimer.version", [4]),
            ("consents", [1, 2, 3, 4, 5]),
            ("consents.market", []),
            ("base.firstName", []),
        ],
    )
    async def test_find_a_property_or_a_branch(
        self, officer: Api, path: str, ids: list[int]
    ) -> None:
        assert [one["id"] for one in await listed(officer, sort="id", property=path)] == ids

    async def test_find_nodes(self, officer: Api, shop: Shop) -> None:
        stall = await shop.add_node(Node(uuid7(NOON), NodeKind.ENTRY, "Stall"))
        draft = make_draft(stall.id, **YES)
        await shop.save([draft])

        assert len(await listed(officer, nodes=str(shop.node_id))) == 5
        assert len(await listed(officer, nodes=f"{shop.node_id}, {stall.id}")) == 6
        (line,) = await listed(officer, nodes=str(stall.id))
        assert line["customerId"] == str(draft.new_id)

    @pytest.mark.parametrize(
        ("params", "pointer"),
        [
            ({"type": "CHANGED"}, "/type"),
            ({"startDate": "yesterday"}, "/startDate"),
            ({"endDate": "2026-02-30"}, "/endDate"),
            ({"startDate": "2026-03-03", "endDate": "2026-03-02"}, "/startDate"),
            ({"sort": "mood"}, "/sort"),
            ({"sort": "date,up"}, "/sort"),
            ({"nodes": "counter"}, "/nodes"),
            ({"nodes": str(uuid4())}, "/nodes"),
            ({"uniqueKey": "ada@shop.example"}, "/uniqueKey"),
            ({"uniqueKey": "[1]"}, "/uniqueKey"),
            ({"size": "51"}, "/size"),
        ],
    )
    async def test_are_refused_by_name(
        self, officer: Api, params: dict[str, str], pointer: str
    ) -> None:
        answer = await officer.get("/consent-logs", params=params)

        assert answer.status_code == 400
        assert [one["path"] for one in answer.json()["errors"]] == [pointer]


@pytest.mark.usefixtures("couple")
class TestOrder:
    @pytest.mark.parametrize(
        ("sort", "ids"),
        [
            ("date", [1, 2, 3, 4, 5]),
            ("date,DESC", [5, 4, 3, 2, 1]),
            ("id,desc", [5, 4, 3, 2, 1]),
            ("type", [1, 5, 3, 2, 4]),
            ("type,desc", [4, 2, 3, 5, 1]),
            ("property", [4, 1, 5, 3, 2]),
            ("customerId", [1, 2, 3, 4, 5]),
        ],
    )
    async def test_is_by_any_field_and_then_by_number(
        self, officer: Api, sort: str, ids: list[int]
    ) -> None:
        assert [one["id"] for one in await listed(officer, sort=sort)] == ids

    async def test_goes_on_from_page_to_page(self, officer: Api) -> None:
        answer = await officer.get("/consent-logs", params={"page": 1, "size": 2, "sort": "id"})

        assert [one["id"] for one in answer.json()["elements"]] == [3, 4]
        assert answer.json()["page"] == {
            "size": 2,
            "totalElements": 5,
            "totalUnfilteredElements": 0,
            "totalPages": 3,
            "number": 1,
        }
        assert await listed(officer, page=9) == []


class TestUniqueKey:
    @pytest.mark.behaviour("contacthub/listConsentLogs/4")
    async def test_finds_a_customer_that_no_longer_exists(self, officer: Api, shop: Shop) -> None:
        ada = await make_customer(shop, consents__profiling__online__status=True)
        await make_customer(shop, "bob@shop.example", **YES)
        assert (await officer.delete(f"/customers/{ada}/data")).status_code == 204

        for document in (
            {"base.contacts.email": "ADA@shop.example "},
            {"base": {"contacts": {"email": "ada@shop.example"}}},
        ):
            found = await listed(officer, uniqueKey=json.dumps(document), sort="id")

            assert [one["type"] for one in found] == ["CONSENT_CHANGED", "FORCED_DELETE"]
            assert {one["customerId"] for one in found} == {str(ada)}

    async def test_finds_whoever_has_or_had_it(self, officer: Api, shop: Shop) -> None:
        ada = await make_customer(shop, **YES)
        await shop.save([make_patch(ada, contact__email="ada@new.example")])
        later = await make_customer(shop, **YES)

        found = await listed(officer, uniqueKey='{"base.contacts.email": "ada@shop.example"}')
        moved = await listed(officer, uniqueKey='{"base.contacts.email": "ada@new.example"}')

        assert {one["customerId"] for one in found} == {str(ada), str(later)}
        assert {one["customerId"] for one in moved} == {str(ada)}

    async def test_narrows_with_the_customer(self, officer: Api, shop: Shop) -> None:
        ada = await make_customer(shop, **YES)
        await make_customer(shop, "bob@shop.example", **YES)
        key = '{"base.contacts.email": "bob@shop.example"}'

        assert await listed(officer, uniqueKey=key, customerId=str(ada)) == []

    @pytest.mark.parametrize(
        "key", ['{"base.firstName": "Ada"}', "{}", '{"base.contacts.email": "eve@shop.example"}']
    )
    async def test_finds_nobody_by_anything_else(self, officer: Api, shop: Shop, key: str) -> None:
        await make_customer(shop, **YES)

        assert await listed(officer, uniqueKey=key) == []
