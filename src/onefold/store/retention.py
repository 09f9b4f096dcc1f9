"""Retention: what was decided, what is due by the counters, and the due events themselves."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from onefold.model.ids import NIL, floor_of, month_of
from onefold.model.retention import Due, DueDay, Months, Retention, RetentionRules, Stock
from onefold.store.database import Row, Transaction, decode_json, encode_json
from onefold.store.queries import queries

_SQL = queries("retention")


class Span(NamedTuple):
    """A day as moments; the second is not included."""

    begins: datetime
    ends: datetime


async def read_retention(tx: Transaction, workspace_id: UUID, *, usual: Months) -> RetentionRules:
    rows = await tx.connection.fetch(_SQL["read_retention"], workspace_id)
    found = {row[0]: Retention(row[1], decode_json(row[2])) for row in rows}
    workspace = found.pop(NIL, Retention())
    return RetentionRules(usual, workspace, found)


async def save_retention(
    tx: Transaction, workspace_id: UUID, decided: Retention, *, node_id: UUID, at: datetime
) -> None:
    """For a node, or with the nil UUID for the workspace."""
    await tx.connection.execute(
        _SQL["save_retention"],
        workspace_id,
        node_id,
        decided.enabled,
        encode_json(decided.months),
        at,
    )


async def count_stock(
    tx: Transaction, workspace_id: UUID, *, due: Sequence[Due]
) -> dict[tuple[UUID, str], Stock]:
    """Node and type -> its events; a pair without any is not there."""
    rows = await tx.connection.fetch(_SQL["count_stock"], workspace_id, *_columns(due))
    return {(row[0], row[1]): Stock(row[2], row[3], row[4]) for row in rows}


async def list_due_days(tx: Transaction, workspace_id: UUID, *, due: Sequence[Due]) -> list[DueDay]:
    """Oldest first."""
    rows = await tx.connection.fetch(_SQL["list_due_days"], workspace_id, *_columns(due))
    return [DueDay(row[0], row[1], tuple(row[2])) for row in rows]


async def take_due_ids(
    tx: Transaction, workspace_id: UUID, wanted: DueDay, *, span: Span, after: UUID, limit: int
) -> list[UUID]:
    """Events that began on the day that they still have, locked, in the order of ids."""
    low, high = floor_of(span.begins), floor_of(span.ends)
    rows: list[Row] = await tx.connection.fetch(
        _SQL["take_due_ids"],
        workspace_id,
        wanted.node_id,
        wanted.types,
        span.begins,
        span.ends,
        max(low, after),
        high,
        sorted({month_of(low), month_of(high)}),
        limit,
    )
    return [row[0] for row in rows]


async def take_strayed_ids(
    tx: Transaction,
    workspace_id: UUID,
    *,
    node_id: UUID,
    due_before: Mapping[str, datetime],
    after: UUID,
    limit: int,
) -> list[UUID]:
    """Due events with any id, locked, in the order of ids; reads every event after the one."""
    rows: list[Row] = await tx.connection.fetch(
        _SQL["take_strayed_ids"],
        workspace_id,
        node_id,
        list(due_before),
        list(due_before.values()),
        after,
        limit,
    )
    return [row[0] for row in rows]


def _columns(due: Sequence[Due]) -> tuple[list[object], ...]:
    return (
        [one.node_id for one in due],
        [one.type for one in due],
        [one.before for one in due],
    )
