"""Laws of the write path that hold whatever is written."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.actions.context import Context
from onefold.actions.customers.drafts import CustomerDraft, Saved
from onefold.model.changes import CustomerChange, apply_change
from onefold.model.customers import Profile
from onefold.model.ids import uuid7
from onefold.model.workspaces import UniquePolicy, WorkspaceSettings
from tests.audit import audit
from tests.builders import NOON, Shop, make_patch, make_shop
from tests.strategies import CHANGES, NAMES, few, many

Batch = list[tuple[CustomerChange, str]]
BATCHES: st.SearchStrategy[Batch] = st.lists(
    st.tuples(CHANGES, st.sampled_from(["a@shop.example", "A@shop.example", "b@shop.example"])),
    min_size=1,
    max_size=4,
)
POLICIES = [(), ("external_id",), ("contact.email",), ("contact.email", "name.given")]
DEFINITIONS: dict[str, dict[str, Any]] = {name: {"schema": {"type": "object"}} for name in NAMES}


def storable(change: CustomerChange) -> CustomerChange:
    """Custom values as objects, which is how the shop defines them."""
    values = {
        path: {"any": value} if path.startswith("custom.") and value is not None else value
        for path, value in change.values.items()
    }
    return replace(change, values=values)


def identified(change: CustomerChange, email: str) -> CustomerChange:
    """With the properties that are unique somewhere, unless the change has its own."""
    usual = {"contact.email": email, "external_id": email, "name.given": email[0]}
    return replace(change, values={**usual, **change.values})


async def open_shop(context: Context, paths: tuple[str, ...]) -> Shop:
    return await make_shop(
        context,
        unique=UniquePolicy(paths),
        settings=WorkspaceSettings(region="IT"),
        definitions=DEFINITIONS,
    )


async def keep_the_record(context: Context, changes: Sequence[CustomerChange]) -> None:
    """One customer, changed again and again, is what the model alone makes of it."""
    shop = await open_shop(context, ())
    ada = (await shop.customer()).customer
    profile = Profile()
    for change in map(storable, changes):
        profile = apply_change(profile, change, at=NOON)
        (outcome,) = await shop.save([replace(make_patch(ada.id), change=change)])
        assert isinstance(outcome, Saved), outcome
        assert outcome.customer.profile == profile

    (stored,) = await audit(shop)
    assert stored.profile == profile


async def keep_the_tables(
    context: Context, paths: tuple[str, ...], batches: Sequence[Batch]
) -> None:
    """New customers and changed ones, refused or not, leave nothing that contradicts itself."""
    shop = await open_shop(context, paths)
    for number, batch in enumerate(batches):
        people = await audit(shop)
        drafts = [
            CustomerDraft(uuid7(NOON), identified(storable(change), email), node_id=shop.node_id)
            for change, email in batch
        ]
        if people:
            patch = make_patch(people[number % len(people)].id)
            drafts[0] = replace(patch, change=storable(batch[0][0]))
        await shop.save(drafts)
    await audit(shop)


class TestEveryChange:
    @few
    @given(changes=st.lists(CHANGES, max_size=5))
    async def test_is_stored_as_the_model_makes_it(
        self, context: Context, changes: list[CustomerChange]
    ) -> None:
        await keep_the_record(context, changes)

    @few
    @given(
        paths=st.sampled_from(POLICIES),
        batches=st.lists(BATCHES, max_size=4),
    )
    async def test_leaves_every_table_consistent(
        self, context: Context, paths: tuple[str, ...], batches: list[Batch]
    ) -> None:
        await keep_the_tables(context, paths, batches)

    @pytest.mark.slow
    @many
    @given(changes=st.lists(CHANGES, max_size=8))
    async def test_is_stored_as_the_model_makes_it_a_thousand_times(
        self, context: Context, changes: list[CustomerChange]
    ) -> None:
        await keep_the_record(context, changes)

    @pytest.mark.slow
    @many
    @given(
        paths=st.sampled_from(POLICIES),
        batches=st.lists(BATCHES, max_size=6),
    )
    async def test_leaves_every_table_consistent_a_thousand_times(
        self, context: Context, paths: tuple[str, ...], batches: list[Batch]
    ) -> None:
        await keep_the_tables(context, paths, batches)
