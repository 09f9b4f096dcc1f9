"""Figures read from the counters, slots added up; never from the events themselves."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from uuid import UUID

from onefold.model.analytics import Days, Deed, Point, Population, Purchases, Scope, Series
from onefold.model.workspaces import Node
from onefold.store.database import Row, Transaction
from onefold.store.queries import queries

_SQL = queries("analytics")


async def count_population(
    tx: Transaction, workspace_id: UUID, *, node_ids: Sequence[UUID] | None
) -> dict[UUID, Population]:
    """Node -> its customers; one that never had any is not there."""
    rows = await tx.connection.fetch(_SQL["count_population"], workspace_id, node_ids)
    return {row[0]: Population(*tuple(row)[1:]) for row in rows}


async def read_registrations(tx: Transaction, workspace_id: UUID, *, scope: Scope) -> list[Point]:
    rows = await tx.connection.fetch(_SQL["read_registrations"], workspace_id, *_scope(scope))
    return [Point(*row) for row in rows]


async def read_customer_deeds(
    tx: Transaction, workspace_id: UUID, *, scope: Scope, deed: Deed
) -> list[Point]:
    rows = await tx.connection.fetch(_SQL["read_customer_deeds"], workspace_id, *_scope(scope))
    return [Point(row["day"], row[deed.value]) for row in rows if row[deed.value]]


async def read_event_deeds(
    tx: Transaction, workspace_id: UUID, *, scope: Scope, deed: Deed
) -> list[Series]:
    rows = await tx.connection.fetch(_SQL["read_event_deeds"], workspace_id, *_scope(scope))
    return _series((row["type"], "", row["day"], row[deed.value]) for row in rows)


async def read_event_days(
    tx: Transaction, workspace_id: UUID, *, scope: Scope, context: str | None
) -> list[Series]:
    rows = await tx.connection.fetch(_SQL["read_event_days"], workspace_id, *_scope(scope), context)
    return _series(tuple(row) for row in rows)


async def count_types(
    tx: Transaction,
    workspace_id: UUID,
    *,
    scope: Scope,
    types: Sequence[str],
    context: str | None = None,
) -> dict[str, int]:
    """Type -> how often; one that never happened is not there."""
    rows = await tx.connection.fetch(
        _SQL["count_types"], workspace_id, *_scope(scope), context, types
    )
    return {row[0]: row[1] for row in rows}


async def read_purchases(
    tx: Transaction,
    workspace_id: UUID,
    *,
    scope: Scope,
    event_type: str,
    context: str | None = None,
) -> list[Purchases]:
    rows = await tx.connection.fetch(
        _SQL["read_purchases"], workspace_id, *_scope(scope), context, event_type
    )
    return [Purchases(*row) for row in rows]


async def scan_kept_out(
    tx: Transaction, workspace_id: UUID, *, node: Node, after: UUID, limit: int
) -> Sequence[Row]:
    """Rows as `rollups.scan_events` has them, of customers whom the node does not take in."""
    return await tx.connection.fetch(
        _SQL["scan_kept_out"], workspace_id, node.entry_node_ids, node.id, after, limit
    )


async def read_customer_days(
    tx: Transaction, workspace_id: UUID, *, customer_ids: Sequence[UUID], days: Days
) -> list[Series]:
    rows = await tx.connection.fetch(_SQL["read_customer_days"], workspace_id, customer_ids, *days)
    return _series((row[0], "", row[1], row[2]) for row in rows)


async def read_customer_purchases(
    tx: Transaction,
    workspace_id: UUID,
    *,
    customer_ids: Sequence[UUID],
    days: Days,
    event_type: str,
) -> list[Purchases]:
    rows = await tx.connection.fetch(
        _SQL["read_customer_purchases"], workspace_id, customer_ids, *days, event_type
    )
    return [Purchases(*row) for row in rows]


def _scope(scope: Scope) -> tuple[date, date, Sequence[UUID] | None]:
    return (*scope.days, scope.node_ids)


def _series(rows: Iterable[Row]) -> list[Series]:
    """Rows of type, context, day and value, in that order, as one series for each pair."""
    found = []
    counted = (row for row in rows if row[3])
    for (event_type, context), group in groupby(counted, key=lambda row: (row[0], row[1])):
        points = tuple(Point(row[2], row[3]) for row in group)
        found.append(Series(event_type, context, points))
    return found
