"""What customers that come, change and go add to the counters of their nodes."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, tzinfo
from typing import NamedTuple
from uuid import UUID

from onefold.model.customers import ContactKind, Customer, Profile
from onefold.model.rollups import NodeCount, is_first_change, local_day, plus

NodeDay = tuple[date, UUID]
"""A day of the workspace's time zone, and a node."""

NodeCounts = dict[NodeDay, NodeCount]

_NO_DAY = date(1970, 1, 1)
_NOBODY = NodeCount()
_REACHES: Mapping[tuple[bool, bool], NodeCount] = {
    (True, True): NodeCount(by_both=1),
    (True, False): NodeCount(by_email=1),
    (False, True): NodeCount(by_mobile=1),
    (False, False): _NOBODY,
}
"""By primary e-mail address and mobile: they are asked for with every customer."""


class Stay(NamedTuple):
    """When a customer came to a node and left it; `left_at` is None for one that is there."""

    node_id: UUID
    came_at: datetime
    left_at: datetime | None
    profile: Profile


def reach_of(profile: Profile) -> NodeCount:
    """How a customer can be reached: by the primary e-mail address and the primary mobile."""
    return reach_by(
        email=_has(profile, ContactKind.EMAIL), mobile=_has(profile, ContactKind.MOBILE)
    )


def reach_by(*, email: bool, mobile: bool) -> NodeCount:
    return _REACHES[email, mobile]


def count_arrivals(customers: Iterable[Customer], *, zone: tzinfo) -> NodeCounts:
    """Customers as they are stored first; one that has a later version by then changed too."""
    counts: NodeCounts = {}
    for one in customers:
        came = NodeCount(added=1, changed=int(one.version > 1))
        key = (local_day(one.registered_at, zone), one.node_id)
        _put(counts, key, plus(came, reach_of(one.profile)))
    return counts


def count_changes(
    changes: Iterable[tuple[Customer, Customer]], *, zone: tzinfo, at: datetime
) -> NodeCounts:
    """Customers as they were and as they are."""
    counts: NodeCounts = {}
    today = local_day(at, zone)
    for before, after in changes:
        first = is_first_change(before.version, before.updated_at, at=at, zone=zone)
        moved = plus(reach_of(after.profile), reach_of(before.profile), sign=-1)
        _put(counts, (today, after.node_id), plus(moved, NodeCount(changed=int(first))))
    return counts


def count_departures(customers: Iterable[Customer], *, zone: tzinfo, at: datetime) -> NodeCounts:
    counts: NodeCounts = {}
    today = local_day(at, zone)
    for one in customers:
        _put(counts, (today, one.node_id), _without(reach_of(one.profile)))
        _put(counts, (local_day(one.registered_at, zone), one.node_id), NodeCount(gone=1))
    return counts


def count_returns(
    returns: Iterable[tuple[datetime, Customer]], *, zone: tzinfo, at: datetime
) -> NodeCounts:
    """Persons that had been merged away, since when, and as they are: as if they never had been."""
    counts: NodeCounts = {}
    for since, one in returns:
        _put(counts, (local_day(since, zone), one.node_id), NodeCount(removed=-1))
        _put(counts, (local_day(one.registered_at, zone), one.node_id), NodeCount(gone=-1))
        _put(counts, (local_day(at, zone), one.node_id), reach_of(one.profile))
    return counts


def count_stays(stays: Iterable[Stay], *, zone: tzinfo) -> NodeCounts:
    """What the counters should be, as far as it can be told from the customers themselves."""
    counts: NodeCounts = {}
    for one in stays:
        came = (local_day(one.came_at, zone), one.node_id)
        if one.left_at is None:
            _put(counts, came, plus(NodeCount(added=1), reach_of(one.profile)))
        else:
            _put(counts, came, NodeCount(added=1, gone=1))
            _put(counts, (local_day(one.left_at, zone), one.node_id), NodeCount(removed=1))
    return counts


def without_days_of_reach(counts: Mapping[NodeDay, NodeCount]) -> NodeCounts:
    """The same with each node's reach as one sum: on which day it changed cannot be told later."""
    settled: NodeCounts = {}
    for key, count in counts.items():
        _put(settled, key, replace(count, by_both=0, by_email=0, by_mobile=0))
        reach = replace(count, added=0, changed=0, removed=0, gone=0)
        _put(settled, (_NO_DAY, key[1]), reach)
    return settled


def _without(reach: NodeCount) -> NodeCount:
    return plus(NodeCount(removed=1), reach, sign=-1)


def _put(counts: NodeCounts, key: NodeDay, count: NodeCount) -> None:
    counts[key] = plus(counts.get(key, _NOBODY), count)


def _has(profile: Profile, kind: ContactKind) -> bool:
    point = profile.primary_contact(kind)
    return point is not None and bool(point.value)
