"""Saving customers, one draft or a few at a time."""

from dataclasses import replace
from datetime import timedelta

from onefold.actions.context import Context
from onefold.actions.customers.drafts import CustomerDraft, Operation, Outcome, Saved
from onefold.actions.customers.read import read_customer, read_history
from onefold.actions.customers.rekey import rekey_node
from onefold.actions.workspaces import save_node
from onefold.model.changes import CustomerChange, ListChange, ListRule
from onefold.model.customers import Like
from onefold.model.errors import Conflict, Invalid, NotFound, NotPermitted
from onefold.model.ids import NIL, uuid7
from onefold.model.updates import Entity, Update, UpdateFilter
from onefold.model.updates import Operation as UpdateOperation
from onefold.model.workspaces import Node, NodeKind, OnMatch, UniquePolicy
from onefold.store.updates import read_updates
from tests.audit import all_customers, audit
from tests.builders import (
    NOON,
    Shop,
    make_draft,
    make_patch,
    make_shop,
)


def saved(outcome: Outcome) -> Saved:
    assert isinstance(outcome, Saved), outcome
    return outcome


async def stream(shop: Shop) -> list[Update]:
    async with shop.context.database.reading() as tx:
        return await read_updates(tx, shop.workspace_id, after=0, wanted=UpdateFilter(), limit=1000)


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
        later = replace(
            make_draft(shop.node_id, external_id="2", contact__email="ada@shop.example"),
            new_id=uuid7(NOON + timedelta(seconds=1)),
        )
        (younger,) = await shop.save([later])
        assert isinstance(younger, Saved)
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


async def _everything(shop: Shop) -> list[object]:
    """Every row of the workspace in the tables that a save can write."""
    pool = shop.context.database.pool
    tables = ("customers", "identifiers", "history", "consent_log", "updates", "lanes", "numbers")
    return [
        await pool.fetch(
            f"SELECT t::text FROM {table} AS t WHERE workspace_id = $1 ORDER BY 1",
            shop.workspace_id,
        )
        for table in (*tables, "node_rollups", "sessions")
    ]
