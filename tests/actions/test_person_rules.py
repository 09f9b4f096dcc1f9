"""Rules of an aggregate node: looked at before they change anything, and taken back."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.actions.context import Context
from onefold.actions.rules import (
    RuleDifference,
    apply_rules,
    compare_rules,
    roll_back_rules,
)
from onefold.actions.transaction import Transaction
from onefold.model.aggregates import MatchRule
from onefold.model.errors import Conflict, Invalid
from tests.aggregating import BY_EMAIL, Chain, make_chain
from tests.audit import audit
from tests.builders import make_draft
from tests.strategies import few

BY_GIVEN = MatchRule("given", ("name.given",))
BY_BOTH = MatchRule("email", ("contact.email", "name.given"), case_sensitive=True)
RULE_SETS = [[BY_EMAIL], [BY_GIVEN], [BY_BOTH], [BY_EMAIL, BY_GIVEN]]
PEOPLE = st.lists(
    st.tuples(
        st.sampled_from(["ada@chain.example", "Ada@chain.example", "bea@chain.example", None]),
        st.sampled_from(["Ada", "ada", "Bea", None]),
    ),
    max_size=6,
)


async def populate(chain: Chain, people: list[Any]) -> None:
    drafts = [
        make_draft(
            (chain.first_id, chain.second_id)[number % 2],
            external_id=str(number),
            contact__email=email,
            name__given=given_name,
        )
        for number, (email, given_name) in enumerate(people)
    ]
    await chain.shop.save(drafts)


async def compare(chain: Chain, rules: list[MatchRule]) -> RuleDifference:
    picture = await chain.shop.picture()
    async with chain.shop.context.database.snapshot() as tx:
        return await compare_rules(
            tx, chain.shop.operator, picture=picture, node_id=chain.aggregate_id, rules=rules
        )


async def switch(chain: Chain, rules: list[MatchRule] | None) -> None:
    """Applies rules, or goes back without any; and places everybody by them."""
    picture = await chain.shop.picture()
    async with chain.shop.context.database.transaction() as tx:
        await _switch(tx, chain, picture, rules)
    chain.shop.context.directory.forget()
    await chain.run_jobs()


async def _switch(
    tx: Transaction, chain: Chain, picture: Any, rules: list[MatchRule] | None
) -> None:
    operator, node_id, at = chain.shop.operator, chain.aggregate_id, chain.shop.context.clock()
    if rules is None:
        await roll_back_rules(tx, operator, picture=picture, node_id=node_id, at=at)
    else:
        await apply_rules(tx, operator, picture=picture, node_id=node_id, rules=rules, at=at)


async def owners(chain: Chain) -> dict[UUID, UUID]:
    return {one: link.person_id for one, link in (await chain.links()).items()}


class TestADifference:
    @few
    @given(people=PEOPLE, rules=st.sampled_from(RULE_SETS))
    async def test_is_what_then_happens(
        self, context: Context, people: list[Any], rules: list[MatchRule]
    ) -> None:
        chain = await make_chain(context, BY_EMAIL)
        await populate(chain, people)
        before = await owners(chain)
        expected = await compare(chain, rules)
        assert await owners(chain) == before

        await switch(chain, rules)

        after = await owners(chain)
        assert {frozenset(one) for one in expected.groups} == await chain.together()
        assert expected.persons_before == len(set(before.values()))
        for merge in expected.merges:
            assert {after[one] for one in merge.customer_ids} == {min(merge.person_ids)}
        split = {
            person
            for person in before.values()
            if len({after[one] for one, owner in before.items() if owner == person}) > 1
        }
        assert {one.person_id for one in expected.splits} == split
        await audit(chain.shop)

        await switch(chain, None)

        assert await owners(chain) == before
        await audit(chain.shop)

    async def test_of_the_same_rules_is_none(self, context: Context) -> None:
        chain = await make_chain(context)
        await populate(chain, [("ada@chain.example", "Ada")] * 2)

        found = await compare(chain, [BY_EMAIL])

        assert (found.merges, found.splits, found.customers) == ((), (), 2)

    @pytest.mark.parametrize(
        "rule",
        [
            MatchRule("", ("contact.email",)),
            MatchRule("a", ()),
            MatchRule("a", ("contact.pigeon",)),
            MatchRule("a", ("custom.unknown",)),
            MatchRule("a", ("subscriptions",)),
        ],
    )
    async def test_is_refused_for_rules_that_nobody_can_meet(
        self, context: Context, rule: MatchRule
    ) -> None:
        chain = await make_chain(context)

        with pytest.raises(Invalid):
            await compare(chain, [rule])

    async def test_cannot_be_taken_back_before_there_was_one(self, context: Context) -> None:
        chain = await make_chain(context)

        with pytest.raises(Conflict):
            await switch(chain, None)
