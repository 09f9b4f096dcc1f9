"""Saving customers from many tasks at once."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import replace

import pytest

from onefold.actions.customers.drafts import CustomerDraft, Outcome, Saved
from onefold.actions.customers.remove import delete_customer
from onefold.actions.customers.save import save_customers
from onefold.actions.transaction import Transaction
from onefold.actions.writing import run_batch
from onefold.model.errors import Conflict, NotFound
from onefold.model.ids import uuid7
from tests.audit import audit
from tests.builders import NOON, Shop, make_draft, make_patch


async def save(
    shop: Shop, drafts: Sequence[CustomerDraft], *, slot: int = 0
) -> list[Outcome | BaseException]:
    """As a door does: deadlocks are run again."""

    async def write(tx: Transaction, items: Sequence[CustomerDraft]) -> list[Outcome]:
        picture = await shop.context.directory.current(tx, shop.workspace_id)
        return await save_customers(tx, shop.operator, picture=picture, drafts=items, at=NOON)

    return await run_batch(shop.context.database, write, drafts, slot=slot)


async def save_one(shop: Shop, draft: CustomerDraft) -> Outcome | BaseException:
    (outcome,) = await save(shop, [draft])
    return outcome


class Pause:
    """A transaction held open by a test, so that what others do meanwhile is certain."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._written = asyncio.Event()
        self._go_on = asyncio.Event()
        self._task: asyncio.Task[list[Outcome]] | None = None

    async def start(self, drafts: Sequence[CustomerDraft]) -> None:
        self._task = asyncio.create_task(self._write(drafts))
        await self._written.wait()

    async def finish(self) -> list[Outcome]:
        assert self._task is not None
        self._go_on.set()
        return await self._task

    async def _write(self, drafts: Sequence[CustomerDraft]) -> list[Outcome]:
        picture = await self._shop.picture()
        async with self._shop.context.database.transaction() as tx:
            outcomes = await save_customers(
                tx, self._shop.operator, picture=picture, drafts=drafts, at=NOON
            )
            self._written.set()
            await self._go_on.wait()
        return outcomes


class TestTheSameNewCustomer:
    async def test_is_made_once_by_many_tasks(self, shop: Shop) -> None:
        drafts = [
            make_draft(shop.node_id, contact__email="ada@shop.example", name__given=str(number))
            for number in range(40)
        ]

        outcomes = await asyncio.gather(*(save_one(shop, draft) for draft in drafts))

        assert all(isinstance(one, Saved) for one in outcomes)
        assert sum(one.created for one in outcomes if isinstance(one, Saved)) == 1
        (ada,) = await audit(shop)
        assert ada.version == 40
        assert ada.number == 1

    async def test_is_made_once_by_overlapping_batches(self, shop: Shop) -> None:
        emails = [f"p{number}@shop.example" for number in range(12)]
        shuffle = random.Random(7)  # noqa: S311 - a test's order

        async def batch(number: int) -> list[Outcome | BaseException]:
            mine = shuffle.sample(emails, 8)
            drafts = [
                make_draft(shop.node_id, contact__email=one, name__given=str(number))
                for one in mine
            ]
            return await save(shop, drafts, slot=number % 4)

        outcomes = [
            one
            for batch_of in await asyncio.gather(*(batch(number) for number in range(12)))
            for one in batch_of
        ]

        assert all(isinstance(one, Saved) for one in outcomes)
        people = await audit(shop)
        assert len(people) == sum(one.created for one in outcomes if isinstance(one, Saved))
        assert sorted(one.number for one in people) == list(range(1, len(people) + 1))


