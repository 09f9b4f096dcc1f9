"""Figures: over which days they go, by which interval, and what purchases come to."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from onefold.model.rollups import EventCount, EventKey, local_day

MONTHS_OF_YEAR = 12
_MOMENT = timedelta(microseconds=1)
_PLACES = Decimal("0.0001")
_NOTHING = Decimal(0)


class Interval(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Deed(StrEnum):
    """What is done with a customer or an event on a day."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


class Days(NamedTuple):
    """Days of the workspace's time zone, both included."""

    since: date
    until: date


class Point(NamedTuple):
    """A value of a series; `day` is the first of its interval."""

    day: date
    value: int


class Series(NamedTuple):
    """Points in time, of one event type (and context) where figures are by type."""

    type: str
    context: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """What was asked for. Counters are by day: the days of both ends count in full."""

    start: datetime
    end: datetime

    def days(self, zone: tzinfo) -> Days:
        """A period that ends at midnight does not reach into the day that begins then."""
        last = self.end - _MOMENT if self.end > self.start else self.end
        return Days(local_day(self.start, zone), local_day(last, zone))


@dataclass(frozen=True, slots=True)
class Scope:
    """Which counters a figure is made of; `node_ids` None means every node."""

    days: Days
    node_ids: tuple[UUID, ...] | None = None


class Purchases(NamedTuple):
    """Completed orders of one currency, returns among them and taken off the money."""

    currency: str
    events: int = 0
    returns: int = 0
    units: Decimal = _NOTHING
    total: Decimal = _NOTHING
    revenue: Decimal = _NOTHING

    @property
    def orders(self) -> int:
        return self.events - self.returns

    @property
    def average(self) -> Decimal:
        """Money of one order; what came back is off it."""
        return (self.total / self.orders).quantize(_PLACES) if self.orders else _NOTHING


class Population(NamedTuple):
    """How many customers there are, and how they can be reached."""

    customers: int
    by_both: int
    by_email: int
    by_mobile: int

    @property
    def unreachable(self) -> int:
        return self.customers - self.by_both - self.by_email - self.by_mobile


def months_before(moment: datetime, months: int) -> datetime:
    """The same time that many months earlier; on the last day of a shorter month."""
    number = moment.year * MONTHS_OF_YEAR + moment.month - 1 - months
    year, month = divmod(number, MONTHS_OF_YEAR)
    if year < 1:
        return datetime.min.replace(tzinfo=moment.tzinfo)
    day = min(moment.day, monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)


def first_day(day: date, interval: Interval) -> date:
    """Weeks begin on Monday."""
    if interval is Interval.MONTH:
        return day.replace(day=1)
    if interval is Interval.WEEK:
        return date.fromordinal(max(1, day.toordinal() - day.weekday()))
    return day


def gathered(points: Iterable[Point], interval: Interval) -> tuple[Point, ...]:
    """Days added up to intervals; one in which nothing was counted is left out."""
    total: dict[date, int] = {}
    for day, value in points:
        first = first_day(day, interval)
        total[first] = total.get(first, 0) + value
    return tuple(Point(day, value) for day, value in sorted(total.items()) if value)


def less_series(
    series: Iterable[Series], taken: Iterable[tuple[EventKey, int]], *, by_context: bool
) -> list[Series]:
    """Series without events that were counted among them; what comes to nothing is left out."""
    off: dict[tuple[str, str, date], int] = {}
    for key, many in taken:
        place = key.type, key.context if by_context else "", key.day
        off[place] = off.get(place, 0) + many
    left = [
        one._replace(
            points=tuple(
                Point(day, value - off.get((one.type, one.context, day), 0))
                for day, value in one.points
                if value != off.get((one.type, one.context, day), 0)
            )
        )
        for one in series
    ]
    return [one for one in left if one.points]


def less_purchases(
    purchases: Iterable[Purchases], taken: Iterable[tuple[EventKey, EventCount]]
) -> list[Purchases]:
    """Purchases without some that were counted among them."""
    left = {one.currency: one for one in purchases}
    for key, count in taken:
        known = left.get(key.currency)
        if known is not None:
            left[key.currency] = Purchases(
                known.currency,
                known.events - count.events,
                known.returns - count.returns,
                known.units - count.units,
                known.total - count.amount,
                known.revenue - count.revenue,
            )
    return list(left.values())


def in_currency(purchases: Iterable[Purchases], currency: str) -> list[Purchases]:
    """Purchases that name no currency are in that of the workspace, which always has an entry."""
    total = {currency: Purchases(currency)}
    for one in purchases:
        name = one.currency or currency
        known = total.get(name, Purchases(name))
        total[name] = Purchases(
            name,
            known.events + one.events,
            known.returns + one.returns,
            known.units + one.units,
            known.total + one.total,
            known.revenue + one.revenue,
        )
    return [total[name] for name in sorted(total)]
