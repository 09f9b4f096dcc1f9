"""Every way in which customers are written and removed takes their persons along."""

import asyncio
from typing import Any

import pytest

from onefold.actions.context import Context
from onefold.actions.customers.forget import forget_customer
from onefold.actions.customers.read import read_customer
from onefold.actions.emptying import empty_node
from onefold.actions.event_changes import find_events
from onefold.actions.persons.read import MemberPage, list_entry_customers
from onefold.actions.reaching import find_reachable
from onefold.model.consents import Consent
from onefold.model.customers import Customer
from onefold.model.errors import Invalid, NotFound, NotPermitted
from onefold.model.events import Event, EventFilter
from onefold.model.updates import UpdateFilter
from onefold.store import updates
from tests.aggregating import Chain, make_chain
from tests.audit import audit, traces
from tests.builders import NOON, make_draft, make_event, make_patch
from tests.importing import import_text, revert

ADA = "ada@chain.example"
EMAIL_CONSENT = "consents__marketing.automatic.email__status"


async def two_adas(chain: Chain) -> tuple[Customer, Customer]:
    one = await chain.customer(
        chain.first_id, external_id="1", contact__email=ADA, name__family="Lovelace-Byron"
    )
    two = await chain.customer(chain.second_id, external_id="2", contact__email=ADA)
    return one, two


async def stream(chain: Chain) -> list[tuple[str, Any]]:
    """Operation and id of every entry of the aggregate node."""
    async with chain.shop.context.database.reading() as tx:
        found = await updates.read_updates(
            tx,
            chain.shop.workspace_id,
            after=0,
            wanted=UpdateFilter(node_id=chain.aggregate_id),
            limit=100,
        )
    return [(one.change.operation.value, one.change.entity_id) for one in found]


async def members(chain: Chain, person_id: Any, offset: int = 0, limit: int = 10) -> MemberPage:
    async with chain.shop.context.database.reading() as tx:
        return await list_entry_customers(
            tx,
            chain.shop.operator,
            picture=await chain.shop.picture(),
            person_id=person_id,
            offset=offset,
            limit=limit,
        )


async def events_of(chain: Chain, wanted: EventFilter) -> list[Event]:
    async with chain.shop.context.database.reading() as tx:
        page = await find_events(
            tx,
            chain.shop.operator,
            picture=await chain.shop.picture(),
            wanted=wanted,
            offset=0,
            limit=10,
        )
    return list(page.events)


class TestForgetting:
    async def test_leaves_nothing_of_a_customer_in_its_person(self, context: Context) -> None:
        chain = await make_chain(context)
        one, two = await two_adas(chain)
        (before,) = await chain.persons()
        assert before.profile.name.family == "Lovelace-Byron"

        picture = await chain.shop.picture()
        async with context.database.transaction() as tx:
            await forget_customer(
                tx, chain.shop.operator, picture=picture, customer_id=one.id, at=NOON
            )

        (after,) = await chain.persons()
        assert (after.id, after.profile.name.family) == (before.id, None)
        assert await chain.together() == {frozenset({two.id})}
        assert await traces(context.database.pool, "Lovelace-Byron") == set()
        await audit(chain.shop)


class TestEmptying:
    async def test_takes_persons_along(self, context: Context) -> None:
        chain = await make_chain(context)
        _, two = await two_adas(chain)

        await empty_node(
            context, chain.shop.operator, node_id=chain.first_id, events_only=False, at=NOON
        )

        assert await chain.together() == {frozenset({two.id})}
        await audit(chain.shop)


class TestImports:
    async def test_make_persons_and_take_them_back(self, context: Context) -> None:
        chain = await make_chain(context)
        web = await chain.customer(chain.second_id, external_id="2", contact__email=ADA)
        text = f"external_id,email\n1,{ADA}\n3,bea@chain.example\n"

        done = await import_text(chain.shop, text)
        made = await chain.together()
        await audit(chain.shop)
        await revert(chain.shop, done.job_id)

        assert sorted(map(len, made)) == [1, 2]
        assert await chain.together() == {frozenset({web.id})}
        await audit(chain.shop)


