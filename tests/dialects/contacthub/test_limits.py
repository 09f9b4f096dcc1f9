"""How long and how large the parts of a customer may be, for POST, PATCH and PUT alike."""

import json

import pytest

from onefold.actions.context import Context
from onefold.model.workspaces import UniquePolicy
from tests.builders import Shop, make_shop
from tests.contracts.recorder import ContractTransport
from tests.dialects.contacthub.clients import Api, Clients
from tests.dialects.contacthub.people import (
    Json,
    customer_body,
    full_customer,
    post_customer,
    read_customer,
)
from tests.dialects.contacthub.places import (
    FITTING,
    OF_EACH_TYPE,
    branches,
    leaves,
    put_at,
    value_at,
)
from tests.dialects.contacthub.snapshots import snapshot

BODY_BYTES_MAX = 65_536
DEFINITIONS: dict[str, Json] = {
    "nickname": {"schema": {"type": "string"}},
    "motto": {"schema": {"type": "string"}, "max_length": 6000},
    "score": {"schema": {"type": "number"}},
    "visits": {"schema": {"type": "integer"}},
    "member": {"schema": {"type": "boolean"}},
    "colours": {"schema": {"type": "array", "items": {"type": "string"}}},
    "car": {"schema": {"type": "object", "properties": {"doors": {"type": "integer"}}}},
    "since": {"schema": {"type": "string", "format": "date"}},
    "retired": {"schema": {"type": "string"}, "enabled": False},
}

three_operations = pytest.mark.parametrize("method", ["POST", "PATCH", "PUT"])


class Customers:
    """Writes a body by any of the three operations: to a new customer or to one that is there."""

    def __init__(self, client: Api, shop: Shop, customer_id: str) -> None:
        self.client, self.shop, self.customer_id = client, shop, customer_id

    async def write(self, method: str, body: Json, **more: Json) -> tuple[int, Json]:
        path = "/customers" if method == "POST" else f"/customers/{self.customer_id}"
        sent = {"json": {"nodeId": str(self.shop.node_id), **body}, **more}
        if "content" in more:
            sent = more
        answer = await self.client.request(method, path, **sent)
        return answer.status_code, answer.json()

    async def paths(self, method: str, body: Json) -> list[str]:
        """Write a body that is refused; give the paths that the answer names."""
        status, answer = await self.write(method, body)
        assert status == 400, answer
        assert answer["message"] == "source customer is not valid"
        return [one["path"] for one in answer["errors"]]


@pytest.fixture(scope="module")
async def customers(context: Context, transport: ContractTransport) -> Customers:
    """A shop that tells nobody apart, so that any part may be as long as it likes."""
    shop = await make_shop(context, unique=UniquePolicy(()), definitions=DEFINITIONS)
    client = Clients(transport, shop).bearing(shop.token)
    return Customers(client, shop, (await post_customer(client, shop))["id"])


def nested(path: str, value: Json) -> Json:
    """Make an object with one value deep inside; a number is a list with one item."""
    name, _, rest = path.partition("/")
    inner = nested(rest, value) if rest else value
    return [inner] if name == "0" else {name: inner}


def with_ids(body: Json) -> Json:
    """Give every item of the lists that need one an id."""
    for name in ("educations", "likes", "jobs", "subscriptions"):
        for item in body.get("base", {}).get(name, ()):
            item.setdefault("id", "1")
    return body


FREE_TEXTS = [
    *(f"base/{name}" for name in ("title", "prefix", "firstName", "lastName", "middleName")),
    *(f"base/{name}" for name in ("gender", "locale", "timezone")),
    *(f"base/contacts/{name}" for name in ("fax", "mobilePhone", "phone")),
    *(f"base/contacts/otherContacts/0/{name}" for name in ("name", "value")),
    *(f"base/contacts/mobileDevices/0/{name}" for name in ("identifier", "appId", "name")),
    *(f"base/address/{name}" for name in ("city", "country", "province", "region", "zip")),
    "base/credential/username",
    *(f"base/educations/0/{name}" for name in ("id", "schoolName", "schoolConcentration")),
    *(f"base/likes/0/{name}" for name in ("id", "category", "name")),
    *(f"base/socialProfile/{name}" for name in ("facebook", "google", "instagram")),
    *(f"base/socialProfile/{name}" for name in ("linkedin", "qzone", "twitter")),
    *(f"base/jobs/0/{name}" for name in ("id", "companyIndustry", "companyName", "jobTitle")),
    *(f"base/subscriptions/0/{name}" for name in ("id", "name", "type", "subscriberId")),
    "externalId",
    "consents/disclaimer/version",
    "extended/nickname",
]
LIMITS = [
    *((path, 255, "ü" * 255) for path in FREE_TEXTS),
    ("base/address/street", 500, "ü" * 500),
    ("base/pictureUrl", 1000, "https://shop.example/" + "a" * 979),
    ("base/contacts/email", 255, "a" * 64 + "@" + ".".join(["b" * 60] * 3) + ".example"),
    ("extended/motto", 6000, "x" * 6000),
]


