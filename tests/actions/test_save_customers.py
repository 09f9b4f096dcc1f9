"""Saving, reading and removing customers."""

from onefold.actions.context import Context
from onefold.actions.customers.drafts import Saved
from onefold.actions.customers.read import read_customer, read_history
from onefold.model.errors import Conflict, Invalid
from tests.builders import Shop, make_draft, make_patch


class TestSaveCustomers:
    async def test_stores_a_new_customer_with_the_first_number(self, shop: Shop) -> None:
        saved = await shop.customer(contact__email="ada@shop.example", name__given="Ada")

        assert saved.created
        assert saved.customer.number == 1
        assert saved.customer.version == 1
        assert saved.customer.profile.name.given == "Ada"

    async def test_merges_into_the_customer_with_the_same_unique_property(
        self, shop: Shop, context: Context
    ) -> None:
        first = await shop.customer(contact__email="ada@shop.example", name__given="Ada")

        second = await shop.customer(contact__email="ADA@shop.example ", name__family="Byron")

        assert second.customer.id == first.customer.id
        assert not second.created
        assert second.customer.version == 2
        assert second.customer.profile.name.given == "Ada"
        assert second.customer.profile.name.family == "Byron"
        async with context.database.reading() as tx:
            stored = await read_customer(tx, shop.operator, customer_id=first.customer.id)
            entries = await read_history(tx, shop.operator, customer_id=first.customer.id)
        assert stored == second.customer
        assert [one.operation for one in entries] == ["create", "merge"]

    async def test_changes_nothing_when_nothing_differs(self, shop: Shop) -> None:
        await shop.customer(contact__email="ada@shop.example", name__given="Ada")

        again = await shop.customer(contact__email="ada@shop.example", name__given="Ada")

        assert not again.changed
        assert again.customer.version == 1

    async def test_merges_two_drafts_of_one_batch(self, shop: Shop) -> None:
        outcomes = await shop.save(
            [
                make_draft(shop.node_id, contact__email="ada@shop.example", name__given="Ada"),
                make_draft(shop.node_id, contact__email="ada@shop.example", name__family="B"),
            ]
        )

        first, second = outcomes
        assert isinstance(first, Saved)
        assert isinstance(second, Saved)
        assert first.customer.id == second.customer.id
        assert (first.created, second.created) == (True, False)
        assert second.customer.number == 1
        assert second.customer.version == 2

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

    async def test_refuses_a_change_that_would_equal_another_customer(self, shop: Shop) -> None:
        ada = await shop.customer(contact__email="ada@shop.example")
        bob = await shop.customer(contact__email="bob@shop.example")

        (outcome,) = await shop.save(
            [make_patch(bob.customer.id, contact__email="Ada@shop.example")]
        )

        assert isinstance(outcome, Conflict)
        assert outcome.detail == {"customer_id": ada.customer.id}