class TestAnIdOfAPerson:
    async def test_that_was_merged_away_answers_as_the_one_that_stays(
        self, context: Context
    ) -> None:
        chain = await make_chain(context)
        one = await chain.customer(chain.first_id, external_id="1", contact__email=ADA)
        two = await chain.customer(chain.second_id, external_id="2")
        ids = {link.customer_id: link.person_id for link in (await chain.links()).values()}

        await chain.say("merge", ids[one.id], ids[two.id])

        kept, gone = sorted(ids.values())
        async with context.database.reading() as tx:
            found = await read_customer(tx, chain.shop.operator, customer_id=gone)
        assert found.id == kept
        assert (await stream(chain))[-2:] == [("UPDATE", kept), ("DELETE", gone)]

        await chain.say("unmerge", ids[one.id], ids[two.id])

        async with context.database.reading() as tx:
            found = await read_customer(tx, chain.shop.operator, customer_id=gone)
        assert found.id == gone
        assert sorted((await stream(chain))[-2:]) == [("CREATE", gone), ("UPDATE", kept)]

    async def test_that_is_nobodys_is_not_found(self, context: Context) -> None:
        chain = await make_chain(context)
        one = await chain.customer(chain.first_id, external_id="1")
        (person,) = await chain.persons()
        await chain.shop.delete(one.id)

        async with context.database.reading() as tx:
            with pytest.raises(NotFound):
                await find_reachable(tx, chain.shop.operator, customer_id=person.id)


class TestReading:
    async def test_lists_the_customers_of_a_person_by_age(self, context: Context) -> None:
        chain = await make_chain(context)
        ids = sorted(one.id for one in await two_adas(chain))
        (person,) = await chain.persons()

        first, second = await members(chain, person.id, 0, 1), await members(chain, person.id, 1, 1)

        assert [one.id for one in (*first.customers, *second.customers)] == ids
        assert (first.total, second.total) == (2, 2)

    async def test_lists_none_of_an_entry_customer(self, context: Context) -> None:
        chain = await make_chain(context)
        one, _ = await two_adas(chain)

        with pytest.raises(Invalid):
            await members(chain, one.id)

    async def test_finds_the_events_of_all_customers_of_a_person(self, context: Context) -> None:
        chain = await make_chain(context)
        one, two = await two_adas(chain)
        alone = await chain.customer(chain.first_id, external_id="9")
        (person,) = [
            link.person_id for link in (await chain.links()).values() if link.customer_id == one.id
        ]
        for owner in (one, two, alone):
            await chain.shop.event(make_event(customer_id=owner.id))

        of_person = await events_of(chain, EventFilter(customer_id=person))
        of_node = await events_of(chain, EventFilter(node_id=chain.aggregate_id))

        assert {event.customer_id for event in of_person} == {one.id, two.id}
        assert len(of_node) == 3


class TestWritingToAPerson:
    async def test_is_refused(self, context: Context) -> None:
        chain = await make_chain(context)
        await two_adas(chain)
        (person,) = await chain.persons()

        (patched,) = await chain.shop.save([make_patch(person.id, name__given="Eve")])
        (made,) = await chain.shop.save([make_draft(chain.aggregate_id, external_id="5")])
        (event,) = await chain.shop.record([make_event(customer_id=person.id)])

        assert all(isinstance(one, NotPermitted) for one in (patched, made, event))
        with pytest.raises(NotPermitted):
            await chain.shop.delete(person.id)
        with pytest.raises(NotPermitted):
            await chain.shop.tie(person.id, "visit")


class TestConsents:
    async def test_are_the_strictest_and_each_customers_own_after_a_split(
        self, context: Context
    ) -> None:
        chain = await make_chain(context)
        one = await chain.customer(
            chain.first_id, NOON, external_id="1", contact__email=ADA, **{EMAIL_CONSENT: True}
        )
        two = await chain.customer(
            chain.second_id, NOON, external_id="2", contact__email=ADA, **{EMAIL_CONSENT: False}
        )
        (person,) = await chain.persons()
        assert person.profile.consents.purposes == {"marketing.automatic.email": Consent(False)}

        await chain.say("unmerge", one.id, two.id)

        given = {link.customer_id: link.person_id for link in (await chain.links()).values()}
        split = {one.id: one.profile.consents.purposes for one in await chain.persons()}
        assert split[given[one.id]] == {"marketing.automatic.email": Consent(True)}
        assert split[given[two.id]] == {"marketing.automatic.email": Consent(False)}


class TestWritersAtOnce:
    async def test_find_each_other(self, context: Context) -> None:
        chain = await make_chain(context)
        drafts = [
            make_draft(
                (chain.first_id, chain.second_id)[number % 2],
                external_id=str(number),
                contact__email=ADA,
            )
            for number in range(8)
        ]

        await asyncio.gather(*(chain.shop.save([draft]) for draft in drafts))

        assert len(await chain.persons()) == 1
        await audit(chain.shop)


class TestNeverTheSame:
    async def test_survives_that_a_customer_is_deleted_and_imported_again(
        self, context: Context
    ) -> None:
        chain = await make_chain(context)
        one, two = await two_adas(chain)
        await chain.say("part", one.id, two.id)
        await chain.shop.delete(two.id)

        again = await chain.customer(chain.second_id, external_id="2", contact__email=ADA)

        assert await chain.together() == {frozenset({one.id}), frozenset({again.id})}
        await audit(chain.shop)
