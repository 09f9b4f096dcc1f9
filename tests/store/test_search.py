"""Searching customers and events: operators, order, pages, and values that try to break out."""

from datetime import timedelta
from typing import Any

import pytest

from onefold.model.errors import Invalid
from onefold.model.filters import (
    Combination,
    Comparison,
    DidEvent,
    Filter,
    Joint,
    Operator,
    Sort,
)
from onefold.model.ids import NIL
from onefold.store.database import refusal_of
from tests.builders import NOON, Shop, by_session, make_event
from tests.store.searching import add, names, page

ATTACKS = [
    "'; DROP TABLE customers; --",
    '" || true || "',
    '") || (1 == 1',
    '\\") || (1 == 1) || (@ == \\"',
    "$1",
    "$.name.given",
    "%s %(x)s {} {0}",
    '\\u0022 || @ != "',
    "\\",
    "\\\\",
    "\n\t\r\x01\x7f",
    "\u2028\ufeff\U0001f600",
    "exists($.x)",
    "null",
    "true",
]


def holds(path: str, operator: Operator, *values: Any) -> Comparison:
    return Comparison(path, operator, values)


class TestOperators:
    @pytest.mark.parametrize(
        ("operator", "values", "found"),
        [
            (Operator.EQUALS, (38,), ["Ann"]),
            (Operator.EQUALS, (38.0,), ["Ann"]),
            (Operator.EQUALS, ("38",), []),
            (Operator.NOT_EQUALS, (38,), ["Bea", "Cyd", "Dan"]),
            (Operator.GT, (38,), ["Bea"]),
            (Operator.GTE, (38,), ["Ann", "Bea"]),
            (Operator.LT, (100,), ["Ann"]),
            (Operator.LTE, (100,), ["Ann", "Bea"]),
            (Operator.BETWEEN, (38, 99), ["Ann"]),
            (Operator.BETWEEN, (99, 38), []),
            (Operator.IN, (38, 100, "x"), ["Ann", "Bea"]),
            (Operator.IN, (), []),
            (Operator.NOT_IN, (38,), ["Bea", "Cyd", "Dan"]),
            (Operator.NOT_IN, (), ["Ann", "Bea", "Cyd", "Dan"]),
            (Operator.IS_NULL, (), ["Cyd", "Dan"]),
            (Operator.IS_NOT_NULL, (), ["Ann", "Bea"]),
            (Operator.EQUALS, (None,), []),
            (Operator.NOT_EQUALS, (None,), ["Ann", "Bea", "Cyd", "Dan"]),
            (Operator.IN, (None, 38), ["Ann"]),
        ],
    )
    async def test_compare_numbers(
        self, bazaar: Shop, operator: Operator, values: tuple[Any, ...], found: list[str]
    ) -> None:
        await add(bazaar, "Ann", custom__size=38)
        await add(bazaar, "Bea", custom__size=100)
        await add(bazaar, "Cyd", custom__text="38")
        await add(bazaar, "Dan")

        condition = holds("custom.size", operator, *values)

        assert await names(bazaar, condition, sort=Sort("number")) == found

    async def test_hold_for_a_list_when_they_do_for_one_item(self, bazaar: Shop) -> None:
        await add(bazaar, "Ann", custom__list=[1, 5])
        await add(bazaar, "Bea", custom__list=[])
        await add(bazaar, "Cyd", custom__list=[None])

        by = Sort("number")
        assert await names(bazaar, holds("custom.list", Operator.GT, 4), sort=by) == ["Ann"]
        assert await names(bazaar, holds("custom.list", Operator.BETWEEN, 2, 4), sort=by) == []
        assert await names(bazaar, holds("custom.list", Operator.IS_NULL), sort=by) == [
            "Bea",
            "Cyd",
        ]

    async def test_reach_into_objects(self, bazaar: Shop) -> None:
        await add(bazaar, "Ann", custom__deep={"a": {"b": "x", "n": None}, "l": [{"c": 1}]})
        await add(bazaar, "Bea", custom__deep={"a": "x"})

        assert await names(bazaar, holds("custom.deep.a.b", Operator.EQUALS, "x")) == ["Ann"]
        assert await names(bazaar, holds("custom.deep.l.c", Operator.EQUALS, 1)) == ["Ann"]
        assert await names(bazaar, holds("custom.deep.a.n", Operator.IS_NOT_NULL)) == []

    async def test_tell_the_primary_contact_from_the_others(self, shop: Shop) -> None:
        await add(shop, "Ann")
        email = holds("contact.email", Operator.EQUALS, "ann@shop.example")
        other = holds("other_contacts.value", Operator.EQUALS, "ann@shop.example")

        assert await names(shop, email) == ["Ann"]
        assert await names(shop, other) == []

    async def test_find_an_email_to_the_letter(self, shop: Shop) -> None:
        await add(shop, "Ann", contact__email="Ann@shop.example")

        for written, found in (("Ann@shop.example", ["Ann"]), ("ann@shop.example", [])):
            assert await names(shop, holds("contact.email", Operator.EQUALS, written)) == found
            assert await names(shop, holds("contact.email", Operator.IN, written)) == found
        assert await names(shop, holds("contact.email", Operator.NOT_EQUALS, "x")) == ["Ann"]
        assert await names(shop, holds("contact.email", Operator.EQUALS, "no address")) == []


