"""Emptying a node: its events and customers go, some at a time, and the node stays.

What was written after the call began stays too, so that it comes to an end.
"""

from datetime import datetime
from uuid import UUID

from onefold.actions.context import Context
from onefold.actions.customers.remove import remove_customers
from onefold.actions.directory import Picture, require_open
from onefold.actions.event_counts import count_gone
from onefold.actions.events import change_of
from onefold.actions.transaction import Transaction
from onefold.actions.writing import run
from onefold.model.access import Actor, Permission
from onefold.model.ids import NIL
from onefold.model.updates import Operation
from onefold.store import customers, emptying, updates

EVENTS_AT_ONCE = 1000
CUSTOMERS_AT_ONCE = 500


async def empty_node(
    context: Context, actor: Actor, *, node_id: UUID, events_only: bool, at: datetime
) -> None:
    """Takes away every event of the node and, unless only these are meant, every customer.

    A call that was cut off can be made again and goes on where the other one stopped.
    """
    actor.require(Permission.WORKSPACE_PROVISION)
    round_ = _Round(context, actor, node_id, at)
    while await run(context.database, round_.take_events):
        pass
    if not events_only:
        while await run(context.database, round_.take_customers):
            pass


class _Round:
    """One call's work, transaction by transaction; each says whether there may be more."""

    def __init__(self, context: Context, actor: Actor, node_id: UUID, at: datetime) -> None:
        self._context = context
        self._actor = actor
        self._node_id = node_id
        self._at = at
        self._after = NIL

    async def take_events(self, tx: Transaction) -> bool:
        """Owners are locked before their events, as everywhere."""
        workspace = (await self._picture(tx)).workspace
        listed = await emptying.list_events_to_take(
            tx,
            workspace.id,
            node_id=self._node_id,
            after=self._after,
            until=self._at,
            limit=EVENTS_AT_ONCE,
        )
        if not listed:
            return False
        owners = sorted({owner for _, owner in listed} - {NIL})
        await customers.lock_customers(tx, workspace.id, customer_ids=owners)
        gone = await emptying.take_events(tx, workspace.id, event_ids=[one for one, _ in listed])
        await count_gone(tx, workspace, gone, at=self._at)
        changes = [change_of(one, Operation.DELETE) for one in gone]
        await updates.append_updates(tx, workspace.id, changes, at=self._at)
        self._after = listed[-1][0]
        return True

    async def take_customers(self, tx: Transaction) -> bool:
        picture = await self._picture(tx)
        workspace = picture.workspace
        some = await emptying.lock_customers_to_take(
            tx, workspace.id, node_id=self._node_id, until=self._at, limit=CUSTOMERS_AT_ONCE
        )
        if not some:
            return False
        await remove_customers(tx, self._actor, picture, some, at=self._at)
        return True

    async def _picture(self, tx: Transaction) -> Picture:
        picture = await self._context.directory.current(tx, self._actor.workspace_id)
        require_open(picture.workspace, writing=True)
        self._actor.require_node(picture.workspace.entry_node(self._node_id).id)
        return picture
