"""Changing and deleting single events, and reading them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from onefold.actions.directory import Picture, require_open
from onefold.actions.event_counts import count_changed, count_gone
from onefold.actions.events import change_of, check_content
from onefold.actions.persons.read import of_merged, of_persons
from onefold.actions.transaction import Transaction
from onefold.model.access import Actor, Permission
from onefold.model.errors import NotFound
from onefold.model.event_catalog import EventCatalog
from onefold.model.events import Event, EventChange, EventDraft, EventFilter, inside_calendar
from onefold.model.updates import Operation
from onefold.store import customers, events, updates
from onefold.store.search import EventPage, search_events


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The events before and after by date, None at an end."""

    before: UUID | None
    after: UUID | None


async def read_event(tx: Transaction, actor: Actor, *, event_id: UUID) -> Event:
    actor.require(Permission.EVENT_READ)
    return _reachable(actor, await events.find_event(tx, actor.workspace_id, event_id=event_id))


async def read_neighbours(tx: Transaction, actor: Actor, *, event: Event) -> Neighbours:
    if event.customer_id is None:
        return Neighbours(None, None)
    return Neighbours(*await events.neighbours(tx, actor.workspace_id, event))


async def read_several(
    tx: Transaction, actor: Actor, *, event_ids: Sequence[UUID]
) -> dict[UUID, Event]:
    """Those that exist and are within reach, by id."""
    found = await events.find_events(tx, actor.workspace_id, event_ids=event_ids)
    return {one.id: one for one in found if actor.may_reach(one.node_id)}


async def find_events(
    tx: Transaction,
    actor: Actor,
    *,
    picture: Picture,
    wanted: EventFilter,
    offset: int,
    limit: int,
) -> EventPage:
    """A page of events, newest first, and how many there are (up to the search limit).

    Those of a person, or of an aggregate node, are the events of its customers.
    """
    actor.require(Permission.EVENT_READ)
    wanted = await of_merged(tx, actor, picture=picture, wanted=wanted)
    within = await of_persons(tx, actor, picture=picture, wanted=wanted)
    return await search_events(
        tx,
        actor.workspace_id,
        wanted=within or wanted,
        node_ids=actor.node_ids if within is None else None,
        offset=offset,
        limit=limit,
    )


async def change_event(
    tx: Transaction,
    actor: Actor,
    *,
    picture: Picture,
    catalog: EventCatalog,
    event_id: UUID,
    decide: Callable[[Event], EventChange],
    at: datetime,
) -> Event:
    """Stores what `decide` makes of the event as it is stored; counters follow."""
    actor.require(Permission.EVENT_WRITE)
    require_open(picture.workspace, writing=True)
    stored = await _lock(tx, actor, event_id)
    changed = _changed(stored, decide(stored), at=at)
    _check(changed, picture=picture, catalog=catalog)
    await events.update_event(tx, actor.workspace_id, changed)
    await count_changed(tx, picture.workspace, [(stored, changed)])
    await updates.append_updates(
        tx, actor.workspace_id, [change_of(changed, Operation.UPDATE)], at=at
    )
    return changed


async def delete_event(
    tx: Transaction, actor: Actor, *, picture: Picture, event_id: UUID, at: datetime
) -> None:
    actor.require(Permission.EVENT_DELETE)
    require_open(picture.workspace, writing=True)
    stored = await _lock(tx, actor, event_id)
    await events.delete_event(tx, actor.workspace_id, event_id=event_id)
    await count_gone(tx, picture.workspace, [stored], at=at)
    gone = change_of(stored, Operation.DELETE)
    await updates.append_updates(tx, actor.workspace_id, [gone], at=at)


async def _lock(tx: Transaction, actor: Actor, event_id: UUID) -> Event:
    """The event, locked, and before it its customer, so that nobody else is counting there.

    Everybody locks customers first. An event that was claimed just now is the exception.
    """
    seen = _reachable(actor, await events.find_event(tx, actor.workspace_id, event_id=event_id))
    await _lock_customer(tx, seen, actor.workspace_id)
    stored = _reachable(actor, await events.lock_event(tx, actor.workspace_id, event_id=event_id))
    if stored.customer_id != seen.customer_id:
        await _lock_customer(tx, stored, actor.workspace_id)
    return stored


async def _lock_customer(tx: Transaction, event: Event, workspace_id: UUID) -> None:
    if event.customer_id is not None:
        await customers.lock_alone(tx, workspace_id, customer_id=event.customer_id)


def _reachable(actor: Actor, event: Event | None) -> Event:
    if event is None:
        raise NotFound("event not found")
    actor.require_node(event.node_id)
    return event


def _changed(stored: Event, change: EventChange, *, at: datetime) -> Event:
    given = {
        name: value
        for name in ("properties", "context", "context_info", "occurred_at", "tracking")
        if (value := getattr(change, name)) is not None
    }
    changed = replace(stored, **given, updated_at=at, version=stored.version + 1)
    return replace(changed, occurred_at=inside_calendar(changed.occurred_at))


def _check(event: Event, *, picture: Picture, catalog: EventCatalog) -> None:
    draft = EventDraft(
        event.id,
        event.type,
        event.context,
        event.occurred_at,
        event.properties,
        context_info=event.context_info,
    )
    check_content(draft, picture=picture, catalog=catalog)
