"""Events: Contacthub's shape and the record, both ways."""

from datetime import datetime
from uuid import UUID

from msgspec import UNSET

from onefold.dialects.contacthub.mapping.parts import Wire
from onefold.dialects.contacthub.mapping.times import read_time, wire_time
from onefold.dialects.contacthub.shapes.events import BringBack as BringBackShape
from onefold.dialects.contacthub.shapes.events import EventBody
from onefold.model.errors import FieldError, Invalid
from onefold.model.events import BringBack, BringBackBy, Event, EventChange, EventDraft
from onefold.model.ids import uuid7


def draft_of(body: EventBody, *, at: datetime) -> EventDraft:
    """A new event; its id starts with its date, or with the time of arrival when it has none."""
    date = None if body.date is UNSET else read_time(body.date, "/date")
    occurred_at = date or at
    customer = None if body.customer_id in (UNSET, None) else UUID(str(body.customer_id))
    brought = body.bring_back_properties
    return EventDraft(
        id=uuid7(occurred_at),
        type=str(body.type),
        context=str(body.context),
        occurred_at=occurred_at,
        properties=body.properties or {},
        customer_id=customer,
        bring_back=None if brought is UNSET or brought is None else _bring_back(brought),
        context_info=None if body.context_info is UNSET else body.context_info,
        tracking=None if body.tracking is UNSET else body.tracking,
    )


def wire_event(event: Event) -> Wire:
    wire: Wire = {
        "id": str(event.id),
        "customerId": str(event.customer_id) if event.customer_id else None,
        "bringBackProperties": _wire_bring_back(event.bring_back),
        "type": event.type,
        "properties": event.properties,
        "context": event.context,
        "contextInfo": event.context_info or {},
        "date": wire_time(event.occurred_at),
        "tracking": event.tracking or None,
        "origin": "NATIVE",
        "registeredAt": wire_time(event.registered_at),
        "updatedAt": wire_time(event.updated_at),
        "version": event.version,
    }
    return wire


def replacement_of(body: EventBody, stored: Event) -> EventChange:
    """What PUT wants; raises Invalid for a part that cannot change, or that is missing."""
    _refuse_changes(body, stored)
    for name, has in (
        ("customer_id", stored.customer_id is not None),
        ("bring_back_properties", stored.bring_back is not None),
    ):
        if has and getattr(body, name) in (UNSET, None):
            raise _fixed(name, "is required")
    return EventChange(
        properties=body.properties or {},
        context=str(body.context),
        context_info={} if body.context_info in (UNSET, None) else dict(body.context_info or {}),
        occurred_at=None if body.date is UNSET else read_time(body.date, "/date"),
        tracking={} if body.tracking in (UNSET, None) else dict(body.tracking or {}),
    )


def patch_of(body: EventBody, stored: Event) -> EventChange:
    """What PATCH wants: properties merge key by key, null removes a key."""
    _refuse_changes(body, stored)
    if body.context is not UNSET and body.context != stored.context:
        raise _fixed("context", "cannot change")
    return EventChange(
        properties=_merged(stored.properties, body.properties),
        context_info=_merged(stored.context_info or {}, body.context_info),
        occurred_at=None if body.date is UNSET else read_time(body.date, "/date"),
        tracking=None if body.tracking is UNSET else (body.tracking or {}),
    )


def _merged(stored: object, sent: object) -> Wire | None:
    if sent is UNSET:
        return None
    if sent is None:
        return {}
    if not isinstance(stored, dict) or not isinstance(sent, dict):
        raise TypeError(type(sent))
    merged = {**stored, **sent}
    return {name: value for name, value in merged.items() if value is not None}


_WIRE_NAMES = {
    "id": "/id",
    "customer_id": "/customerId",
    "bring_back_properties": "/bringBackProperties",
    "type": "/type",
    "context": "/context",
    "registered_at": "/registeredAt",
}


def _refuse_changes(body: EventBody, stored: Event) -> None:
    for name, value in (("id", stored.id), ("customer_id", stored.customer_id)):
        sent = getattr(body, name)
        if sent not in (UNSET, None) and UUID(sent) != value:
            raise _fixed(name, "cannot change")
    if body.type not in (UNSET, stored.type):
        raise _fixed("type", "cannot change")
    brought = body.bring_back_properties
    if brought not in (UNSET, None) and _bring_back(brought) != stored.bring_back:
        raise _fixed("bring_back_properties", "cannot change")
    if body.registered_at not in (UNSET, None):
        sent_at = read_time(str(body.registered_at), "/registeredAt")
        if sent_at is None or wire_time(sent_at) != wire_time(stored.registered_at):
            raise _fixed("registered_at", "cannot change")


def _fixed(name: str, message: str) -> Invalid:
    return Invalid("event is not valid", fields=(FieldError(_WIRE_NAMES[name], message),))


def _bring_back(shape: BringBackShape) -> BringBack:
    return BringBack(BringBackBy(shape.type), shape.value, UUID(shape.node_id))


def _wire_bring_back(brought: BringBack | None) -> Wire | None:
    if brought is None:
        return None
    return {"type": brought.by.value, "value": brought.value, "nodeId": str(brought.node_id)}
