"""The update stream: no reader ever misses or reorders an entry."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from itertools import count, permutations
from uuid import UUID

import asyncpg
import pytest

from onefold.model.ids import uuid7
from onefold.model.updates import Change, Entity, Operation, Update, UpdateFilter
from onefold.store.database import Transaction
from onefold.store.embedded import Lease
from onefold.store.updates import append_updates, last_position, position_before, read_updates
from tests.builders import NOON, Shop

COUNTER = UUID("00000000-0000-7000-8000-00000000000a")
STAND = UUID("00000000-0000-7000-8000-00000000000b")
EVERYTHING = UpdateFilter()
KILLED = (
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)


class Oops(Exception):
    """Something a writer gives up for."""


def change(
    *,
    entity: Entity = Entity.CUSTOMER,
    node_id: UUID = COUNTER,
    customer_id: UUID | None = None,
    version: int = 1,
) -> Change:
    made = customer_id or uuid7(NOON)
    return Change(entity, Operation.UPDATE, made, node_id, made, version)


async def append(shop: Shop, changes: Sequence[Change], *, at: datetime = NOON) -> None:
    async with shop.context.database.transaction() as tx:
        await append_updates(tx, shop.workspace_id, changes, at=at)


async def read(
    shop: Shop, *, after: int = 0, wanted: UpdateFilter = EVERYTHING, limit: int = 10_000
) -> list[Update]:
    async with shop.context.database.reading() as tx:
        return await read_updates(tx, shop.workspace_id, after=after, wanted=wanted, limit=limit)


class Reader:
    """Follows the stream with a cursor, as a client does, until it is told that nobody writes."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._done = asyncio.Event()
        self.seen: list[Update] = []
        self._task = asyncio.create_task(self._follow())

    async def finish(self) -> list[Update]:
        self._done.set()
        await self._task
        return self.seen

    async def _follow(self) -> None:
        limits = random.Random(1)  # noqa: S311 - a test's choice
        while True:
            last_round = self._done.is_set()
            cursor = self.seen[-1].position if self.seen else 0
            found = await read(self._shop, after=cursor, limit=limits.choice([1, 3, 100]))
            self.seen += found
            if last_round and not found:
                return
            await asyncio.sleep(0)


def assert_gapless(seen: Sequence[Update], written: Sequence[Change]) -> None:
    """Positions 1 to n in order, and exactly what was committed."""
    assert [one.position for one in seen] == list(range(1, len(seen) + 1))
    assert len(seen) == len(written)
    assert {one.change.entity_id for one in seen} == {one.entity_id for one in written}
    assert [one.at for one in seen] == sorted(one.at for one in seen)


@asynccontextmanager
async def connected(shop: Shop, postgres: Lease) -> AsyncIterator[Transaction]:
    """A connection outside of the pool: it may be killed."""
    name = await shop.context.database.pool.fetchval("SELECT current_database()")
    connection = await asyncpg.connect(postgres.dsn(name))
    try:
        yield Transaction(connection, shop.context.database.sealer)
    finally:
        with suppress(*KILLED):
            await connection.close()


class TestPositions:
    async def test_grow_by_one_from_one(self, shop: Shop) -> None:
        first, second, third = change(), change(), change()

        await append(shop, [first, second])
        await append(shop, [])
        await append(shop, [third])

        assert [(one.position, one.change) for one in await read(shop)] == [
            (1, first),
            (2, second),
            (3, third),
        ]

    async def test_of_workspaces_do_not_touch(self, shop: Shop, other_shop: Shop) -> None:
        await append(shop, [change(), change()])
        await append(other_shop, [change()])

        assert [one.position for one in await read(other_shop)] == [1]

    async def test_come_without_the_gap_of_a_writer_that_gave_up(self, shop: Shop) -> None:
        await append(shop, [change()])
        with suppress(Oops):
            async with shop.context.database.transaction() as tx:
                await append_updates(tx, shop.workspace_id, [change(), change()], at=NOON)
                raise Oops

        await append(shop, [change()])

        assert [one.position for one in await read(shop)] == [1, 2]


