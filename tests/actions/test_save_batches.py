"""Saving customers: batches, sessions and who may."""

from dataclasses import replace

import pytest

from onefold.actions.context import Context
from onefold.actions.customers.drafts import CustomerDraft, Outcome, Saved
from onefold.actions.customers.save import save_customers
from onefold.actions.workspaces import change_workspace
from onefold.model.access import Actor, Permission, Role, permissions_of
from onefold.model.errors import Conflict, Invalid, NotPermitted
from onefold.model.ids import uuid7
from onefold.model.updates import Update, UpdateFilter
from onefold.model.workspaces import WorkspaceStatus
from onefold.store.updates import read_updates
from tests.audit import audit, stored_identifiers
from tests.builders import (
    NOON,
    Shop,
    by_session,
    make_draft,
    make_event,
    make_patch,
)


def saved(outcome: Outcome) -> Saved:
    assert isinstance(outcome, Saved), outcome
    return outcome


async def stream(shop: Shop) -> list[Update]:
    async with shop.context.database.reading() as tx:
        return await read_updates(tx, shop.workspace_id, after=0, wanted=UpdateFilter(), limit=1000)


async def save_as(shop: Shop, actor: Actor, draft: CustomerDraft) -> Outcome:
    async with shop.context.database.transaction() as tx:
        (outcome,) = await save_customers(
            tx, actor, picture=await shop.picture(), drafts=[draft], at=NOON
        )
    return outcome


class TestABatch:
    async def test_merges_two_drafts_with_the_same_properties(self, shop: Shop) -> None:
        first, second = await shop.save(
            [
                make_draft(shop.node_id, contact__email="ada@shop.example", name__given="Ada"),
                make_draft(shop.node_id, contact__email="ada@shop.example", name__family="B"),
            ]
        )

        assert saved(first).customer.id == saved(second).customer.id
        assert (saved(first).created, saved(second).created) == (True, False)
        assert saved(second).customer.number == 1
        assert saved(second).customer.version == 2
        assert await audit(shop) == [saved(second).customer]

    async def test_keeps_an_error_to_its_draft(self, shop: Shop) -> None:
        outcomes = await shop.save(
            [
                make_draft(shop.node_id, contact__email="ada@shop.example"),
                make_draft(shop.node_id, name__given="Nobody"),
                make_draft(shop.node_id, contact__email="bob@shop.example"),
            ]
        )

        assert isinstance(outcomes[0], Saved)
        assert isinstance(outcomes[1], Invalid)
        assert outcomes[1].fields[0].path == "contact.email"
        assert isinstance(outcomes[2], Saved)
        assert len(await audit(shop)) == 2

    async def test_lets_a_value_go_on_that_an_earlier_draft_gave_up(self, shop: Shop) -> None:
        ada = await shop.customer(contact__email="ada@shop.example")

        moved, new = await shop.save(
            [
                make_patch(ada.customer.id, contact__email="countess@shop.example"),
                make_draft(shop.node_id, contact__email="ada@shop.example"),
            ]
        )

        assert saved(moved).customer.profile.contact_points[0].value == "countess@shop.example"
        assert saved(new).created
        assert len(await audit(shop)) == 2

    async def test_merges_into_what_an_earlier_draft_took(self, shop: Shop) -> None:
        ada = await shop.customer(contact__email="ada@shop.example")

        moved, merged = await shop.save(
            [
                make_patch(ada.customer.id, contact__email="countess@shop.example"),
                make_patch(ada.customer.id, gender="f"),
            ]
        )

        assert saved(moved).customer.version == 2
        assert saved(merged).customer.version == 3
        await audit(shop)

    async def test_of_none_is_fine(self, shop: Shop) -> None:
        assert await shop.save([]) == []
        assert await stream(shop) == []


