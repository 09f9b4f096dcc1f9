"""Sessions that were tied to customers; a value belongs to one customer inside a node."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from onefold.model.sessions import Session
from onefold.store.database import Row, Transaction
from onefold.store.queries import queries

_SQL = queries("sessions")


async def insert_sessions(
    tx: Transaction, workspace_id: UUID, sessions: Sequence[Session], *, at: datetime
) -> None:
    if sessions:
        await tx.connection.execute(
            _SQL["insert_sessions"],
            workspace_id,
            at,
            [one.customer_id for one in sessions],
            [one.id for one in sessions],
            [one.node_id for one in sessions],
            [one.value for one in sessions],
        )


async def list_sessions(
    tx: Transaction, workspace_id: UUID, *, customer_id: UUID, node_id: UUID
) -> list[Session]:
    rows = await tx.connection.fetch(_SQL["list_sessions"], workspace_id, customer_id)
    return [_session(row, customer_id, node_id) for row in rows]


async def find_session(
    tx: Transaction, workspace_id: UUID, *, customer_id: UUID, node_id: UUID, session_id: UUID
) -> Session | None:
    row = await tx.connection.fetchrow(_SQL["find_session"], workspace_id, customer_id, session_id)
    return _session(row, customer_id, node_id) if row else None


async def find_session_by_value(
    tx: Transaction, workspace_id: UUID, *, customer_id: UUID, node_id: UUID, value: str
) -> Session | None:
    row = await tx.connection.fetchrow(
        _SQL["find_session_by_value"], workspace_id, customer_id, node_id, value
    )
    return _session(row, customer_id, node_id) if row else None


async def delete_session(
    tx: Transaction, workspace_id: UUID, *, customer_id: UUID, session_id: UUID
) -> str | None:
    """The value that is free again, None when there was no such session."""
    row = await tx.connection.fetchrow(
        _SQL["delete_session"], workspace_id, customer_id, session_id
    )
    return row[0] if row else None


async def delete_sessions(tx: Transaction, workspace_id: UUID, *, customer_id: UUID) -> list[str]:
    rows = await tx.connection.fetch(_SQL["delete_sessions"], workspace_id, customer_id)
    return [row[0] for row in rows]


def _session(row: Row, customer_id: UUID, node_id: UUID) -> Session:
    return Session(row[0], customer_id, node_id, row[1], row[2])
