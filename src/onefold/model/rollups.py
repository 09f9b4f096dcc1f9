"""Counters: what is added when an event comes and taken away when it goes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from onefold.model.events import PURCHASE, Event, money_of

AMOUNT_ABS_MAX = Decimal(10) ** 15
"""A total above this is counted as an event, not as money: the counter could not hold it."""

_CENT = Decimal("0.0001")
_NOTHING = Decimal(0)


class EventKey(NamedTuple):
    """What is counted apart; `day` is a day of the workspace's time zone."""

    day: date
    node_id: UUID
    type: str
    context: str
    currency: str


class CustomerKey(NamedTuple):
    customer_id: UUID
    type: str
    currency: str


@dataclass(frozen=True, slots=True)
class EventCount:
    events: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class CustomerCount:
    events: int
    amount: Decimal
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class NodeCount:
    """Customers that came to a node and went from it on one day."""

    added: int = 0
    removed: int = 0


def local_day(at: datetime, zone: tzinfo) -> date:
    """The day of a moment; at the two ends of the calendar, where no other is, the day in UTC."""
    try:
        return at.astimezone(zone).date()
    except OverflowError:
        return at.astimezone(UTC).date()


def sum_by_day(
    one: Mapping[EventKey, EventCount], other: Mapping[EventKey, EventCount]
) -> dict[EventKey, EventCount]:
    """Both together, without what comes to nothing."""
    total = dict(one)
    for key, count in other.items():
        known = total.get(key, EventCount(0, Decimal(0)))
        total[key] = EventCount(known.events + count.events, known.amount + count.amount)
    return {key: count for key, count in total.items() if count.events or count.amount}


def count_by_day(
    events: Iterable[Event], *, zone: tzinfo, sign: int = 1
) -> dict[EventKey, EventCount]:
    """What these events add to the counters by day; with sign -1, what their going takes."""
    counts: dict[EventKey, EventCount] = {}
    for event in events:
        currency, amount = _money(event)
        day = local_day(event.occurred_at, zone)
        key = EventKey(day, event.node_id, event.type, event.context, currency)
        before = counts.get(key)
        added = amount * sign
        if before is None:
            counts[key] = EventCount(sign, added)
        else:
            counts[key] = EventCount(before.events + sign, before.amount + added)
    return counts


def count_by_customer(
    events: Iterable[Event], *, sign: int = 1
) -> dict[CustomerKey, CustomerCount]:
    """What these events add to their customers' counters; anonymous ones add nothing."""
    by_key: dict[CustomerKey, list[Event]] = {}
    for event in events:
        if event.customer_id is not None:
            key = CustomerKey(event.customer_id, event.type, _money(event)[0])
            by_key.setdefault(key, []).append(event)
    return {key: _count(some, sign) for key, some in by_key.items()}


def _count(events: list[Event], sign: int) -> CustomerCount:
    if len(events) == 1:
        (event,) = events
        at = event.occurred_at
        return CustomerCount(sign, _money(event)[1] * sign, at, at)
    times = [event.occurred_at for event in events]
    amount = sum((_money(event)[1] for event in events), _NOTHING)
    return CustomerCount(len(events) * sign, amount * sign, min(times), max(times))


def _money(event: Event) -> tuple[str, Decimal]:
    if event.type != PURCHASE:
        return "", _NOTHING
    currency, amount = money_of(event.type, event.properties)
    if not amount:
        return currency, amount
    if abs(amount) > AMOUNT_ABS_MAX:
        return currency, _NOTHING
    return currency, amount.quantize(_CENT)
