"""Figures from the counters, and the recount from the events that must agree with them exactly.

A counter and its event are always written by one transaction, so what a counter is wrong by does
not change while others write. A comparison reads one snapshot and stops nobody; a rebuild adds
the differences afterwards, in a slot that no flusher uses, and needs no pause either.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, tzinfo
from typing import NamedTuple
from uuid import UUID

from onefold.actions.directory import Picture
from onefold.actions.transaction import Database, Transaction
from onefold.model.access import Actor, Permission
from onefold.model.events import Event
from onefold.model.ids import NIL
from onefold.model.population import NodeCounts, NodeDay, count_stays, without_days_of_reach
from onefold.model.rollups import (
    ByCustomer,
    ByDay,
    Count,
    CustomerCount,
    CustomerKey,
    EventCount,
    EventKey,
    Key,
    NodeCount,
    count_by_customer,
    count_by_day,
    difference,
    plus,
    sum_counts,
)
from onefold.store import rollups
from onefold.store.database import Row, decode_json

SCAN_EVENTS_MAX = 5000
SCAN_CUSTOMERS_MAX = 5000
REBUILD_SLOT = 32_767
"""The largest slot there can be; flushers count theirs from 0."""

Progress = Callable[[int], None]
"""Told how many events were counted since the last call."""


class DayCount(NamedTuple):
    day: date
    type: str
    events: int


@dataclass(slots=True)
class Counters:
    """Every counter of a workspace, with its slots added up, and the events behind them.

    Only what can be counted again: not what was changed or deleted on a day.
    """

    by_day: ByDay = field(default_factory=dict)
    by_customer: ByCustomer = field(default_factory=dict)
    by_node: NodeCounts = field(default_factory=dict)
    events: int = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """What has to be added to each counter: nothing, unless something went past the write path."""

    events: int
    by_day: Mapping[EventKey, EventCount]
    by_customer: Mapping[CustomerKey, CustomerCount]
    by_node: Mapping[NodeDay, NodeCount]

    @property
    def exact(self) -> bool:
        return not (self.by_day or self.by_customer or self.by_node)

    @property
    def wrong(self) -> int:
        """How many counters differ."""
        return len(self.by_day) + len(self.by_customer) + len(self.by_node)


async def read_counts(
    tx: Transaction,
    actor: Actor,
    *,
    picture: Picture,
    since: date,
    until: date,
    node_id: UUID | None = None,
) -> list[DayCount]:
    """Events by day and type, both days included; of all nodes within reach unless one is named."""
    actor.require(Permission.EVENT_READ)
    if node_id is not None:
        actor.require_node(picture.workspace.node(node_id).id)
    nodes = [node_id] if node_id is not None else _nodes_of(actor)
    added: dict[tuple[date, str], int] = {}
    for one in nodes:
        rows = await rollups.read_event_counts(
            tx, actor.workspace_id, since=since, until=until, node_id=one
        )
        for day, event_type, many in rows:
            added[day, event_type] = added.get((day, event_type), 0) + many
    return [DayCount(*key, many) for key, many in sorted(added.items())]


async def recount(
    tx: Transaction, actor: Actor, *, picture: Picture, progress: Progress | None = None
) -> Counters:
    """What the counters should be: every event and customer of the workspace counted again.

    They are read batch by batch: without a snapshot, the result may be of no one moment.
    """
    actor.require(Permission.CONFIGURATION_READ)
    zone = picture.workspace.zone()
    counted, after = Counters(), NIL
    while rows := await rollups.scan_events(
        tx, actor.workspace_id, after=after, limit=SCAN_EVENTS_MAX
    ):
        batch = [counted_event(row) for row in rows]
        _add(counted.by_day, count_by_day(batch, zone=zone))
        _add(counted.by_customer, count_by_customer(batch, zone=zone))
        counted.events += len(batch)
        after = batch[-1].id
        if progress is not None:
            progress(len(batch))
    counted.by_node = await _recount_customers(tx, actor, zone)
    return counted


async def compare(
    database: Database, actor: Actor, *, picture: Picture, progress: Progress | None = None
) -> Comparison:
    """Holds the counters against a recount, both of the same moment."""
    actor.require(Permission.CONFIGURATION_READ)
    async with database.snapshot() as tx:
        counted = await recount(tx, actor, picture=picture, progress=progress)
        by_day = await rollups.all_event_counts(tx, actor.workspace_id)
        by_customer = await rollups.all_customer_counts(tx, actor.workspace_id)
        by_node = await rollups.all_node_counts(tx, actor.workspace_id)
    return Comparison(
        counted.events,
        difference(counted.by_day, by_day),
        difference(counted.by_customer, by_customer),
        difference(without_days_of_reach(counted.by_node), without_days_of_reach(by_node)),
    )


async def rebuild(
    database: Database, actor: Actor, *, picture: Picture, progress: Progress | None = None
) -> Comparison:
    """Puts right whatever a comparison finds, and returns it; writers go on meanwhile."""
    actor.require(Permission.CONFIGURATION_WRITE)
    found = await compare(database, actor, picture=picture, progress=progress)
    async with database.transaction(slot=REBUILD_SLOT) as tx:
        await rollups.add_customer_counts(tx, actor.workspace_id, found.by_customer)
        await rollups.add_event_counts(tx, actor.workspace_id, found.by_day)
        await rollups.add_node_counts(tx, actor.workspace_id, found.by_node)
    return found


async def _recount_customers(tx: Transaction, actor: Actor, zone: tzinfo) -> NodeCounts:
    counted: NodeCounts = {}
    after = NIL
    while some := await rollups.scan_customers(
        tx, actor.workspace_id, after=after, limit=SCAN_CUSTOMERS_MAX
    ):
        counted = sum_counts(counted, count_stays((stay for _, stay in some), zone=zone))
        after = some[-1][0]
    return counted


def _nodes_of(actor: Actor) -> list[UUID | None]:
    return [None] if actor.node_ids is None else list(actor.node_ids)


def counted_event(row: Row) -> Event:
    """As much of an event as counting needs."""
    event_id, node_id, owner, event_type, context, occurred_at, registered_at, properties = row
    return Event(
        id=event_id,
        node_id=node_id,
        customer_id=None if owner == NIL else owner,
        type=event_type,
        context=context,
        mode="",
        occurred_at=occurred_at,
        registered_at=registered_at,
        updated_at=registered_at,
        version=1,
        properties=decode_json(properties),
    )


def _add(total: dict[Key, Count], batch: Mapping[Key, Count]) -> None:
    for key, count in batch.items():
        known = total.get(key)
        total[key] = count if known is None else plus(known, count)
