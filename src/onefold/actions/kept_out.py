"""What customers did whom an aggregate node keeps out, to be taken off the counters of its nodes.

Events are counted where they are, in the entry nodes. Filters keep few out, and what these did is
counted when it is asked for.
"""

from uuid import UUID

from onefold.actions.directory import Picture
from onefold.actions.rollups import counted_event
from onefold.actions.transaction import Transaction
from onefold.model.access import Actor, Permission
from onefold.model.ids import NIL
from onefold.model.rollups import ByDay, count_by_day, sum_counts
from onefold.store import analytics

EVENTS_AT_ONCE = 5000


async def count_kept_out(
    tx: Transaction, actor: Actor, *, picture: Picture, node_id: UUID | None
) -> ByDay:
    """Nothing for an entry node, and for an aggregate node without exclusions."""
    actor.require(Permission.STATISTICS_READ)
    node = None if node_id is None else picture.workspace.node(node_id)
    if node is None or node.aggregate is None or not node.aggregate.exclusions:
        return {}
    counted: ByDay = {}
    after, zone = NIL, picture.workspace.zone()
    while rows := await analytics.scan_kept_out(
        tx, actor.workspace_id, node=node, after=after, limit=EVENTS_AT_ONCE
    ):
        counted = sum_counts(counted, count_by_day(map(counted_event, rows), zone=zone))
        after = rows[-1]["event_id"]
    return counted