class TestAHolder:
    async def test_that_is_deleted_meanwhile_makes_room_for_a_new_one(self, shop: Shop) -> None:
        ada = await shop.customer(contact__email="ada@shop.example")

        removing = asyncio.create_task(shop.delete(ada.customer.id))
        outcome = await save_one(shop, make_draft(shop.node_id, contact__email="ada@shop.example"))
        await removing

        assert isinstance(outcome, Saved)
        people = await audit(shop)
        assert people == ([outcome.customer] if outcome.created else [])

    async def test_that_gets_another_value_meanwhile_is_left_alone(self, shop: Shop) -> None:
        ada = await shop.customer(contact__email="ada@shop.example")
        moving = Pause(shop)
        await moving.start([make_patch(ada.customer.id, contact__email="countess@shop.example")])

        saving = asyncio.create_task(
            save_one(shop, make_draft(shop.node_id, contact__email="ada@shop.example"))
        )
        await asyncio.sleep(0.1)
        await moving.finish()
        outcome = await saving

        assert isinstance(outcome, Saved)
        assert outcome.created
        first, second = await audit(shop)
        assert first.profile.contact_points[0].value == "countess@shop.example"
        assert second.id == outcome.customer.id

    async def test_that_is_still_being_made_is_merged_into(self, shop: Shop) -> None:
        making = Pause(shop)
        await making.start([make_draft(shop.node_id, contact__email="ada@shop.example")])

        saving = asyncio.create_task(
            save_one(shop, make_draft(shop.node_id, contact__email="ada@shop.example", gender="f"))
        )
        await asyncio.sleep(0.1)
        (made,) = await making.finish()
        outcome = await saving

        assert isinstance(made, Saved)
        assert isinstance(outcome, Saved)
        assert outcome.customer.id == made.customer.id
        assert outcome.customer.version == 2
        await audit(shop)


class TestSwaps:
    async def test_of_two_values_are_refused_and_lose_nothing(self, shop: Shop) -> None:
        ada = (await shop.customer(contact__email="ada@shop.example")).customer
        bob = (await shop.customer(contact__email="bob@shop.example")).customer

        outcomes = await asyncio.gather(
            save_one(shop, make_patch(ada.id, contact__email="bob@shop.example")),
            save_one(shop, make_patch(bob.id, contact__email="ada@shop.example")),
        )

        assert all(isinstance(one, Conflict) for one in outcomes)
        assert await audit(shop) == [ada, bob]


async def storm(shop: Shop, *, tasks: int, rounds: int, seed: int) -> None:
    """Many tasks create, merge, move, tie and delete the same few people in every order."""
    emails = [f"p{number}@shop.example" for number in range(6)]
    known = [(await shop.customer(contact__email=email)).customer.id for email in emails[:4]]

    async def one_task(number: int) -> None:
        choice = random.Random(seed * 1000 + number)  # noqa: S311 - a test's order
        for _ in range(rounds):
            drafts = [_random_draft(shop, choice, emails, known) for _ in range(5)]
            for outcome in await save(shop, drafts, slot=number % 4):
                if isinstance(outcome, Saved):
                    known.append(outcome.customer.id)
                else:
                    assert isinstance(outcome, Conflict | NotFound), outcome
            if choice.random() < 0.2:
                await _delete(shop, choice.choice(known))

    await asyncio.gather(*(one_task(number) for number in range(tasks)))


def _random_draft(
    shop: Shop, choice: random.Random, emails: Sequence[str], known: Sequence[object]
) -> CustomerDraft:
    values = {"contact__email": choice.choice(emails), "gender": choice.choice("fmx")}
    session = choice.choice([None, None, "s1", "s2"])
    if choice.random() < 0.4:
        return replace(make_patch(choice.choice(known), **values), session=session)  # type: ignore[arg-type] # ids
    draft = make_draft(shop.node_id, **values)
    return replace(draft, new_id=uuid7(NOON), session=session)


async def _delete(shop: Shop, customer_id: object) -> None:
    async def write(tx: Transaction, items: Sequence[object]) -> list[None]:
        picture = await shop.context.directory.current(tx, shop.workspace_id)
        await delete_customer(tx, shop.operator, picture=picture, customer_id=items[0], at=NOON)  # type: ignore[arg-type] # ids
        return [None]

    try:
        await run_batch(shop.context.database, write, [customer_id])
    except NotFound:
        return


class TestAStorm:
    async def test_leaves_everything_consistent(self, shop: Shop) -> None:
        await storm(shop, tasks=5, rounds=4, seed=1)

        await audit(shop)

    @pytest.mark.slow
    @pytest.mark.parametrize("seed", range(2, 5))
    async def test_leaves_everything_consistent_however_long(self, shop: Shop, seed: int) -> None:
        await storm(shop, tasks=10, rounds=25, seed=seed)

        await audit(shop)
