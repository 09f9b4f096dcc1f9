"""Laws of persons that hold whatever is written, merged and parted, in whatever order."""

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from onefold.actions.context import Context
from onefold.actions.customers.drafts import CustomerDraft, Saved
from onefold.model.changes import CustomerChange
from onefold.model.customers import Profile
from onefold.model.errors import Conflict
from onefold.model.ids import uuid7
from tests.aggregating import BY_EMAIL, BY_NAME_AND_BIRTHDAY, Chain, make_chain
from tests.audit import audit
from tests.builders import NOON, make_patch
from tests.strategies import few

EMAILS = ["ada@chain.example", "ADA@chain.example", "bea@chain.example", "test@test.com", None]
NAMES = ["Ada", "Bea"]
PLACES = st.tuples(st.integers(0, 1), st.sampled_from("1234"))
"""A node of the chain and an external id, which is unique there."""

Place = tuple[int, str]
RULES = (BY_EMAIL, replace(BY_NAME_AND_BIRTHDAY, paths=("name.given", "gender")))


class Persons(RuleBasedStateMachine):
    """Customers come, change, go and come back, while people say who is who."""

    context: Context
    loop: asyncio.AbstractEventLoop

    def _moment(self) -> datetime:
        """Later than all before, so that who is older is the same each time."""
        self.steps += 1
        return NOON + timedelta(milliseconds=self.steps)

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(60)

    @initialize()
    def open(self) -> None:
        self.chain: Chain = self._run(make_chain(self.context, *RULES))
        self.there: dict[Place, UUID] = {}
        self.parted: set[frozenset[Place]] = set()
        self.steps = 0

    @rule(place=PLACES, email=st.sampled_from(EMAILS), name=st.sampled_from(NAMES))
    def write(self, place: Place, email: str | None, name: str) -> None:
        moment = self._moment()
        new_id = uuid7(moment)
        [draft] = drafts(self.chain, [(place, email, name)], {place: new_id})
        [saved] = self._run(self.chain.shop.save([draft], at=moment))
        assert isinstance(saved, Saved), saved
        self.there.setdefault(place, new_id)

    @precondition(lambda self: self.there)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        place = data.draw(st.sampled_from(sorted(self.there)))
        self._run(self.chain.shop.delete(self.there[place], at=self._moment()))
        left = {one.id for one in self._run(self.chain.entry_customers())}
        self.there = {place: one for place, one in self.there.items() if one in left}

    @precondition(lambda self: len(self.there) > 1)
    @rule(data=st.data(), word=st.sampled_from(["merge", "unmerge", "part", "forget"]))
    def say(self, data: st.DataObject, word: str) -> None:
        one, two = data.draw(
            st.lists(st.sampled_from(sorted(self.there)), min_size=2, max_size=2, unique=True)
        )
        try:
            self._run(self.chain.say(word, self.there[one], self.there[two], at=self._moment()))
        except Conflict:
            return
        if word == "part":
            self.parted.add(frozenset((one, two)))
        elif word != "unmerge":
            self.parted.discard(frozenset((one, two)))

    @invariant()
    def persons_are_what_all_customers_make(self) -> None:
        if hasattr(self, "chain"):
            self._run(audit(self.chain.shop))

    @invariant()
    def the_parted_are_apart(self) -> None:
        if not hasattr(self, "chain"):
            return
        groups = self._run(self.chain.together())
        for pair in self.parted:
            ids = {self.there[place] for place in pair if place in self.there}
            assert len(ids) < 2 or not any(ids <= group for group in groups)


async def obey(context: Context, *, examples: int, steps: int) -> None:
    places = {"context": context, "loop": asyncio.get_running_loop()}
    machine = type("Machine", (Persons,), places)
    limits = settings(few, max_examples=examples, stateful_step_count=steps)
    await asyncio.to_thread(run_state_machine_as_test, machine, settings=limits)


class TestPersons:
    async def test_are_what_their_customers_make_of_them(self, context: Context) -> None:
        await obey(context, examples=25, steps=12)

    @pytest.mark.slow
    async def test_are_so_a_thousand_times(self, context: Context) -> None:
        await obey(context, examples=200, steps=30)


PEOPLE = st.lists(
    st.tuples(PLACES, st.sampled_from(EMAILS), st.sampled_from(NAMES)),
    min_size=2,
    max_size=6,
    unique_by=lambda one: one[0],
)


def drafts(chain: Chain, people: list[Any], ids: dict[Place, UUID]) -> list[CustomerDraft]:
    """The same customers with the same ids in every chain; the workspace is another one."""
    nodes = (chain.first_id, chain.second_id)
    return [
        CustomerDraft(
            ids[place],
            CustomerChange(
                values={
                    "external_id": place[1],
                    "contact.email": email,
                    "name.given": name,
                    "gender": "F",
                }
            ),
            node_id=nodes[place[0]],
        )
        for place, email, name in people
    ]


async def outcome(chain: Chain) -> set[tuple[frozenset[UUID], str]]:
    """Who is together, and what the person is like."""
    links = await chain.links()
    return {
        (
            frozenset(one for one, link in links.items() if link.person_id == person.id),
            repr(person.profile),
        )
        for person in await chain.persons()
    }


class TestTheOrderOfArrival:
    @few
    @given(people=PEOPLE, data=st.data())
    async def test_is_no_matter(
        self, context: Context, people: list[Any], data: st.DataObject
    ) -> None:
        other_order = data.draw(st.permutations(people))
        ids = {place: uuid7(NOON) for place, *_ in people}
        at_once, one_by_one = [await make_chain(context, *RULES) for _ in range(2)]

        await at_once.shop.save(drafts(at_once, people, ids))
        for draft in drafts(one_by_one, other_order, ids):
            await one_by_one.shop.save([draft])
        late = await make_chain(context, *RULES, active=False)
        await late.shop.save(drafts(late, other_order, ids))
        await late.activate()
        await late.run_jobs()

        assert await outcome(at_once) == await outcome(one_by_one) == await outcome(late)
        await audit(one_by_one.shop)


class TestUnmerging:
    @few
    @given(people=PEOPLE, written=st.lists(st.sampled_from(NAMES), max_size=3))
    async def test_gives_back_both_with_what_was_written_meanwhile(
        self, context: Context, people: list[Any], written: list[str]
    ) -> None:
        ids = {place: uuid7(NOON) for place, *_ in people}
        merged, alone = [await make_chain(context) for _ in range(2)]
        for chain in (merged, alone):
            await chain.shop.save(drafts(chain, people, ids))
        pair = await a_pair_of_two(merged, list(ids.values()))
        if pair is None:
            return
        one, two = pair
        before = {person.id for person in await merged.persons()}

        await merged.say("merge", one, two)
        assert any({one, two} <= group for group in await merged.together())
        for place, name in enumerate(written):
            for chain in (merged, alone):
                await chain.shop.save([make_patch((one, two)[place % 2], name__given=name)])
        await merged.say("unmerge", one, two)

        assert await outcome(merged) == await outcome(alone)
        assert {person.id for person in await merged.persons()} == before
        assert await entries(merged) == await entries(alone)


async def entries(chain: Chain) -> dict[UUID, Profile]:
    return {one.id: one.profile for one in await chain.entry_customers()}


async def a_pair_of_two(chain: Chain, ids: list[UUID]) -> tuple[UUID, UUID] | None:
    """Two customers who are not one person, if there are any."""
    groups = await chain.together()
    for one, two in combinations(ids, 2):
        if not any({one, two} <= group for group in groups):
            return one, two
    return None
