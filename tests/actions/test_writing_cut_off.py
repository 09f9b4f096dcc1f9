"""A batch whose connection is cut: written again when it came to nothing, and only then."""

from collections.abc import Sequence

import asyncpg
import pytest

from onefold.actions import writing
from onefold.actions.transaction import Transaction
from onefold.actions.writing import NothingStored, run, run_batch, run_once
from onefold.model.errors import Invalid
from onefold.store.database import Database

CUT_OURSELVES = "SELECT pg_terminate_backend(pg_backend_pid())"
LOST = (asyncpg.PostgresConnectionError, asyncpg.OperatorInterventionError, asyncpg.InterfaceError)
INSERT = "INSERT INTO workspace_slugs (slug, workspace_id) VALUES ($1, gen_random_uuid())"


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "PAUSES_SECONDS", (0.0, 0.05, 0.1))


class Writer:
    """Stores slugs; `trouble` happens in the first attempts."""

    def __init__(self, *trouble: str) -> None:
        self.trouble = list(trouble)
        self.attempts = 0

    async def write(self, tx: Transaction, items: Sequence[str]) -> list[str]:
        self.attempts += 1
        for item in items:
            await tx.connection.execute(INSERT, item)
        if self.trouble:
            await tx.connection.execute(self.trouble.pop(0))
        return [f"stored {item}" for item in items]


class CutBeforeCommit(Writer):
    """Loses its connection when all is written, so that it breaks with COMMIT under way."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self.database = database

    async def write(self, tx: Transaction, items: Sequence[str]) -> list[str]:
        done = await super().write(tx, items)
        pid = await tx.connection.fetchval("SELECT pg_backend_pid()")
        async with self.database.reading() as other:
            await other.connection.execute(f"SELECT pg_terminate_backend({pid}, 1000)")
        return done


async def stored(database: Database) -> list[str]:
    async with database.reading() as tx:
        rows = await tx.connection.fetch("SELECT slug FROM workspace_slugs ORDER BY slug")
    return [row[0] for row in rows]


class TestRunBatch:
    async def test_writes_again_after_the_connection_was_cut(
        self, fresh_database: Database
    ) -> None:
        writer = Writer(CUT_OURSELVES, CUT_OURSELVES)

        outcomes = await run_batch(fresh_database, writer.write, ["a", "b"])

        assert outcomes == ["stored a", "stored b"]
        assert writer.attempts == 3
        assert await stored(fresh_database) == ["a", "b"]

    async def test_gives_up_when_it_is_cut_again_and_again(self, fresh_database: Database) -> None:
        writer = Writer(*[CUT_OURSELVES] * 9)

        with pytest.raises(LOST):
            await run_batch(fresh_database, writer.write, ["a"])

        assert writer.attempts == 4
        assert await stored(fresh_database) == []

    async def test_does_not_write_again_once_a_commit_was_under_way(
        self, fresh_database: Database
    ) -> None:
        writer = CutBeforeCommit(fresh_database)

        with pytest.raises(LOST):
            await run_batch(fresh_database, writer.write, ["a"])

        assert writer.attempts == 1
        assert await stored(fresh_database) == []

    async def test_does_not_write_again_what_took_too_long(self, fresh_database: Database) -> None:
        class TooSlow(Writer):
            async def write(self, tx: Transaction, items: Sequence[str]) -> list[str]:
                await super().write(tx, items)
                raise TimeoutError

        writer = TooSlow()

        with pytest.raises(TimeoutError):
            await run_batch(fresh_database, writer.write, ["a"])

        assert writer.attempts == 1

    async def test_tells_each_alone_when_the_database_goes_away_between_them(
        self, fresh_database: Database
    ) -> None:
        class GoesAway(Writer):
            async def write(self, tx: Transaction, items: Sequence[str]) -> list[str]:
                if items == ["c"]:
                    raise TimeoutError
                return await super().write(tx, items)

        outcomes = await run_batch(fresh_database, GoesAway().write, ["a", "b\0", "c"])

        assert outcomes[0] == "stored a"
        assert isinstance(outcomes[1], Invalid)
        assert isinstance(outcomes[2], TimeoutError)
        assert await stored(fresh_database) == ["a"]


class TestRun:
    async def test_gives_the_result_of_the_attempt_that_was_kept(
        self, fresh_database: Database
    ) -> None:
        writer = Writer(CUT_OURSELVES)

        result = await run(fresh_database, lambda tx: writer.write(tx, ["a"]))

        assert result == ["stored a"]
        assert await stored(fresh_database) == ["a"]


class TestRunOnce:
    @pytest.mark.parametrize("trouble", [CUT_OURSELVES, "SELECT 1 / 0"])
    async def test_says_that_nothing_was_stored(
        self, fresh_database: Database, trouble: str
    ) -> None:
        writer = Writer(trouble)

        with pytest.raises(NothingStored):
            await run_once(fresh_database, lambda tx: writer.write(tx, ["a"]))

        assert writer.attempts == 1
        assert await stored(fresh_database) == []

    async def test_leaves_open_what_became_of_a_commit(self, fresh_database: Database) -> None:
        writer = CutBeforeCommit(fresh_database)

        with pytest.raises(LOST):
            await run_once(fresh_database, lambda tx: writer.write(tx, ["a"]))