class TestTimes:
    async def test_never_run_backwards(self, shop: Shop) -> None:
        for minutes in (5, 3, 9, 9, 1):
            await append(shop, [change()], at=NOON + timedelta(minutes=minutes))

        assert [(one.at - NOON).seconds // 60 for one in await read(shop)] == [5, 5, 9, 9, 9]


class TestPositionBefore:
    async def test_is_exact_for_every_moment(self, shop: Shop) -> None:
        seconds = [1, 1, 1, 4, 4, 7, 7, 7, 7, 30]
        for one in seconds:
            await append(shop, [change()], at=NOON + timedelta(seconds=one))

        async with shop.context.database.reading() as tx:
            for half in range(64):
                moment = NOON + timedelta(seconds=half / 2)
                found = await position_before(tx, shop.workspace_id, moment=moment)
                assert found == sum(one < half / 2 for one in seconds), half

    @pytest.mark.parametrize("gone", [range(1, 4), range(3, 8), range(1, 11)])
    async def test_skips_what_retention_has_taken(self, shop: Shop, gone: range) -> None:
        for one in range(1, 11):
            await append(shop, [change()], at=NOON + timedelta(seconds=one))
        await shop.context.database.pool.execute(
            "DELETE FROM updates WHERE workspace_id = $1 AND position = ANY($2)",
            shop.workspace_id,
            list(gone),
        )

        async with shop.context.database.reading() as tx:
            for one in range(12):
                after = await position_before(
                    tx, shop.workspace_id, moment=NOON + timedelta(seconds=one)
                )
                found = await read_updates(
                    tx, shop.workspace_id, after=after, wanted=EVERYTHING, limit=20
                )
                kept = [two for two in range(1, 11) if two not in gone and two >= one]
                assert [(entry.at - NOON).seconds for entry in found] == kept

    async def test_is_nothing_at_the_start_and_everything_at_the_end(self, shop: Shop) -> None:
        async with shop.context.database.reading() as tx:
            assert await position_before(tx, shop.workspace_id, moment=NOON) == 0
        await append(shop, [change()] * 3)

        async with shop.context.database.reading() as tx:
            first = datetime.min.replace(tzinfo=UTC)
            last = datetime.max.replace(tzinfo=UTC)
            assert await position_before(tx, shop.workspace_id, moment=first) == 0
            assert await position_before(tx, shop.workspace_id, moment=last) == 3


class TestFilters:
    async def test_keep_what_is_wanted_and_within_reach(self, shop: Shop) -> None:
        await append(
            shop,
            [
                change(),
                change(entity=Entity.EVENT),
                change(node_id=STAND),
                change(entity=Entity.EVENT, node_id=STAND),
            ],
        )
        expected: list[tuple[UpdateFilter, list[int]]] = [
            (UpdateFilter(), [1, 2, 3, 4]),
            (UpdateFilter(node_id=STAND), [3, 4]),
            (UpdateFilter(entity=Entity.EVENT), [2, 4]),
            (UpdateFilter(STAND, Entity.EVENT), [4]),
            (UpdateFilter(node_ids=frozenset({COUNTER})), [1, 2]),
            (UpdateFilter(STAND, node_ids=frozenset({COUNTER})), []),
            (UpdateFilter(node_ids=frozenset()), []),
        ]

        for wanted, positions in expected:
            assert [one.position for one in await read(shop, wanted=wanted)] == positions
            async with shop.context.database.reading() as tx:
                last = await last_position(tx, shop.workspace_id, wanted=wanted)
            assert last == (positions[-1] if positions else 0)

    async def test_leave_the_cursor_to_the_reader(self, shop: Shop) -> None:
        await append(shop, [change(entity=Entity.EVENT), change(), change(entity=Entity.EVENT)])
        events = UpdateFilter(entity=Entity.EVENT)

        (first,) = await read(shop, wanted=events, limit=1)
        (second,) = await read(shop, after=first.position, wanted=events, limit=1)

        assert (first.position, second.position) == (1, 3)
        assert await read(shop, after=3, wanted=events) == []


class TestWritersHeldOpen:
    @pytest.mark.parametrize("order", list(permutations(range(3))))
    async def test_in_every_order_are_read_in_the_order_of_their_commits(
        self, shop: Shop, order: tuple[int, ...]
    ) -> None:
        """Three writers have begun; each announces and waits before it commits."""
        changes = [change() for _ in range(3)]
        may_commit = [asyncio.Event() for _ in range(3)]
        committed: list[UUID] = []
        begun = asyncio.Barrier(4)

        async def write(number: int) -> None:
            async with shop.context.database.transaction() as tx:
                await tx.connection.fetchval("SELECT 1")
                await begun.wait()
                await asyncio.sleep(0.02 * order.index(number))
                await append_updates(tx, shop.workspace_id, [changes[number]], at=NOON)
                await may_commit[number].wait()
            committed.append(changes[number].entity_id)

        reader = Reader(shop)
        writers = [asyncio.create_task(write(number)) for number in range(3)]
        await begun.wait()
        await asyncio.sleep(0.1)
        assert reader.seen == []
        for number in order:
            may_commit[number].set()
            await writers[number]
        seen = await reader.finish()

        assert_gapless(seen, changes)
        assert [one.change.entity_id for one in seen] == committed

    async def test_and_killed_leave_the_lane_to_the_next(self, shop: Shop, postgres: Lease) -> None:
        lost, kept = change(), change()
        async with connected(shop, postgres) as tx:
            with suppress(*KILLED):
                async with tx.connection.transaction():  # type: ignore[attr-defined] # the driver is untyped
                    await append_updates(tx, shop.workspace_id, [lost], at=NOON)
                    waiting = asyncio.create_task(append(shop, [kept]))
                    await asyncio.sleep(0.05)
                    await _kill(shop, tx)
            await waiting

        assert [(one.position, one.change) for one in await read(shop)] == [(1, kept)]


async def _kill(shop: Shop, tx: Transaction) -> None:
    backend = tx.connection.get_server_pid()  # type: ignore[attr-defined] # the driver is untyped
    await shop.context.database.pool.execute("SELECT pg_terminate_backend($1)", backend)


async def storm(shop: Shop, postgres: Lease, *, writers: int, rounds: int, seed: int) -> None:
    """Writers that dawdle before and after they announce, give up and get killed."""
    written: list[Change] = []
    versions = count(1)

    async def write_once(choice: random.Random) -> None:
        changes = [change(version=next(versions)) for _ in range(choice.randint(1, 4))]
        fate = choice.random()
        async with connected(shop, postgres) as tx:
            async with tx.connection.transaction():  # type: ignore[attr-defined] # the driver is untyped
                await asyncio.sleep(choice.random() / 200)
                at = NOON + timedelta(seconds=choice.randint(0, 100))
                await append_updates(tx, shop.workspace_id, changes, at=at)
                await asyncio.sleep(choice.random() / 200)
                if fate < 0.1:
                    await _kill(shop, tx)
                    await tx.connection.fetchval("SELECT 1")
                if fate < 0.25:
                    raise Oops
            written.extend(changes)

    async def write(number: int) -> None:
        choice = random.Random(seed * 100 + number)  # noqa: S311 - a test's choice
        for _ in range(rounds):
            with suppress(Oops, *KILLED):
                await write_once(choice)

    reader = Reader(shop)
    await asyncio.gather(*(write(number) for number in range(writers)))
    assert_gapless(await reader.finish(), written)


class TestAStorm:
    async def test_of_writers_is_read_without_a_miss(self, shop: Shop, postgres: Lease) -> None:
        await storm(shop, postgres, writers=8, rounds=12, seed=1)

    @pytest.mark.slow
    @pytest.mark.parametrize("seed", range(2, 5))
    async def test_of_writers_is_read_without_a_miss_however_long(
        self, shop: Shop, postgres: Lease, seed: int
    ) -> None:
        await storm(shop, postgres, writers=24, rounds=40, seed=seed)
