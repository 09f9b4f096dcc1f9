"""`onefold migrate`, and many that do it at once on an empty database."""

import asyncio
from collections.abc import Iterator
from uuid import uuid4

import asyncpg
import pytest

from onefold.assembly.context import make_partitions
from onefold.store.database import Database
from onefold.store.embedded import Lease
from onefold.store.migrate import migrate, migrations
from onefold.store.sealing import Sealer
from tests.builders import NOON
from tests.cli.commands import Commands
from tests.cli.databases import ask, tell, wait_for

TOGETHER = 6


@pytest.fixture
def empty(postgres: Lease) -> Iterator[str]:
    name = f"empty_{uuid4().hex}"
    tell(postgres.dsn("postgres"), f"CREATE DATABASE {name}")
    yield postgres.dsn(name)
    tell(postgres.dsn("postgres"), f"DROP DATABASE {name} WITH (FORCE)")


class TestMigrate:
    def test_says_what_it_applied(self, empty: str, key_file: object) -> None:
        commands = Commands("--database", empty, "--key-file", str(key_file))

        first = commands.json("migrate")
        again = commands.json("migrate")
        spoken = commands.run("migrate")

        assert first["applied"][0] == "0001 workspaces"
        assert len(first["applied"]) == len(migrations())
        assert again == {"applied": []}
        assert spoken == "up to date\n"

    def test_applies_each_once_when_many_start_at_once(self, empty: str) -> None:
        async def all_at_once() -> list[int]:
            done = await asyncio.gather(*(migrate(empty, at=NOON) for _ in range(TOGETHER)))
            return [one.version for applied in done for one in applied]

        applied = wait_for(all_at_once())

        assert sorted(applied) == [one.version for one in migrations()]
        assert ask(empty, "SELECT count(*) FROM schema_migrations") == len(migrations())

    def test_makes_each_month_once_when_many_start_at_once(self, empty: str) -> None:
        async def start() -> None:
            database = await Database.open(empty, Sealer(bytes(32)), connections_max=1)
            try:
                await make_partitions(database, at=NOON)
            finally:
                await database.close()

        async def all_at_once() -> None:
            await migrate(empty, at=NOON)
            await asyncio.gather(*(start() for _ in range(TOGETHER)))

        wait_for(all_at_once())

        assert ask(empty, "SELECT to_regclass('events_2026_03')::text") == "events_2026_03"
        assert ask(empty, "SELECT to_regclass('events_2026_04')::text") == "events_2026_04"

    def test_waits_for_a_lock_that_somebody_holds(self, empty: str) -> None:
        async def held() -> int:
            await migrate(empty, at=NOON)
            holder = await asyncpg.connect(empty)
            try:
                lock = holder.transaction()
                await lock.start()
                await holder.execute("LOCK TABLE schema_migrations IN ACCESS EXCLUSIVE MODE")
                waiting = asyncio.create_task(migrate(empty, at=NOON))
                await asyncio.sleep(0.3)
                assert not waiting.done()
                await lock.rollback()
                return len(await waiting)
            finally:
                await holder.close()

        assert wait_for(held()) == 0
