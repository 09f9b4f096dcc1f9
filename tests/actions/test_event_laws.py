"""Whatever happens to events, in whatever order: counters, owners and sessions agree."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from onefold.actions.context import Context
from onefold.actions.customers.drafts import Saved
from onefold.actions.customers.remove import delete_customer
from onefold.actions.customers.save import save_customers
from onefold.actions.directory import Picture
from onefold.actions.event_changes import change_event, delete_event
from onefold.actions.events import Recorded, record_events
from onefold.actions.sessions import drop_session, list_sessions, tie_session
from onefold.actions.transaction import Transaction
from onefold.actions.writing import run
from onefold.model.errors import Refusal
from onefold.model.events import BringBack, EventChange, EventDraft
from onefold.model.workspaces import WorkspaceSettings
from tests.audit import audit
from tests.builders import (
    NOON,
    Shop,
    by_external_id,
    by_session,
    make_draft,
    make_event,
    make_shop,
)

SESSIONS = ("s1", "s2", " s1", "s3")
PEOPLE = 4


class Play:
    """One workspace, and random steps in it; `slot` is that of the writer's counters."""

    def __init__(self, shop: Shop, seed: int, *, slot: int = 0) -> None:
        self._shop = shop
        self._choice = random.Random(seed)  # noqa: S311 - a test's order
        self._slot = slot
        self._events: list[UUID] = []
        self._steps: list[tuple[Callable[[Transaction], Awaitable[None]], int]] = [
            (self._record, 8),
            (self._change, 4),
            (self._delete_event, 3),
            (self._tie, 3),
            (self._drop, 1),
            (self._save, 2),
            (self._delete_customer, 1),
        ]

    async def step(self) -> None:
        steps, weights = zip(*self._steps, strict=True)
        (chosen,) = self._choice.choices(steps, weights)
        with suppress(Refusal):
            await run(self._shop.context.database, chosen, slot=self._slot)

    async def _picture(self, tx: Transaction) -> Picture:
        return await self._shop.context.directory.current(tx, self._shop.workspace_id)

    async def _people(self, tx: Transaction) -> list[UUID]:
        rows = await tx.connection.fetch(
            "SELECT customer_id FROM customers"
            " WHERE workspace_id = $1 AND deleted_at IS NULL ORDER BY number",
            self._shop.workspace_id,
        )
        return [row[0] for row in rows]

    async def _record(self, tx: Transaction) -> None:
        people = await self._people(tx)
        drafts = [self._draft(people) for _ in range(self._choice.randint(1, 5))]
        outcomes = await record_events(
            tx,
            self._shop.operator,
            picture=await self._picture(tx),
            catalog=self._shop.context.catalog,
            drafts=drafts,
            at=NOON,
        )
        self._events += [one.event.id for one in outcomes if isinstance(one, Recorded)]

    def _draft(self, people: list[UUID]) -> EventDraft:
        event_type, properties = self._content()
        at = NOON + timedelta(hours=self._choice.randint(-40, 40))
        node_id, brought = self._shop.node_id, self._choice.random()
        back: BringBack | None = None
        if brought < 0.4 or not people:
            back = by_session(node_id, self._choice.choice(SESSIONS))
        elif brought < 0.5:
            back = by_external_id(node_id, f"A{self._choice.randint(1, PEOPLE)}")
        customer_id = None if back else self._choice.choice(people)
        return make_event(event_type, properties, customer_id=customer_id, bring_back=back, at=at)

    def _content(self) -> tuple[str, dict[str, Any]]:
        if self._choice.random() < 0.4:
            return self._choice.choice(["viewedPage", "loggedIn"]), {}
        amount: dict[str, Any] = {"total": self._choice.randint(-5000, 50_000) / 100}
        if self._choice.random() < 0.7:
            amount["local"] = {"currency": self._choice.choice(["EUR", "CHF"])}
        kind = self._choice.choice(["sale", "return"])
        return "completedOrder", {"amount": amount, "type": kind}

    def _decide(self, event_type: str) -> EventChange:
        properties = self._content()[1] if event_type == "completedOrder" else None
        at = NOON + timedelta(hours=self._choice.randint(-40, 40))
        return EventChange(
            properties=properties,
            context=self._choice.choice([None, "MOBILE", "RETAIL"]),
            occurred_at=self._choice.choice([None, at]),
        )

    async def _change(self, tx: Transaction) -> None:
        if self._events:
            await change_event(
                tx,
                self._shop.operator,
                picture=await self._picture(tx),
                catalog=self._shop.context.catalog,
                event_id=self._choice.choice(self._events),
                decide=lambda stored: self._decide(stored.type),
                at=NOON,
            )

    async def _delete_event(self, tx: Transaction) -> None:
        if self._events:
            await delete_event(
                tx,
                self._shop.operator,
                picture=await self._picture(tx),
                event_id=self._choice.choice(self._events),
                at=NOON,
            )

    async def _tie(self, tx: Transaction) -> None:
        if people := await self._people(tx):
            await tie_session(
                tx,
                self._shop.operator,
                picture=await self._picture(tx),
                customer_id=self._choice.choice(people),
                value=self._choice.choice(SESSIONS),
                at=NOON,
            )

    async def _drop(self, tx: Transaction) -> None:
        if people := await self._people(tx):
            owner = self._choice.choice(people)
            for session in await list_sessions(tx, self._shop.operator, customer_id=owner):
                await drop_session(
                    tx,
                    self._shop.operator,
                    picture=await self._picture(tx),
                    customer_id=owner,
                    session_id=session.id,
                )

    async def _save(self, tx: Transaction) -> None:
        number = self._choice.randint(1, PEOPLE)
        values = {"contact__email": f"p{number}@shop.example", "external_id": f"A{number}"}
        (outcome,) = await save_customers(
            tx,
            self._shop.operator,
            picture=await self._picture(tx),
            drafts=[make_draft(self._shop.node_id, **values)],
            at=NOON,
        )
        assert isinstance(outcome, Saved)

    async def _delete_customer(self, tx: Transaction) -> None:
        if people := await self._people(tx):
            await delete_customer(
                tx,
                self._shop.operator,
                picture=await self._picture(tx),
                customer_id=self._choice.choice(people),
                at=NOON,
            )


