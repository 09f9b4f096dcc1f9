"""Deleting and forgetting: nothing is left but the tombstone, the log and the stream."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from uuid import UUID

import pytest

from onefold.actions.consents import read_consent_log
from onefold.actions.context import Context
from onefold.actions.customers.drafts import Outcome, Saved
from onefold.actions.customers.forget import forget_customer
from onefold.actions.customers.remove import delete_customer
from onefold.actions.events import Recorded, record_events
from onefold.actions.transaction import Transaction
from onefold.actions.workspaces import change_workspace
from onefold.actions.writing import run
from onefold.assembly.context import context_on
from onefold.model.access import Actor, Permission
from onefold.model.changes import CustomerChange, ListChange, ListRule
from onefold.model.consents import Chain, is_intact
from onefold.model.customers import ContactKind, ContactPoint
from onefold.model.errors import NotFound, NotPermitted, Refusal
from onefold.model.events import EventDraft
from onefold.model.ids import uuid7
from onefold.model.updates import Entity, Operation, UpdateFilter
from onefold.model.workspaces import WorkspaceSettings, WorkspaceStatus
from onefold.store.database import Database
from onefold.store.updates import read_updates
from tests.audit import audit, stored_identifiers, traces
from tests.builders import (
    NOON,
    Shop,
    by_external_id,
    by_session,
    make_draft,
    make_event,
    make_patch,
    make_shop,
)

KEPT = {"customers", "consent_log", "updates"}
"""Where the id of a customer may stand after it is gone."""

PERSONAL = (
    "ada.secret",
    "ADA-EXTERNAL",
    "3331234567",
    "3337654321",
    "Byron-Family",
    "ada-handle",
    "ada-session",
    "ada-device",
    "RSSMRA85T10A562S",
    "Via Segreta",
    "ada-title",
    "ada-custom",
)


async def forget(shop: Shop, customer_id: UUID) -> None:
    async with shop.context.database.transaction() as tx:
        await forget_customer(
            tx, shop.operator, picture=await shop.picture(), customer_id=customer_id, at=NOON
        )


async def make_ada(context: Context) -> tuple[Shop, UUID]:
    """Somebody of whom there is a trace in every table."""
    shop = await make_shop(
        context,
        settings=WorkspaceSettings(region="IT"),
        definitions={"note": {"schema": {"type": "string"}}},
    )
    point = ContactPoint(0, ContactKind.MOBILE, "333 7654321")
    values = {
        "contact.email": "ada.secret@shop.example",
        "contact.mobile": "333 1234567",
        "external_id": "ADA-EXTERNAL",
        "name.family": "Byron-Family",
        "handles.x": "ada-handle",
        "national_id": "RSSMRA85T10A562S",
        "address.street": "Via Segreta 1",
        "custom.note": "ada-custom",
        "consents.soft_spam.email.status": True,
        "notice.version": "v1",
    }
    lists = {"contact_points": ListChange((point,), ListRule.APPEND)}
    draft = replace(
        make_draft(shop.node_id), change=CustomerChange(values, lists), session="ada-session"
    )
    (outcome,) = await shop.save([draft])
    assert isinstance(outcome, Saved)
    ada = outcome.customer.id
    await shop.save([make_patch(ada, name__family="Byron-Family-2")])
    for brought in (
        make_event(properties={"title": "ada-title"}, customer_id=ada),
        make_event(bring_back=by_session(shop.node_id, "ada-session")),
        make_event(bring_back=by_external_id(shop.node_id, "ADA-EXTERNAL")),
        make_event("completedOrder", {"amount": {"total": 5}}, customer_id=ada),
    ):
        await shop.event(brought)
    return shop, ada


@pytest.fixture
async def alone(fresh_database: Database) -> Context:
    """A database of a test's own, in which no other left the words that it looks for."""
    return context_on(fresh_database)


