"""The pool, and the transaction handle that every store function takes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Protocol, cast

import asyncpg
import msgspec

from onefold.model.errors import Conflict, Invalid
from onefold.store.sealing import Sealer

POOL_CONNECTIONS_MAX = 10
STATEMENTS_CACHED_MAX = 500
COMMAND_SECONDS_MAX = 60

ANSWER_SECONDS_MAX = 2

UNAVAILABLE = (
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InterfaceError,
    OSError,
    TimeoutError,
)
"""What the driver raises when the server is away or restarting."""

DRIVER_ERRORS = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)
"""Whatever can go wrong between a statement and its result."""

Row = Any
"""A row of the driver: values by place or by column name."""

decode_json = msgspec.json.decode
_encode = msgspec.json.Encoder().encode


def encode_json(value: object) -> str:
    """JSON as text, the form in which the driver takes it."""
    return _encode(value).decode()


class Connection(Protocol):
    """What store functions use of the driver's connection."""

    async def execute(self, query: str, *args: object) -> str: ...
    async def fetch(self, query: str, *args: object) -> list[Row]: ...
    async def fetchrow(self, query: str, *args: object) -> Row | None: ...
    async def fetchval(self, query: str, *args: object) -> Any: ...


@dataclass(frozen=True, slots=True)
class Transaction:
    """A connection inside one transaction (or one read), and the keys that seal fields.

    Doors and actions carry it without looking inside.
    """

    connection: Connection
    sealer: Sealer
    slot: int = 0


class _Connection(asyncpg.Connection):  # type: ignore[misc] # the driver is untyped
    """A connection that is not reset between two uses: we never leave settings behind.

    The driver's own reset is a round trip for each use, a third of a point read's time.
    """

    def get_reset_query(self) -> str:
        return ""


class Database:
    """A pool of connections to one PostgreSQL, and the transactions on it."""

    def __init__(self, pool: asyncpg.Pool, sealer: Sealer) -> None:
        self.pool = pool
        self.sealer = sealer

    @classmethod
    def prepare(
        cls, dsn: str, sealer: Sealer, *, connections_max: int = POOL_CONNECTIONS_MAX
    ) -> "Database":
        """A database whose pool connects when `start` is awaited; needs a running loop."""
        pool = asyncpg.create_pool(
            dsn,
            min_size=1,
            max_size=connections_max,
            statement_cache_size=STATEMENTS_CACHED_MAX,
            max_cached_statement_lifetime=0,
            command_timeout=COMMAND_SECONDS_MAX,
            connection_class=_Connection,
            server_settings={"application_name": "onefold", "jit": "off"},
        )
        return cls(pool, sealer)

    @classmethod
    async def open(
        cls, dsn: str, sealer: Sealer, *, connections_max: int = POOL_CONNECTIONS_MAX
    ) -> "Database":
        database = cls.prepare(dsn, sealer, connections_max=connections_max)
        await database.start()
        return database

    async def start(self) -> None:
        await self.pool

    async def close(self) -> None:
        await self.pool.close()

    async def answers(self) -> bool:
        """Whether the server can be asked anything just now."""
        try:
            async with self.pool.acquire(timeout=ANSWER_SECONDS_MAX) as connection:
                await connection.execute("", timeout=ANSWER_SECONDS_MAX)
        except UNAVAILABLE:
            return False
        return True

    @asynccontextmanager
    async def transaction(self, *, slot: int = 0) -> AsyncIterator[Transaction]:
        """One transaction: committed when the block ends, rolled back when it raises."""
        async with self.pool.acquire() as connection, connection.transaction():
            yield Transaction(connection, self.sealer, slot)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Transaction]:
        """A connection for reads that need no common snapshot; saves two round trips."""
        async with self.pool.acquire() as connection:
            yield Transaction(connection, self.sealer)


def is_transient(error: BaseException) -> bool:
    """Whether the same transaction may succeed when it is simply run again."""
    return isinstance(error, asyncpg.DeadlockDetectedError | asyncpg.SerializationError)


def is_unavailable(error: BaseException) -> bool:
    """Whether the server is away or restarting; it may come back."""
    return isinstance(error, UNAVAILABLE)


def refusal_of(error: BaseException) -> Conflict | Invalid | None:
    """The refusal behind a driver's error, by SQLSTATE alone (names differ on a cluster)."""
    state = cast("str", getattr(error, "sqlstate", None) or "")
    if state.startswith("23"):
        return Conflict("it contradicts what is stored")
    if state.startswith(("22", "54")):  # of a form that cannot be stored; larger than can be
        return Invalid("a value cannot be stored as it is")
    return None
