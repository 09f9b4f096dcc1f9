"""GET /customers: pages, order, fields and plain filters; conditions have a file of their own."""

from datetime import timedelta

import pytest

from tests.builders import NOON, Shop
from tests.dialects.contacthub.clients import Api
from tests.dialects.contacthub.people import Json, post_customer, read_customer
from tests.dialects.contacthub.snapshots import multiply


async def search(client: Api, shop: Shop, **params: str | int) -> Json:
    answer = await client.get("/customers", params={"nodeId": str(shop.node_id), **params})
    assert answer.status_code == 200, answer.text
    return answer.json()


def emails(found: Json) -> list[str]:
    """The names before the @ of whoever was found."""
    return [one["base"]["contacts"]["email"].partition("@")[0] for one in found["elements"]]


def paths(answer: Json) -> list[str]:
    return [one["path"] for one in answer["errors"]]


@pytest.fixture
async def twelve(shop: Shop) -> Shop:
    """Twelve customers, c00 to c11, the later ones changed later; first names run backwards."""
    for number in range(12):
        await shop.customer(
            contact__email=f"c{number:02}@shop.example",
            name__given=f"Name {99 - number}",
            at=NOON + timedelta(minutes=number),
        )
    return shop


class TestNode:
    @pytest.mark.behaviour("contacthub/searchCustomers/1")
    async def test_is_required(self, client: Api) -> None:
        answer = await client.get("/customers")

        assert answer.status_code == 400
        assert paths(answer.json()) == ["/nodeId"]

    @pytest.mark.behaviour("contacthub/searchCustomers/1")
    @pytest.mark.parametrize("node_id", ["00000000-0000-7000-8000-000000000001", "fake-node-id"])
    async def test_that_is_unknown_is_not_found(self, client: Api, node_id: str) -> None:
        answer = await client.get("/customers", params={"nodeId": node_id})

        assert answer.status_code == 404
        assert answer.json()["message"] == f"node not found {node_id}"

    async def test_holds_only_its_own(self, client: Api, shop: Shop, rival: Shop) -> None:
        await rival.customer(contact__email="eve@rival.example")

        assert (await search(client, shop))["elements"] == []


class TestPages:
    @pytest.mark.behaviour("contacthub/searchCustomers/2")
    async def test_show_the_newest_first(self, client: Api, twelve: Shop) -> None:
        found = await search(client, twelve)

        assert emails(found) == [f"c{number:02}" for number in range(11, 1, -1)]

    @pytest.mark.behaviour("contacthub/searchCustomers/4")
    async def test_have_ten_elements_and_at_most_fifty(self, client: Api, twelve: Shop) -> None:
        found = await search(client, twelve)
        node = {"nodeId": str(twelve.node_id)}

        assert len(found["elements"]) == 10
        assert found["page"] == {
            "size": 10,
            "totalElements": 12,
            "totalUnfilteredElements": 0,
            "totalPages": 2,
            "number": 0,
            "maxElements": 10_000,
            "maxPages": 1000,
        }
        assert (await search(client, twelve, size=50))["page"]["size"] == 50
        answer = await client.get("/customers", params={**node, "size": 51})
        assert answer.status_code == 400
        assert paths(answer.json()) == ["/size"]

    @pytest.mark.behaviour("contacthub/searchCustomers/5")
    async def test_count_from_zero_and_end_empty(self, client: Api, twelve: Shop) -> None:
        second = await search(client, twelve, page=1)
        third = await search(client, twelve, page=2)
        last = await search(client, twelve, page=1_000_000_000)

        assert emails(second) == ["c01", "c00"]
        assert second["page"]["number"] == 1
        assert third["elements"] == []
        assert third["page"] | {"number": 1} == second["page"]
        assert last["elements"] == []

    @pytest.mark.behaviour("contacthub/searchCustomers/6")
    async def test_reach_ten_thousand_elements(self, client: Api, shop: Shop) -> None:
        await shop.customer(contact__email="ada@shop.example")
        await multiply(shop, "customers", "customer_id", times=10_004)

        first = await search(client, shop, size=50)
        last = await search(client, shop, size=50, page=199)
        beyond = await search(client, shop, size=50, page=200)

        assert first["page"]["totalElements"] == 10_000
        assert first["page"]["totalPages"] == 200
        assert len(last["elements"]) == 50
        assert beyond["elements"] == []

    async def test_may_have_no_elements_at_all(self, client: Api, twelve: Shop) -> None:
        found = await search(client, twelve, size=0)

        assert found["elements"] == []
        assert found["page"]["totalElements"] == 12
        assert found["page"]["totalPages"] == 0


