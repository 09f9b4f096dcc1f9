"""Deleting customers: everything they own goes, in one transaction."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from onefold.actions.directory import Picture, require_open
from onefold.actions.event_counts import count_gone
from onefold.actions.events import change_of
from onefold.actions.merges import group_of
from onefold.actions.persons.counting import count_persons
from onefold.actions.persons.placing import Written, place_customers
from onefold.actions.transaction import Transaction
from onefold.model.access import Actor, Permission
from onefold.model.consents import ConsentLine
from onefold.model.customers import Customer
from onefold.model.errors import NotFound
from onefold.model.population import count_departures
from onefold.model.rollups import ByDay, count_gone_by_day, sum_counts
from onefold.model.updates import Change, Entity, Operation
from onefold.store import (
    consents,
    customers,
    emptying,
    events,
    history,
    identifiers,
    merges,
    rollups,
    sessions,
    updates,
)

EVENTS_AT_ONCE_MAX = 1000


async def delete_customer(
    tx: Transaction, actor: Actor, *, picture: Picture, customer_id: UUID, at: datetime
) -> None:
    """Deletes a customer with its events and sessions; its consent log stays.

    Whoever was merged with it goes too: they are one customer to the caller.
    """
    actor.require(Permission.CUSTOMER_DELETE)
    for one in await whole_group(tx, actor, picture, customer_id):
        customer = await lock_for_removal(tx, actor, picture, one)
        await remove_customer(tx, actor, picture, customer, at=at)


async def whole_group(
    tx: Transaction, actor: Actor, picture: Picture, customer_id: UUID
) -> tuple[UUID, ...]:
    """The customer and whoever was merged with it, in the order of their ids."""
    if not picture.workspace.merges:
        return (customer_id,)
    return tuple(sorted(await group_of(tx, actor, customer_id=customer_id)))


async def lock_for_removal(
    tx: Transaction, actor: Actor, picture: Picture, customer_id: UUID
) -> Customer:
    """The customer, locked against everything; refuses one that is out of reach."""
    require_open(picture.workspace, writing=True)
    found = await customers.lock_alone(tx, actor.workspace_id, customer_id=customer_id)
    if found is None:
        raise NotFound(f"customer not found {customer_id}")
    actor.require_node(found.node_id)
    picture.workspace.entry_node(found.node_id)
    return found


async def remove_customer(
    tx: Transaction,
    actor: Actor,
    picture: Picture,
    customer: Customer,
    *,
    at: datetime,
    line: ConsentLine | None = None,
    announced: Sequence[Change] = (),
) -> None:
    """Takes away everything that a locked customer owns, but for its consent log.

    `line` is what ends the log, `announced` what the caller removed besides.
    """
    workspace = picture.workspace
    changes = [*announced, *await _remove_events(tx, picture, customer, at=at)]
    if line is not None:
        end = line.entry
        customer = replace(customer, consent_entries=end.sequence, consent_head=end.digest)
    await sessions.delete_sessions(tx, workspace.id, customer_id=customer.id)
    await identifiers.delete_identifiers(tx, workspace.id, customer_id=customer.id)
    await rollups.delete_customer_counts(tx, workspace.id, customer_id=customer.id)
    await history.delete_history(tx, workspace.id, customer_id=customer.id)
    await customers.bury_customer(tx, workspace.id, customer, at=at, by=actor.id)
    await consents.append_consent_log(tx, workspace.id, [] if line is None else [line])
    await _tell(tx, actor, picture, [customer], changes, at=at)


async def remove_customers(
    tx: Transaction,
    actor: Actor,
    picture: Picture,
    gone: Sequence[Customer],
    *,
    at: datetime,
) -> None:
    """The same for many locked customers at once, by few statements."""
    workspace = picture.workspace
    ids = [one.id for one in gone]
    late = await emptying.take_events_of_customers(tx, workspace.id, customer_ids=ids)
    await count_gone(tx, workspace, late, at=at)
    await emptying.bury_customers(tx, workspace.id, customer_ids=ids, at=at, by=actor.id)
    if workspace.merges:
        await merges.show_again(tx, workspace.id, survivors=ids)
    await _tell(tx, actor, picture, gone, [change_of(one, Operation.DELETE) for one in late], at=at)


async def _tell(
    tx: Transaction,
    actor: Actor,
    picture: Picture,
    gone: Sequence[Customer],
    changes: Sequence[Change],
    *,
    at: datetime,
) -> None:
    """Persons, counters and update stream follow; `changes` are what went with the customers."""
    workspace = picture.workspace
    persons = await place_customers(tx, actor, picture=picture, written=Written(gone=gone), at=at)
    counts = count_departures(gone, zone=workspace.zone(), at=at)
    counts = sum_counts(counts, count_persons(persons, workspace, at=at))
    await rollups.add_node_counts(tx, workspace.id, counts)
    announced = [*changes, *map(_departure, gone), *persons.announced]
    await updates.append_updates(tx, workspace.id, announced, at=at)


def _departure(gone: Customer) -> Change:
    version = gone.version + 1
    return Change(Entity.CUSTOMER, Operation.DELETE, gone.id, gone.node_id, gone.id, version)


async def _remove_events(
    tx: Transaction, picture: Picture, customer: Customer, *, at: datetime
) -> list[Change]:
    """Some at a time, so that no more of them are in memory however long the timeline.

    The counters come at the end, all at once: they are locked in one order by everybody.
    """
    workspace = picture.workspace
    announced: list[Change] = []
    gone: ByDay = {}
    while some := await events.list_events_of_customer(
        tx, workspace.id, customer_id=customer.id, limit=EVENTS_AT_ONCE_MAX
    ):
        await events.delete_events(tx, workspace.id, event_ids=[one.id for one in some])
        gone = sum_counts(gone, count_gone_by_day(some, zone=workspace.zone(), at=at))
        announced.extend(change_of(one, Operation.DELETE) for one in some)
    await rollups.add_event_counts(tx, workspace.id, gone)
    return announced
