"""Bringing a database up to date."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest

from onefold.store.embedded import Lease
from onefold.store.migrate import migrate, migrations, version_applied, version_known
from tests.builders import NOON


@pytest.fixture
async def empty(postgres: Lease) -> AsyncIterator[str]:
    """The address of a database without anything in it."""
    name = f"empty_{uuid4().hex}"
    server = await asyncpg.connect(postgres.dsn("postgres"))
    await server.execute(f"CREATE DATABASE {name}")
    yield postgres.dsn(name)
    await server.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await server.close()


class TestMigrations:
    def test_are_numbered_once_each(self) -> None:
        versions = [one.version for one in migrations()]

        assert versions == sorted(set(versions))
        assert versions[-1] == version_known()
        assert [one.name for one in migrations()][:3] == ["workspaces", "customers", "events"]


class TestMigrate:
    async def test_fills_an_empty_database(self, empty: str) -> None:
        assert await version_applied(empty) == 0

        done = await migrate(empty, at=NOON)

        assert done == list(migrations())
        assert await version_applied(empty) == version_known()

    async def test_does_nothing_the_second_time(self, empty: str) -> None:
        await migrate(empty, at=NOON)

        assert await migrate(empty, at=NOON) == []

    async def test_applies_lower_numbers_after_higher_ones(self, empty: str) -> None:
        """Developers number side by side: 0012 may be written when 0020 is out already."""
        connection = await asyncpg.connect(empty)
        await connection.execute(
            "CREATE TABLE schema_migrations"
            " (version integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL)"
        )
        await connection.execute("INSERT INTO schema_migrations VALUES (9999, 'later', now())")
        await connection.close()

        assert await migrate(empty, at=NOON) == list(migrations())

    async def test_is_done_once_by_several_processes(self, empty: str) -> None:
        done = await asyncio.gather(*(migrate(empty, at=NOON) for _ in range(4)))

        assert sorted(one.version for some in done for one in some) == [
            one.version for one in migrations()
        ]

    async def test_leaves_nothing_of_a_migration_that_fails(self, empty: str) -> None:
        connection = await asyncpg.connect(empty)
        await connection.execute("CREATE TABLE history (x integer)")

        with pytest.raises(asyncpg.DuplicateTableError):
            await migrate(empty, at=NOON)

        assert await version_applied(empty) == 1
        assert await connection.fetchval("SELECT to_regclass('customers')") is None
        await connection.close()

    async def test_waits_for_a_lock_that_others_hold(self, empty: str) -> None:
        await migrate(empty, at=NOON)
        connection = await asyncpg.connect(empty)
        last = migrations()[-1]
        async with connection.transaction():
            await connection.execute("LOCK TABLE schema_migrations IN SHARE MODE")
            waiting = asyncio.create_task(migrate(empty, at=NOON))
            await asyncio.sleep(0.3)
            assert not waiting.done()

        assert await waiting == []
        assert await version_applied(empty) == last.version
        await connection.close()

    @pytest.mark.slow
    async def test_tries_again_when_a_lock_is_held_for_long(self, empty: str) -> None:
        await migrate(empty, at=NOON)
        connection = await asyncpg.connect(empty)
        async with connection.transaction():
            await connection.execute("LOCK TABLE schema_migrations IN SHARE MODE")
            waiting = asyncio.create_task(migrate(empty, at=NOON))
            await asyncio.sleep(7)
            assert not waiting.done()

        assert await waiting == []
        await connection.close()