class TestRemoving:
    @pytest.mark.parametrize("remove", [Shop.delete, forget])
    async def test_leaves_no_trace(self, alone: Context, remove: type) -> None:
        shop, ada = await make_ada(alone)
        await shop.customer(contact__email="bob@shop.example")
        pool = alone.database.pool
        assert await traces(pool, "ada.secret") >= {"customers", "identifiers", "history"}

        await remove(shop, ada)

        for text in PERSONAL:
            assert await traces(pool, text) == set(), text
        marked = {"suppressions"} if remove is forget else set()
        assert await traces(pool, str(ada)) == KEPT | marked
        (bob,) = await audit(shop)
        assert bob.number == 2

    async def test_leaves_no_trace_of_what_other_rules_once_made(self, alone: Context) -> None:
        """The region decided how a phone number was read; it has changed since."""
        shop, ada = await make_ada(alone)
        workspace = (await shop.picture()).workspace
        moved = replace(workspace, settings=replace(workspace.settings, region="CH"))
        async with alone.database.transaction() as tx:
            await change_workspace(tx, shop.operator, workspace=moved, at=NOON)

        await shop.delete(ada)

        assert await stored_identifiers(shop) == set()
        assert await traces(alone.database.pool, "3331234567") == set()

    async def test_takes_everything_out_of_the_counters(self, context: Context) -> None:
        shop, ada = await make_ada(context)

        await shop.delete(ada)

        rows = await context.database.pool.fetch(
            "SELECT sum(events) AS events, sum(amount) AS amount FROM event_rollups"
            " WHERE workspace_id = $1 GROUP BY type",
            shop.workspace_id,
        )
        assert [tuple(row) for row in rows] == [(0, 0), (0, 0)]
        assert (
            await context.database.pool.fetchval(
                "SELECT sum(added - removed) FROM node_rollups WHERE workspace_id = $1",
                shop.workspace_id,
            )
            == 0
        )

    async def test_frees_what_only_one_may_have(self, context: Context) -> None:
        shop, ada = await make_ada(context)

        await forget(shop, ada)

        draft = make_draft(shop.node_id, contact__email="ada.secret@shop.example")
        (again,) = await shop.save([replace(draft, readmit=True)])
        assert isinstance(again, Saved)
        assert again.created
        assert (await shop.tie(again.customer.id, "ada-session")).customer_id == again.customer.id
        await audit(shop)

    async def test_announces_the_events_and_then_the_customer(self, context: Context) -> None:
        shop, ada = await make_ada(context)

        await shop.delete(ada)

        async with context.database.reading() as tx:
            entries = await read_updates(
                tx, shop.workspace_id, after=0, wanted=UpdateFilter(), limit=100
            )
        gone = [one.change for one in entries if one.change.operation is Operation.DELETE]
        assert [one.entity for one in gone] == [Entity.EVENT] * 4 + [Entity.CUSTOMER]
        assert {one.customer_id for one in gone} == {ada}
        assert gone[-1].version == 3

    async def test_is_done_once(self, context: Context) -> None:
        shop, ada = await make_ada(context)
        await shop.delete(ada)

        with pytest.raises(NotFound):
            await shop.delete(ada)
        with pytest.raises(NotFound):
            await forget(shop, ada)

    async def test_needs_permission_and_node(self, context: Context) -> None:
        shop, ada = await make_ada(context)
        for permissions, node_ids in (
            (frozenset(Permission) - {Permission.CUSTOMER_DELETE}, None),
            (frozenset(Permission), frozenset({uuid7(NOON)})),
        ):
            actor = Actor(shop.workspace_id, None, "source", frozenset(), permissions, node_ids)
            with pytest.raises(NotPermitted):
                async with context.database.transaction() as tx:
                    await delete_customer(
                        tx, actor, picture=await shop.picture(), customer_id=ada, at=NOON
                    )
        assert len(await audit(shop)) == 1

    async def test_is_not_done_in_a_suspended_workspace(self, context: Context) -> None:
        shop, ada = await make_ada(context)
        workspace = replace((await shop.picture()).workspace, status=WorkspaceStatus.SUSPENDED)
        async with context.database.transaction() as tx:
            await change_workspace(tx, shop.operator, workspace=workspace, at=NOON)

        with pytest.raises(NotPermitted):
            await shop.delete(ada)


