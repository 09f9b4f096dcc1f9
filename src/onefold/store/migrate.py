"""Applies migrations/NNNN_name.sql in order, each once, under a lock timeout."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files

import asyncpg

LOCK_SECONDS_MAX = 5
ATTEMPTS_MAX = 12
PAUSE_SECONDS = 2.5


_MADE_MEANWHILE = (
    asyncpg.DuplicateTableError,
    asyncpg.DuplicateObjectError,  # the table's row type
    asyncpg.UniqueViolationError,  # either, in the catalog
)


@dataclass(frozen=True, slots=True)
class Migration:
    version: int
    name: str
    text: str


def migrations() -> tuple[Migration, ...]:
    """All migrations that this build knows, oldest first."""
    folder = files("onefold.store") / "migrations"
    found = []
    for entry in folder.iterdir():
        stem, dot, ending = entry.name.partition(".")
        if ending == "sql" and dot:
            number, _, name = stem.partition("_")
            found.append(Migration(int(number), name, entry.read_text(encoding="utf-8")))
    return tuple(sorted(found, key=lambda migration: migration.version))


def version_known() -> int:
    return migrations()[-1].version


async def version_applied(dsn: str) -> int:
    """The newest version in the database, 0 when it is empty."""
    connection = await asyncpg.connect(dsn)
    try:
        return await _version(connection)
    finally:
        await connection.close()


async def migrate(dsn: str, *, at: datetime) -> list[Migration]:
    """Brings the schema up to date and returns what was applied.

    Two processes may call it at once: the table of versions is locked while one applies. A lock
    that others hold too long is waited for in short attempts, so that we never queue before them.
    """
    connection = await asyncpg.connect(dsn)
    try:
        await _make_table_of_versions(connection)
        return [done for one in migrations() if (done := await _apply(connection, one, at))]
    finally:
        await connection.close()


async def _make_table_of_versions(connection: asyncpg.Connection) -> None:
    """IF NOT EXISTS does not help against another process that is making it this moment."""
    with suppress(*_MADE_MEANWHILE):
        await connection.execute(
            "CREATE TABLE IF NOT EXISTS schema_migrations ("
            " version integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL)"
        )


async def _apply(
    connection: asyncpg.Connection, migration: Migration, at: datetime
) -> Migration | None:
    for attempt in range(ATTEMPTS_MAX):
        try:
            async with connection.transaction():
                return await _apply_once(connection, migration, at)
        except asyncpg.LockNotAvailableError:
            if attempt == ATTEMPTS_MAX - 1:
                raise
            await asyncio.sleep(PAUSE_SECONDS)
    return None


async def _apply_once(
    connection: asyncpg.Connection, migration: Migration, at: datetime
) -> Migration | None:
    await connection.execute(f"SET LOCAL lock_timeout = '{LOCK_SECONDS_MAX}s'")
    await connection.execute("LOCK TABLE schema_migrations IN EXCLUSIVE MODE")
    if await _is_applied(connection, migration):
        return None
    await connection.execute(migration.text)
    await connection.execute(
        "INSERT INTO schema_migrations (version, name, applied_at) VALUES ($1, $2, $3)",
        migration.version,
        migration.name,
        at,
    )
    return migration


async def _is_applied(connection: asyncpg.Connection, migration: Migration) -> bool:
    """Asked for each by itself: of two that are written side by side the lower number may come
    later, and must not be passed over because the higher one is there.
    """
    found = await connection.fetchval(
        "SELECT version FROM schema_migrations WHERE version = $1", migration.version
    )
    return found is not None


async def _version(connection: asyncpg.Connection) -> int:
    if await connection.fetchval("SELECT to_regclass('schema_migrations')") is None:
        return 0
    newest = await connection.fetchval("SELECT max(version) FROM schema_migrations")
    return int(newest or 0)
