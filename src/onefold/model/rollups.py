"""Counters: what is added when an event or a customer comes, changes or goes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from decimal import Decimal
from typing import NamedTuple, TypeVar
from uuid import UUID

from onefold.model.events import Event
from onefold.model.purchases import Purchase, purchase_of

_NOTHING = Decimal(0)


class EventKey(NamedTuple):
    """What is counted apart; `day` is a day of the workspace's time zone."""

    day: date
    node_id: UUID
    type: str
    context: str
    currency: str


class CustomerKey(NamedTuple):
    """The same for one customer."""

    customer_id: UUID
    type: str
    currency: str
    day: date


@dataclass(frozen=True, slots=True)
class EventCount:
    """`events` to `returns` belong to the day on which the events happened.

    The others belong to the day on which something was done here: events recorded, changed (each
    once a day) and deleted. `gone` are those that were recorded on that day and deleted since.
    """

    events: int = 0
    amount: Decimal = _NOTHING
    revenue: Decimal = _NOTHING
    units: Decimal = _NOTHING
    returns: int = 0
    added: int = 0
    changed: int = 0
    removed: int = 0
    gone: int = 0


@dataclass(frozen=True, slots=True)
class CustomerCount:
    events: int = 0
    amount: Decimal = _NOTHING
    revenue: Decimal = _NOTHING
    units: Decimal = _NOTHING
    returns: int = 0


@dataclass(frozen=True, slots=True)
class NodeCount:
    """Customers that came to a node, changed (each once) and went from it on one day.

    `gone` are those that came on that day and went since. The last three add up, over all days,
    to how many customers can be reached in which way now.
    """

    added: int = 0
    changed: int = 0
    removed: int = 0
    gone: int = 0
    by_both: int = 0
    by_email: int = 0
    by_mobile: int = 0


Count = TypeVar("Count", EventCount, CustomerCount, NodeCount)
Key = TypeVar("Key")

ByDay = dict[EventKey, EventCount]
ByCustomer = dict[CustomerKey, CustomerCount]
_Valued = tuple[Event, Purchase]


def local_day(at: datetime, zone: tzinfo) -> date:
    """The day of a moment; at the two ends of the calendar, where no other is, the day in UTC."""
    try:
        return at.astimezone(zone).date()
    except OverflowError:
        return at.astimezone(UTC).date()


def start_of_day(day: date, zone: tzinfo) -> datetime:
    """When a day begins; at the two ends of the calendar, in UTC."""
    begins = datetime.combine(day, time.min, tzinfo=zone)
    try:
        return begins.astimezone(UTC)
    except OverflowError:
        return begins.replace(tzinfo=UTC)


def plus(one: Count, other: Count, *, sign: int = 1) -> Count:
    """Both together, field by field; with sign -1, the one without the other."""
    names = one.__dataclass_fields__
    return type(one)(*(getattr(one, name) + sign * getattr(other, name) for name in names))


def sum_counts(*several: Mapping[Key, Count]) -> dict[Key, Count]:
    """All together, without what comes to nothing."""
    total: dict[Key, Count] = {}
    for counts in several:
        for key, count in counts.items():
            known = total.get(key)
            total[key] = count if known is None else plus(known, count)
    return _without_nothing(total)


def difference(right: Mapping[Key, Count], wrong: Mapping[Key, Count]) -> dict[Key, Count]:
    """What has to be added to the second to get the first."""
    missing = dict(right)
    for key, count in wrong.items():
        known = missing.get(key)
        missing[key] = plus(type(count)() if known is None else known, count, sign=-1)
    return _without_nothing(missing)


def _without_nothing(counts: Mapping[Key, Count]) -> dict[Key, Count]:
    return {
        key: count
        for key, count in counts.items()
        if any(getattr(count, name) for name in count.__dataclass_fields__)
    }


class _Tally:
    """A count under way; thousands of events are added to it one by one."""

    __slots__ = ("added", "amount", "events", "returns", "revenue", "units")

    def __init__(self) -> None:
        self.events = self.returns = self.added = 0
        self.amount = self.revenue = self.units = _NOTHING

    def add(self, purchase: Purchase, sign: int) -> None:
        self.events += sign
        if purchase.currency or purchase.total or purchase.revenue or purchase.units:
            self.amount += purchase.total * sign
            self.revenue += purchase.revenue * sign
            self.units += purchase.units * sign
        self.returns += purchase.returns * sign


