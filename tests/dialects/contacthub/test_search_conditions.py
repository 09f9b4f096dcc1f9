"""GET /customers?query=…: the query language."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from onefold.actions.context import Context
from tests.builders import NOON, Shop, make_shop
from tests.dialects.contacthub.clients import Api
from tests.dialects.contacthub.people import EDUCATION, Json, post_customer
from tests.dialects.contacthub.test_search_customers import emails, search

SCORES = {"schema": {"type": "number"}, "indexed": True}
COLOURS = {"schema": {"type": "array", "items": {"type": "string"}}}


def atomic(attribute: str, operator: str, value: Json = None) -> Json:
    return {"type": "atomic", "attribute": attribute, "operator": operator, "value": value}


def composite(conjunction: str, *conditions: Json) -> Json:
    return {"type": "composite", "conjunction": conjunction, "conditions": list(conditions)}


def simple(condition: Json) -> Json:
    return {"type": "simple", "are": {"condition": condition}}


def combined(conjunction: str, *queries: Json) -> Json:
    return {"type": "combined", "conjunction": conjunction, "queries": list(queries)}


@pytest.fixture
async def shop(context: Context) -> Shop:
    """Three customers: ann (5, red and blue), bob (10, blue), cat, of whom nothing is known."""
    shop = await make_shop(context, definitions={"score": SCORES, "colours": COLOURS})
    await shop.customer(
        contact__email="ann@shop.example",
        name__given="Ann",
        birth_date=date(1980, 5, 1),
        custom__score=5,
        custom__colours=["red", "blue"],
        enabled=False,
        at=NOON,
    )
    await shop.customer(
        contact__email="bob@shop.example",
        name__given="Bob",
        birth_date=date(1990, 5, 1),
        custom__score=10,
        custom__colours=["blue"],
        at=NOON + timedelta(hours=1),
    )
    await shop.customer(contact__email="cat@shop.example", at=NOON + timedelta(hours=2))
    return shop


async def found(client: Api, shop: Shop, query: Json, **more: Json) -> list[str]:
    """The customers that a query finds, in the order of their names."""
    text = json.dumps({"query": query, **more})
    return emails(await search(client, shop, query=text, sort="base.contacts.email"))


def moment(hours: int) -> int:
    return int((NOON + timedelta(hours=hours)).timestamp() * 1000)


class TestOperators:
    @pytest.mark.behaviour(
        "contacthub/searchCustomers/10",
        "contacthub/searchCustomers/11",
        "contacthub/searchCustomers/12",
        "contacthub/searchCustomers/13",
    )
    @pytest.mark.parametrize(
        ("operator", "value", "expected"),
        [
            ("EQUALS", "Ann", ["ann"]),
            ("EQUALS", "ann", []),
            ("NOT_EQUALS", "Ann", ["bob", "cat"]),
            ("GT", "Ann", ["bob"]),
            ("GTE", "Ann", ["ann", "bob"]),
            ("LT", "Bob", ["ann"]),
            ("LTE", "Bob", ["ann", "bob"]),
            ("BETWEEN", ["Ann", "Bob"], ["ann", "bob"]),
            ("BETWEEN", ["Anna", "Bob"], ["bob"]),
            ("IN", ["Ann", "Cat"], ["ann"]),
            ("IN", "Ann", ["ann"]),
            ("IN", [], []),
            ("NOT_IN", ["Ann"], ["bob", "cat"]),
            ("NOT_IN", "Ann", ["bob", "cat"]),
            ("NOT_IN", [], ["ann", "bob", "cat"]),
            ("IS_NULL", None, ["cat"]),
            ("IS_NULL", "ignored", ["cat"]),
            ("IS_NOT_NULL", ["ignored"], ["ann", "bob"]),
        ],
    )
    async def test_compare_texts(
        self, client: Api, shop: Shop, operator: str, value: Json, expected: list[str]
    ) -> None:
        query = simple(atomic("base.firstName", operator, value))

        assert await found(client, shop, query) == expected

    @pytest.mark.behaviour("contacthub/searchCustomers/10")
    @pytest.mark.parametrize(
        ("operator", "value", "expected"),
        [
            ("EQUALS", 5, ["ann"]),
            ("EQUALS", 5.0, ["ann"]),
            ("EQUALS", "5", []),
            ("GT", 9, ["bob"]),
            ("LT", 10, ["ann"]),
            ("BETWEEN", [5, 10], ["ann", "bob"]),
            ("IN", [10, 11], ["bob"]),
        ],
    )
    async def test_compare_numbers_as_numbers(
        self, client: Api, shop: Shop, operator: str, value: Json, expected: list[str]
    ) -> None:
        query = simple(atomic("extended.score", operator, value))

        assert await found(client, shop, query) == expected

    @pytest.mark.behaviour("contacthub/searchCustomers/10")
    @pytest.mark.parametrize(
        ("attribute", "operator", "value", "expected"),
        [
            ("base.dob", "EQUALS", "1980-05-01", ["ann"]),
            ("base.dob", "EQUALS", "1980-05-01T00:00:00.000+0000", ["ann"]),
            ("base.dob", "LT", "1985-01-01T00:00:00Z", ["ann"]),
            (
                "base.dob",
                "BETWEEN",
                ["1900-01-01T00:00:00Z", "1991-01-01T00:00:00Z"],
                ["ann", "bob"],
            ),
            ("base.dob", "GT", 481_420_800_000, ["bob"]),
            ("updatedAt", "GTE", "2026-03-02T13:00:00.000+0000", ["bob", "cat"]),
            ("updatedAt", "GTE", "2026-03-02T14:00:00+01:00", ["bob", "cat"]),
            ("updatedAt", "GT", moment(1), ["cat"]),
            ("updatedAt", "EQUALS", moment(1), ["bob"]),
            ("registeredAt", "BETWEEN", [moment(0), moment(1)], ["ann", "bob"]),
            ("registeredAt", "LTE", "2026-03-02", []),
            ("intId", "EQUALS", 2, ["bob"]),
            ("intId", "IN", [1, 3], ["ann", "cat"]),
            ("version", "GT", 1, []),
            ("enabled", "EQUALS", False, ["ann"]),
            ("enabled", "EQUALS", True, ["bob", "cat"]),
            ("enabled", "NOT_EQUALS", "false", ["bob", "cat"]),
            ("sourceInfo.registeredBy", "IS_NULL", None, ["ann", "bob", "cat"]),
            ("base.contacts.email", "EQUALS", "bob@shop.example", ["bob"]),
            ("base.contacts.email", "EQUALS", "BOB@shop.example", []),
            ("base.contacts.email", "IN", ["bob@shop.example", "ann@shop.example"], ["ann", "bob"]),
            ("id", "EQUALS", "not-an-id", []),
        ],
    )
    async def test_compare_by_the_type_of_the_property(
        self, client: Api, shop: Shop, attribute: str, operator: str, value: Json, expected: Json
    ) -> None:
        query = simple(atomic(attribute, operator, value))

        assert await found(client, shop, query) == expected

    @pytest.mark.parametrize("sort", ["extended.score,desc", "extended.score,DESC"])
    async def test_have_a_sort_that_compares_the_same_way(
        self, client: Api, shop: Shop, sort: str
    ) -> None:
        assert emails(await search(client, shop, sort=sort)) == ["bob", "ann", "cat"]


class TestLists:
    @pytest.mark.behaviour("contacthub/searchCustomers/14")
    @pytest.mark.parametrize(
        ("operator", "value", "expected"),
        [
            ("EQUALS", "red", ["ann"]),
            ("EQUALS", "blue", ["ann", "bob"]),
            ("IN", ["red", "green"], ["ann"]),
            ("NOT_EQUALS", "red", ["bob", "cat"]),
            ("IS_NULL", None, ["cat"]),
            ("IS_NOT_NULL", None, ["ann", "bob"]),
        ],
    )
    async def test_meet_a_condition_by_one_item(
        self, client: Api, shop: Shop, operator: str, value: Json, expected: list[str]
    ) -> None:
        query = simple(atomic("extended.colours", operator, value))

        assert await found(client, shop, query) == expected

    @pytest.mark.behaviour("contacthub/searchCustomers/14")
    @pytest.mark.parametrize(
        ("attribute", "value"),
        [
            ("base.educations.schoolName", "Example High"),
            ("base.educations.startYear", 1999),
            ("base.contacts.otherContacts.value", "dan@work.example"),
            ("base.contacts.otherContacts.type", "EMAIL"),
            ("tags.manual", "vip"),
            ("base.socialProfile.twitter", "dan.t"),
            ("consents.softSpam.email.status", True),
            ("base.address.geo.lat", 51.5),
            ("extra", 'quotes " and \\ and $'),
        ],
    )
    async def test_of_objects_are_searched_by_their_fields(
        self, client: Api, shop: Shop, attribute: str, value: Json
    ) -> None:
        contact = {"type": "EMAIL", "value": "dan@work.example"}
        base = {
            "contacts": {"email": "dan@shop.example", "otherContacts": [contact]},
            "educations": [EDUCATION],
            "socialProfile": {"twitter": "dan.t"},
            "address": {"geo": {"lat": 51.5, "lon": 0}},
        }
        consents = {"softSpam": {"email": {"status": True}}}
        tags = {"manual": ["new", "vip"]}
        extra = 'quotes " and \\ and $'
        await post_customer(client, shop, base=base, tags=tags, consents=consents, extra=extra)

        assert await found(client, shop, simple(atomic(attribute, "EQUALS", value))) == ["dan"]


ANN = atomic("base.firstName", "EQUALS", "Ann")
BOB = atomic("base.firstName", "EQUALS", "Bob")
BLUE = atomic("extended.colours", "EQUALS", "blue")


class TestJoints:
    @pytest.mark.behaviour("contacthub/searchCustomers/16")
    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            (simple(composite("and", ANN, BLUE)), ["ann"]),
            (simple(composite("and", ANN, BOB)), []),
            (simple(composite("or", ANN, BOB)), ["ann", "bob"]),
            (simple(composite("or", ANN)), ["ann"]),
            (simple(composite("and", BLUE, composite("or", ANN, BOB))), ["ann", "bob"]),
            (combined("UNION", simple(ANN), simple(BOB)), ["ann", "bob"]),
            (combined("INTERSECT", simple(ANN), simple(BLUE)), ["ann"]),
            (combined("EXCEPT", simple(BLUE), simple(ANN)), ["bob"]),
            (combined("EXCEPT", simple(BLUE), simple(ANN), simple(BOB)), []),
            (combined("EXCEPT", simple(BLUE)), ["ann", "bob"]),
            (combined("UNION", simple(ANN)), ["ann"]),
            (combined("INTERSECT", simple(BLUE), combined("UNION", simple(BOB))), ["bob"]),
        ],
    )
    async def test_join_conditions_and_result_sets(
        self, client: Api, shop: Shop, query: Json, expected: list[str]
    ) -> None:
        assert await found(client, shop, query) == expected

    @pytest.mark.behaviour("contacthub/searchCustomers/9")
    async def test_ignore_names_and_other_unknown_keys(self, client: Api, shop: Shop) -> None:
        """Published clients put a name into simple and combined queries."""
        query = {
            **combined("UNION", {**simple(ANN | {"label": "x"}), "name": "query"}),
            "name": "query",
            "more": {"of": "this"},
        }

        assert await found(client, shop, query, name="query") == ["ann"]


class TestDid:
    async def test_finds_those_with_an_event(self, client: Api, shop: Shop) -> None:
        ann = await search(client, shop, query=json.dumps({"query": simple(ANN)}))
        body = {
            "customerId": ann["elements"][0]["id"],
            "type": "loggedIn",
            "context": "WEB",
            "properties": {},
            "date": "2026-03-01T10:00:00Z",
        }
        await client.post("/events", json=body)

        def did(name: str, **frame: Json) -> Json:
            return {"type": "simple", "did": {"event": {"name": name}, **frame}}

        def within(operator: str, value: Json) -> Json:
            return {"timeframe": {"type": "atomic", "operator": operator, "value": value}}

        assert await found(client, shop, did("loggedIn")) == ["ann"]
        assert await found(client, shop, did("loggedOut")) == []
        assert await found(client, shop, did("loggedIn", **within("GTE", "2026-03-01"))) == ["ann"]
        assert await found(client, shop, did("loggedIn", **within("LT", "2026-03-01"))) == []
        span = within("BETWEEN", ["2026-03-01", "2026-03-02"])
        assert await found(client, shop, did("loggedIn", **span)) == ["ann"]


DEEP: Json = ANN
for _ in range(30):
    DEEP = composite("and", DEEP)

MALFORMED = [
    "{",
    "",
    "null",
    "[]",
    "7",
    '"text"',
    "{}",
    '{"query": null}',
    '{"query": {"type": "simple"}, "query": {"type": "simple"}}',
    *(
        json.dumps({"query": query})
        for query in (
            {},
            {"type": "other"},
            {"type": "simple"},
            {"type": "simple", "are": {}},
            {"type": "simple", "are": []},
            {"type": "simple", "are": {"condition": "x"}},
            simple({"type": "atomic"}),
            simple(atomic("nothing", "EQUALS", 1)),
            simple(atomic("base.firstName", "LIKE", "A")),
            simple(atomic("base.firstName", "equals", "A")),
            simple(atomic("base.firstName", "EQUALS", {"a": 1})),
            simple(atomic("base.firstName", "IN", [["A"]])),
            simple(atomic("base.firstName", "BETWEEN", "A")),
            simple(atomic("base.firstName", "BETWEEN", ["A"])),
            simple(atomic("base.firstName", "BETWEEN", ["A", "B", "C"])),
            simple(atomic("base.dob", "EQUALS", "yesterday")),
            simple(atomic("base.dob", "EQUALS", None)),
            simple(atomic("base.dob", "EQUALS", 10**300)),
            simple(atomic("updatedAt", "GT", True)),
            simple(atomic("updatedAt", "GT", -(10**17))),
            simple(atomic("intId", "EQUALS", "one")),
            simple(atomic("intId", "EQUALS", 2**70)),
            simple(atomic("intId", "EQUALS", 1.5)),
            simple(composite("xor", ANN)),
            simple(composite("and")),
            simple(DEEP),
            simple(composite("or", *[ANN] * 300)),
            combined("MINUS", simple(ANN)),
            combined("UNION"),
            combined("UNION", ANN),
            {"type": "simple", "did": {}},
            {"type": "simple", "did": {"event": {"name": 7}}},
            {"type": "simple", "did": {"event": {"name": "x"}, "condition": ANN}},
            {"type": "simple", "did": {"event": {"name": "x"}, "timeframe": {"operator": "IN"}}},
        )
    ),
]


class TestMalformedQueries:
    @pytest.mark.behaviour("contacthub/searchCustomers/17")
    @pytest.mark.parametrize("text", [text for text in MALFORMED if text])
    async def test_are_refused(self, client: Api, shop: Shop, text: str) -> None:
        params = {"nodeId": str(shop.node_id), "query": text}

        answer = await client.get("/customers", params=params)

        assert answer.status_code == 400
        assert [one["path"] for one in answer.json()["errors"]] == ["/query"]
        assert "body" not in answer.json()["message"]

    async def test_that_are_empty_are_none(self, client: Api, shop: Shop) -> None:
        assert (await search(client, shop, query=""))["page"]["totalElements"] == 3

    @pytest.mark.parametrize("text", ["nul \0", "quote ' \" \\ $ @ ? {}", "\u2028", "x" * 5000])
    async def test_are_none_that_hold_odd_text(self, client: Api, shop: Shop, text: str) -> None:
        query = json.dumps({"query": simple(atomic("base.firstName", "EQUALS", text))})

        answer = await client.get(
            "/customers", params={"nodeId": str(shop.node_id), "query": query}
        )

        assert answer.status_code == (400 if "\0" in text else 200)

    async def test_include_a_lone_surrogate(self, client: Api, shop: Shop) -> None:
        query = json.dumps({"query": simple(atomic("base.firstName", "EQUALS", "X"))})

        answer = await client.get(
            "/customers",
            params={"nodeId": str(shop.node_id), "query": query.replace("X", "\\ud800 abcdef")},
        )

        assert answer.status_code == 400


class TestMoments:
    def test_of_this_file_are_what_they_look_like(self) -> None:
        assert datetime.fromtimestamp(481_420_800, UTC).date() == date(1985, 4, 4)
