"""Saving customers, one draft or a few at a time."""

from dataclasses import replace

import pytest

from onefold.actions.context import Context
from onefold.actions.customers.drafts import CustomerDraft, Operation, Outcome, Saved
from onefold.actions.customers.read import read_customer, read_history
from onefold.actions.customers.rekey import rekey_node
from onefold.actions.customers.save import save_customers
from onefold.actions.workspaces import change_workspace, save_node
from onefold.model.access import Actor, Permission, Role, permissions_of
from onefold.model.changes import CustomerChange, ListChange, ListRule
from onefold.model.customers import Like
from onefold.model.errors import Conflict, Invalid, NotFound, NotPermitted
from onefold.model.ids import NIL, uuid7
from onefold.model.updates import Entity, Update, UpdateFilter
from onefold.model.updates import Operation as UpdateOperation
from onefold.model.workspaces import Node, NodeKind, OnMatch, UniquePolicy, WorkspaceStatus
from onefold.store.updates import read_updates
from tests.audit import all_customers, audit, stored_identifiers
from tests.builders import (
    NOON,
    Shop,
    by_session,
    make_draft,
    make_event,
    make_patch,
    make_shop,
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


class TestANewCustomer:
    async def test_gets_the_first_number_and_version(self, shop: Shop) -> None:
        first = await shop.customer(contact__email="ada@shop.example", name__given="Ada")

        assert first.created
        assert first.changed
        assert first.customer.number == 1
        assert first.customer.version == 1
        assert first.customer.profile.name.given == "Ada"
        assert first.customer.registered_at == NOON
        assert (await audit(shop)) == [first.customer]

    async def test_is_announced_once(self, shop: Shop) -> None:
        first = await shop.customer(contact__email="ada@shop.example")

        (entry,) = await stream(shop)

        assert (entry.position, entry.at) == (1, NOON)
        assert entry.change.entity is Entity.CUSTOMER
        assert entry.change.operation is UpdateOperation.CREATE
        assert entry.change.entity_id == first.customer.id

    async def test_is_stored_as_it_was_answered(self, shop: Shop, context: Context) -> None:
        first = await shop.customer(
            contact__email="ada@shop.example", national_id="RSSMRA85T10A562S", gender="f"
        )

        async with context.database.reading() as tx:
            stored = await read_customer(tx, shop.operator, customer_id=first.customer.id)

        assert stored == first.customer

    async def test_needs_a_node(self, shop: Shop) -> None:
        draft = replace(make_draft(shop.node_id, contact__email="a@shop.example"), node_id=None)

        (outcome,) = await shop.save([draft])

        assert isinstance(outcome, Invalid)
        assert outcome.fields[0].path == "node_id"

    async def test_needs_a_node_that_is_there_and_takes_customers(self, shop: Shop) -> None:
        union = await shop.add_node(Node(uuid7(NOON), NodeKind.AGGREGATE, "Union"))

        unknown, aggregate = await shop.save(
            [
                make_draft(NIL, contact__email="a@shop.example"),
                make_draft(union.id, contact__email="a@shop.example"),
            ]
        )

        assert isinstance(unknown, NotFound)
        assert isinstance(aggregate, NotPermitted)
        assert await all_customers(shop) == []

    async def test_needs_its_unique_and_mandatory_properties(self, context: Context) -> None:
        shop = await make_shop(context, mandatory=("name.family",))

        (outcome,) = await shop.save([make_draft(shop.node_id, contact__email="")])

        assert isinstance(outcome, Invalid)
        assert outcome.message == "source customer is not valid"
        assert [one.path for one in outcome.fields] == ["contact.email", "name.family"]
        assert await audit(shop) == []

    async def test_needs_custom_values_that_meet_their_definitions(self, context: Context) -> None:
        shop = await make_shop(context, definitions={"size": {"schema": {"type": "integer"}}})

        (outcome,) = await shop.save(
            [
                make_draft(
                    shop.node_id,
                    contact__email="ada@shop.example",
                    custom__size="large",
                    custom__colour="red",
                )
            ]
        )

        assert isinstance(outcome, Invalid)
        assert {one.path for one in outcome.fields} == {"custom.size", "custom.colour"}


class TestAMatch:
    async def test_is_merged(self, shop: Shop, context: Context) -> None:
        first = await shop.customer(contact__email="ada@shop.example", name__given="Ada")

        second = await shop.customer(contact__email="ADA@shop.example ", name__family="Byron")

        assert second.customer.id == first.customer.id
        assert not second.created
        assert second.customer.version == 2
        assert second.customer.profile.name.given == "Ada"
        assert second.customer.profile.name.family == "Byron"
        async with context.database.reading() as tx:
            entries = await read_history(tx, shop.operator, customer_id=first.customer.id)
        assert [one.operation for one in entries] == ["create", "merge"]
        assert entries[1].cause == {
            "rule": "unique",
            "rule_version": 1,
            "properties": ["contact.email"],
        }
        assert await audit(shop) == [second.customer]

    async def test_is_none_when_case_counts(self, context: Context) -> None:
        shop = await make_shop(
            context, unique=UniquePolicy(("contact.email",), case_sensitive=True)
        )

        one = await shop.customer(contact__email="ada@shop.example")
        other = await shop.customer(contact__email="Ada@shop.example")

        assert one.customer.id != other.customer.id
        assert len(await audit(shop)) == 2

    async def test_needs_all_unique_properties(self, context: Context) -> None:
        shop = await make_shop(context, unique=UniquePolicy(("contact.email", "external_id")))

        first = await shop.customer(contact__email="ada@shop.example", external_id="1")
        other = await shop.customer(contact__email="ada@shop.example", external_id="2")
        again = await shop.customer(contact__email="ada@shop.example", external_id="1")

        assert first.customer.id != other.customer.id
        assert again.customer.id == first.customer.id
        assert len(await audit(shop)) == 2

    async def test_is_none_in_another_node(self, shop: Shop) -> None:
        stand = await shop.add_node(replace(shop.node, id=uuid7(NOON), name="Stand"))

        first = await shop.customer(contact__email="ada@shop.example")
        (other,) = await shop.save([make_draft(stand.id, contact__email="ada@shop.example")])

        assert saved(other).customer.id != first.customer.id
        assert len(await audit(shop)) == 2

    async def test_is_none_without_a_policy(self, context: Context) -> None:
        shop = await make_shop(context, unique=UniquePolicy(()))

        await shop.customer(contact__email="ada@shop.example")
        await shop.customer(contact__email="ada@shop.example")
        await shop.customer()

        assert [one.number for one in await audit(shop)] == [1, 2, 3]

    async def test_is_refused_where_the_policy_says_so(self, context: Context) -> None:
        shop = await make_shop(
            context, unique=UniquePolicy(("contact.email",), on_match=OnMatch.REFUSE)
        )

        first, second = await shop.save(
            [
                make_draft(shop.node_id, contact__email="ada@shop.example"),
                make_draft(shop.node_id, contact__email="ADA@shop.example", name__given="Ada"),
            ]
        )
        (third,) = await shop.save([make_draft(shop.node_id, contact__email="ada@shop.example")])

        ada = saved(first).customer
        assert isinstance(second, Conflict)
        assert isinstance(third, Conflict)
        assert second.detail == third.detail == {"customer_id": ada.id}
        assert await audit(shop) == [ada]

    async def test_with_the_same_values_writes_nothing_at_all(self, shop: Shop) -> None:
        values = {"contact.email": "ada@shop.example", "birth_date": None, "name.given": "Ada"}
        likes = ListChange((Like("1"),), ListRule.APPEND)
        draft = CustomerDraft(
            uuid7(NOON), CustomerChange(values, {"likes": likes}), node_id=shop.node_id
        )
        (first,) = await shop.save([draft])
        before = await _everything(shop)

        (again,) = await shop.save([replace(draft, new_id=uuid7(NOON))])
        (patched,) = await shop.save(
            [replace(make_patch(saved(first).customer.id), change=draft.change)]
        )

        assert (saved(again).changed, saved(patched).changed) == (False, False)
        assert saved(again).customer == saved(first).customer
        assert await _everything(shop) == before

    async def test_that_makes_a_number_a_boolean_is_a_change(self, context: Context) -> None:
        shop = await make_shop(context, definitions={"any": {"schema": {"type": "object"}}})
        await shop.customer(contact__email="ada@shop.example", custom__any={"a": 1})

        again = await shop.customer(contact__email="ada@shop.example", custom__any={"a": True})

        assert again.changed
        (stored,) = await audit(shop)
        assert stored.profile.custom["any"]["a"] is True


class TestAPatch:
    async def test_of_a_unique_property_moves_the_claim(self, shop: Shop) -> None:
        ada = await shop.customer(contact__email="ada@shop.example")

        (moved,) = await shop.save(
            [make_patch(ada.customer.id, contact__email="countess@shop.example")]
        )
        other = await shop.customer(contact__email="ada@shop.example")
        merged = await shop.customer(contact__email="countess@shop.example", gender="f")

        assert saved(moved).customer.id == ada.customer.id
        assert other.created
        assert merged.customer.id == ada.customer.id
        assert len(await audit(shop)) == 2

    async def test_that_would_equal_another_customer_is_refused(self, shop: Shop) -> None:
        ada = await shop.customer(contact__email="ada@shop.example")
        bob = await shop.customer(contact__email="bob@shop.example")

        (outcome,) = await shop.save(
            [make_patch(bob.customer.id, contact__email="Ada@shop.example", gender="m")]
        )

        assert isinstance(outcome, Conflict)
        assert outcome.detail == {"customer_id": ada.customer.id}
        assert await audit(shop) == [ada.customer, bob.customer]

    async def test_of_the_case_alone_keeps_the_claim(self, shop: Shop) -> None:
        ada = await shop.customer(contact__email="ada@shop.example")

        (outcome,) = await shop.save(
            [make_patch(ada.customer.id, contact__email="Ada@SHOP.example")]
        )

        assert saved(outcome).changed
        assert len(await audit(shop)) == 1

    async def test_cannot_take_a_unique_property_away(self, shop: Shop) -> None:
        ada = await shop.customer(contact__email="ada@shop.example")

        (outcome,) = await shop.save([make_patch(ada.customer.id, contact__email=None)])

        assert isinstance(outcome, Invalid)
        assert await audit(shop) == [ada.customer]

    async def test_that_clears_a_group_moves_the_claim_in_it(self, context: Context) -> None:
        shop = await make_shop(
            context,
            unique=UniquePolicy(("custom.card",)),
            definitions={"card": {"schema": {"type": "string"}}},
        )
        ada = await shop.customer(custom__card="1")
        change = CustomerChange({"custom.card": "2"}, cleared=frozenset({"custom"}))

        await shop.save([replace(make_patch(ada.customer.id), change=change)])

        assert (await shop.customer(custom__card="1")).created
        assert not (await shop.customer(custom__card="2")).created
        await audit(shop)

    async def test_leaves_the_claim_of_an_older_equal_alone(self, context: Context) -> None:
        """Two became equal when the node's policy changed; only the older one has the claim."""
        shop = await make_shop(context, unique=UniquePolicy(("external_id",)))
        older = await shop.customer(external_id="1", contact__email="ada@shop.example")
        younger = await shop.customer(external_id="2", contact__email="ada@shop.example")
        node = replace(shop.node, unique=UniquePolicy(("contact.email",), version=2))
        async with context.database.transaction() as tx:
            await save_node(tx, shop.operator, node=node, at=NOON)
            assert await rekey_node(tx, shop.operator, node=node) == [younger.customer.id]

        await shop.save([make_patch(younger.customer.id, contact__email="bea@shop.example")])

        assert (await shop.customer(contact__email="ada@shop.example")).customer.id == (
            older.customer.id
        )
        assert (await shop.customer(contact__email="bea@shop.example")).customer.id == (
            younger.customer.id
        )
        await audit(shop)

    async def test_of_nobody_is_not_found(self, shop: Shop) -> None:
        (outcome,) = await shop.save([make_patch(uuid7(NOON), gender="f")])

        assert isinstance(outcome, NotFound)

    async def test_of_another_workspace_s_customer_is_not_found(
        self, shop: Shop, context: Context
    ) -> None:
        other = await make_shop(context)
        ada = await other.customer(contact__email="ada@shop.example")

        (outcome,) = await shop.save([make_patch(ada.customer.id, gender="f")])

        assert isinstance(outcome, NotFound)
        assert await audit(other) == [ada.customer]

    async def test_cannot_change_the_node(self, shop: Shop) -> None:
        ada = await shop.customer(contact__email="ada@shop.example")
        stand = await shop.add_node(replace(shop.node, id=uuid7(NOON), name="Stand"))

        (outcome,) = await shop.save(
            [replace(make_patch(ada.customer.id, gender="f"), node_id=stand.id)]
        )

        assert isinstance(outcome, Invalid)
        assert await audit(shop) == [ada.customer]

    async def test_is_noted_as_what_it_was(self, shop: Shop, context: Context) -> None:
        ada = await shop.customer(contact__email="ada@shop.example")

        await shop.save(
            [replace(make_patch(ada.customer.id, gender="f"), operation=Operation.REPLACE)]
        )

        async with context.database.reading() as tx:
            entries = await read_history(tx, shop.operator, customer_id=ada.customer.id)
        assert [one.operation for one in entries] == ["create", "replace"]
        assert entries[1].changes[0].path == "/gender"


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


async def _everything(shop: Shop) -> list[object]:
    """Every row of the workspace in the tables that a save can write."""
    pool = shop.context.database.pool
    tables = ("customers", "identifiers", "history", "consent_log", "updates", "lanes", "numbers")
    return [
        await pool.fetch(
            f"SELECT t::text FROM {table} AS t WHERE workspace_id = $1 ORDER BY 1",  # noqa: S608 - listed above
            shop.workspace_id,
        )
        for table in (*tables, "node_rollups", "sessions")
    ]
