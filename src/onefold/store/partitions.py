"""Month partitions of the events: made ahead of need, in the way that blocks nobody for long."""

from collections.abc import Iterable
from datetime import date

import asyncpg

from onefold.store.database import Transaction

LOCK_MILLISECONDS_MAX = 500


async def ensure_months(tx: Transaction, months: Iterable[date]) -> list[date]:
    """Makes the partitions of these months and returns those that are new.

    A month that already has events in the default partition stays there, and so does one that
    could not be had under the lock timeout: both are only slower, never wrong.
    """
    made = []
    for month in sorted(set(months)):
        if await _is_needed(tx, month) and await _make(tx, month):
            made.append(month)
    return made


def name_of(month: date) -> str:
    return f"events_{month:%Y_%m}"


def month_after(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


async def _is_needed(tx: Transaction, month: date) -> bool:
    if month.year >= date.max.year:
        return False
    known = await tx.connection.fetchval("SELECT to_regclass($1)", name_of(month))
    if known is not None:
        return False
    taken = await tx.connection.fetchval(
        "SELECT EXISTS (SELECT 1 FROM events_default WHERE month = $1)", month
    )
    return not taken


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
    except (asyncpg.LockNotAvailableError, asyncpg.DuplicateTableError):
        return False
    return True
