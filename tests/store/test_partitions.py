"""Month partitions of the events."""

import asyncio
from datetime import UTC, date, datetime

import pytest

from onefold.store.database import Database
from onefold.store.partitions import ensure_months, month_after, name_of
from tests.builders import Shop, by_session, make_event

MAY, JUNE = date(2031, 5, 1), date(2031, 6, 1)


async def make(database: Database, *months: date) -> list[date]:
    async with database.reading() as tx:
        return await ensure_months(tx, months)


async def partitions(database: Database) -> set[str]:
    rows = await database.pool.fetch(
        "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'events'::regclass"
    )
    return {row[0] for row in rows}


class TestMonthAfter:
    @pytest.mark.parametrize(
        ("month", "after"),
        [(MAY, JUNE), (date(2031, 12, 1), date(2032, 1, 1)), (date(2031, 1, 1), date(2031, 2, 1))],
    )
    def test_is_the_next(self, month: date, after: date) -> None:
        assert month_after(month) == after


class TestEnsureMonths:
    async def test_makes_each_once(self, fresh_database: Database) -> None:
        assert await make(fresh_database, JUNE, MAY, JUNE) == [MAY, JUNE]
        assert await make(fresh_database, MAY) == []
        assert {name_of(MAY), name_of(JUNE)} <= await partitions(fresh_database)

    async def test_makes_each_once_from_several_processes(self, fresh_database: Database) -> None:
        made = await asyncio.gather(*(make(fresh_database, MAY, JUNE) for _ in range(4)))

        assert sorted(month for one in made for month in one) == [MAY, JUNE]

    async def test_leaves_a_month_that_has_events_by_default(self, shop: Shop) -> None:
        await shop.event(
            make_event(
                bring_back=by_session(shop.node_id, "s1"), at=datetime(2033, 5, 4, tzinfo=UTC)
            )
        )

        assert await make(shop.context.database, date(2033, 5, 1)) == []
        assert await make(shop.context.database, date(2033, 6, 1)) == [date(2033, 6, 1)]

    async def test_leaves_what_no_calendar_can_end(self, fresh_database: Database) -> None:
        assert await make(fresh_database, date(9999, 12, 1)) == []
        assert await make(fresh_database, date(9998, 12, 1)) == [date(9998, 12, 1)]

    async def test_gives_up_when_a_writer_holds_the_default_partition(
        self, fresh_database: Database
    ) -> None:
        async with fresh_database.transaction() as tx:
            await tx.connection.execute("LOCK TABLE events_default IN ROW EXCLUSIVE MODE")

            assert await make(fresh_database, MAY) == []

        assert await make(fresh_database, MAY) == [MAY]

    async def test_leaves_the_transaction_that_it_was_called_in_alone(
        self, fresh_database: Database
    ) -> None:
        async with fresh_database.transaction() as tx:
            await ensure_months(tx, [MAY])
            assert await tx.connection.fetchval("SHOW lock_timeout") == "0"

    async def test_has_the_indexes_of_the_others(self, fresh_database: Database) -> None:
        await make(fresh_database, MAY)

        count = "SELECT count(*) FROM pg_indexes WHERE tablename = $1"
        assert await fresh_database.pool.fetchval(count, name_of(MAY)) == (
            await fresh_database.pool.fetchval(count, "events_default")
        )

    async def test_does_not_fail_when_an_event_comes_in_between(
        self, fresh_database: Database
    ) -> None:
        """One that is being stored is not seen yet by the look, and is there for the making."""
        await fresh_database.pool.execute(
            "INSERT INTO workspaces VALUES"
            " (gen_random_uuid(), 's', 'S', 'ENABLED', 1, '{}', now(), now())"
        )
        async with fresh_database.transaction() as tx:
            await tx.connection.execute(
                "INSERT INTO events (workspace_id, event_id, customer_id, month, node_id, type,"
                " context, mode, occurred_at, registered_at, updated_at, version, properties)"
                " SELECT workspace_id, gen_random_uuid(), gen_random_uuid(), $1,"
                " gen_random_uuid(), 't', 'c', 'm', now(), now(), now(), 1, '{}' FROM workspaces",
                MAY,
            )
            making = asyncio.create_task(make(fresh_database, MAY, JUNE))
            await asyncio.sleep(0.2)
            assert not making.done()

        assert await making == [JUNE]
