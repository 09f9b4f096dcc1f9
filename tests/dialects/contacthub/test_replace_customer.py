"""PUT /customers/{customerId}: the body is the whole customer, but for its subscriptions."""

from uuid import uuid4

import pytest

from onefold.actions.context import Context
from onefold.actions.customers.read import read_customer as read_record
from onefold.model.workspaces import UniquePolicy
from tests.builders import Shop, make_shop
from tests.contracts.recorder import ContractTransport
from tests.dialects.contacthub.clients import Api, Clients
from tests.dialects.contacthub.people import (
    EDUCATION,
    EMAIL,
    SUBSCRIPTION,
    Json,
    customer_body,
    full_customer,
    post_customer,
    read_customer,
)
from tests.dialects.contacthub.snapshots import snapshot

ABSENT = (
    *("pictureUrl", "title", "prefix", "firstName", "lastName", "middleName", "gender", "dob"),
    *("locale", "timezone", "address", "credential", "socialProfile"),
)
NOTHING_BUT_EMAIL: Json = {
    **dict.fromkeys(ABSENT),
    "contacts": {
        "email": EMAIL,
        "fax": None,
        "mobilePhone": None,
        "phone": None,
        "otherContacts": [],
        "mobileDevices": [],
    },
    "educations": [],
    "likes": [],
    "jobs": [],
}


