"""Files of jobs, in pieces."""

from uuid import UUID

from onefold.store.database import Transaction
from onefold.store.queries import queries

_SQL = queries("uploads")


async def insert_piece(
    tx: Transaction, workspace_id: UUID, *, job_id: UUID, piece: int, content: bytes
) -> None:
    await tx.connection.execute(_SQL["insert_piece"], workspace_id, job_id, piece, content)


async def find_piece(
    tx: Transaction, workspace_id: UUID, *, job_id: UUID, piece: int
) -> bytes | None:
    found: bytes | None = await tx.connection.fetchval(
        _SQL["find_piece"], workspace_id, job_id, piece
    )
    return found


async def list_pieces(tx: Transaction, workspace_id: UUID) -> list[tuple[UUID, int]]:
    """Job and number of every piece in the workspace."""
    rows = await tx.connection.fetch(_SQL["list_pieces"], workspace_id)
    return [(row[0], row[1]) for row in rows]


async def lock_piece(
    tx: Transaction, workspace_id: UUID, *, job_id: UUID, piece: int
) -> bytes | None:
    found: bytes | None = await tx.connection.fetchval(
        _SQL["lock_piece"], workspace_id, job_id, piece
    )
    return found


async def replace_piece(
    tx: Transaction, workspace_id: UUID, *, job_id: UUID, piece: int, content: bytes
) -> None:
    await tx.connection.execute(_SQL["replace_piece"], workspace_id, job_id, piece, content)


async def delete_upload(tx: Transaction, workspace_id: UUID, *, job_id: UUID) -> None:
    await tx.connection.execute(_SQL["delete_upload"], workspace_id, job_id)
