"""The coalescer with a flush that tests hold in their hands."""

import asyncio
from collections.abc import Sequence

import pytest

from onefold.web import coalesce
from onefold.web.coalesce import HELP_ITEMS_MIN, Coalescer, Overloaded


class Store:
    """A flush that waits at its gate and keeps a list of the batches it was given."""

    def __init__(self, *, open_gate: bool = True) -> None:
        self.batches: list[tuple[str, list[int], int]] = []
        self.busy = 0
        self.busiest = 0
        self.gate = asyncio.Event()
        if open_gate:
            self.gate.set()

    async def flush(
        self, key: str, items: Sequence[int], flusher: int
    ) -> Sequence[str | BaseException]:
        self.batches.append((key, list(items), flusher))
        self.busy += 1
        self.busiest = max(self.busiest, self.busy)
        try:
            await self.gate.wait()
        finally:
            self.busy -= 1
        return [self.outcome(item) for item in items]

    def outcome(self, item: int) -> str | BaseException:
        return ValueError(f"{item} is wrong") if item < 0 else f"stored {item}"

    @property
    def stored(self) -> list[int]:
        return [item for _, items, _ in self.batches for item in items]

    def items_of(self, key: str) -> list[list[int]]:
        return [items for name, items, _ in self.batches if name == key]


async def turn() -> None:
    """Lets everything run that can run."""
    for _ in range(10):
        await asyncio.sleep(0)


def coalescer_on(store: Store, *, items_max: int = 100) -> Coalescer[str, int, str]:
    return Coalescer(store.flush, items_max=items_max)


def submit(
    coalescer: Coalescer[str, int, str], *items: int, key: str = "shop"
) -> list[asyncio.Task[str]]:
    return [asyncio.create_task(coalescer.submit(key, item)) for item in items]


class TestALoneItem:
    async def test_is_stored_at_once_without_a_timer(self) -> None:
        store = Store()
        (task,) = submit(coalescer_on(store), 1)

        await turn()  # no time passes in it

        assert task.done()
        assert task.result() == "stored 1"

    async def test_is_a_batch_of_its_own(self) -> None:
        store = Store()
        coalescer = coalescer_on(store)

        for item in (1, 2, 3):
            await coalescer.submit("shop", item)

        assert store.items_of("shop") == [[1], [2], [3]]


class TestBatches:
    async def test_gather_while_others_are_in_flight(self) -> None:
        store = Store(open_gate=False)
        coalescer = coalescer_on(store)
        first = submit(coalescer, 1)
        await turn()
        rest = submit(coalescer, 2, 3)
        await turn()
        rest += submit(coalescer, 4)
        await turn()
        begun = store.items_of("shop")

        store.gate.set()
        answers = await asyncio.gather(*first, *rest)

        assert begun == [[1]]
        assert store.items_of("shop") == [[1], [2, 3, 4]]
        assert answers == [f"stored {item}" for item in range(1, 5)]

    async def test_do_not_wait_for_one_in_flight_once_there_are_enough(self) -> None:
        store = Store(open_gate=False)
        coalescer = coalescer_on(store)
        tasks = submit(coalescer, 0)
        await turn()
        many = list(range(1, HELP_ITEMS_MIN + 1))
        tasks += submit(coalescer, *many[:-1])
        await turn()
        before = len(store.batches)
        tasks += submit(coalescer, many[-1])
        await turn()

        in_flight = store.items_of("shop")
        store.gate.set()
        await asyncio.gather(*tasks)

        assert before == 1
        assert in_flight == [[0], many]

    async def test_of_another_key_do_not_wait_for_one_in_flight(self) -> None:
        store = Store(open_gate=False)
        coalescer = coalescer_on(store)
        tasks = submit(coalescer, 1, key="bakery")
        await turn()
        tasks += submit(coalescer, 2, key="bakery")
        tasks += submit(coalescer, 3, key="forge")
        await turn()

        in_flight = [(key, items) for key, items, _ in store.batches]
        store.gate.set()
        await asyncio.gather(*tasks)

        assert in_flight == [("bakery", [1]), ("forge", [3])]
        assert store.items_of("bakery") == [[1], [2]]

    async def test_take_what_came_together_in_its_order(self) -> None:
        store = Store()

        await asyncio.gather(*submit(coalescer_on(store), *range(50)))

        assert store.stored == list(range(50))
        assert len(store.batches) == 1

    async def test_are_not_larger_than_they_may_be(self) -> None:
        store = Store()

        await asyncio.gather(*submit(coalescer_on(store, items_max=8), *range(20)))

        assert [len(items) for items in store.items_of("shop")] == [8, 8, 4]
        assert store.stored == list(range(20))

    async def test_hold_items_of_one_key_only(self) -> None:
        store = Store()
        coalescer = coalescer_on(store)

        await asyncio.gather(
            *submit(coalescer, 1, 2, key="bakery"), *submit(coalescer, 3, 4, key="forge")
        )

        assert store.items_of("bakery") == [[1, 2]]
        assert store.items_of("forge") == [[3, 4]]

    async def test_of_a_key_with_much_do_not_keep_others_waiting(self) -> None:
        store = Store(open_gate=False)
        coalescer = coalescer_on(store, items_max=2)
        tasks = submit(coalescer, *range(10), key="mill")
        tasks += submit(coalescer, 99, key="inn")
        await turn()

        store.gate.set()
        await asyncio.gather(*tasks)

        order = [key for key, _, _ in store.batches]
        assert order.index("inn") <= 2
        assert [item for items in store.items_of("mill") for item in items] == list(range(10))