async def put(client: Api, customer: Json, body: Json, **params: str) -> Json:
    answer = await client.put(f"/customers/{customer['id']}", json=body, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture
async def full(client: Api, shop: Shop) -> Json:
    return await post_customer(client, shop, **full_customer())


class TestReplaceCustomer:
    @pytest.mark.behaviour("contacthub/replaceCustomer/2")
    async def test_removes_what_is_not_in_the_body(
        self, client: Api, shop: Shop, full: Json
    ) -> None:
        replaced = await put(client, full, customer_body(shop))

        assert replaced["base"] == {**NOTHING_BUT_EMAIL, "subscriptions": [SUBSCRIPTION]}
        names = ("externalId", "extra", "consents", "tags", "extended", "enabled")
        assert [replaced[name] for name in names] == [None, None, None, None, None, True]
        assert await read_customer(client, full["id"]) == replaced

    @pytest.mark.behaviour("contacthub/replaceCustomer/2")
    async def test_removes_what_is_not_in_an_object(
        self, client: Api, shop: Shop, full: Json
    ) -> None:
        body = customer_body(shop, base={"address": {"city": "Bath"}, "credential": {}})
        body["consents"] = {"profiling": {"online": {"status": True}}}

        replaced = await put(client, full, body)

        empty = dict.fromkeys(("street", "country", "province", "region", "zip", "geo"))
        assert replaced["base"]["address"] == {"city": "Bath", **empty}
        assert replaced["base"]["credential"] is None
        assert replaced["consents"] == {
            "disclaimer": None,
            "marketing": None,
            "profiling": {
                "classic": None,
                "online": {"status": True, "limitation": None, "objection": None},
            },
            "softSpam": None,
            "thirdPartyTransfer": None,
        }

    async def test_changes_nothing_when_it_sends_back_what_was_read(
        self, client: Api, shop: Shop, full: Json
    ) -> None:
        before = await snapshot(shop)

        assert await put(client, full, full) == full

        assert await snapshot(shop) == before

    async def test_changes_nothing_in_a_customer_with_little(self, client: Api, shop: Shop) -> None:
        little = await post_customer(client, shop)
        before = await snapshot(shop)

        assert await put(client, little, little) == little

        assert await snapshot(shop) == before

    async def test_keeps_the_password_that_nobody_can_read(self, client: Api, shop: Shop) -> None:
        credential = {"username": "ada", "password": "correct horse"}
        created = await post_customer(client, shop, base={"credential": credential})
        assert created["base"]["credential"] == {"username": "ada", "password": None}

        await put(client, created, created | {"extra": "changed"})
        await client.patch(f"/customers/{created['id']}", json={"base": created["base"]})

        async with shop.context.database.reading() as tx:
            stored = await read_record(tx, shop.operator, customer_id=created["id"])
        assert (stored.profile.credential.password_hash or "").startswith("$argon2id$")
        assert "horse" not in (stored.profile.credential.password_hash or "")

    async def test_forgets_the_password_with_its_object(self, client: Api, shop: Shop) -> None:
        credential = {"username": "ada", "password": "correct horse"}
        created = await post_customer(client, shop, base={"credential": credential})

        await put(client, created, customer_body(shop))

        async with shop.context.database.reading() as tx:
            stored = await read_record(tx, shop.operator, customer_id=created["id"])
        assert stored.profile.credential.password_hash is None

    @pytest.mark.parametrize("customer_id", [str(uuid4()), "not-existing"])
    async def test_of_nobody_is_not_found(self, client: Api, shop: Shop, customer_id: str) -> None:
        answer = await client.put(f"/customers/{customer_id}", json=customer_body(shop))

        assert answer.status_code == 404


class TestRequiredProperties:
    @pytest.mark.behaviour("contacthub/replaceCustomer/1")
    async def test_are_the_node_the_unique_and_the_mandatory(
        self, context: Context, transport: ContractTransport
    ) -> None:
        unique = UniquePolicy(("external_id",))
        shop = await make_shop(context, unique=unique, mandatory=("name.given",))
        client = Clients(transport, shop).bearing(shop.token)
        created = await post_customer(client, shop, externalId="1", base={"firstName": "Ada"})
        path = f"/customers/{created['id']}"
        before = await snapshot(shop)

        without_node = await client.put(path, json={"externalId": "1"})
        without_both = await client.put(path, json={"nodeId": str(shop.node_id)})

        assert without_node.status_code == 400
        assert [one["path"] for one in without_node.json()["errors"]] == ["/nodeId"]
        assert without_both.status_code == 400
        assert without_both.json()["message"] == "source customer is not valid"
        assert [(one["path"], one["message"]) for one in without_both.json()["errors"]] == [
            ("/externalId", "unique customer property is required"),
            ("/base/firstName", "mandatory customer property is required"),
        ]
        assert await snapshot(shop) == before


class TestLists:
    @pytest.mark.behaviour("contacthub/replaceCustomer/3")
    async def test_are_sets(self, client: Api, shop: Shop, full: Json) -> None:
        phone = {"name": "home", "type": "PHONE", "value": "+44 20 7946 0003"}
        body = customer_body(shop, tags={"auto": ["b", "a", "b"], "manual": []})
        body["base"]["educations"] = [EDUCATION, EDUCATION]
        body["base"]["contacts"]["otherContacts"] = [phone, phone]

        replaced = await put(client, full, body)

        assert replaced["tags"] == {"auto": ["b", "a"], "manual": []}
        assert replaced["base"]["educations"] == [EDUCATION]
        assert replaced["base"]["contacts"]["otherContacts"] == [phone]


class TestSubscriptions:
    @pytest.mark.behaviour("contacthub/replaceCustomer/4")
    async def test_merge_by_id_and_none_is_dropped(
        self, client: Api, shop: Shop, full: Json
    ) -> None:
        change = {"id": "news", "subscribed": False, "updatedAt": "2026-02-01T08:00:00.000+0000"}
        sale = SUBSCRIPTION | {"id": "sale"}
        await put(client, full, customer_body(shop, base={"subscriptions": [sale]}))

        replaced = await put(client, full, customer_body(shop, base={"subscriptions": [change]}))

        assert replaced["base"]["subscriptions"] == [{**SUBSCRIPTION, **change}, sale]

    @pytest.mark.behaviour("contacthub/replaceCustomer/5")
    async def test_are_a_list_as_any_other_in_strict_mode(
        self, client: Api, shop: Shop, full: Json
    ) -> None:
        sale = SUBSCRIPTION | {"id": "sale"}
        body = customer_body(shop, base={"subscriptions": [sale, sale]})

        replaced = await put(client, full, body, mode="STRICT")
        emptied = await put(client, full, customer_body(shop), mode="STRICT")

        assert replaced["base"]["subscriptions"] == [sale]
        assert emptied["base"]["subscriptions"] == []

    async def test_stay_when_the_base_is_null(
        self, context: Context, transport: ContractTransport
    ) -> None:
        shop = await make_shop(context, unique=UniquePolicy(()))
        client = Clients(transport, shop).bearing(shop.token)
        created = await post_customer(client, shop, base={"subscriptions": [SUBSCRIPTION]})
        body = {"nodeId": str(shop.node_id), "base": None}

        replaced = await put(client, created, body)
        emptied = await put(client, created, body, mode="STRICT")

        assert replaced["base"]["contacts"] is None
        assert replaced["base"]["subscriptions"] == [SUBSCRIPTION]
        assert emptied["base"]["subscriptions"] == []

    async def test_take_no_other_mode(self, client: Api, shop: Shop, full: Json) -> None:
        path = f"/customers/{full['id']}"

        answer = await client.put(path, json=customer_body(shop), params={"mode": "strict"})

        assert answer.status_code == 400
        assert [one["path"] for one in answer.json()["errors"]] == ["/mode"]


class TestWhatIsFixed:
    @pytest.mark.behaviour("contacthub/replaceCustomer/6")
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("id", "00000000-0000-7000-8000-000000000001"),
            ("intId", 99),
            ("registeredAt", "2001-01-01T00:00:00.000+0000"),
            ("deleted", 1),
        ],
    )
    async def test_is_refused_when_it_differs(
        self, client: Api, shop: Shop, full: Json, name: str, value: Json
    ) -> None:
        before = await snapshot(shop)

        answer = await client.put(f"/customers/{full['id']}", json=full | {name: value})

        assert answer.status_code == 400
        assert [one["path"] for one in answer.json()["errors"]] == [f"/{name}"]
        assert await snapshot(shop) == before

    @pytest.mark.behaviour("contacthub/replaceCustomer/6")
    async def test_includes_the_node(
        self, client: Api, shop: Shop, rival: Shop, full: Json
    ) -> None:
        before = await snapshot(shop)

        answer = await client.put(
            f"/customers/{full['id']}", json=full | {"nodeId": str(rival.node_id)}
        )

        assert answer.status_code == 404
        assert await snapshot(shop) == before

    @pytest.mark.behaviour("contacthub/replaceCustomer/6")
    async def test_is_ignored_where_it_moves_with_every_change(
        self, client: Api, full: Json
    ) -> None:
        moved = {
            "version": 7,
            "updatedAt": "2001-01-01T00:00:00.000+0000",
            "sourceInfo": {"registeredBy": "me"},
        }

        assert await put(client, full, full | moved) == full

    @pytest.mark.behaviour("contacthub/replaceCustomer/7")
    async def test_moves_where_a_change_is_made(self, client: Api, full: Json) -> None:
        first = await put(client, full, full | {"extra": "changed"})
        second = await put(client, full, full | {"extra": "changed again"})

        assert [full["version"], first["version"], second["version"]] == [1, 2, 3]
        assert full["updatedAt"] <= first["updatedAt"] <= second["updatedAt"]
        assert first["registeredAt"] == full["registeredAt"]


class TestUniqueProperties:
    async def test_of_another_customer_are_refused(
        self, client: Api, shop: Shop, full: Json
    ) -> None:
        bob = await post_customer(client, shop, "bob@shop.example")
        before = await snapshot(shop)

        answer = await client.put(f"/customers/{bob['id']}", json=customer_body(shop, EMAIL))

        assert answer.status_code == 409
        assert answer.json()["data"]["customer"]["id"] == full["id"]
        assert await snapshot(shop) == before