async def play_alone(context: Context, *, seed: int, steps: int) -> None:
    shop = await make_shop(context, settings=WorkspaceSettings(timezone="Europe/Rome"))
    play = Play(shop, seed)
    for step in range(steps):
        await play.step()
        if step % 10 == 9:
            await audit(shop)
    await audit(shop)


async def play_together(context: Context, *, seed: int, tasks: int, steps: int) -> None:
    shop = await make_shop(context)

    async def one_task(number: int) -> None:
        play = Play(shop, seed * 100 + number, slot=number % 3)
        for _ in range(steps):
            await play.step()

    await asyncio.gather(*(one_task(number) for number in range(tasks)))
    await audit(shop)


class TestOneAfterTheOther:
    @pytest.mark.parametrize("seed", range(3))
    async def test_agrees_after_every_step(self, context: Context, seed: int) -> None:
        await play_alone(context, seed=seed, steps=60)

    @pytest.mark.slow
    @pytest.mark.parametrize("seed", range(10, 40))
    async def test_agrees_after_every_step_however_many(self, context: Context, seed: int) -> None:
        await play_alone(context, seed=seed, steps=300)


class TestAllAtOnce:
    @pytest.mark.parametrize("seed", range(2))
    async def test_agrees_in_the_end(self, context: Context, seed: int) -> None:
        await play_together(context, seed=seed, tasks=6, steps=20)

    @pytest.mark.slow
    @pytest.mark.parametrize("seed", range(10, 16))
    async def test_agrees_in_the_end_however_many(self, context: Context, seed: int) -> None:
        await play_together(context, seed=seed, tasks=10, steps=120)
