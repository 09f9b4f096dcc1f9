"""The pool, and the transaction handle that every store function takes."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, Protocol, cast

import asyncpg
import msgspec

from onefold.model.errors import Conflict, Invalid
from onefold.store.queries import queries
from onefold.store.sealing import Sealer

_SQL = queries("database")

POOL_CONNECTIONS_MAX = 10
STATEMENTS_CACHED_MAX = 500
CONNECT_SECONDS_MAX = 5
"""A server that takes longer to greet is away: it answers in milliseconds or not at all."""
ACQUIRE_SECONDS_MAX = 10
"""How long a caller waits for a free connection."""
COMMAND_SECONDS_MAX = 15
"""Together with the wait below the half minute that many clients wait."""
ANSWER_SECONDS_MAX = 2
CLOSE_SECONDS_MAX = 3

UNAVAILABLE = (
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,  # it starts, stops or was told to end our session
    asyncpg.InsufficientResourcesError,  # disk full, too many sessions
    asyncpg.InvalidAuthorizationSpecificationError,  # the password was changed under us
    asyncpg.ReadOnlySQLTransactionError,  # it became a standby
    asyncpg.InternalClientError,  # what the driver says once the server has cut a connection off
    asyncpg.InterfaceError,
    OSError,
    TimeoutError,
)
"""What the driver raises when the server is away or restarting."""

DRIVER_ERRORS = (
    asyncpg.PostgresError,
    asyncpg.InternalClientError,
    asyncpg.InterfaceError,
    OSError,
    TimeoutError,
)
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


_CONNECT_OPTIONS: Mapping[str, Any] = {
    "timeout": CONNECT_SECONDS_MAX,
    "statement_cache_size": STATEMENTS_CACHED_MAX,
    "max_cached_statement_lifetime": 0,
    "server_settings": {"application_name": "onefold", "jit": "off"},
}


class Database:
    """A pool of connections to one PostgreSQL, and the transactions on it."""

    def __init__(self, pool: asyncpg.Pool, sealer: Sealer) -> None:
        self.pool = pool
        self.sealer = sealer

    @classmethod
    def prepare(
        cls,
        dsn: str,
        sealer: Sealer,
        *,
        connections_max: int = POOL_CONNECTIONS_MAX,
        command_seconds_max: float = COMMAND_SECONDS_MAX,
    ) -> "Database":
        """A database whose pool connects when `start` is awaited; needs a running loop."""
        pool = asyncpg.create_pool(
            dsn,
            min_size=1,
            max_size=connections_max,
            connection_class=_Connection,
            command_timeout=command_seconds_max,
            **_CONNECT_OPTIONS,
        )
        return cls(pool, sealer)

    @classmethod
    async def open(
        cls,
        dsn: str,
        sealer: Sealer,
        *,
        connections_max: int = POOL_CONNECTIONS_MAX,
        command_seconds_max: float = COMMAND_SECONDS_MAX,
    ) -> "Database":
        database = cls.prepare(
            dsn, sealer, connections_max=connections_max, command_seconds_max=command_seconds_max
        )
        await database.start()
        return database

    def move(self, dsn: str) -> None:
        """Connects there from now on: a server that was away may have come back elsewhere."""
        self.pool.set_connect_args(dsn, command_timeout=COMMAND_SECONDS_MAX, **_CONNECT_OPTIONS)

    async def start(self) -> None:
        await self.pool

    async def close(self) -> None:
        """Waits for whoever is at it, but not for a server that no longer answers."""
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS_MAX):
                await self.pool.close()

    async def answers(self) -> bool:
        """Whether the server can be asked anything just now."""
        try:
            async with self.pool.acquire(timeout=ANSWER_SECONDS_MAX) as connection:
                await connection.fetchval(_SQL["answer"], timeout=ANSWER_SECONDS_MAX)
        except DRIVER_ERRORS:
            return False
        return True

    @asynccontextmanager
    async def transaction(self, *, slot: int = 0) -> AsyncIterator[Transaction]:
        """One transaction: committed when the block ends, rolled back when it raises."""
        async with self._connection() as connection, connection.transaction():
            yield Transaction(connection, self.sealer, slot)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Transaction]:
        """A connection for reads that need no common snapshot; saves two round trips."""
        async with self._connection() as connection:
            yield Transaction(connection, self.sealer)

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Transaction]:
        """Reads that all see the same moment, however long they take."""
        async with (
            self._connection() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            yield Transaction(connection, self.sealer)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[asyncpg.Connection]:
        """A free connection; raises TimeoutError when there is none for too long.

        The pool's own timeout would cost a task for each use.
        """
        async with asyncio.timeout(ACQUIRE_SECONDS_MAX):
            connection = await self.pool.acquire()
        try:
            yield connection
        finally:
            await self.pool.release(connection)


@asynccontextmanager
async def savepoint(tx: Transaction) -> AsyncIterator[None]:
    """A part of a transaction: undone alone when the block raises."""
    async with tx.connection.transaction():  # type: ignore[attr-defined] # the driver is untyped
        yield


def is_transient(error: BaseException) -> bool:
    """Whether the same transaction may succeed when it is simply run again."""
    return isinstance(error, asyncpg.DeadlockDetectedError | asyncpg.SerializationError)


def is_broken(error: BaseException) -> bool:
    """Whether the connection was lost or could not be had; not that somebody waited too long."""
    return is_unavailable(error) and not isinstance(error, TimeoutError)


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
