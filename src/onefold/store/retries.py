"""Idempotency keys: taken in the transaction that does what they stand for."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from onefold.model.retries import RetryKey
from onefold.store.database import Transaction
from onefold.store.queries import queries

_SQL = queries("retries")


async def claim_keys(
    tx: Transaction, workspace_id: UUID, keys: Sequence[RetryKey], *, at: datetime
) -> set[str]:
    """Takes keys and returns those that are new; waits for another writer of the same key."""
    ordered = sorted(keys, key=lambda one: one.key)
    rows = await tx.connection.fetch(
        _SQL["claim_keys"],
        workspace_id,
        at,
        [one.key for one in ordered],
        [one.request for one in ordered],
    )
    return {row[0] for row in rows}


async def find_keys(
    tx: Transaction, workspace_id: UUID, *, keys: Sequence[str]
) -> dict[str, tuple[bytes, UUID]]:
    """Key -> digest of its request, and what was done."""
    rows = await tx.connection.fetch(_SQL["find_keys"], workspace_id, keys)
    return {row[0]: (row[1], row[2]) for row in rows}


async def settle_keys(tx: Transaction, workspace_id: UUID, done: Mapping[str, UUID]) -> None:
    if done:
        await tx.connection.execute(
            _SQL["settle_keys"], workspace_id, list(done), list(done.values())
        )


async def drop_keys(tx: Transaction, workspace_id: UUID, *, keys: Sequence[str]) -> None:
    if keys:
        await tx.connection.execute(_SQL["drop_keys"], workspace_id, keys)


async def expire_keys(tx: Transaction, workspace_id: UUID, *, before: datetime) -> None:
    await tx.connection.execute(_SQL["expire_keys"], workspace_id, before)
