"""Counters kept in the write's own transaction, and the recount that must agree with them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

import msgspec

from onefold.model.customers import Profile
from onefold.model.population import Stay
from onefold.model.rollups import CustomerCount, CustomerKey, EventCount, EventKey, NodeCount
from onefold.store.database import Row, Transaction
from onefold.store.queries import queries

_SQL = queries("rollups")
_decode_profile = msgspec.json.Decoder(Profile).decode


async def add_event_counts(
    tx: Transaction, workspace_id: UUID, counts: Mapping[EventKey, EventCount]
) -> None:
    if not counts:
        return
    keys = sorted(counts)
    ordered = [counts[key] for key in keys]
    await tx.connection.execute(
        _SQL["add_event_counts"],
        workspace_id,
        tx.slot,
        [key.day for key in keys],
        [key.node_id for key in keys],
        [key.type for key in keys],
        [key.context for key in keys],
        [key.currency for key in keys],
        [one.events for one in ordered],
        [one.amount for one in ordered],
        [one.revenue for one in ordered],
        [one.units for one in ordered],
        [one.returns for one in ordered],
        [one.added for one in ordered],
        [one.changed for one in ordered],
        [one.removed for one in ordered],
        [one.gone for one in ordered],
    )


async def add_customer_counts(
    tx: Transaction, workspace_id: UUID, counts: Mapping[CustomerKey, CustomerCount]
) -> None:
    """In the order of keys, so that two batches cannot wait for each other in a circle."""
    if not counts:
        return
    keys = sorted(counts)
    ordered = [counts[key] for key in keys]
    await tx.connection.execute(
        _SQL["add_customer_counts"],
        workspace_id,
        [key.customer_id for key in keys],
        [key.type for key in keys],
        [key.currency for key in keys],
        [key.day for key in keys],
        [one.events for one in ordered],
        [one.amount for one in ordered],
        [one.revenue for one in ordered],
        [one.units for one in ordered],
        [one.returns for one in ordered],
    )


async def drop_empty_counts(
    tx: Transaction, workspace_id: UUID, *, customer_ids: Collection[UUID]
) -> None:
    if customer_ids:
        await tx.connection.execute(_SQL["drop_empty_counts"], workspace_id, sorted(customer_ids))


async def delete_customer_counts(tx: Transaction, workspace_id: UUID, *, customer_id: UUID) -> None:
    await tx.connection.execute(_SQL["delete_customer_counts"], workspace_id, customer_id)


async def add_node_counts(
    tx: Transaction, workspace_id: UUID, counts: Mapping[tuple[date, UUID], NodeCount]
) -> None:
    if not counts:
        return
    keys = sorted(counts)
    ordered = [counts[key] for key in keys]
    await tx.connection.execute(
        _SQL["add_node_counts"],
        workspace_id,
        tx.slot,
        [day for day, _ in keys],
        [node_id for _, node_id in keys],
        [one.added for one in ordered],
        [one.changed for one in ordered],
        [one.removed for one in ordered],
        [one.gone for one in ordered],
        [one.by_both for one in ordered],
        [one.by_email for one in ordered],
        [one.by_mobile for one in ordered],
    )


async def read_event_counts(
    tx: Transaction, workspace_id: UUID, *, since: date, until: date, node_id: UUID | None
) -> list[tuple[date, str, int]]:
    """Day, type and count, both days included."""
    rows = await tx.connection.fetch(_SQL["read_event_counts"], workspace_id, since, until, node_id)
    return [(row[0], row[1], row[2]) for row in rows]


async def all_event_counts(tx: Transaction, workspace_id: UUID) -> dict[EventKey, EventCount]:
    """Those that a recount gives too; `added` is what was recorded on a day and is still there."""
    rows = await tx.connection.fetch(_SQL["all_event_counts"], workspace_id)
    return {EventKey(*row[:5]): EventCount(*row[5:]) for row in map(tuple, rows)}


async def all_customer_counts(
    tx: Transaction, workspace_id: UUID
) -> dict[CustomerKey, CustomerCount]:
    rows = await tx.connection.fetch(_SQL["all_customer_counts"], workspace_id)
    return {CustomerKey(*row[:4]): CustomerCount(*row[4:]) for row in map(tuple, rows)}


async def all_node_counts(
    tx: Transaction, workspace_id: UUID
) -> dict[tuple[date, UUID], NodeCount]:
    """Those that a recount gives too: who changed on a day is not told afterwards."""
    rows = await tx.connection.fetch(_SQL["all_node_counts"], workspace_id)
    return {
        (row["day"], row["node_id"]): NodeCount(
            added=row["added"],
            removed=row["removed"],
            gone=row["gone"],
            by_both=row["by_both"],
            by_email=row["by_email"],
            by_mobile=row["by_mobile"],
        )
        for row in rows
    }


async def scan_events(
    tx: Transaction, workspace_id: UUID, *, after: UUID, limit: int
) -> Sequence[Row]:
    """Rows with the columns that counting needs, in the order of the query."""
    return await tx.connection.fetch(_SQL["scan_events"], workspace_id, after, limit)


async def scan_customers(
    tx: Transaction, workspace_id: UUID, *, after: UUID, limit: int
) -> list[tuple[UUID, Stay]]:
    """Customers in the order of their ids; sealed fields of the profiles stay sealed."""
    rows = await tx.connection.fetch(_SQL["scan_customers"], workspace_id, after, limit)
    return [(row[0], Stay(row[1], row[2], row[3], _decode_profile(row[4]))) for row in rows]
