"""Events: search, create, read, change, delete."""

from collections.abc import Callable
from uuid import UUID

from onefold.actions.event_changes import (
    change_event,
    find_events,
    read_event,
    read_neighbours,
)
from onefold.actions.event_changes import delete_event as remove
from onefold.actions.events import check_draft
from onefold.actions.transaction import Transaction
from onefold.dialects.contacthub.endpoints.parameters import (
    page,
    page_object,
    path_id,
    query_node,
)
from onefold.dialects.contacthub.mapping.events import (
    draft_of,
    patch_of,
    replacement_of,
    wire_event,
)
from onefold.dialects.contacthub.mapping.times import read_time
from onefold.dialects.contacthub.shapes.events import EventBody
from onefold.model.access import Permission
from onefold.model.errors import FieldError, Invalid, TooLarge
from onefold.model.event_consents import ConsentMissing
from onefold.model.events import Event, EventChange, EventFilter, EventMode
from onefold.model.filters import SEARCH_ELEMENTS_MAX
from onefold.model.ids import NIL
from onefold.web.answers import Answer, json_answer
from onefold.web.endpoint import Call

NAV_CUSTOMER = "CUSTOMER"
NOBODY = UUID(int=2**128 - 1)
"""An id that no customer has, so that a search for it finds nothing."""


async def search_events(call: Call) -> Answer:
    number, size = page(call)
    wanted = _filter(call)
    if wanted.node_id is not None:
        call.actor.require_node(call.picture.workspace.node(wanted.node_id).id)
    result = await call.read(
        lambda tx: find_events(
            tx,
            call.actor,
            picture=call.picture,
            wanted=wanted,
            offset=number * size,
            limit=size,
        )
    )
    elements = [wire_event(one) for one in result.events]
    pages = page_object(number, size, result.total, most=SEARCH_ELEMENTS_MAX)
    return json_answer(200, {"elements": elements, "page": pages})


async def create_event(call: Call) -> Answer:
    call.actor.require(Permission.EVENT_WRITE)
    draft = draft_of(await call.body(EventBody), at=call.at)
    _check_size(call, draft.type)
    check_draft(call.actor, draft, picture=call.picture, catalog=call.services.context.catalog)
    try:
        recorded = await call.services.record_event(call.actor, draft, call.retry_key())
    except ConsentMissing:
        return json_answer(202, {"id": str(draft.id)})  # accepted, and not kept
    return json_answer(202, {"id": str(recorded.event.id)})


async def get_event(call: Call) -> Answer:
    wanted = path_id(call, "id", "event")
    nav = call.query.get("nav")
    if nav not in (None, "", NAV_CUSTOMER):
        found = FieldError("/nav", "must be CUSTOMER or absent")
        raise Invalid("nav is not valid", fields=(found,))

    async def load(tx: Transaction) -> dict[str, object]:
        event = await read_event(tx, call.actor, event_id=wanted)
        wire = wire_event(event)
        if nav == NAV_CUSTOMER:
            near = await read_neighbours(tx, call.actor, event=event)
            wire["prev"] = str(near.before) if near.before else None
            wire["next"] = str(near.after) if near.after else None
        return wire

    return json_answer(200, await call.read(load))


async def replace_event(call: Call) -> Answer:
    return await _change(call, replacement_of)


async def patch_event(call: Call) -> Answer:
    return await _change(call, patch_of)


async def delete_event(call: Call) -> Answer:
    wanted = path_id(call, "id", "event")
    await call.write(
        lambda tx: remove(tx, call.actor, picture=call.picture, event_id=wanted, at=call.at)
    )
    return Answer(204)


async def _change(call: Call, change_of: Callable[[EventBody, Event], EventChange]) -> Answer:
    call.actor.require(Permission.EVENT_WRITE)
    wanted = path_id(call, "id", "event")
    body = await call.body(EventBody)

    def decide(stored: Event) -> EventChange:
        _check_size(call, stored.type)
        return change_of(body, stored)

    await call.write(
        lambda tx: change_event(
            tx,
            call.actor,
            picture=call.picture,
            catalog=call.services.context.catalog,
            event_id=wanted,
            decide=decide,
            at=call.at,
        )
    )
    return Answer(202)


def _check_size(call: Call, event_type: str) -> None:
    most = call.picture.workspace.settings.event_bytes_max.get(event_type)
    if most is not None and call.body_bytes > most:
        raise TooLarge(f"the payload is larger than {most} bytes")


def _filter(call: Call) -> EventFilter:
    catalog = call.services.context.catalog
    types = _words(call, "type", frozenset(catalog.types))
    contexts = _words(call, "context", frozenset(catalog.contexts))
    return EventFilter(
        customer_id=_customer(call),
        node_id=query_node(call),
        types=types,
        contexts=contexts,
        mode=_mode(call),
        since=read_time(_sign(call.query.get("dateFrom")), "/dateFrom"),
        until=read_time(_sign(call.query.get("dateTo")), "/dateTo"),
    )


def _customer(call: Call) -> UUID | None:
    """Whose events are wanted; nobody has an id that is none, and anonymous events have NIL."""
    text = call.query.get("customerId")
    if not text:
        return None
    try:
        return UUID(text) if UUID(text) != NIL else NOBODY
    except ValueError:
        return NOBODY


def _mode(call: Call) -> str | None:
    mode = call.query.get("mode") or None
    if mode is not None and mode not in set(EventMode):
        found = FieldError("/mode", "must be ACTIVE or PASSIVE")
        raise Invalid("mode is not valid", fields=(found,))
    return mode


def _words(call: Call, name: str, known: frozenset[str]) -> tuple[str, ...]:
    """Values separated by commas, each one of the known."""
    words = tuple(one for one in (call.query.get(name) or "").split(",") if one)
    if not set(words) <= known:
        found = FieldError(f"/{name}", "is not one of the allowed values")
        raise Invalid(f"{name} is not valid", fields=(found,))
    return words


def _sign(text: str | None) -> str | None:
    """A plus sign that a client left bare in a query string arrives as a blank."""
    return text.replace(" ", "+") if text else None
