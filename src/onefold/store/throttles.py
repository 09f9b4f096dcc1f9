"""The count of a workspace's requests that all processes share."""

from datetime import datetime
from uuid import UUID

from onefold.store.database import Transaction
from onefold.store.queries import queries

_SQL = queries("throttles")


async def take_requests(tx: Transaction, workspace_id: UUID, *, minute: datetime, many: int) -> int:
    """How many were taken in this minute, with these."""
    taken = await tx.connection.fetchval(_SQL["take_requests"], workspace_id, minute, many)
    return int(taken)
