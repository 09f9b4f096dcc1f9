"""Reading the update stream."""

from dataclasses import dataclass, replace
from datetime import datetime

from onefold.actions.transaction import Transaction
from onefold.model.access import Actor, Permission
from onefold.model.updates import Update, UpdateFilter
from onefold.store import updates


@dataclass(frozen=True, slots=True)
class StreamPage:
    """Entries after an offset; `next_offset` is where the next read goes on."""

    updates: tuple[Update, ...]
    next_offset: int


async def read_stream(
    tx: Transaction,
    actor: Actor,
    *,
    wanted: UpdateFilter,
    limit: int,
    offset: int | None = None,
    since: datetime | None = None,
) -> StreamPage:
    """Entries after `offset`, or from the first one made at or after `since`, oldest first."""
    actor.require(Permission.UPDATES_READ)
    start = offset
    if start is None and since is not None:
        start = await updates.position_before(tx, actor.workspace_id, moment=since)
    start = start or 0
    seen = await updates.read_updates(
        tx, actor.workspace_id, after=start, wanted=_within_reach(actor, wanted), limit=limit
    )
    return StreamPage(tuple(seen), seen[-1].position if seen else start)


async def last_offset(tx: Transaction, actor: Actor, *, wanted: UpdateFilter) -> int:
    """The offset of the newest entry that matches, 0 when there is none."""
    actor.require(Permission.UPDATES_READ)
    return await updates.last_position(tx, actor.workspace_id, wanted=_within_reach(actor, wanted))


def _within_reach(actor: Actor, wanted: UpdateFilter) -> UpdateFilter:
    return replace(wanted, node_ids=actor.node_ids)