class TestTexts:
    @pytest.mark.behaviour(
        "contacthub/createCustomer/11", "contacthub/patchCustomer/9", "contacthub/replaceCustomer/9"
    )
    @three_operations
    @pytest.mark.parametrize(("path", "most", "text"), LIMITS, ids=[one[0] for one in LIMITS])
    async def test_may_be_so_long_and_no_longer(
        self, customers: Customers, method: str, path: str, most: int, text: str
    ) -> None:
        too_long = text[:-1] + "x" * (most + 2 - len(text))

        status, answer = await customers.write(method, with_ids(nested(path, text)))
        before = await snapshot(customers.shop)
        refused = await customers.paths(method, with_ids(nested(path, too_long)))

        assert status == (201 if method == "POST" else 200), answer
        assert refused == [f"/{path}"]
        assert await snapshot(customers.shop) == before

    @pytest.mark.behaviour(
        "contacthub/createCustomer/11", "contacthub/patchCustomer/9", "contacthub/replaceCustomer/9"
    )
    @three_operations
    @pytest.mark.parametrize("name", ["auto", "manual"])
    async def test_of_tags_may_be_so_long_together(
        self, customers: Customers, method: str, name: str
    ) -> None:
        most = ["x" * 999, "y"]

        status, answer = await customers.write(method, {"tags": {name: most}})
        refused = await customers.paths(method, {"tags": {name: [*most, "z"]}})

        assert status in {200, 201}, answer
        assert refused == [f"/tags/{name}"]

    async def test_of_a_password_may_be_so_long(self, customers: Customers) -> None:
        def body(length: int) -> Json:
            return {"base": {"credential": {"username": "ada", "password": "x" * length}}}

        assert (await customers.write("PATCH", body(255)))[0] == 200
        assert await customers.paths("PATCH", body(256)) == ["/base/credential/password"]

    @pytest.mark.behaviour("contacthub/createCustomer/11")
    async def test_of_tags_are_counted_together_with_those_that_are_there(
        self, client: Api, shop: Shop
    ) -> None:
        created = await post_customer(client, shop, tags={"manual": ["x" * 999]})
        before = await snapshot(shop)

        body = customer_body(shop, tags={"manual": ["yz"]})
        answer = await client.post("/customers", json=body)

        assert answer.status_code == 400
        assert [one["path"] for one in answer.json()["errors"]] == ["/tags/manual"]
        assert await snapshot(shop) == before
        await post_customer(client, shop, tags={"manual": ["y", "x" * 999]})
        assert (await read_customer(client, created["id"]))["tags"]["manual"] == ["x" * 999, "y"]


class TestBodies:
    @pytest.mark.behaviour(
        "contacthub/createCustomer/10", "contacthub/patchCustomer/8", "contacthub/replaceCustomer/8"
    )
    @three_operations
    async def test_may_weigh_64_kilobytes_and_no_byte_more(
        self, customers: Customers, method: str
    ) -> None:
        start = json.dumps({"nodeId": str(customers.shop.node_id), "extra": ""})[:-2]
        full = start + "x" * (BODY_BYTES_MAX - len(start) - 2) + '"}'

        status, answer = await customers.write(method, {}, content=full.encode())
        before = await snapshot(customers.shop)
        too_large, refusal = await customers.write(method, {}, content=full.encode() + b" ")

        assert len(full) == BODY_BYTES_MAX
        assert status in {200, 201}, answer
        assert too_large == 413
        assert refusal["errors"] == []
        assert await snapshot(customers.shop) == before


def extended(**values: Json) -> Json:
    return {"extended": values}


