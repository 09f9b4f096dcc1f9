"""Counters of events: what comes is added, what goes or changes is subtracted again."""

from collections.abc import Sequence
from datetime import datetime

from onefold.actions.transaction import Transaction
from onefold.model import rollups as rules
from onefold.model.events import Event
from onefold.model.rollups import (
    count_by_customer,
    count_change_by_customer,
    count_change_by_day,
    count_gone_by_day,
    sum_counts,
)
from onefold.model.workspaces import Workspace
from onefold.store import rollups

EventMove = tuple[Event, Event]
"""An event before and after a change."""


async def count_new(tx: Transaction, workspace: Workspace, new: Sequence[Event]) -> None:
    """Adds events that were just stored to every counter."""
    by_day, by_customer = rules.count_new(new, zone=workspace.zone())
    await rollups.add_customer_counts(tx, workspace.id, by_customer)
    await rollups.add_event_counts(tx, workspace.id, by_day)


async def count_changed(
    tx: Transaction, workspace: Workspace, changes: Sequence[EventMove]
) -> None:
    """Moves what just changed from counter to counter, all changes at once."""
    zone = workspace.zone()
    by_customer = sum_counts(
        *(count_change_by_customer(before, after, zone=zone) for before, after in changes)
    )
    by_day = sum_counts(
        *(count_change_by_day(before, after, zone=zone) for before, after in changes)
    )
    await rollups.add_customer_counts(tx, workspace.id, by_customer)
    await rollups.add_event_counts(tx, workspace.id, by_day)


async def count_gone(
    tx: Transaction, workspace: Workspace, gone: Sequence[Event], *, at: datetime
) -> None:
    """Takes events that were just deleted out of every counter."""
    zone = workspace.zone()
    by_customer = count_by_customer(gone, zone=zone, sign=-1)
    await rollups.add_customer_counts(tx, workspace.id, by_customer)
    owners = {key.customer_id for key in by_customer}
    await rollups.drop_empty_counts(tx, workspace.id, customer_ids=owners)
    by_day = count_gone_by_day(gone, zone=zone, at=at)
    await rollups.add_event_counts(tx, workspace.id, by_day)
