"""Month partitions of the events: made ahead of need, in the way that blocks nobody for long."""

from collections.abc import Iterable
from datetime import date

import asyncpg

from onefold.store.database import Transaction
from onefold.store.queries import queries

LOCK_MILLISECONDS_MAX = 500
_SQL = queries("partitions")
_NOT_NOW = (
    asyncpg.LockNotAvailableError,
    asyncpg.DuplicateTableError,
    asyncpg.DuplicateObjectError,  # what two makers of one table may get instead
    asyncpg.UniqueViolationError,  # likewise
    asyncpg.CheckViolationError,  # an event of the month came to the default partition meanwhile
)


async def ensure_months(tx: Transaction, months: Iterable[date]) -> list[date]:
    """Makes the partitions of these months and returns those that are new.

    A month that already has events in the default partition stays there, and so does one that
    could not be had under the lock timeout: both are only slower, never wrong.
    """
    return [
        month
        for month in sorted(set(months))
        if await _is_needed(tx, month) and await _make(tx, month)
    ]


def name_of(month: date) -> str:
    return f"events_{month:%Y_%m}"


def month_after(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


async def _is_needed(tx: Transaction, month: date) -> bool:
    if month.year >= date.max.year:
        return False
    if await tx.connection.fetchval(_SQL["find_partition"], name_of(month)) is not None:
        return False
    return not await tx.connection.fetchval(_SQL["has_events_by_default"], month)


async def _make(tx: Transaction, month: date) -> bool:
    name, end = name_of(month), month_after(month)
    connection = tx.connection
    try:
        async with connection.transaction():  # type: ignore[attr-defined] # the driver is untyped
            await connection.execute(f"SET LOCAL lock_timeout = '{LOCK_MILLISECONDS_MAX}ms'")
            await connection.execute(f"CREATE TABLE {name} (LIKE events INCLUDING ALL)")
            await connection.execute(
                f"ALTER TABLE events ATTACH PARTITION {name}"
                f" FOR VALUES FROM ('{month}') TO ('{end}')"
            )
            await connection.execute("SET LOCAL lock_timeout TO DEFAULT")
    except _NOT_NOW:
        return False
    return True