class TestExtendedProperties:
    @pytest.mark.behaviour(
        "contacthub/createCustomer/12",
        "contacthub/patchCustomer/10",
        "contacthub/replaceCustomer/10",
    )
    @three_operations
    async def test_are_those_that_are_defined(self, customers: Customers, method: str) -> None:
        values: Json = {
            "nickname": "Countess",
            "motto": "x" * 300,
            "score": 1.5,
            "visits": 3,
            "member": True,
            "colours": ["red", "blue"],
            "car": {"doors": 3},
            "since": "2026-01-02",
        }

        _, answer = await customers.write(method, extended(**values))
        await customers.write("PATCH", extended(nickname="Ada"))

        assert answer["extended"] == values

    @pytest.mark.behaviour(
        "contacthub/createCustomer/12",
        "contacthub/patchCustomer/10",
        "contacthub/replaceCustomer/10",
    )
    @three_operations
    @pytest.mark.parametrize(
        ("values", "path"),
        [
            ({"shoes": 1}, "/extended/shoes"),
            ({"retired": "x"}, "/extended/retired"),
            ({"nickname": 7}, "/extended/nickname"),
            ({"score": "1"}, "/extended/score"),
            ({"visits": 1.5}, "/extended/visits"),
            ({"member": "yes"}, "/extended/member"),
            ({"colours": "red"}, "/extended/colours"),
            ({"colours": ["red", 7]}, "/extended/colours/1"),
            ({"colours": ["x" * 500, "y" * 501]}, "/extended/colours"),
            ({"car": {"doors": "three"}}, "/extended/car/doors"),
            ({"since": "yesterday"}, "/extended/since"),
            ({"a.b": 1}, "/extended/a.b"),
            ({"a/b~": 1}, "/extended/a~1b~0"),
            ({"": 1}, "/extended/"),
        ],
    )
    async def test_are_refused_when_unknown_or_wrong(
        self, customers: Customers, method: str, values: Json, path: str
    ) -> None:
        assert await customers.paths(method, extended(**values)) == [path]

    async def test_are_kept_as_they_are_merged(self, customers: Customers) -> None:
        await customers.write("PUT", extended(nickname="Ada", score=1))
        _, answer = await customers.write("PATCH", extended(nickname=None, visits=2))

        assert answer["extended"] == {"score": 1, "visits": 2}


WRONG: Json = {
    "base/pictureUrl": "not a url",
    "base/dob": "1985-02-30",
    "base/contacts/email": "nobody",
    "base/contacts/otherContacts/0/type": "PIGEON",
    "base/contacts/mobileDevices/0/type": "TOASTER",
    "base/contacts/mobileDevices/0/notificationService": "PIGEON",
    "base/address/geo/lat": "north",
    "base/educations/0/schoolType": "KINDERGARTEN",
    "base/educations/0/startYear": 1999.5,
    "base/likes/0/createdTime": "yesterday",
    "base/jobs/0/startDate": "03/02/2010",
    "base/subscriptions/0/kind": "PIGEON",
    "base/subscriptions/0/startDate": "2026-01-02",
    "base/shoeSize": 38,
    "consents/marketing/automatic/fax": {"status": True},
    "consents/profiling/online/status": "yes",
    "consents/disclaimer/date": "yesterday",
    "tags/manual/1": 7,
    "tags/other": [],
    "enabled": "yes",
}


class TestValidation:
    @pytest.mark.behaviour(
        "contacthub/createCustomer/13",
        "contacthub/patchCustomer/11",
        "contacthub/replaceCustomer/11",
    )
    @three_operations
    async def test_names_each_wrong_property(self, customers: Customers, method: str) -> None:
        body = full_customer()
        for path, value in WRONG.items():
            put_at(body, path, value)

        assert set(await customers.paths(method, body)) == {f"/{path}" for path in WRONG}

    @pytest.mark.behaviour(
        "contacthub/createCustomer/13",
        "contacthub/patchCustomer/11",
        "contacthub/replaceCustomer/11",
    )
    @three_operations
    async def test_names_a_value_of_another_type(self, customers: Customers, method: str) -> None:
        """Every leaf of a full body is replaced by a value of each type that it may not have."""
        before = await snapshot(customers.shop)
        for path in leaves(full_customer()):
            kind = type(value_at(full_customer(), path))
            for wrong in OF_EACH_TYPE:
                if type(wrong) is kind or (kind, type(wrong)) in FITTING:
                    continue
                body = full_customer()
                put_at(body, path, wrong)
                assert await customers.paths(method, body) == [path], wrong
        assert await snapshot(customers.shop) == before

    @three_operations
    async def test_names_a_branch_of_another_type(self, customers: Customers, method: str) -> None:
        before = await snapshot(customers.shop)
        for path in branches(full_customer()):
            kind = type(value_at(full_customer(), path))
            for wrong in OF_EACH_TYPE:
                if type(wrong) is kind:
                    continue
                body = full_customer()
                put_at(body, path, wrong)
                assert await customers.paths(method, body) == [path], wrong
        assert await snapshot(customers.shop) == before
