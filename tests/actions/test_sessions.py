"""Sessions: nobody's until a customer claims them."""

from dataclasses import replace

import pytest

from onefold.actions.context import Context
from onefold.actions.sessions import drop_session, list_sessions, read_session
from onefold.model.errors import Conflict, Invalid, NotFound
from onefold.model.events import EventFilter
from onefold.model.ids import uuid7
from onefold.store.search import search_events
from tests.audit import audit, stored_identifiers
from tests.builders import NOON, Shop, by_session, make_event, make_shop


async def drop(shop: Shop, customer_id: object, session_id: object) -> None:
    async with shop.context.database.transaction() as tx:
        await drop_session(
            tx,
            shop.operator,
            picture=await shop.picture(),
            customer_id=customer_id,  # type: ignore[arg-type] # ids
            session_id=session_id,  # type: ignore[arg-type] # ids
        )


async def owners(shop: Shop) -> list[object]:
    async with shop.context.database.reading() as tx:
        page = await search_events(
            tx, shop.workspace_id, wanted=EventFilter(), node_ids=None, offset=0, limit=100
        )
    return [one.customer_id for one in page.events]


class TestTying:
    async def test_claims_the_events_of_the_session_and_counts_them(self, shop: Shop) -> None:
        ada = (await shop.customer(contact__email="ada@shop.example")).customer
        for value in ("s1", "s1", "s2"):
            await shop.event(make_event(bring_back=by_session(shop.node_id, value)))

        session = await shop.tie(ada.id, "s1")

        assert (session.customer_id, session.value, session.created_at) == (ada.id, "s1", NOON)
        assert sorted(map(str, await owners(shop))) == sorted(["None", str(ada.id), str(ada.id)])
        await audit(shop)

    async def test_again_changes_nothing(self, shop: Shop) -> None:
        ada = (await shop.customer(contact__email="ada@shop.example")).customer
        first = await shop.tie(ada.id, "s1")
        before = await stored_identifiers(shop)

        assert await shop.tie(ada.id, "s1") == first
        assert await stored_identifiers(shop) == before

    async def test_what_somebody_else_has_is_refused(self, shop: Shop) -> None:
        ada = (await shop.customer(contact__email="ada@shop.example")).customer
        bob = (await shop.customer(contact__email="bob@shop.example")).customer
        await shop.tie(ada.id, "s1")

        with pytest.raises(Conflict):
            await shop.tie(bob.id, "s1")

    async def test_in_two_nodes_makes_two_sessions(self, shop: Shop) -> None:
        stand = await shop.add_node(replace(shop.node, id=uuid7(NOON), name="Stand"))
        ada = (await shop.customer(contact__email="ada@shop.example")).customer
        event = await shop.event(make_event(bring_back=by_session(stand.id, "s1")))

        await shop.tie(ada.id, "s1")

        assert await owners(shop) == [None]
        assert event.node_id == stand.id
        await audit(shop)

    @pytest.mark.parametrize("value", ["", "x" * 256])
    async def test_needs_1_to_255_characters(self, shop: Shop, value: str) -> None:
        ada = (await shop.customer(contact__email="ada@shop.example")).customer

        with pytest.raises(Invalid):
            await shop.tie(ada.id, value)

    async def test_to_nobody_is_not_found(self, shop: Shop, context: Context) -> None:
        other = await make_shop(context)
        ada = (await other.customer(contact__email="ada@shop.example")).customer

        for customer_id in (ada.id, uuid7(NOON)):
            with pytest.raises(NotFound):
                await shop.tie(customer_id, "s1")
        assert await stored_identifiers(shop) == set()


class TestDropping:
    async def test_frees_the_value_and_keeps_the_events(self, shop: Shop) -> None:
        ada = (await shop.customer(contact__email="ada@shop.example")).customer
        bob = (await shop.customer(contact__email="bob@shop.example")).customer
        await shop.event(make_event(bring_back=by_session(shop.node_id, "s1")))
        session = await shop.tie(ada.id, "s1")

        await drop(shop, ada.id, session.id)
        await shop.tie(bob.id, "s1")

        assert await owners(shop) == [ada.id]
        await audit(shop)

    async def test_of_somebody_else_s_is_not_found(self, shop: Shop) -> None:
        ada = (await shop.customer(contact__email="ada@shop.example")).customer
        bob = (await shop.customer(contact__email="bob@shop.example")).customer
        session = await shop.tie(ada.id, "s1")

        with pytest.raises(NotFound):
            await drop(shop, bob.id, session.id)

        await audit(shop)


class TestReading:
    async def test_lists_what_a_customer_has(self, shop: Shop, context: Context) -> None:
        ada = (await shop.customer(contact__email="ada@shop.example")).customer
        sessions = {(await shop.tie(ada.id, value)).id: value for value in ("s1", "s2")}

        async with context.database.reading() as tx:
            listed = await list_sessions(tx, shop.operator, customer_id=ada.id)
            first = await read_session(
                tx, shop.operator, customer_id=ada.id, session_id=listed[0].id
            )
            with pytest.raises(NotFound):
                await read_session(tx, shop.operator, customer_id=ada.id, session_id=uuid7(NOON))

        assert {one.id: one.value for one in listed} == sessions
        assert first == listed[0]
