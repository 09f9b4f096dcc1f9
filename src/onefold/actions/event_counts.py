"""Counters when events go or change: what came is taken away, first and last are found again."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from onefold.actions.transaction import Transaction
from onefold.model.events import Event
from onefold.model.rollups import count_by_customer, count_by_day
from onefold.model.workspaces import Workspace
from onefold.store import events, rollups

RECOUNT_EVENTS_MAX = 1_000_000


async def count_gone(tx: Transaction, workspace: Workspace, gone: Sequence[Event]) -> None:
    """Takes events that were just deleted out of every counter."""
    await recount_customers(tx, workspace.id, gone)
    by_day = count_by_day(gone, zone=workspace.zone(), sign=-1)
    await rollups.add_event_counts(tx, workspace.id, by_day)


async def recount_customers(tx: Transaction, workspace_id: UUID, touched: Iterable[Event]) -> None:
    """Counts again, from the events themselves, what these events' customers did of their types.

    First and last times cannot be told by subtraction. The caller has locked the customers
    alone: an event that came between the look and the count would be counted twice.
    """
    for customer_id, event_type in sorted(
        {(one.customer_id, one.type) for one in touched if one.customer_id is not None}
    ):
        await rollups.delete_customer_type(
            tx, workspace_id, customer_id=customer_id, event_type=event_type
        )
        left = await events.list_events_of_type(
            tx,
            workspace_id,
            customer_id=customer_id,
            event_type=event_type,
            limit=RECOUNT_EVENTS_MAX,
        )
        await rollups.add_customer_counts(tx, workspace_id, count_by_customer(left))
