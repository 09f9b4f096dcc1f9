"""Forgetting: nothing stays but the proof of it, and nobody comes back by itself."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from onefold.actions.consents import verify_log
from onefold.actions.context import Context
from onefold.actions.customers.drafts import CustomerDraft, Saved
from onefold.actions.customers.forget import REMOVED, Forgetting, forget_customer
from onefold.actions.customers.search import search_customers
from onefold.actions.rollups import compare
from onefold.actions.suppression import readmit
from onefold.assembly.context import context_on
from onefold.model.access import Permission
from onefold.model.errors import NotPermitted
from onefold.model.filters import CustomerSearch
from onefold.model.ids import uuid7
from onefold.model.retries import RetryKey
from onefold.model.suppression import Forgotten
from onefold.model.workspaces import Node, NodeKind, UniquePolicy
from onefold.store.database import Database
from onefold.store.retries import claim_keys, settle_keys
from tests.audit import audit, traces
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
from tests.importing import Importing

SECRETS = (
    "ada.hidden@shop.example",
    "+44 7700 900123",
    "447700900123",
    "Hiddenname",
    "till-hidden-7",
    "hidden-visit",
    "hidden-handle",
    "Hidden Street",
)
FILE = "mail,name\nada.hidden@shop.example,Hiddenname\nbob@shop.example,Bob\n"
RULES = "customers: {columns: {mail: contact.email, name: name.given}}"


async def make_ada(shop: Shop, **more: Any) -> UUID:
    """A customer who left traces wherever one can."""
    visit = by_session(shop.node_id, "hidden-visit")
    await shop.event(make_event(bring_back=visit))
    await shop.event(make_event(bring_back=by_external_id(shop.node_id, "till-hidden-7")))
    saved = await shop.customer(
        contact__email="ada.hidden@shop.example",
        contact__mobile="+44 7700 900123",
        name__given="Hiddenname",
        external_id="till-hidden-7",
        address__street="1 Hidden Street",
        handles__twitter="hidden-handle",
        consents__profiling__online__status=True,
        **more,
    )
    ada = saved.customer.id
    await shop.tie(ada, "hidden-visit")
    await shop.event(make_event("searched", {"keyword": "Hiddenname"}, customer_id=ada), at=NOON)
    await shop.save([make_patch(ada, name__family="Hiddenname")])
    return ada


async def forget(shop: Shop, customer_id: UUID) -> Forgetting:
    picture = await shop.picture()
    async with shop.context.database.transaction() as tx:
        return await forget_customer(
            tx,
            shop.operator,
            picture=picture,
            customer_id=customer_id,
            at=NOON + timedelta(days=1),
        )


async def traces_of(shop: Shop) -> dict[str, set[str]]:
    pool = shop.context.database.pool
    return {one: found for one in SECRETS if (found := await traces(pool, one))}


@pytest.fixture
async def lonely(fresh_database: Database) -> Shop:
    """A shop in a database of its own, in which no other test left anything."""
    return await make_shop(context_on(fresh_database))


async def save(shop: Shop, draft: CustomerDraft) -> object:
    (outcome,) = await shop.save([draft])
    return outcome


class TestForgetting:
    async def test_leaves_nothing_in_any_table(self, lonely: Shop) -> None:
        ada = await make_ada(lonely)
        before = await traces_of(lonely)

        await forget(lonely, ada)

        assert set(before) == set(SECRETS)
        assert await traces_of(lonely) == {}
        await audit(lonely)
        picture = await lonely.picture()
        assert (await compare(lonely.context.database, lonely.operator, picture=picture)).exact

    async def test_says_what_it_removed(self, shop: Shop) -> None:
        ada = await make_ada(shop)

        done = await forget(shop, ada)

        assert (done.customer_id, done.node_id) == (ada, shop.node_id)
        assert done.removed == {
            "events": 3,
            "sessions": 1,
            "identifiers": 7,
            "history": 2,
            "customer_rollups": 2,
            "idempotency_keys": 0,
            "job_notes": 0,
            "upload_pieces": 0,
        }
        assert done.marks == 3
        assert done.entry.event == "FORCED_DELETE"

    async def test_leaves_the_log_intact(self, shop: Shop) -> None:
        ada = await make_ada(shop)

        await forget(shop, ada)

        async with shop.context.database.reading() as tx:
            verdict = await verify_log(tx, shop.operator)
        assert verdict.intact
        assert (verdict.customers, verdict.lines) == (1, 2)

    async def test_forgets_keys_of_callers(self, shop: Shop) -> None:
        ada = await make_ada(shop)
        event = await shop.event(make_event(customer_id=ada))
        async with shop.context.database.transaction() as tx:
            named = [RetryKey(one, b"digest") for one in ("a", "b", "c")]
            await claim_keys(tx, shop.workspace_id, named, at=NOON)
            ids = {"a": ada, "b": event.id, "c": uuid7(NOON)}
            await settle_keys(tx, shop.workspace_id, ids)

        done = await forget(shop, ada)

        rows = await shop.context.database.pool.fetch(
            "SELECT key FROM idempotency_keys WHERE workspace_id = $1", shop.workspace_id
        )
        assert done.removed["idempotency_keys"] == 2
        assert [row[0] for row in rows] == ["c"]

    async def test_clears_what_imports_noted_and_nothing_else(self, shop: Shop) -> None:
        born = "{to: birth_date, on_error: drop}"
        rules = f"customers: {{columns: {{mail: contact.email, born: {born}}}}}"
        rows = ("ada.hidden@shop.example,never", "bob@shop.example,now", "bob@shop.example,then")
        imported = await Importing(shop, "\n".join(("mail,born", *rows)), rules).run()
        quote = [[1, "dropped", "a", "x"], [2, "dropped", "b", "of Ada.Hidden@shop.example"]]
        pool = shop.context.database.pool
        await pool.execute(
            "UPDATE job_batches SET problems = $2::jsonb || jsonb_build_array(problems -> 2)"
            " WHERE workspace_id = $1",
            shop.workspace_id,
            json.dumps(quote),
        )

        done = await forget(shop, imported.verdicts[0].entity_id)

        notes = await pool.fetchval(
            "SELECT problems FROM job_batches WHERE workspace_id = $1", shop.workspace_id
        )
        assert done.removed["job_notes"] == 2
        assert json.loads(notes) == [
            [1, "dropped", "a", REMOVED],
            [2, "dropped", "b", REMOVED],
            [3, "dropped", "born", "is not a valid date"],
        ]

    async def test_is_found_by_no_search(self, shop: Shop) -> None:
        ada = await make_ada(shop)

        await forget(shop, ada)

        async with shop.context.database.reading() as tx:
            found = await search_customers(
                tx,
                shop.operator,
                picture=await shop.picture(),
                node_id=shop.node_id,
                wanted=CustomerSearch(external_id="till-hidden-7"),
                offset=0,
                limit=10,
            )
        assert found.total == 0

    async def test_needs_the_permission(self, shop: Shop) -> None:
        ada = await make_ada(shop)
        actor = replace(shop.operator, permissions=frozenset({Permission.CUSTOMER_DELETE}))

        async with shop.context.database.transaction() as tx:
            with pytest.raises(NotPermitted):
                await forget_customer(
                    tx, actor, picture=await shop.picture(), customer_id=ada, at=NOON
                )


class TestComingBack:
    async def test_is_refused_by_any_of_the_values(self, shop: Shop) -> None:
        await forget(shop, await make_ada(shop))
        free = await shop.add_node(
            Node(uuid7(NOON), NodeKind.ENTRY, "Stall", unique=UniquePolicy(()))
        )
        drafts = [
            make_draft(shop.node_id, contact__email=" ADA.hidden@shop.example"),
            make_draft(free.id, contact__email="ada.hidden@shop.example"),
            make_draft(
                shop.node_id, contact__email="else@shop.example", external_id="till-hidden-7"
            ),
        ]

        outcomes = await shop.save(drafts)

        assert [type(one) for one in outcomes] == [Forgotten] * 3
        assert "forgotten" in str(outcomes[0])
        await audit(shop)

    async def test_is_free_for_others(self, shop: Shop) -> None:
        await forget(shop, await make_ada(shop))
        free = await shop.add_node(
            Node(uuid7(NOON), NodeKind.ENTRY, "Stall", unique=UniquePolicy(()))
        )
        drafts = [
            make_draft(shop.node_id, contact__email="bob@shop.example", name__given="Hiddenname"),
            make_draft(
                shop.node_id, contact__email="cleo@shop.example", contact__mobile="+44 7700 900123"
            ),
            make_draft(free.id, external_id="till-hidden-7"),
        ]

        outcomes = await shop.save(drafts)

        assert all(isinstance(one, Saved) for one in outcomes), outcomes

    async def test_does_not_touch_whoever_is_there(self, shop: Shop) -> None:
        bob = (await shop.customer(contact__email="bob@shop.example")).customer.id
        await forget(shop, await make_ada(shop))
        await shop.save([make_patch(bob, external_id="till-hidden-7")])

        again = await save(
            shop,
            make_draft(
                shop.node_id, contact__email="bob@shop.example", external_id="till-hidden-7"
            ),
        )

        assert isinstance(again, Saved)
        assert again.customer.id == bob

    async def test_is_refused_when_the_same_file_comes_again(self, lonely: Shop) -> None:
        first = await Importing(lonely, FILE, RULES).run()
        await forget(lonely, first.verdicts[0].entity_id)

        again = await Importing(lonely, FILE + "cleo@shop.example,Cleo\n", RULES).run()

        assert again.words == ["refused", "unchanged", "created"]
        assert [reason for _, _, reason in again.reasons] == [
            "this person was forgotten and is not taken in again unless readmitted"
        ]
        assert await traces(lonely.context.database.pool, "ada.hidden") == set()

    async def test_is_refused_among_thousands_of_new_ones(self, shop: Shop) -> None:
        first = await Importing(shop, FILE, RULES).run()
        await forget(shop, first.verdicts[0].entity_id)
        others = "".join(f"c{number}@shop.example,C\n" for number in range(1500))

        again = await Importing(shop, FILE + others, RULES).run()

        assert (again.tally.created, again.tally.refused) == (1500, 1)

    async def test_is_allowed_when_told_so_and_stays_so(self, shop: Shop) -> None:
        await forget(shop, await make_ada(shop))
        draft = make_draft(
            shop.node_id, contact__email="ada.hidden@shop.example", external_id="till-hidden-7"
        )

        back = await save(shop, replace(draft, readmit=True))
        assert isinstance(back, Saved)
        await shop.delete(back.customer.id)
        again = await save(shop, replace(draft, new_id=uuid7(NOON)))

        assert isinstance(again, Saved)

    async def test_is_allowed_whole_once_readmitted_by_address(self, shop: Shop) -> None:
        await forget(shop, await make_ada(shop))
        draft = make_draft(shop.node_id, external_id="till-hidden-7", contact__email="a@x.example")

        async with shop.context.database.transaction() as tx:
            many = await readmit(tx, shop.operator, email=" Ada.Hidden@shop.example")
            again = await readmit(tx, shop.operator, email="ada.hidden@shop.example")

        assert (many, again) == (3, 0)
        assert isinstance(await save(shop, draft), Saved)

    async def test_keeps_no_name_of_whom_it_keeps_out(self, shop: Shop) -> None:
        await forget(shop, await make_ada(shop))

        rows = await shop.context.database.pool.fetch(
            "SELECT mark FROM suppressions WHERE workspace_id = $1", shop.workspace_id
        )

        assert len(rows) == 3
        assert all(len(row[0]) == 64 for row in rows)

    async def test_keeps_to_the_workspace(self, shop: Shop, context: Context) -> None:
        await forget(shop, await make_ada(shop))
        rival = await make_shop(context)

        assert isinstance(await rival.customer(contact__email="ada.hidden@shop.example"), Saved)

    async def test_does_not_keep_out_whoever_typed_the_same_junk(self, shop: Shop) -> None:
        await shop.add_node(replace(shop.node, unique=UniquePolicy(())))
        saved = await shop.customer(contact__email="noreply@shop.example")
        await forget(shop, saved.customer.id)

        assert isinstance(await shop.customer(contact__email="noreply@shop.example"), Saved)
