"""Events: what happened to a customer, or to a session that is nobody's yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any
from uuid import UUID

PURCHASE = "completedOrder"
"""The type whose amounts are money that came in."""


_INSTANT = timedelta(microseconds=1)
_FIRST_MOMENT = datetime.min.replace(tzinfo=UTC) + _INSTANT
_LAST_MOMENT = datetime.max.replace(tzinfo=UTC) - _INSTANT


class EventMode(StrEnum):
    """Whether the customer did it or it happened to the customer."""

    ACTIVE = "ACTIVE"
    PASSIVE = "PASSIVE"


class BringBackBy(StrEnum):
    """What ties an event to a customer whose id the sender does not know."""

    SESSION_ID = "SESSION_ID"
    EXTERNAL_ID = "EXTERNAL_ID"


@dataclass(frozen=True, slots=True)
class BringBack:
    """`value` is looked up among the sessions or external ids of the node."""

    by: BringBackBy
    value: str
    node_id: UUID


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened.

    `id` is time-ordered and its time is that of the event when it was recorded; `customer_id` is
    None while nobody is known to have done it.
    """

    id: UUID
    node_id: UUID
    customer_id: UUID | None
    type: str
    context: str
    mode: str
    occurred_at: datetime
    registered_at: datetime
    updated_at: datetime
    version: int
    properties: Mapping[str, Any]
    context_info: Mapping[str, Any] | None = None
    tracking: Mapping[str, Any] | None = None
    bring_back: BringBack | None = None
    source_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class EventDraft:
    """An event to record: exactly one of `customer_id` and `bring_back` is given."""

    id: UUID
    type: str
    context: str
    occurred_at: datetime
    properties: Mapping[str, Any]
    customer_id: UUID | None = None
    bring_back: BringBack | None = None
    context_info: Mapping[str, Any] | None = None
    tracking: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class EventChange:
    """A new state of a stored event; None leaves a part as it is."""

    properties: Mapping[str, Any] | None = None
    context: str | None = None
    context_info: Mapping[str, Any] | None = None
    occurred_at: datetime | None = None
    tracking: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class EventFilter:
    """What a search of events asks for; empty parts do not restrict.

    `members` are the customers of a person, `of_persons_in` an aggregate node whose persons are
    meant and `anonymous_in` the entry nodes of it, for what nobody known did there: all find
    events where they are, with the customers who did them.
    """

    customer_id: UUID | None = None
    node_id: UUID | None = None
    members: tuple[UUID, ...] = ()
    of_persons_in: UUID | None = None
    anonymous_in: tuple[UUID, ...] = ()
    types: tuple[str, ...] = ()
    contexts: tuple[str, ...] = ()
    mode: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def inside_calendar(at: datetime) -> datetime:
    """The moment, a microsecond inside when it is the first or the last that there can be.

    The database's driver takes those two for infinities. Clients do send the first:
    0001-01-01T00:00:00Z is what .NET has for no date at all.
    """
    return min(max(at, _FIRST_MOMENT), _LAST_MOMENT)


def money_of(event_type: str, properties: Mapping[str, Any]) -> tuple[str, Decimal]:
    """Currency (empty when not given) and total of a purchase; zero for every other event.

    A return counts negative whatever its sign on the wire.
    """
    if event_type != PURCHASE:
        return "", Decimal(0)
    amount = properties.get("amount") or {}
    try:
        total = Decimal(str(amount.get("total") or 0))
    except InvalidOperation:
        return "", Decimal(0)
    if not total.is_finite():
        return "", Decimal(0)
    local = amount.get("local") or {}
    currency = str(local.get("currency") or "")
    return currency, -abs(total) if properties.get("type") == "return" else total