class TestFlushers:
    async def test_are_two_with_numbers_of_their_own(self) -> None:
        store = Store(open_gate=False)
        coalescer = coalescer_on(store, items_max=1)
        tasks = submit(coalescer, *range(HELP_ITEMS_MIN + 1))
        await turn()
        in_flight = sorted(flusher for _, _, flusher in store.batches)

        store.gate.set()
        await asyncio.gather(*tasks)

        assert in_flight == [0, 1]
        assert store.busiest == 2
        assert {flusher for _, _, flusher in store.batches} == {0, 1}

    async def test_are_free_again_after_a_failure(self) -> None:
        failures = 4

        class Failing(Store):
            async def flush(
                self, key: str, items: Sequence[int], flusher: int
            ) -> Sequence[str | BaseException]:
                done = await super().flush(key, items, flusher)
                if len(self.batches) <= failures:
                    raise ConnectionError("away")
                return done

        store = Failing()
        coalescer = coalescer_on(store, items_max=1)

        first = await asyncio.gather(*submit(coalescer, *range(4)), return_exceptions=True)
        second = await asyncio.gather(*submit(coalescer, *range(4)))

        assert [type(one) for one in first] == [ConnectionError] * 4
        assert second == [f"stored {item}" for item in range(4)]


class TestErrors:
    async def test_of_one_item_do_not_touch_the_others(self) -> None:
        store = Store()

        answers = await asyncio.gather(
            *submit(coalescer_on(store), 1, -2, 3), return_exceptions=True
        )

        assert answers[0] == "stored 1"
        assert isinstance(answers[1], ValueError)
        assert answers[2] == "stored 3"

    async def test_of_the_batch_are_told_to_all_of_it(self) -> None:
        async def flush(key: str, items: Sequence[int], flusher: int) -> Sequence[str]:
            del key, items, flusher
            raise ConnectionError("away")

        coalescer: Coalescer[str, int, str] = Coalescer(flush)

        answers = await asyncio.gather(*submit(coalescer, 1, 2, 3), return_exceptions=True)

        assert [str(one) for one in answers] == ["away"] * 3

    async def test_leave_nobody_waiting_when_an_outcome_is_missing(self) -> None:
        async def flush(key: str, items: Sequence[int], flusher: int) -> Sequence[str]:
            del key, flusher
            return [f"stored {item}" for item in items[1:]]

        coalescer: Coalescer[str, int, str] = Coalescer(flush)

        async with asyncio.timeout(1):
            answers = await asyncio.gather(*submit(coalescer, 1, 2), return_exceptions=True)

        assert [type(one) for one in answers] == [ValueError, ValueError]


