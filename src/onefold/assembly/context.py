"""What actions need, without a door: a command loads this and nothing of HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from time import monotonic

from onefold.actions.context import Context
from onefold.actions.directory import Directory
from onefold.actions.throttling import Throttle
from onefold.actions.transaction import Database
from onefold.assembly.files import read_contract
from onefold.model.event_catalog import EventCatalog
from onefold.settings import Settings
from onefold.store.embedded import Lease, ServerUnavailable, acquire
from onefold.store.keys import KeyUnusable, open_sealer, read_key
from onefold.store.migrate import Migration, migrate
from onefold.store.partitions import ensure_months, month_after
from onefold.store.sealing import Sealer

__all__ = [
    "KeyUnusable",
    "Server",
    "ServerUnavailable",
    "context_on",
    "make_partitions",
    "migrate",
    "open_context",
    "prepare",
    "read_key",
    "utc_now",
]

COMMAND_SECONDS_MAX = 3600.0
"""At the command line somebody waits on purpose: a count or a new claim for every customer."""


def utc_now() -> datetime:
    """The only clock; everything below the doors is told the time."""
    return datetime.now(UTC)


class Server:
    """The PostgreSQL behind the settings: our own, held by a lease, or somebody else's."""

    def __init__(self, settings: Settings) -> None:
        self.lease: Lease | None = None
        if settings.data_dir is not None:
            self.lease = acquire(settings.data_dir, settings.bin_dir)
        self._url = settings.database_url or ""

    @property
    def dsn(self) -> str:
        return self.lease.dsn() if self.lease is not None else self._url

    def release(self) -> None:
        """Gives the lease up."""
        if self.lease is not None:
            self.lease.release()


async def prepare(server: Server, settings: Settings) -> tuple[list[Migration], Sealer]:
    """Brings the schema up to date and opens the key; what had to be applied, and the sealer."""
    applied = await migrate(server.dsn, at=utc_now())
    return applied, await open_sealer(server.dsn, settings.key_file, at=utc_now())


@asynccontextmanager
async def open_context(settings: Settings, *, connections_max: int = 10) -> AsyncIterator[Context]:
    """Everything that actions need, on a migrated database; closed in order at the end."""
    server = Server(settings)
    try:
        _, sealer = await prepare(server, settings)
        database = await Database.open(
            server.dsn,
            sealer,
            connections_max=connections_max,
            command_seconds_max=COMMAND_SECONDS_MAX,
        )
        context = context_on(database)
        try:
            await make_partitions(database, at=utc_now())
            yield context
        finally:
            await context.directory.close()
            await database.close()
    finally:
        server.release()


def context_on(database: Database) -> Context:
    return Context(
        database=database,
        directory=Directory(database, clock=utc_now, ticks=monotonic),
        throttle=Throttle(database),
        catalog=EventCatalog(read_contract("contacthub-events")),
        clock=utc_now,
    )


async def make_partitions(database: Database, *, at: datetime) -> None:
    """The partitions of this month and the next."""
    month = at.date().replace(day=1)
    async with database.reading() as tx:
        await ensure_months(tx, [month, month_after(month)])
