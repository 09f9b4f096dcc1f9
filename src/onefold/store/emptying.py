"""Taking away everything in a node, many rows by one statement."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from onefold.model.customers import Customer
from onefold.model.events import Event
from onefold.model.ids import month_of
from onefold.store.customers import customers_of_rows
from onefold.store.database import Transaction
from onefold.store.events import event_of_row
from onefold.store.queries import queries

_SQL = queries("emptying")


async def list_events_to_take(
    tx: Transaction, workspace_id: UUID, *, node_id: UUID, after: UUID, until: datetime, limit: int
) -> list[tuple[UUID, UUID]]:
    """Event and owner (the nil UUID for nobody), in the order of ids."""
    rows = await tx.connection.fetch(
        _SQL["list_events_to_take"], workspace_id, node_id, after, until, limit
    )
    return [(row[0], row[1]) for row in rows]


async def take_events(
    tx: Transaction, workspace_id: UUID, *, event_ids: Sequence[UUID]
) -> list[Event]:
    """Deletes those that are still there and returns them."""
    months = sorted({month_of(one) for one in event_ids})
    rows = await tx.connection.fetch(_SQL["take_events"], workspace_id, event_ids, months)
    return [event_of_row(row) for row in rows]


async def take_events_of_customers(
    tx: Transaction, workspace_id: UUID, *, customer_ids: Sequence[UUID]
) -> list[Event]:
    rows = await tx.connection.fetch(_SQL["take_events_of_customers"], workspace_id, customer_ids)
    return [event_of_row(row) for row in rows]


async def lock_customers_to_take(
    tx: Transaction, workspace_id: UUID, *, node_id: UUID, until: datetime, limit: int
) -> list[Customer]:
    rows = await tx.connection.fetch(
        _SQL["lock_customers_to_take"], workspace_id, node_id, until, limit
    )
    return customers_of_rows(tx, rows)


async def bury_customers(
    tx: Transaction,
    workspace_id: UUID,
    *,
    customer_ids: Sequence[UUID],
    at: datetime,
    by: UUID | None,
) -> None:
    """Deletes everything that these customers own, but for their consent log."""
    for name in (
        "delete_sessions_of_customers",
        "delete_identifiers_of_customers",
        "delete_counts_of_customers",
        "delete_history_of_customers",
    ):
        await tx.connection.execute(_SQL[name], workspace_id, customer_ids)
    await tx.connection.execute(_SQL["bury_customers"], workspace_id, customer_ids, at, by)


async def delete_identifiers(
    tx: Transaction, workspace_id: UUID, *, customer_ids: Sequence[UUID]
) -> None:
    await tx.connection.execute(_SQL["delete_identifiers_of_customers"], workspace_id, customer_ids)