class TestADraftWithASession:
    async def test_ties_it_in_the_same_write(self, shop: Shop) -> None:
        anonymous = await shop.event(make_event(bring_back=by_session(shop.node_id, "s1")))

        (outcome,) = await shop.save(
            [replace(make_draft(shop.node_id, contact__email="ada@shop.example"), session="s1")]
        )

        entries = [one.change for one in await stream(shop)]
        assert [(one.entity.value, one.operation.value) for one in entries] == [
            ("EVENT", "CREATE"),
            ("CUSTOMER", "CREATE"),
            ("EVENT", "UPDATE"),
        ]
        assert entries[2].entity_id == anonymous.id
        assert entries[2].customer_id == saved(outcome).customer.id
        await audit(shop)

    async def test_gives_its_claim_back_when_it_is_refused(self, shop: Shop) -> None:
        ada = await shop.customer(contact__email="ada@shop.example")
        await shop.tie(ada.customer.id, "s1")

        refused, patched, created = await shop.save(
            [
                replace(make_draft(shop.node_id, contact__email="b@shop.example"), session="s1"),
                make_patch(ada.customer.id, contact__email="b@shop.example"),
                make_draft(shop.node_id, contact__email="ada@shop.example"),
            ]
        )

        assert isinstance(refused, Conflict)
        assert saved(patched).customer.id == ada.customer.id
        assert saved(created).created
        assert len(await audit(shop)) == 2

    async def test_hands_its_claim_on_when_it_is_refused(self, shop: Shop) -> None:
        ada = await shop.customer(contact__email="ada@shop.example")
        await shop.tie(ada.customer.id, "s1")
        draft = make_draft(shop.node_id, contact__email="b@shop.example")

        refused, created = await shop.save(
            [replace(draft, session="s1"), replace(draft, new_id=uuid7(NOON))]
        )

        assert isinstance(refused, Conflict)
        assert saved(created).created
        assert len(await audit(shop)) == 2

    async def test_does_not_move_its_claim_when_it_is_refused(self, shop: Shop) -> None:
        ada = await shop.customer(contact__email="ada@shop.example")
        bob = await shop.customer(contact__email="bob@shop.example")
        await shop.tie(ada.customer.id, "s1")
        before = await stored_identifiers(shop)

        (refused,) = await shop.save(
            [replace(make_patch(bob.customer.id, contact__email="b@shop.example"), session="s1")]
        )

        assert isinstance(refused, Conflict)
        assert await stored_identifiers(shop) == before
        await audit(shop)

    async def test_does_not_tie_it_when_the_claim_is_refused(self, shop: Shop) -> None:
        await shop.customer(contact__email="ada@shop.example")
        bob = await shop.customer(contact__email="bob@shop.example")

        (refused,) = await shop.save(
            [replace(make_patch(bob.customer.id, contact__email="ada@shop.example"), session="s1")]
        )

        assert isinstance(refused, Conflict)
        assert not any(kind == "session" for kind, _, _, _ in await stored_identifiers(shop))
        await audit(shop)

    @pytest.mark.parametrize("value", ["", "x" * 256])
    async def test_needs_one_of_1_to_255_characters(self, shop: Shop, value: str) -> None:
        (refused,) = await shop.save(
            [replace(make_draft(shop.node_id, contact__email="b@shop.example"), session=value)]
        )

        assert isinstance(refused, Invalid)
        assert await stored_identifiers(shop) == set()


class TestAnActor:
    async def test_needs_the_permission(self, shop: Shop) -> None:
        guest = Actor(
            shop.workspace_id,
            None,
            "source",
            frozenset({Role.GUEST}),
            permissions_of(frozenset({Role.GUEST})),
        )

        with pytest.raises(NotPermitted):
            await save_as(shop, guest, make_draft(shop.node_id, contact__email="a@shop.example"))

    async def test_reaches_only_its_nodes(self, shop: Shop) -> None:
        ada = await shop.customer(contact__email="ada@shop.example")
        bound = Actor(
            shop.workspace_id,
            None,
            "source",
            frozenset(),
            frozenset({Permission.CUSTOMER_WRITE}),
            frozenset({uuid7(NOON)}),
        )

        for draft in (
            make_draft(shop.node_id, contact__email="a@shop.example"),
            make_patch(ada.customer.id, gender="f"),
        ):
            assert isinstance(await save_as(shop, bound, draft), NotPermitted)
        assert await audit(shop) == [ada.customer]

    @pytest.mark.parametrize("status", [WorkspaceStatus.SUSPENDED, WorkspaceStatus.DISABLED])
    async def test_cannot_write_to_a_workspace_that_is_closed(
        self, shop: Shop, context: Context, status: WorkspaceStatus
    ) -> None:
        workspace = replace((await shop.picture()).workspace, status=status)
        async with context.database.transaction() as tx:
            await change_workspace(tx, shop.operator, workspace=workspace, at=NOON)

        with pytest.raises(NotPermitted):
            await shop.customer(contact__email="ada@shop.example")
