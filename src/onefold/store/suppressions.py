"""Marks of forgotten customers: keyed hashes, so that the table tells nobody who they were."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from onefold.store.database import Transaction
from onefold.store.queries import queries
from onefold.store.sealing import Sealer

_SQL = queries("suppressions")


async def add_suppressions(
    tx: Transaction,
    workspace_id: UUID,
    marks: Collection[str],
    *,
    customer_id: UUID,
    at: datetime,
) -> None:
    """Marks of a customer who was forgotten."""
    if marks:
        hashes = sorted(_hashes(tx.sealer, marks))
        await tx.connection.execute(_SQL["add_suppressions"], workspace_id, hashes, customer_id, at)


async def find_suppressions(
    tx: Transaction, workspace_id: UUID, marks: Collection[str]
) -> set[str]:
    """Those of the marks that are there."""
    if not marks:
        return set()
    hashes = _hashes(tx.sealer, marks)
    rows = await tx.connection.fetch(_SQL["find_suppressions"], workspace_id, list(hashes))
    return {hashes[row[0]] for row in rows}


async def drop_suppressions(tx: Transaction, workspace_id: UUID, marks: Collection[str]) -> int:
    """Takes away every mark of whoever has one of these; how many there were."""
    if not marks:
        return 0
    hashes = list(_hashes(tx.sealer, marks))
    return len(await tx.connection.fetch(_SQL["drop_suppressions"], workspace_id, hashes))


async def customers_with_value(
    tx: Transaction, workspace_id: UUID, *, kind: str, value: str
) -> list[UUID]:
    rows = await tx.connection.fetch(_SQL["customers_with_value"], workspace_id, kind, value)
    return [row[0] for row in rows]


def _hashes(sealer: Sealer, marks: Iterable[str]) -> dict[str, str]:
    """Hash -> mark."""
    return {sealer.fingerprint(mark): mark for mark in marks}
