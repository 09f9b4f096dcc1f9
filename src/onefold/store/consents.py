"""The consent log: append-only lines, chained per customer."""

from collections.abc import Sequence
from uuid import UUID

from onefold.model.consents import ConsentEntry, Decision
from onefold.store.database import Row, Transaction
from onefold.store.queries import queries

_SQL = queries("consents")


async def append_consent_log(
    tx: Transaction, workspace_id: UUID, lines: Sequence[tuple[UUID, ConsentEntry]]
) -> None:
    """Stores lines, each with the node of its customer."""
    if not lines:
        return
    decisions = [entry.decision for _, entry in lines]
    await tx.connection.execute(
        _SQL["append_consent_log"],
        workspace_id,
        [entry.customer_id for _, entry in lines],
        [entry.sequence for _, entry in lines],
        [node_id for node_id, _ in lines],
        [entry.at for _, entry in lines],
        [entry.event for _, entry in lines],
        [one.purpose if one else None for one in decisions],
        [one.aspect if one else None for one in decisions],
        [one.before if one else None for one in decisions],
        [one.after if one else None for one in decisions],
        [entry.notice_version for _, entry in lines],
        [entry.actor_id for _, entry in lines],
        [entry.previous for _, entry in lines],
        [entry.digest for _, entry in lines],
    )


async def list_consent_log(
    tx: Transaction, workspace_id: UUID, *, customer_id: UUID
) -> list[ConsentEntry]:
    rows = await tx.connection.fetch(_SQL["list_consent_log"], workspace_id, customer_id)
    return [_entry(row) for row in rows]


def _entry(row: Row) -> ConsentEntry:
    decided = None
    if row["purpose"] is not None:
        decided = Decision(row["purpose"], row["aspect"], row["before"], row["after"])
    return ConsentEntry(
        row["customer_id"],
        row["sequence"],
        row["at"],
        row["event"],
        decided,
        row["notice_version"],
        row["actor_id"],
        row["previous"],
        row["digest"],
    )
