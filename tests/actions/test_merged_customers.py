"""Two customers of one entry node who are the same person: one shows, both stay."""

from datetime import timedelta
from uuid import UUID

import pytest

from onefold.actions.customers.drafts import Saved
from onefold.actions.customers.forget import forget_customer
from onefold.actions.customers.read import read_customer, read_several
from onefold.actions.customers.search import search_customers
from onefold.actions.event_changes import find_events
from onefold.actions.portability import export_customer
from onefold.actions.sessions import drop_session, list_sessions, read_session
from onefold.model.customers import Customer
from onefold.model.errors import Conflict, NotFound
from onefold.model.events import Event, EventFilter
from onefold.model.filters import Comparison, CustomerSearch, Operator
from onefold.store import customers
from tests.aggregating import WORDS
from tests.audit import audit, traces
from tests.builders import NOON, Shop, make_draft, make_event, make_patch

A = "a@shop.example"
B = "b@shop.example"
LATER = NOON + timedelta(hours=1)


async def say(shop: Shop, word: str, one: UUID, other: UUID) -> None:
    picture = await shop.picture()
    async with shop.context.database.transaction() as tx:
        await WORDS[word](tx, shop.operator, picture=picture, ids=(one, other), at=NOON)


async def two(shop: Shop) -> tuple[Customer, Customer]:
    """The older first."""
    one = await shop.customer(contact__email=A, name__given="Ada", gender="F")
    other = await shop.customer(contact__email=B, name__family="Byron", gender="X")
    first, second = sorted((one.customer, other.customer), key=lambda found: found.id)
    return first, second


async def read(shop: Shop, customer_id: UUID) -> Customer:
    async with shop.context.database.reading() as tx:
        return await read_customer(tx, shop.operator, customer_id=customer_id)


async def own(shop: Shop, *ids: UUID) -> list[Customer]:
    """The records themselves, as they are stored."""
    async with shop.context.database.reading() as tx:
        found = await customers.find_customers(tx, shop.workspace_id, customer_ids=ids)
    return sorted(found, key=lambda one: one.id)


async def search(shop: Shop, email: str | None = None) -> list[UUID]:
    condition = Comparison("contact.email", Operator.EQUALS, (email,)) if email else None
    picture = await shop.picture()
    async with shop.context.database.reading() as tx:
        page = await search_customers(
            tx,
            shop.operator,
            picture=picture,
            node_id=shop.node_id,
            wanted=CustomerSearch(condition=condition),
            offset=0,
            limit=10,
        )
    assert page.total == len(page.customers)
    return [one.id for one in page.customers]


