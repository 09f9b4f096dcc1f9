"""The update stream."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from onefold.actions.customers.read import read_several as read_customers
from onefold.actions.event_changes import read_several as read_events
from onefold.actions.transaction import Transaction
from onefold.actions.updates import last_offset, read_stream
from onefold.dialects.contacthub.endpoints.parameters import query_node, query_number
from onefold.dialects.contacthub.mapping.customers import wire_customer
from onefold.dialects.contacthub.mapping.events import wire_event
from onefold.dialects.contacthub.mapping.updates import wire_update
from onefold.model.errors import FieldError, Invalid
from onefold.model.updates import Entity, Update, UpdateFilter
from onefold.web.answers import Answer, json_answer
from onefold.web.endpoint import Call

SIZE_DEFAULT = 50
SIZE_MAX = 4000
OFFSET_MAX = 2**53
TIMESTAMP_MAX = 253_402_300_799_000
"""The last millisecond of the year 9999."""

Wire = dict[str, object]


async def get_updates(call: Call) -> Answer:
    size = query_number(call, "size", default=SIZE_DEFAULT, most=SIZE_MAX)
    offset = query_number(call, "offset", default=None, most=OFFSET_MAX)
    timestamp = query_number(call, "timestamp", default=None, most=TIMESTAMP_MAX)
    wanted = _filter(call)

    async def load(tx: Transaction) -> Wire:
        page = await read_stream(
            tx,
            call.actor,
            wanted=wanted,
            limit=SIZE_DEFAULT if size is None else size,
            offset=offset,
            since=None if timestamp is None else _moment(timestamp),
        )
        entities = await _entities(tx, call, page.updates)
        updates = [wire_update(one, entities) for one in page.updates]
        return {"nextOffset": page.next_offset, "updates": updates}

    return json_answer(200, await call.read(load))


async def get_last_offset(call: Call) -> Answer:
    wanted = _filter(call)
    found = await call.read(lambda tx: last_offset(tx, call.actor, wanted=wanted))
    return json_answer(200, {"lastOffset": found})


async def _entities(
    tx: Transaction, call: Call, updates: Sequence[Update]
) -> dict[UUID, dict[str, object]]:
    """Customers and events of the entries as they are now, in Contacthub's shape."""
    wanted: dict[Entity, set[UUID]] = {Entity.CUSTOMER: set(), Entity.EVENT: set()}
    for one in updates:
        wanted[one.change.entity].add(one.change.entity_id)
    found: dict[UUID, dict[str, object]] = {}
    if wanted[Entity.CUSTOMER]:
        ids = sorted(wanted[Entity.CUSTOMER])
        customers = await read_customers(tx, call.actor, customer_ids=ids)
        found.update({key: wire_customer(one) for key, one in customers.items()})
    if wanted[Entity.EVENT]:
        ids = sorted(wanted[Entity.EVENT])
        events = await read_events(tx, call.actor, event_ids=ids)
        found.update({key: wire_event(one) for key, one in events.items()})
    return found


def _filter(call: Call) -> UpdateFilter:
    entity = call.query.get("entity") or None
    if entity is not None and entity not in set(Entity):
        found = FieldError("/entity", "must be CUSTOMER or EVENT")
        raise Invalid("entity is not valid", fields=(found,))
    node_id = query_node(call)
    if node_id is not None:
        call.actor.require_node(call.picture.workspace.node(node_id).id)
    return UpdateFilter(node_id=node_id, entity=Entity(entity) if entity else None)


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