class TestCallersThatGiveUp:
    async def test_while_they_wait_neither_lose_nor_double_their_item(self) -> None:
        store = Store(open_gate=False)
        coalescer = coalescer_on(store)
        held = submit(coalescer, 1)
        await turn()
        held += submit(coalescer, 2)
        await turn()
        left, stayed = submit(coalescer, 3, 4)
        await turn()

        left.cancel()
        store.gate.set()
        answers = await asyncio.gather(*held, stayed)
        await coalescer.drain()

        assert left.cancelled()
        assert answers == ["stored 1", "stored 2", "stored 4"]
        assert sorted(store.stored) == [1, 2, 3, 4]

    async def test_while_their_batch_is_in_flight_do_not_break_it(self) -> None:
        store = Store(open_gate=False)
        coalescer = coalescer_on(store)
        left, stayed = submit(coalescer, 1, 2)
        await turn()

        left.cancel()
        await turn()
        store.gate.set()
        answer = await stayed
        after = await coalescer.submit("shop", 3)

        assert left.cancelled()
        assert (answer, after) == ("stored 2", "stored 3")
        assert store.stored == [1, 2, 3]

    async def test_of_a_batch_that_fails_leave_no_trace(self) -> None:
        gate = asyncio.Event()

        async def flush(key: str, items: Sequence[int], flusher: int) -> Sequence[str]:
            del key, items, flusher
            await gate.wait()
            raise ConnectionError("away")

        coalescer: Coalescer[str, int, str] = Coalescer(flush)
        left, stayed = submit(coalescer, 1, 2)
        await turn()

        left.cancel()
        await turn()
        gate.set()

        with pytest.raises(ConnectionError):
            await stayed


class TestTooMany:
    async def test_are_turned_away_until_there_is_room(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(coalesce, "WAITING_ITEMS_MAX", 3)
        store = Store(open_gate=False)
        coalescer = coalescer_on(store)
        in_flight = submit(coalescer, 1)
        await turn()
        in_flight += submit(coalescer, 2, key="inn")
        await turn()
        waiting = submit(coalescer, 3, 4, 5)
        await turn()

        with pytest.raises(Overloaded):
            await coalescer.submit("shop", 6)
        store.gate.set()
        await asyncio.gather(*in_flight, *waiting)
        after = await coalescer.submit("shop", 7)

        assert after == "stored 7"
        assert sorted(store.stored) == [1, 2, 3, 4, 5, 7]

    async def test_do_not_count_those_that_gave_up_for_good(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(coalesce, "WAITING_ITEMS_MAX", 2)
        store = Store()
        coalescer = coalescer_on(store)
        for turned in range(5):
            left = submit(coalescer, turned, turned)
            await asyncio.sleep(0)
            for one in left:
                one.cancel()
            await turn()

        assert await coalescer.submit("shop", 9) == "stored 9"


class TestDrain:
    async def test_answers_everything_that_was_submitted(self) -> None:
        store = Store(open_gate=False)
        coalescer = coalescer_on(store, items_max=2)
        tasks = submit(coalescer, *range(9))
        await turn()

        draining = asyncio.create_task(coalescer.drain())
        await turn()
        assert not draining.done()
        store.gate.set()
        await draining

        assert all(task.done() for task in tasks)
        assert sorted(store.stored) == list(range(9))

    async def test_answers_what_comes_meanwhile_too(self) -> None:
        store = Store(open_gate=False)
        coalescer = coalescer_on(store)
        first = submit(coalescer, 1)
        await turn()
        draining = asyncio.create_task(coalescer.drain())
        await turn()

        late = submit(coalescer, 2)
        await turn()
        store.gate.set()
        await draining

        assert await asyncio.gather(*first, *late) == ["stored 1", "stored 2"]

    async def test_of_nothing_returns(self) -> None:
        async with asyncio.timeout(1):
            await coalescer_on(Store()).drain()