class TestOrder:
    @pytest.mark.behaviour("contacthub/searchCustomers/3")
    @pytest.mark.parametrize(
        ("sort", "first"),
        [
            ("base.firstName", "c11"),
            ("base.firstName,asc", "c11"),
            ("base.firstName,ASC", "c11"),
            ("base.firstName,desc", "c00"),
            ("base.firstName,DESC", "c00"),
            ("base.firstName,Desc", "c00"),
            ("base.contacts.email,desc", "c11"),
            ("intId", "c00"),
            ("registeredAt,desc", "c11"),
            ("updatedAt", "c00"),
        ],
    )
    async def test_is_by_the_field_in_the_direction(
        self, client: Api, twelve: Shop, sort: str, first: str
    ) -> None:
        found = await search(client, twelve, sort=sort)

        assert emails(found)[0] == first

    async def test_puts_those_without_the_field_last(self, client: Api, shop: Shop) -> None:
        await shop.customer(contact__email="none@shop.example")
        await shop.customer(contact__email="b@shop.example", name__family="B")
        await shop.customer(contact__email="a@shop.example", name__family="A")

        upwards = await search(client, shop, sort="base.lastName,asc")
        downwards = await search(client, shop, sort="base.lastName,desc")

        assert emails(upwards) == ["a", "b", "none"]
        assert emails(downwards) == ["b", "a", "none"]

    @pytest.mark.parametrize(
        "sort",
        ["nothing", "base.firstName,up", "base.firstName,asc,desc", "base", "base.credential", ","],
    )
    async def test_is_refused_when_it_is_none(self, client: Api, shop: Shop, sort: str) -> None:
        params = {"nodeId": str(shop.node_id), "sort": sort}

        answer = await client.get("/customers", params=params)

        assert answer.status_code == 400
        assert paths(answer.json()) == ["/sort"]


class TestFields:
    @pytest.mark.behaviour("contacthub/searchCustomers/7")
    @pytest.mark.parametrize(
        ("fields", "expected"),
        [
            ("base.firstName", {"base": {"firstName": "Ada"}}),
            ("base.firstName,extra", {"base": {"firstName": "Ada"}, "extra": "x"}),
            (" base.firstName , extra ", {"base": {"firstName": "Ada"}, "extra": "x"}),
            ("base.contacts.email", {"base": {"contacts": {"email": "ada@shop.example"}}}),
            ("base.address.city", {"base": {"address": None}}),
            ("base.educations.schoolName", {"base": {"educations": []}}),
            ("base.firstName.more,nothing,base.nothing", {"base": {"firstName": "Ada"}}),
            (",", {}),
        ],
    )
    async def test_keep_only_these_paths_and_the_ids(
        self, client: Api, shop: Shop, fields: str, expected: Json
    ) -> None:
        saved = await shop.customer(contact__email="ada@shop.example", name__given="Ada", extra="x")

        found = await search(client, shop, fields=fields)

        ids = {"id": str(saved.customer.id), "nodeId": str(shop.node_id)}
        assert found["elements"] == [{**ids, **expected}]

    async def test_keep_a_place_whole(self, client: Api, shop: Shop) -> None:
        place = {"lat": 51.5, "lon": -0.12}
        await post_customer(client, shop, base={"address": {"geo": place, "city": "London"}})

        (one,) = (await search(client, shop, fields="base.address.geo.lat"))["elements"]

        assert one["base"] == {"address": {"geo": place}}

    async def test_of_a_parent_and_its_child_keep_the_parent(self, client: Api, shop: Shop) -> None:
        created = await post_customer(client, shop, base={"firstName": "Ada"})

        for fields in ("base,base.firstName", "base.firstName,base"):
            (one,) = (await search(client, shop, fields=fields))["elements"]
            assert one["base"] == created["base"]

    async def test_are_all_of_them_when_none_is_named(self, client: Api, shop: Shop) -> None:
        created = await post_customer(client, shop, base={"firstName": "Ada"})

        for fields in ({}, {"fields": ""}):
            (one,) = (await search(client, shop, **fields))["elements"]
            assert one == await read_customer(client, created["id"])


class TestExternalId:
    @pytest.mark.behaviour("contacthub/searchCustomers/8")
    async def test_may_match_several(self, client: Api, shop: Shop) -> None:
        for name in ("a", "b", "c"):
            external_id = None if name == "c" else "till-7"
            await shop.customer(contact__email=f"{name}@shop.example", external_id=external_id)

        found = await search(client, shop, externalId="till-7")

        assert sorted(emails(found)) == ["a", "b"]
        assert found["page"]["totalElements"] == 2

    async def test_that_is_empty_is_none(self, client: Api, shop: Shop) -> None:
        await shop.customer(contact__email="a@shop.example")

        assert len((await search(client, shop, externalId=""))["elements"]) == 1

    @pytest.mark.parametrize("other", ["till-", "TILL-7", "till-7 ", "nobody"])
    async def test_matches_to_the_letter(self, client: Api, shop: Shop, other: str) -> None:
        await shop.customer(contact__email="a@shop.example", external_id="till-7")

        assert (await search(client, shop, externalId=other))["elements"] == []


class TestBrowsers:
    @pytest.mark.behaviour("contacthub/searchCustomers/15")
    async def test_may_not_search(self, browser: Api, shop: Shop) -> None:
        answer = await browser.get("/customers", params={"nodeId": str(shop.node_id)})

        assert answer.status_code == 403
