"""Everything of one customer, read for handing it over."""

from uuid import UUID

from onefold.model.consents import ConsentEntry
from onefold.model.events import Event
from onefold.store.database import Transaction
from onefold.store.events import event_of_row
from onefold.store.queries import queries

_SQL = queries("portability")


async def list_timeline(
    tx: Transaction, workspace_id: UUID, *, customer_id: UUID, after: Event | None, limit: int
) -> list[Event]:
    """Events by date, oldest first, after one of them."""
    if after is None:
        rows = await tx.connection.fetch(
            _SQL["first_of_timeline"], workspace_id, customer_id, limit
        )
    else:
        rows = await tx.connection.fetch(
            _SQL["next_of_timeline"],
            workspace_id,
            customer_id,
            after.occurred_at,
            after.id,
            limit,
        )
    return [event_of_row(row) for row in rows]


async def list_identifiers(
    tx: Transaction, workspace_id: UUID, *, customer_id: UUID
) -> list[tuple[str, str]]:
    """Kind and value of each; national ids, claims and sessions as the hashes that they are."""
    rows = await tx.connection.fetch(_SQL["list_identifiers"], workspace_id, customer_id)
    return [(row[0], row[1]) for row in rows]


async def note_chain(tx: Transaction, workspace_id: UUID, last: ConsentEntry) -> None:
    """The customer's log ends with this line."""
    await tx.connection.execute(
        _SQL["note_chain"], workspace_id, last.customer_id, last.sequence, last.digest
    )