def count_new(events: Iterable[Event], *, zone: tzinfo) -> tuple[ByDay, ByCustomer]:
    """What new events add to both kinds of counters; each purchase is added up once."""
    valued = _valued(events)
    return _by_day(valued, zone), _by_customer(valued, zone)


def _valued(events: Iterable[Event]) -> list[_Valued]:
    return [(event, purchase_of(event)) for event in events]


def count_by_day(events: Iterable[Event], *, zone: tzinfo, sign: int = 1) -> ByDay:
    """What these events add to the counters by day; with sign -1, the same taken away."""
    return _by_day(_valued(events), zone, sign)


def _by_day(events: Iterable[_Valued], zone: tzinfo, sign: int = 1) -> ByDay:
    tallies: dict[EventKey, _Tally] = {}
    for event, purchase in events:
        key = _key(event, event.occurred_at, zone, purchase)
        _tally(tallies, key).add(purchase, sign)
        if event.registered_at is not event.occurred_at:
            key = _key(event, event.registered_at, zone, purchase)
        _tally(tallies, key).added += sign
    return {
        key: EventCount(one.events, one.amount, one.revenue, one.units, one.returns, one.added)
        for key, one in tallies.items()
    }


def count_gone_by_day(events: Iterable[Event], *, zone: tzinfo, at: datetime) -> ByDay:
    """What the deletion of these events, at that moment, does to the counters by day."""
    events = list(events)
    today = local_day(at, zone)
    counts = {
        key: EventCount(
            count.events, count.amount, count.revenue, count.units, count.returns, gone=-count.added
        )
        for key, count in count_by_day(events, zone=zone, sign=-1).items()
    }
    for event in events:
        key = _key(event, at, zone, purchase_of(event))._replace(day=today)
        counts[key] = plus(counts.get(key, EventCount()), EventCount(removed=1))
    return counts


def count_change_by_day(before: Event, after: Event, *, zone: tzinfo) -> ByDay:
    """What turning the one into the other does to the counters by day."""
    moved = sum_counts(count_by_day([before], zone=zone, sign=-1), count_by_day([after], zone=zone))
    if not is_first_change(before.version, before.updated_at, at=after.updated_at, zone=zone):
        return moved
    key = _key(after, after.updated_at, zone, purchase_of(after))
    return sum_counts(moved, {key: EventCount(changed=1)})


def is_first_change(version: int, changed_at: datetime, *, at: datetime, zone: tzinfo) -> bool:
    """Whether what has this version, made at `changed_at`, changes at `at` first on that day."""
    return version == 1 or local_day(changed_at, zone) != local_day(at, zone)


def count_by_customer(events: Iterable[Event], *, zone: tzinfo, sign: int = 1) -> ByCustomer:
    """What these events add to their customers' counters; anonymous ones add nothing."""
    return _by_customer(_valued(events), zone, sign)


def _by_customer(events: Iterable[_Valued], zone: tzinfo, sign: int = 1) -> ByCustomer:
    tallies: dict[CustomerKey, _Tally] = {}
    for event, purchase in events:
        if event.customer_id is None:
            continue
        day = local_day(event.occurred_at, zone)
        key = CustomerKey(event.customer_id, event.type, purchase.currency, day)
        tally = tallies.get(key)
        if tally is None:
            tally = tallies[key] = _Tally()
        tally.add(purchase, sign)
    return {
        key: CustomerCount(one.events, one.amount, one.revenue, one.units, one.returns)
        for key, one in tallies.items()
    }


def count_change_by_customer(before: Event, after: Event, *, zone: tzinfo) -> ByCustomer:
    """What turning the one into the other does to the customers' counters."""
    return sum_counts(
        count_by_customer([before], zone=zone, sign=-1), count_by_customer([after], zone=zone)
    )


def _key(event: Event, at: datetime, zone: tzinfo, purchase: Purchase) -> EventKey:
    day = local_day(at, zone)
    return EventKey(day, event.node_id, event.type, event.context, purchase.currency)


def _tally(tallies: dict[EventKey, _Tally], key: EventKey) -> _Tally:
    tally = tallies.get(key)
    if tally is None:
        tally = tallies[key] = _Tally()
    return tally