class TestTheConsentLog:
    async def test_outlives_the_customer(self, context: Context) -> None:
        shop, ada = await make_ada(context)
        await shop.delete(ada)

        async with context.database.reading() as tx:
            lines = await read_consent_log(tx, shop.operator, customer_id=ada)

        assert [line.event for line in lines] == ["DISCLAIMER_READ", "CONSENT_CHANGED"]

    async def test_ends_with_the_demand_to_be_forgotten(self, context: Context) -> None:
        shop, ada = await make_ada(context)
        await forget(shop, ada)

        async with context.database.reading() as tx:
            lines = await read_consent_log(tx, shop.operator, customer_id=ada)
            entries, head = await tx.connection.fetchrow(  # type: ignore[misc] # it is there
                "SELECT consent_entries, consent_head FROM customers"
                " WHERE workspace_id = $1 AND customer_id = $2",
                shop.workspace_id,
                ada,
            )

        assert [line.event for line in lines][-1] == "FORCED_DELETE"
        assert is_intact(lines, Chain(ada, entries, head))


class TestADeletionAmongWriters:
    async def test_leaves_no_event_behind(self, shop: Shop) -> None:
        """An event is stored before and deleted, or refused, or nobody's; never an orphan."""
        for number in range(6):
            ada = (
                await shop.customer(contact__email="ada@shop.example", external_id="A1")
            ).customer
            await shop.tie(ada.id, "s1")
            drafts = [
                make_event(customer_id=ada.id),
                make_event(bring_back=by_session(shop.node_id, "s1")),
                make_event(bring_back=by_external_id(shop.node_id, "A1")),
            ]

            results = await asyncio.gather(
                *(_record(shop, [draft]) for draft in drafts * 4),
                _later(0.002 * number, run(shop.context.database, _deletion(shop, ada.id))),
                return_exceptions=True,
            )

            assert all(isinstance(one, list | None) for one in results), results
            assert await audit(shop) == []

    async def test_leaves_no_session_behind(self, shop: Shop) -> None:
        for number in range(6):
            ada = (await shop.customer(contact__email="ada@shop.example")).customer

            results = await asyncio.gather(
                *(_tie(shop, ada.id, f"s{one}") for one in range(5)),
                _later(0.002 * number, run(shop.context.database, _deletion(shop, ada.id))),
                return_exceptions=True,
            )

            assert all(one is None or isinstance(one, NotFound) for one in results), results
            assert await audit(shop) == []
            assert {one for one in await stored_identifiers(shop) if one[3] == ada.id} == set()


class TestASessionBeingTied:
    async def test_leaves_no_event_to_nobody(self, shop: Shop) -> None:
        ada = (await shop.customer(contact__email="ada@shop.example")).customer

        for number in range(8):
            value = f"s{number}"
            drafts = [make_event(bring_back=by_session(shop.node_id, value)) for _ in range(12)]
            await asyncio.gather(
                *(_record(shop, [draft]) for draft in drafts),
                _later(0.003 * number, _tie(shop, ada.id, value)),
            )

        await audit(shop)
        assert (
            await shop.context.database.pool.fetchval(
                "SELECT count(*) FROM events WHERE workspace_id = $1 AND customer_id = $2",
                shop.workspace_id,
                ada.id,
            )
            == 96
        )


async def _later(seconds: float, awaited: object) -> None:
    await asyncio.sleep(seconds)
    await awaited  # type: ignore[misc] # something to wait for


async def _record(shop: Shop, drafts: Sequence[EventDraft]) -> list[Outcome | object]:
    drafts = [replace(draft, id=uuid7(NOON)) for draft in drafts]

    async def write(tx: Transaction) -> list[Recorded | Refusal]:
        return await record_events(
            tx,
            shop.operator,
            picture=await shop.context.directory.current(tx, shop.workspace_id),
            catalog=shop.context.catalog,
            drafts=drafts,
            at=NOON,
        )

    return list(await run(shop.context.database, write))


async def _tie(shop: Shop, customer_id: UUID, value: str) -> None:
    await shop.tie(customer_id, value)


def _deletion(shop: Shop, customer_id: UUID) -> Callable[[Transaction], Awaitable[None]]:
    async def write(tx: Transaction) -> None:
        await delete_customer(
            tx,
            shop.operator,
            picture=await shop.context.directory.current(tx, shop.workspace_id),
            customer_id=customer_id,
            at=NOON,
        )

    return write
