"""POST /customers: what a new customer needs, and how a new one is stored."""

from uuid import UUID

import pytest

from onefold.actions.context import Context
from onefold.model.workspaces import OnMatch, UniquePolicy
from tests.builders import Shop, make_shop
from tests.contracts.recorder import ContractTransport
from tests.dialects.contacthub.clients import Api, Clients
from tests.dialects.contacthub.people import (
    EMAIL,
    Json,
    customer_body,
    full_customer,
    post_customer,
    read_customer,
)
from tests.dialects.contacthub.snapshots import snapshot

UNIQUE = "unique customer property is required"
MANDATORY = "mandatory customer property is required"


def found(answer_json: Json) -> list[tuple[str, str]]:
    return [(one["path"], one["message"]) for one in answer_json["errors"]]


@pytest.fixture
async def strict_shop(context: Context) -> Shop:
    """Tells customers apart by e-mail and external id, and asks for a first name."""
    unique = UniquePolicy(("contact.email", "external_id"))
    return await make_shop(context, unique=unique, mandatory=("name.given",))


@pytest.fixture
def strict_client(transport: ContractTransport, strict_shop: Shop) -> Api:
    return Clients(transport, strict_shop).bearing(strict_shop.token)


class TestCreateCustomer:
    @pytest.mark.behaviour("contacthub/createCustomer/3")
    async def test_stores_a_new_customer(self, client: Api, shop: Shop) -> None:
        created = await post_customer(client, shop, base={"firstName": "Ada"})

        assert UUID(created["id"]).version == 7
        assert created["intId"] == 1
        assert created["nodeId"] == str(shop.node_id)
        assert created["version"] == 1
        assert created["deleted"] == 0
        assert created["enabled"] is True
        assert created["base"]["firstName"] == "Ada"
        assert created["registeredAt"] == created["updatedAt"]
        assert created["sourceInfo"] == {
            "registeredBy": str(shop.source.id),
            "updatedBy": str(shop.source.id),
        }
        assert await read_customer(client, created["id"]) == created

    async def test_stores_two_that_do_not_match(self, client: Api, shop: Shop) -> None:
        ada = await post_customer(client, shop)
        bob = await post_customer(client, shop, "bob@shop.example")

        assert (ada["intId"], bob["intId"]) == (1, 2)
        assert ada["id"] != bob["id"]

    async def test_keeps_every_field_of_the_contract(self, client: Api, shop: Shop) -> None:
        sent = full_customer()

        created = await post_customer(client, shop, **sent)

        assert {name: created[name] for name in sent} == sent

    async def test_ignores_what_only_the_server_sets(self, client: Api, shop: Shop) -> None:
        sent: Json = {
            "id": "00000000-0000-7000-8000-000000000001",
            "intId": 99,
            "version": 12,
            "deleted": 1,
            "registeredAt": "2001-01-01T00:00:00.000+0000",
            "updatedAt": "2001-01-01T00:00:00.000+0000",
            "sourceInfo": {"registeredBy": "me"},
        }

        created = await post_customer(client, shop, **sent)

        for name, value in sent.items():
            assert created[name] != value

    async def test_takes_the_id_null_of_a_browser(self, client: Api, shop: Shop) -> None:
        assert UUID((await post_customer(client, shop, id=None))["id"]).version == 7


class TestRequiredProperties:
    @pytest.mark.behaviour("contacthub/createCustomer/1")
    async def test_name_every_missing_one(self, strict_client: Api, strict_shop: Shop) -> None:
        before = await snapshot(strict_shop)

        answer = await strict_client.post("/customers", json={"nodeId": str(strict_shop.node_id)})

        assert answer.status_code == 400
        assert answer.json()["message"] == "source customer is not valid"
        assert found(answer.json()) == [
            ("/base/contacts/email", UNIQUE),
            ("/externalId", UNIQUE),
            ("/base/firstName", MANDATORY),
        ]
        assert await snapshot(strict_shop) == before

    async def test_are_enough(self, strict_client: Api, strict_shop: Shop) -> None:
        parts: Json = {"externalId": "till-7", "base": {"firstName": "Ada"}}

        created = await post_customer(strict_client, strict_shop, **parts)

        assert created["externalId"] == "till-7"

    @pytest.mark.parametrize("value", ["", None])
    async def test_are_missing_when_they_are_empty(
        self, strict_client: Api, strict_shop: Shop, value: str | None
    ) -> None:
        body = customer_body(strict_shop, externalId=value, base={"firstName": value})

        answer = await strict_client.post("/customers", json=body)

        assert answer.status_code == 400
        assert found(answer.json()) == [("/externalId", UNIQUE), ("/base/firstName", MANDATORY)]

    async def test_of_the_body_include_the_node(self, client: Api) -> None:
        answer = await client.post("/customers", json={"base": {"contacts": {"email": EMAIL}}})

        assert answer.status_code == 400
        assert found(answer.json()) == [("/nodeId", "is required")]