class TestMerging:
    async def test_shows_one_with_the_values_of_both(self, shop: Shop) -> None:
        first, second = await two(shop)

        await say(shop, "merge", second.id, first.id)

        by_first, by_second = await read(shop, first.id), await read(shop, second.id)
        assert by_first == by_second
        assert (by_first.id, by_first.number) == (first.id, first.number)
        assert (by_first.profile.name.given, by_first.profile.name.family) == ("Ada", "Byron")
        assert {one.value for one in by_first.profile.contact_points} == {A, B}

    async def test_hides_the_younger_from_lists_and_finds_the_older_by_either(
        self, shop: Shop
    ) -> None:
        first, second = await two(shop)

        await say(shop, "merge", first.id, second.id)

        assert await search(shop) == [first.id]
        assert await search(shop, A) == await search(shop, B) == [first.id]
        async with shop.context.database.reading() as tx:
            seen = await read_several(tx, shop.operator, customer_ids=[second.id])
        assert seen[second.id].id == first.id

    async def test_answers_a_write_to_either_as_the_one_that_shows(self, shop: Shop) -> None:
        first, second = await two(shop)
        await say(shop, "merge", first.id, second.id)

        drafts = [
            make_patch(second.id, name__given="Eva"),
            make_draft(shop.node_id, contact__email=B, name__title="Dr"),
        ]
        patched, posted = await shop.save(drafts, at=LATER)

        assert isinstance(patched, Saved)
        assert isinstance(posted, Saved)
        assert (posted.customer.id, posted.created) == (first.id, False)
        shown = (await read(shop, first.id)).profile.name
        assert (shown.given, shown.family, shown.title) == ("Eva", "Byron", "Dr")

    async def test_finds_the_events_of_both_by_either(self, shop: Shop) -> None:
        first, second = await two(shop)
        await say(shop, "merge", first.id, second.id)
        for owner in (first, second):
            await shop.event(make_event(customer_id=owner.id))

        picture = await shop.picture()
        async with shop.context.database.reading() as tx:
            page = await find_events(
                tx,
                shop.operator,
                picture=picture,
                wanted=EventFilter(customer_id=second.id),
                offset=0,
                limit=5,
            )

        assert {one.customer_id for one in page.events} == {first.id, second.id}

    async def test_shows_the_sessions_of_both(self, shop: Shop) -> None:
        first, second = await two(shop)
        await say(shop, "merge", first.id, second.id)
        tied = [await shop.tie(one.id, f"visit {one.number}") for one in (first, second)]

        async with shop.context.database.transaction() as tx:
            listed = await list_sessions(tx, shop.operator, customer_id=second.id)
            read = await read_session(
                tx, shop.operator, customer_id=first.id, session_id=tied[1].id
            )
            await drop_session(
                tx,
                shop.operator,
                picture=await shop.picture(),
                customer_id=first.id,
                session_id=tied[1].id,
            )

        assert {one.id for one in listed} == {one.id for one in tied}
        assert read.customer_id == second.id
        await audit(shop)

    async def test_is_refused_when_they_are_never_the_same(self, shop: Shop) -> None:
        first, second = await two(shop)
        third = (await shop.customer(contact__email="c@shop.example")).customer
        await say(shop, "merge", first.id, second.id)
        await say(shop, "part", second.id, third.id)

        with pytest.raises(Conflict):
            await say(shop, "merge", first.id, third.id)

        assert sorted(await search(shop)) == sorted([first.id, third.id])

    async def test_lets_both_go_when_either_is_deleted(self, shop: Shop) -> None:
        first, second = await two(shop)
        await say(shop, "merge", first.id, second.id)

        await shop.delete(second.id)

        assert await audit(shop) == []

    async def test_lets_both_be_forgotten(self, shop: Shop) -> None:
        first, second = await two(shop)
        await say(shop, "merge", first.id, second.id)

        picture = await shop.picture()
        async with shop.context.database.transaction() as tx:
            await forget_customer(
                tx, shop.operator, picture=picture, customer_id=first.id, at=LATER
            )

        assert await traces(shop.context.database.pool, str(second.id)) <= {
            "customers",
            "consent_log",
            "suppressions",
            "updates",
        }
        with pytest.raises(NotFound):
            await read(shop, second.id)


class TestHandingOver:
    async def test_gives_what_is_kept_of_all(self, shop: Shop) -> None:
        first, second = await two(shop)
        await say(shop, "merge", first.id, second.id)
        for owner in (first, second):
            await shop.event(make_event(customer_id=owner.id))
        events: list[Event] = []

        picture = await shop.picture()
        async with shop.context.database.transaction() as tx:
            record = await export_customer(
                tx,
                shop.operator,
                picture=picture,
                customer_id=second.id,
                take=events.extend,
                at=LATER,
            )

        assert record.customer.id == first.id
        assert {value for _, value in record.identifiers} >= {A, B}
        assert {one.customer_id for one in events} == {first.id, second.id}
        await audit(shop)


class TestUnmerging:
    async def test_is_refused_for_two_who_were_never_merged(self, shop: Shop) -> None:
        first, second = await two(shop)

        with pytest.raises(Conflict):
            await say(shop, "unmerge", first.id, second.id)
