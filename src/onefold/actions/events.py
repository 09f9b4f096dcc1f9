"""Recording events: one batch, one transaction, one outcome each; and changing them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from onefold.actions.directory import Picture, require_open
from onefold.actions.event_consents import check_consent, read_consents
from onefold.actions.event_counts import count_new
from onefold.actions.event_owners import Owner, find_owners
from onefold.actions.products import feed_registry
from onefold.actions.transaction import Transaction
from onefold.model.access import Actor, Permission
from onefold.model.errors import FieldError, Invalid, NotFound, NotPermitted, Refusal
from onefold.model.event_catalog import EventCatalog
from onefold.model.events import BringBack, Event, EventDraft, inside_calendar
from onefold.model.ids import NIL
from onefold.model.updates import Change, Entity, Operation
from onefold.store import events, updates

BATCH_EVENTS_MAX = 5000


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event that is stored; `new` is False when it was stored before."""

    event: Event
    new: bool


Outcome = Recorded | Refusal


async def record_events(
    tx: Transaction,
    actor: Actor,
    *,
    picture: Picture,
    catalog: EventCatalog,
    drafts: Sequence[EventDraft],
    at: datetime,
    job_id: UUID | None = None,
) -> list[Outcome]:
    """Stores every event that can be stored; outcomes come in the order of the drafts."""
    actor.require(Permission.EVENT_WRITE)
    require_open(picture.workspace, writing=True)
    checked = [_checked(actor, draft, picture=picture, catalog=catalog) for draft in drafts]
    good = [draft for draft in checked if isinstance(draft, EventDraft)]
    owners = await find_owners(tx, actor, good)
    consents = await read_consents(tx, actor, picture=picture, drafts=good, owners=owners)
    outcomes: list[Outcome] = []
    for draft in checked:
        try:
            if isinstance(draft, Refusal):
                raise draft
            owner = _owner(picture, actor, draft, owners)
            check_consent(picture, draft, owner, consents)
            outcomes.append(_recorded(draft, owner, catalog=catalog, actor=actor, at=at))
        except Refusal as refusal:
            outcomes.append(refusal)
    return await _store(tx, actor, picture, outcomes, at=at, job_id=job_id)


def check_draft(
    actor: Actor, draft: EventDraft, *, picture: Picture, catalog: EventCatalog
) -> None:
    """What can be told of a draft without the database; raises a refusal."""
    actor.require(Permission.EVENT_WRITE)
    require_open(picture.workspace, writing=True)
    _check_place(actor, draft, picture=picture, catalog=catalog)
    check_content(draft, picture=picture, catalog=catalog)


def _checked(
    actor: Actor, draft: EventDraft, *, picture: Picture, catalog: EventCatalog
) -> EventDraft | Refusal:
    """The draft; or why it cannot be stored whatever it holds, by the rules of this moment."""
    try:
        _check_place(actor, draft, picture=picture, catalog=catalog)
    except Refusal as refusal:
        return refusal
    return draft


def _check_place(
    actor: Actor, draft: EventDraft, *, picture: Picture, catalog: EventCatalog
) -> None:
    if (draft.customer_id is None) == (draft.bring_back is None):
        message = "exactly one of customerId and bringBackProperties is required"
        raise Invalid(message, fields=(FieldError("customer_id", message),))
    if draft.type not in catalog.types:
        found = FieldError("type", "is not a known event type")
        raise Invalid("event is not valid", fields=(found,))
    if draft.type in picture.workspace.settings.disabled_event_types:
        message = f"event type {draft.type} is switched off"
        raise Invalid(message, fields=(FieldError("type", message),))
    if draft.bring_back is not None:
        _check_node(picture, actor, draft.bring_back.node_id)


