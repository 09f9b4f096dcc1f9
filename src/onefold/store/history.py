"""History: one entry for each version of a customer."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from onefold.model.access import Actor
from onefold.model.history import FieldChange, HistoryEntry
from onefold.store.database import Row, Transaction, decode_json, encode_json
from onefold.store.queries import queries

_SQL = queries("history")
_changes = msgspec.json.Decoder(tuple[FieldChange, ...]).decode


async def append_history(
    tx: Transaction, actor: Actor, entries: Sequence[HistoryEntry], *, job_id: UUID | None
) -> None:
    """Stores entries as they are; sealed fields come in sealed."""
    if not entries:
        return
    await tx.connection.execute(
        _SQL["append_history"],
        actor.workspace_id,
        actor.kind,
        actor.id,
        job_id,
        [one.customer_id for one in entries],
        [one.version for one in entries],
        [one.at for one in entries],
        [one.operation for one in entries],
        [encode_json(one.cause) if one.cause else None for one in entries],
        [encode_json(one.changes) for one in entries],
    )


async def list_history(
    tx: Transaction, workspace_id: UUID, *, customer_id: UUID, after: int, limit: int
) -> list[HistoryEntry]:
    rows = await tx.connection.fetch(_SQL["list_history"], workspace_id, customer_id, after, limit)
    return [_entry(row) for row in rows]


async def list_history_of_job(
    tx: Transaction, workspace_id: UUID, *, customer_ids: Sequence[UUID], job_id: UUID
) -> list[HistoryEntry]:
    rows = await tx.connection.fetch(
        _SQL["list_history_of_job"], workspace_id, customer_ids, job_id
    )
    return [_entry(row) for row in rows]


async def delete_history(tx: Transaction, workspace_id: UUID, *, customer_id: UUID) -> None:
    await tx.connection.execute(_SQL["delete_history"], workspace_id, customer_id)


def _entry(row: Row) -> HistoryEntry:
    cause = decode_json(row[7]) if row[7] else None
    return HistoryEntry(
        row[0], row[1], row[2], row[3], row[4], row[5], row[6], cause, _changes(row[8])
    )