class TestColumns:
    async def test_compare_by_their_type(self, shop: Shop) -> None:
        ann = await add(shop, "Ann")
        await add(shop, "Bea", at=NOON + timedelta(days=1))

        for condition, found in (
            (holds("id", Operator.EQUALS, ann), ["Ann"]),
            (holds("id", Operator.EQUALS, str(ann)), ["Ann"]),
            (holds("id", Operator.NOT_EQUALS, ann), ["Bea"]),
            (holds("id", Operator.IN, ann, NIL), ["Ann"]),
            (holds("number", Operator.EQUALS, 2), ["Bea"]),
            (holds("number", Operator.IN, 1, 2, 3), ["Ann", "Bea"]),
            (holds("number", Operator.GT, 1), ["Bea"]),
            (holds("number", Operator.NOT_IN, 1), ["Bea"]),
            (holds("version", Operator.BETWEEN, 1, 1), ["Ann", "Bea"]),
            (holds("node_id", Operator.EQUALS, shop.node_id), ["Ann", "Bea"]),
            (holds("registered_at", Operator.LTE, "2026-03-02T12:00:00+00:00"), ["Ann"]),
            (holds("registered_at", Operator.LTE, "2026-03-02T12:00:00"), ["Ann"]),
            (holds("registered_at", Operator.LTE, NOON), ["Ann"]),
            (holds("updated_at", Operator.GT, "2026-03-02"), ["Ann", "Bea"]),
            (holds("enabled", Operator.EQUALS, True), ["Ann", "Bea"]),
            (holds("enabled", Operator.IS_NULL), []),
            (holds("registered_by", Operator.IS_NULL), ["Ann", "Bea"]),
            (holds("registered_by", Operator.EQUALS, NIL), []),
            (holds("registered_by", Operator.NOT_EQUALS, NIL), ["Ann", "Bea"]),
            (holds("registered_by", Operator.NOT_IN, NIL), ["Ann", "Bea"]),
            (holds("number", Operator.NOT_EQUALS, None), ["Ann", "Bea"]),
        ):
            assert await names(shop, condition, sort=Sort("number")) == found, condition

    @pytest.mark.parametrize(
        ("path", "value"),
        [
            ("id", "abc"),
            ("number", "1"),
            ("number", 1.5),
            ("number", True),
            ("number", 2**63),
            ("registered_at", "yesterday"),
            ("registered_at", 5),
            ("enabled", "true"),
        ],
    )
    async def test_refuse_what_is_not_of_their_type(
        self, shop: Shop, path: str, value: object
    ) -> None:
        with pytest.raises(Invalid):
            await page(shop, holds(path, Operator.EQUALS, value))


