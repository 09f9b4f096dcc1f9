"""Counters kept in the write's own transaction, and the recount that must agree with them."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from onefold.model.rollups import CustomerCount, CustomerKey, EventCount, EventKey, NodeCount
from onefold.store.database import Row, Transaction
from onefold.store.queries import queries

_SQL = queries("rollups")


async def add_event_counts(
    tx: Transaction, workspace_id: UUID, counts: Mapping[EventKey, EventCount]
) -> None:
    if not counts:
        return
    keys = sorted(counts)
    await tx.connection.execute(
        _SQL["add_event_counts"],
        workspace_id,
        tx.slot,
        [key.day for key in keys],
        [key.node_id for key in keys],
        [key.type for key in keys],
        [key.context for key in keys],
        [key.currency for key in keys],
        [counts[key].events for key in keys],
        [counts[key].amount for key in keys],
    )


async def add_customer_counts(
    tx: Transaction, workspace_id: UUID, counts: Mapping[CustomerKey, CustomerCount]
) -> None:
    """In the order of keys, so that two batches cannot wait for each other in a circle."""
    if not counts:
        return
    keys = sorted(counts)
    await tx.connection.execute(
        _SQL["add_customer_counts"],
        workspace_id,
        [key.customer_id for key in keys],
        [key.type for key in keys],
        [key.currency for key in keys],
        [counts[key].events for key in keys],
        [counts[key].amount for key in keys],
        [counts[key].first_at for key in keys],
        [counts[key].last_at for key in keys],
    )


async def delete_customer_counts(tx: Transaction, workspace_id: UUID, *, customer_id: UUID) -> None:
    await tx.connection.execute(_SQL["delete_customer_counts"], workspace_id, customer_id)


async def add_node_counts(
    tx: Transaction, workspace_id: UUID, counts: Mapping[tuple[date, UUID], NodeCount]
) -> None:
    if not counts:
        return
    keys = sorted(counts)
    await tx.connection.execute(
        _SQL["add_node_counts"],
        workspace_id,
        tx.slot,
        [day for day, _ in keys],
        [node_id for _, node_id in keys],
        [counts[key].added for key in keys],
        [counts[key].removed for key in keys],
    )


async def read_event_counts(
    tx: Transaction, workspace_id: UUID, *, since: date, until: date, node_id: UUID | None
) -> list[tuple[date, str, int]]:
    """Day, type and count, both days included."""
    rows = await tx.connection.fetch(_SQL["read_event_counts"], workspace_id, since, until, node_id)
    return [(row[0], row[1], row[2]) for row in rows]


async def all_event_counts(tx: Transaction, workspace_id: UUID) -> dict[EventKey, EventCount]:
    rows = await tx.connection.fetch(_SQL["all_event_counts"], workspace_id)
    return {EventKey(*row[:5]): EventCount(row[5], row[6]) for row in map(tuple, rows)}


async def all_customer_counts(
    tx: Transaction, workspace_id: UUID
) -> dict[CustomerKey, CustomerCount]:
    rows = await tx.connection.fetch(_SQL["all_customer_counts"], workspace_id)
    return {CustomerKey(*row[:3]): CustomerCount(*row[3:]) for row in map(tuple, rows)}


async def delete_counts(tx: Transaction, workspace_id: UUID) -> None:
    """Empties every counter of events before a rebuild."""
    await tx.connection.execute(_SQL["delete_event_counts"], workspace_id)
    await tx.connection.execute(_SQL["delete_all_customer_counts"], workspace_id)


async def scan_events(
    tx: Transaction, workspace_id: UUID, *, after: UUID, limit: int
) -> Sequence[Row]:
    """Rows with event_id, node_id, customer_id, type, context, occurred_at and properties."""
    return await tx.connection.fetch(_SQL["scan_events"], workspace_id, after, limit)


async def delete_customer_type(
    tx: Transaction, workspace_id: UUID, *, customer_id: UUID, event_type: str
) -> None:
    await tx.connection.execute(_SQL["delete_customer_type"], workspace_id, customer_id, event_type)