class TestNodes:
    async def test_that_are_unknown_are_not_found(self, client: Api, shop: Shop) -> None:
        body = customer_body(shop) | {"nodeId": "00000000-0000-7000-8000-000000000001"}

        answer = await client.post("/customers", json=body)

        assert answer.status_code == 404
        expected = "node not found 00000000-0000-7000-8000-000000000001"
        assert answer.json()["message"] == expected

    async def test_must_be_ids(self, client: Api, shop: Shop) -> None:
        answer = await client.post("/customers", json=customer_body(shop) | {"nodeId": "till"})

        assert answer.status_code == 400
        assert found(answer.json()) == [("/nodeId", "is not a valid uuid")]


class TestUniqueProperties:
    @pytest.mark.behaviour("contacthub/createCustomer/2")
    @pytest.mark.parametrize(("case_sensitive", "ids"), [(False, 1), (True, 2)])
    async def test_compare_as_the_node_says(
        self, context: Context, transport: ContractTransport, *, case_sensitive: bool, ids: int
    ) -> None:
        unique = UniquePolicy(("contact.email",), case_sensitive=case_sensitive)
        shop = await make_shop(context, unique=unique)
        client = Clients(transport, shop).bearing(shop.token)

        ada = await post_customer(client, shop, "ada@shop.example")
        other = await post_customer(client, shop, "ADA@shop.example")

        assert len({ada["id"], other["id"]}) == ids

    async def test_are_those_of_the_node_together(
        self, strict_client: Api, strict_shop: Shop
    ) -> None:
        base = {"firstName": "Ada"}
        one = await post_customer(strict_client, strict_shop, externalId="1", base=base)
        two = await post_customer(strict_client, strict_shop, externalId="2", base=base)
        again = await post_customer(strict_client, strict_shop, externalId="1", base=base)

        assert one["id"] != two["id"]
        assert again["id"] == one["id"]

    async def test_may_be_none(self, context: Context, transport: ContractTransport) -> None:
        shop = await make_shop(context, unique=UniquePolicy(()))
        client = Clients(transport, shop).bearing(shop.token)

        ids = {(await post_customer(client, shop))["id"] for _ in range(2)}

        assert len(ids) == 2


class TestAMatchThatIsRefused:
    @pytest.fixture
    async def shop(self, context: Context) -> Shop:
        unique = UniquePolicy(("contact.email",), on_match=OnMatch.REFUSE)
        return await make_shop(context, unique=unique)

    @pytest.mark.behaviour("contacthub/createCustomer/9")
    async def test_says_who_is_there_and_where(self, client: Api, shop: Shop) -> None:
        created = await post_customer(client, shop, base={"firstName": "Ada"})
        before = await snapshot(shop)

        answer = await client.post("/customers", json=customer_body(shop, base={"title": "Ms"}))

        assert answer.status_code == 409
        assert answer.json()["message"] == f"Conflict with exiting customer {created['id']}"
        href = answer.json()["data"]["customer"]["href"]
        assert answer.json()["data"] == {"customer": {"id": created["id"], "href": href}}
        assert await snapshot(shop) == before
        patched = await client.patch(href, json={"base": {"title": "Ms"}})
        assert patched.json()["base"]["title"] == "Ms"

    async def test_says_nothing_to_a_browser(self, client: Api, browser: Api, shop: Shop) -> None:
        created = await post_customer(client, shop)

        answer = await browser.post("/customers", json=customer_body(shop))

        assert answer.status_code == 409
        assert answer.json()["data"] is None
        assert created["id"] not in answer.text