class TestConditions:
    @pytest.mark.parametrize(
        "condition",
        [
            holds("custom.size", Operator.EQUALS),
            holds("custom.size", Operator.EQUALS, 1, 2),
            holds("custom.size", Operator.BETWEEN, 1),
            holds("custom.size", Operator.IS_NULL, 1),
            holds("custom.size", Operator.EQUALS, [1]),
            holds("custom.size", Operator.IN, {"a": 1}),
            holds("custom.size", Operator.EQUALS, float("nan")),
            holds("custom.size", Operator.EQUALS, float("inf")),
            holds("contact.pigeon", Operator.EQUALS, "x"),
        ],
    )
    async def test_that_mean_nothing_are_refused(self, shop: Shop, condition: Filter) -> None:
        with pytest.raises(Invalid):
            await page(shop, condition)

    async def test_are_joined_by_and_or_and_except(self, shop: Shop) -> None:
        for name, gender in (("Ann", "f"), ("Bob", "m"), ("Cyd", None)):
            await add(shop, name, gender=gender)
        women, men = (holds("gender", Operator.EQUALS, one) for one in "fm")
        someone = holds("gender", Operator.IS_NOT_NULL)

        for joint, parts, found in (
            (Joint.AND, (someone, women), ["Ann"]),
            (Joint.OR, (women, men), ["Ann", "Bob"]),
            (Joint.EXCEPT, (someone, women), ["Bob"]),
            (Joint.EXCEPT, (someone, women, men), []),
            (Joint.EXCEPT, (someone,), ["Ann", "Bob"]),
            (Joint.AND, (), ["Ann", "Bob", "Cyd"]),
            (Joint.OR, (), []),
        ):
            condition = Combination(joint, parts)
            assert await names(shop, condition, sort=Sort("number")) == found, condition

    async def test_ask_for_events_within_a_time(self, shop: Shop) -> None:
        ann, bob = await add(shop, "Ann"), await add(shop, "Bob")
        await shop.event(make_event("loggedIn", customer_id=ann, at=NOON))
        await shop.event(make_event("viewedPage", customer_id=bob, at=NOON))
        await shop.event(make_event("loggedIn", bring_back=by_session(shop.node_id, "s1")))
        hour, everybody = timedelta(hours=1), Combination(Joint.AND, ())

        for condition, found in (
            (DidEvent("loggedIn"), ["Ann"]),
            (DidEvent("loggedIn", since=NOON, until=NOON), ["Ann"]),
            (DidEvent("loggedIn", since=NOON + hour), []),
            (DidEvent("loggedIn", until=NOON - hour), []),
            (DidEvent("danced'; --"), []),
            (
                Combination(Joint.EXCEPT, (everybody, DidEvent("loggedIn"))),
                ["Bob"],
            ),
        ):
            assert await names(shop, condition) == found, condition


class TestAttacks:
    @pytest.mark.parametrize("attack", ATTACKS)
    async def test_are_values_like_any_other(self, bazaar: Shop, attack: str) -> None:
        await add(bazaar, "Ann", custom__text=attack, external_id=attack)
        await add(bazaar, "Bea", custom__text="x", external_id="x")

        for path in ("custom.text", "external_id"):
            for operator in (Operator.EQUALS, Operator.IN):
                assert await names(bazaar, holds(path, operator, attack)) == ["Ann"]
            assert await names(bazaar, holds(path, Operator.NOT_EQUALS, attack)) == ["Bea"]
        assert await names(bazaar, external_id=attack) == ["Ann"]

    @pytest.mark.parametrize("name", ['a"b', "it's", "$[*] ? (true)"])
    async def test_are_names_like_any_other(self, bazaar: Shop, name: str) -> None:
        await add(bazaar, "Ann", **{f"custom.{name}": "x"})
        await add(bazaar, "Bea")
        path = f"custom.{name}"

        assert await names(bazaar, holds(path, Operator.EQUALS, "x")) == ["Ann"]
        assert await names(bazaar, sort=Sort(path)) == ["Ann", "Bea"]

    @pytest.mark.parametrize("path", ['custom.x" ? (true', "custom.x'; --", "x) || (y", "$", "'"])
    async def test_are_paths_that_lead_nowhere(self, shop: Shop, path: str) -> None:
        await add(shop, "Ann")

        assert await names(shop, holds(path, Operator.IS_NOT_NULL)) == []
        assert await names(shop, sort=Sort(path)) == ["Ann"]

    @pytest.mark.parametrize("value", ["a\x00b", "\ud800"])
    async def test_that_no_text_can_hold_are_the_caller_s_fault(
        self, shop: Shop, value: str
    ) -> None:
        with pytest.raises(Exception, match=r".+") as raised:
            await page(shop, holds("gender", Operator.EQUALS, value))

        assert isinstance(refusal_of(raised.value), Invalid)
