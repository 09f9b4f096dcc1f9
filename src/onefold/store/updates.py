"""The update stream: positions from the workspace's lane row, entries behind a position."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from onefold.model.updates import MAIN_LANE, Change, Entity, Operation, Update, UpdateFilter
from onefold.store.database import Row, Transaction
from onefold.store.queries import queries

_SQL = queries("updates")


async def append_updates(
    tx: Transaction, workspace_id: UUID, changes: Sequence[Change], *, at: datetime
) -> None:
    """Announces changes in the given order; the last statements of a transaction.

    From here to commit other writers of the workspace wait, which is what makes the order of
    positions the order of commits.
    """
    if not changes:
        return
    before, moment = await take_positions(tx, workspace_id, many=len(changes), at=at)
    await tx.connection.execute(
        _SQL["append_updates"],
        workspace_id,
        MAIN_LANE,
        moment,
        list(range(before + 1, before + len(changes) + 1)),
        [one.entity for one in changes],
        [one.operation for one in changes],
        [one.entity_id for one in changes],
        [one.node_id for one in changes],
        [one.customer_id for one in changes],
        [one.version for one in changes],
    )


async def take_positions(
    tx: Transaction, workspace_id: UUID, *, many: int, at: datetime
) -> tuple[int, datetime]:
    """The position before those that are now the caller's, and the time that they get."""
    last, moment = await tx.connection.fetchrow(  # type: ignore[misc] # each workspace has a lane
        _SQL["take_positions"], workspace_id, MAIN_LANE, many, at
    )
    return last - many, moment


async def read_updates(
    tx: Transaction, workspace_id: UUID, *, after: int, wanted: UpdateFilter, limit: int
) -> list[Update]:
    rows = await tx.connection.fetch(
        _SQL["read_updates"], workspace_id, MAIN_LANE, after, *_arguments(wanted), limit
    )
    return [_update(row) for row in rows]


async def last_position(tx: Transaction, workspace_id: UUID, *, wanted: UpdateFilter) -> int:
    """The newest matching position, 0 when there is none."""
    found = await tx.connection.fetchval(
        _SQL["last_position"], workspace_id, MAIN_LANE, *_arguments(wanted)
    )
    return int(found or 0)


async def position_before(tx: Transaction, workspace_id: UUID, *, moment: datetime) -> int:
    """The position just before the first entry made at or after a moment.

    Times never run backwards along a lane, so halving finds it in some thirty point reads.
    """
    low = 0
    high = int(await tx.connection.fetchval(_SQL["end_of_lane"], workspace_id, MAIN_LANE) or 0)
    while low < high:
        middle = (low + high) // 2
        row = await tx.connection.fetchrow(
            _SQL["time_of_position"], workspace_id, MAIN_LANE, middle + 1
        )
        if row is None or row[1] >= moment:
            high = middle
        else:
            low = int(row[0])
    return low


def _arguments(wanted: UpdateFilter) -> tuple[UUID | None, str | None, list[UUID] | None]:
    nodes = None if wanted.node_ids is None else sorted(wanted.node_ids)
    return (wanted.node_id, wanted.entity, nodes)


def _update(row: Row) -> Update:
    change = Change(
        Entity(row["entity"]),
        Operation(row["operation"]),
        row["entity_id"],
        row["node_id"],
        row["customer_id"],
        row["version"],
    )
    return Update(row["position"], row["at"], change)
