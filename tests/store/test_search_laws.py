"""A filter finds in the database whom it finds in Python, whatever it is and whoever they are."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.actions.context import Context
from onefold.actions.customers.drafts import CustomerDraft, Saved
from onefold.model.changes import CustomerChange
from onefold.model.consents import ASPECTS, PURPOSES
from onefold.model.customers import ContactKind, Customer
from onefold.model.filters import (
    Combination,
    Comparison,
    CustomerSearch,
    Filter,
    Joint,
    Operator,
)
from onefold.model.ids import uuid7
from onefold.model.workspaces import UniquePolicy
from onefold.store.search import search_customers
from tests.audit import all_customers
from tests.builders import NOON, Shop, make_shop
from tests.store.evaluator import matches, values_at
from tests.strategies import ADDRESSES, CHANGES, NAME, NAMES, TEXT, few, many

PLAIN_PATHS = (
    "external_id",
    "name.given",
    "name.family",
    "birth_date",
    "extra",
    "locale",
    "enabled",
    "address.city",
    "address.country",
    "address.latitude",
    "address.extra_lines",
    "addresses.city",
    "other_contacts.value",
    "other_contacts.kind",
    "notice.version",
    "tags.auto",
    "tags.manual",
    "educations.start_year",
    "educations.id",
    "likes.name",
    "devices.name",
    "subscriptions.subscribed",
    "subscriptions.name",
    "subscriptions.preferences.key",
    "credential.username",
    *(f"contact.{kind}" for kind in ContactKind),
    *(f"consents.{purpose}.{aspect}" for purpose in PURPOSES[:3] for aspect in ASPECTS),
)
KNOWN_PATHS = (
    *PLAIN_PATHS,
    "number",
    *(f"handles.{name}" for name in NAMES),
    *(f"details.{name}" for name in NAMES),
)
PATHS = (
    st.sampled_from(PLAIN_PATHS)
    | st.builds("handles.{}".format, NAME)
    | st.builds("details.{}".format, NAME)
    | st.builds("details.{}.{}".format, NAME, NAME)
)
"""The shop of this test defines no custom properties; `details` are the same to a search."""

SCALARS = (
    st.booleans()
    | st.integers(-3, 3)
    | st.integers(1900, 2100)
    | st.floats(-(10**15), 10**15)
    | TEXT
    | ADDRESSES
    | st.sampled_from(["Pavia", "IT", "email", "2017-03-09", "9999-12-31"])
)
ONE = st.sampled_from(
    [
        Operator.EQUALS,
        Operator.NOT_EQUALS,
        Operator.GT,
        Operator.GTE,
        Operator.LT,
        Operator.LTE,
    ]
)
ANY = st.sampled_from([Operator.IN, Operator.NOT_IN])
NONE = st.sampled_from([Operator.IS_NULL, Operator.IS_NOT_NULL])
COMPARISONS: st.SearchStrategy[Comparison] = (
    st.builds(Comparison, PATHS, ONE, st.tuples(SCALARS))
    | st.builds(Comparison, PATHS, NONE, st.just(()))
    | st.builds(Comparison, PATHS, ANY, st.lists(SCALARS, max_size=3).map(tuple))
    | st.builds(Comparison, PATHS, st.just(Operator.BETWEEN), st.tuples(SCALARS, SCALARS))
).filter(lambda one: one.path != "enabled" or _flags(one))
GUESSED = "guessed"
GUESSES = st.builds(
    Comparison,
    st.just(GUESSED),
    ONE | ANY | NONE | st.just(Operator.BETWEEN),
    st.tuples(st.integers(0, 1000)),
)
"""Stands for a path and a value that somebody has: without these, hardly anybody is found."""

FILTERS: st.SearchStrategy[Filter] = st.recursive(
    COMPARISONS | GUESSES | GUESSES,
    lambda inner: st.builds(
        Combination, st.sampled_from(Joint), st.lists(inner, min_size=1, max_size=3).map(tuple)
    ),
    max_leaves=6,
)


def _flags(comparison: Comparison) -> bool:
    """A column takes values of its own type only."""
    return all(isinstance(value, bool) for value in comparison.values)


def searchable(change: CustomerChange) -> CustomerChange:
    """Without custom properties, which this shop does not define."""
    values = {
        path: value for path, value in change.values.items() if not path.startswith("custom.")
    }
    return replace(change, values=values)


def guessed(condition: Filter, facts: Sequence[tuple[str, object]]) -> Filter:
    """The condition with a fact in the place of each guess."""
    if isinstance(condition, Combination):
        parts = tuple(guessed(part, facts) for part in condition.parts)
        return replace(condition, parts=parts)
    assert isinstance(condition, Comparison)
    if condition.path != GUESSED or not facts:
        return condition
    path, value = facts[condition.values[0] % len(facts)]
    many_values = {Operator.BETWEEN: 2, Operator.IS_NULL: 0, Operator.IS_NOT_NULL: 0}
    return Comparison(path, condition.operator, (value,) * many_values.get(condition.operator, 1))


def facts_of(people: Sequence[Customer]) -> list[tuple[str, object]]:
    """Paths that can be compared, each with a value that somebody has there."""
    return [
        (path, item)
        for person in people
        for path in KNOWN_PATHS
        for item in values_at(person, path)
        if isinstance(item, bool | int | float | str)
    ]


async def found_by(shop: Shop, condition: Filter) -> set[UUID]:
    async with shop.context.database.reading() as tx:
        page = await search_customers(
            tx,
            shop.workspace_id,
            node_id=shop.node_id,
            wanted=CustomerSearch(condition=condition),
            offset=0,
            limit=100,
        )
    assert page.total == len(page.customers)
    return {one.id for one in page.customers}


async def agree(
    context: Context, changes: Sequence[CustomerChange], filters: Sequence[Filter]
) -> None:
    shop = await make_shop(context, unique=UniquePolicy(()))
    outcomes = await shop.save(
        [CustomerDraft(uuid7(NOON), searchable(change), node_id=shop.node_id) for change in changes]
    )
    assert all(isinstance(one, Saved) for one in outcomes)
    people = sorted(await all_customers(shop), key=lambda one: one.number)
    facts = facts_of(people)
    for condition in (guessed(one, facts) for one in filters):
        expected = {one.id for one in people if matches(one, condition)}
        assert await found_by(shop, condition) == expected, condition


class TestEveryFilter:
    @few
    @given(
        changes=st.lists(CHANGES, min_size=2, max_size=5),
        filters=st.lists(FILTERS, min_size=5, max_size=10),
    )
    async def test_finds_whom_it_should(
        self, context: Context, changes: list[CustomerChange], filters: list[Filter]
    ) -> None:
        await agree(context, changes, filters)

    @pytest.mark.slow
    @many
    @given(
        changes=st.lists(CHANGES, min_size=2, max_size=6),
        filters=st.lists(FILTERS, min_size=10, max_size=20),
    )
    async def test_finds_whom_it_should_a_thousand_times(
        self, context: Context, changes: list[CustomerChange], filters: list[Filter]
    ) -> None:
        await agree(context, changes, filters)
