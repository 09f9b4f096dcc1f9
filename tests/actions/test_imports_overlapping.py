"""Two batches of an import on their way at once come to what one after the other would."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onefold.actions.context import Context
from onefold.actions.imports import turns
from onefold.actions.imports.turns import Turn
from onefold.model.workspaces import UniquePolicy
from onefold.store import newcomers, workspaces
from onefold.store.newcomers import Newcomer
from tests.audit import audit
from tests.builders import Shop, make_shop
from tests.importing import import_text, people_csv

Insert = Callable[..., Awaitable[None]]

PEOPLE = st.lists(st.tuples(st.integers(1, 9), st.sampled_from("abc")), min_size=1, max_size=24)


def people(rows: Sequence[tuple[int, str]]) -> str:
    return "\n".join(["external_id,name.given", *(f"{key},{name}" for key, name in rows), ""])


@pytest.fixture
async def crm(context: Context) -> Shop:
    return await make_shop(context, unique=UniquePolicy(("external_id",)))


class Stumbling:
    """Fails the first time that a customer of a given external id is stored, or each time."""

    def __init__(self, insert: Insert, external_id: str, error: Exception, *, always: bool) -> None:
        self.stumbles = 0
        self._insert = insert
        self._mark = f'"external_id":"{external_id}"'
        self._error = error
        self._always = always

    async def __call__(self, tx: Any, actor: Any, new: Sequence[Newcomer], **more: Any) -> None:
        if any(self._mark in one.document for one in new) and (self._always or not self.stumbles):
            self.stumbles += 1
            await asyncio.sleep(0.2)  # long enough for the batch behind to have begun
            raise self._error
        await self._insert(tx, actor, new, **more)


class TestOverlapping:
    @settings(
        max_examples=30,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(rows=PEOPLE, batch_rows=st.integers(1, 4))
    async def test_rows_take_effect_in_the_order_of_the_file(
        self, context: Context, rows: list[tuple[int, str]], batch_rows: int
    ) -> None:
        shop = await make_shop(context, unique=UniquePolicy(("external_id",)))
        known: dict[int, str] = {}
        expected = []
        for key, name in rows:
            told = "unchanged" if known.get(key) == name else "merged"
            expected.append(told if key in known else "created")
            known[key] = name

        done = await import_text(shop, people(rows), batch_rows=batch_rows)

        stored = await audit(shop)
        found = {one.profile.external_id: one.profile.name.given for one in stored}
        assert found == {str(key): name for key, name in known.items()}
        assert done.words == expected
        assert sorted(one.number for one in stored) == [one.number for one in stored]

    async def test_the_next_batch_begins_before_the_one_before_is_stored(
        self, crm: Shop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        together = asyncio.Barrier(2)
        insert = newcomers.insert_newcomers

        async def meet(*given: Any, **more: Any) -> None:
            await insert(*given, **more)
            async with asyncio.timeout(10):
                await together.wait()

        monkeypatch.setattr(newcomers, "insert_newcomers", meet)

        done = await import_text(crm, people_csv(40), batch_rows=20)

        assert done.tally.created == 40
        assert len(await audit(crm)) == 40

    async def test_leave_no_gap_between_the_numbers_of_customers(self, crm: Shop) -> None:
        """Rows that may be new get numbers ahead; half of these rows are not."""
        rows = [(key, "a") for number in range(30) for key in (number, number // 2)]
        await import_text(crm, people(rows), batch_rows=7)

        after = (await crm.customer(external_id="later")).customer

        assert [one.number for one in await audit(crm)] == list(range(1, 32))
        assert after.number == 31

    async def test_the_same_file_again_takes_no_numbers(
        self, crm: Shop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Not even for a while: an import that is killed cannot give them back."""

        async def keep(*given: Any, **more: Any) -> None:
            del given, more

        await import_text(crm, people_csv(60), batch_rows=7)
        monkeypatch.setattr(workspaces, "give_back_numbers", keep)
        await import_text(crm, people_csv(60), batch_rows=7)

        assert (await crm.customer(external_id="later")).customer.number == 61


class TestABatchThatFails:
    @pytest.mark.parametrize("always", [False, True], ids=["once", "each time"])
    async def test_is_stored_again_before_the_one_behind_it(
        self, crm: Shop, monkeypatch: pytest.MonkeyPatch, *, always: bool
    ) -> None:
        """The next batch has by then claimed a customer of whom this one is to tell first."""
        stumbling = Stumbling(
            newcomers.insert_newcomers, "2", asyncpg.DataError("no"), always=always
        )
        monkeypatch.setattr(newcomers, "insert_newcomers", stumbling)
        rows = [(1, "a"), (2, "a"), (3, "a"), (4, "b"), (3, "b"), (2, "b")]

        done = await import_text(crm, people(rows), batch_rows=2)

        # Followed, alone and halved; the last batch stumbles over 3, who is known, the first time.
        assert stumbling.stumbles == (5 if always else 1)
        refused = ["refused"] if always else ["created"]
        last = "refused" if always else "merged"
        assert done.words == ["created", *refused, "created", "created", "merged", last]
        stored = {one.profile.external_id: one.profile.name.given for one in await audit(crm)}
        assert stored == {"1": "a", "3": "b", "4": "b"} | ({} if always else {"2": "b"})

    async def test_goes_on_alone_when_its_turn_does_not_come(
        self, crm: Shop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(turns, "TURN_SECONDS_MAX", 0.05)
        stumbling = Stumbling(
            newcomers.insert_newcomers, "1", asyncpg.DeadlockDetectedError("no"), always=False
        )
        monkeypatch.setattr(newcomers, "insert_newcomers", stumbling)

        done = await import_text(crm, people([(1, "a"), (2, "a"), (3, "a")]), batch_rows=1)

        assert done.words == ["created"] * 3
        assert [one.profile.external_id for one in await audit(crm)] == ["1", "2", "3"]


class TestTurn:
    async def test_comes_at_once_for_the_first(self) -> None:
        await Turn().come()

    async def test_comes_when_the_one_before_has_ended(self) -> None:
        first = Turn()
        waiting = asyncio.create_task(Turn(first).come())
        await asyncio.sleep(0.01)
        assert not waiting.done()

        first.end()

        await waiting