def check_content(draft: EventDraft, *, picture: Picture, catalog: EventCatalog) -> None:
    """Raises Invalid when properties or context do not meet their schemas."""
    found = catalog.findings(
        draft.type,
        draft.context,
        properties=draft.properties,
        context_info=draft.context_info,
        definitions=picture.definitions,
    )
    if found:
        raise Invalid("event is not valid", fields=found)


def _check_node(picture: Picture, actor: Actor, node_id: UUID) -> None:
    try:
        picture.workspace.entry_node(node_id)
    except (NotFound, NotPermitted) as refusal:
        found = FieldError("bring_back.node_id", refusal.message)
        raise Invalid("event is not valid", fields=(found,)) from refusal
    actor.require_node(node_id)


def _owner(
    picture: Picture,
    actor: Actor,
    draft: EventDraft,
    owners: Mapping[UUID | BringBack, Owner],
) -> Owner:
    named = draft.customer_id or draft.bring_back
    found = owners.get(named) if named is not None else None
    if found is None:
        raise NotFound(f"customer not found {draft.customer_id}")
    actor.require_node(found[1])
    picture.workspace.entry_node(found[1])
    return found


def _recorded(
    draft: EventDraft, owner: Owner, *, catalog: EventCatalog, actor: Actor, at: datetime
) -> Recorded:
    event = Event(
        id=draft.id,
        node_id=owner[1],
        customer_id=owner[0],
        type=draft.type,
        context=draft.context,
        mode=catalog.types[draft.type].mode,
        occurred_at=inside_calendar(draft.occurred_at),
        registered_at=at,
        updated_at=at,
        version=1,
        properties=draft.properties,
        context_info=draft.context_info,
        tracking=draft.tracking,
        bring_back=draft.bring_back,
        source_id=actor.id,
    )
    return Recorded(event, new=True)


async def _store(
    tx: Transaction,
    actor: Actor,
    picture: Picture,
    outcomes: list[Outcome],
    *,
    at: datetime,
    job_id: UUID | None,
) -> list[Outcome]:
    good: dict[UUID, Event] = {}
    for one in outcomes:
        if isinstance(one, Recorded):
            good.setdefault(one.event.id, one.event)
    known = await _known(tx, actor, good, retried=job_id is not None)
    fresh = [event for event in good.values() if event.id not in known]
    if fresh:
        stored = await events.insert_events(
            tx, actor.workspace_id, fresh, at=at, source_id=actor.id, job_id=job_id
        )
        new = [event for event in fresh if event.id in stored]
        await _announce(tx, actor, picture, new, at=at)
        known |= {event.id for event in fresh} - stored
    seen = set(known)
    return [_marked(one, seen) for one in outcomes]


async def _known(
    tx: Transaction, actor: Actor, good: Mapping[UUID, Event], *, retried: bool
) -> set[UUID]:
    """Events stored before, whoever they belong to now; only a job sends the same ids again."""
    if not retried or not good:
        return set()
    return await events.known_events(tx, actor.workspace_id, event_ids=list(good))


def _marked(outcome: Outcome, seen: set[UUID]) -> Outcome:
    """An event that came twice, in the batch or before, is new once."""
    if not isinstance(outcome, Recorded):
        return outcome
    if outcome.event.id in seen:
        return Recorded(outcome.event, new=False)
    seen.add(outcome.event.id)
    return outcome


async def _announce(
    tx: Transaction, actor: Actor, picture: Picture, new: Sequence[Event], *, at: datetime
) -> None:
    """Counters and the update stream, the two that make writers of a workspace wait, last."""
    await feed_registry(tx, picture, new, at=at)
    await count_new(tx, picture.workspace, new)
    changes = [change_of(event, Operation.CREATE) for event in new]
    await updates.append_updates(tx, actor.workspace_id, changes, at=at)


def change_of(event: Event, operation: Operation) -> Change:
    """The update-stream entry of an event."""
    owner = event.customer_id or NIL
    return Change(Entity.EVENT, operation, event.id, event.node_id, owner, event.version)
