"""Figures from the counters, and the recount from the events that must agree with them exactly.

A counter and its event are always written by one transaction, so what a counter is wrong by does
not change while others write. A comparison reads one snapshot and stops nobody; a rebuild adds
the differences afterwards, in a slot that no flusher uses, and needs no pause either.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from onefold.actions.directory import Picture
from onefold.actions.transaction import Database, Transaction
from onefold.model.access import Actor, Permission
from onefold.model.events import Event
from onefold.model.ids import NIL
from onefold.model.rollups import (
    CustomerCount,
    CustomerKey,
    EventCount,
    EventKey,
    count_by_customer,
    count_by_day,
)
from onefold.store import events, rollups
from onefold.store.database import Row, decode_json

SCAN_EVENTS_MAX = 5000
RECOUNT_EVENTS_MAX = 1_000_000
REBUILD_SLOT = 32_767
"""The largest slot there can be; flushers count theirs from 0."""

NOTHING = EventCount(0, Decimal(0))

Progress = Callable[[int], None]
"""Told how many events were counted since the last call."""


class DayCount(NamedTuple):
    day: date
    type: str
    events: int


@dataclass(slots=True)
class Counters:
    """Every counter of a workspace, with its slots added up, and the events behind them."""

    by_day: dict[EventKey, EventCount] = field(default_factory=dict)
    by_customer: dict[CustomerKey, CustomerCount] = field(default_factory=dict)
    events: int = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the counters are wrong by: nothing, unless something went past the write path.

    `by_day` is what has to be added to each counter; `customers` names whose counters of which
    type differ.
    """

    events: int
    by_day: Mapping[EventKey, EventCount]
    customers: frozenset[tuple[UUID, str]]

    @property
    def exact(self) -> bool:
        return not self.by_day and not self.customers


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
    """What the counters should be: every event of the workspace counted again.

    The events are read batch by batch: without a snapshot, the result may be of no one moment.
    """
    actor.require(Permission.CONFIGURATION_READ)
    zone = picture.workspace.zone()
    counted, after = Counters(), NIL
    while rows := await rollups.scan_events(
        tx, actor.workspace_id, after=after, limit=SCAN_EVENTS_MAX
    ):
        batch = [_event(row) for row in rows]
        _add_days(counted.by_day, count_by_day(batch, zone=zone))
        _add_customers(counted.by_customer, count_by_customer(batch))
        counted.events += len(batch)
        after = batch[-1].id
        if progress is not None:
            progress(len(batch))
    return counted


async def compare(
    database: Database, actor: Actor, *, picture: Picture, progress: Progress | None = None
) -> Comparison:
    """Holds the counters against a recount, both of the same moment."""
    actor.require(Permission.CONFIGURATION_READ)
    async with _snapshot(database) as tx:
        counted = await recount(tx, actor, picture=picture, progress=progress)
        stored = Counters(
            await rollups.all_event_counts(tx, actor.workspace_id),
            await rollups.all_customer_counts(tx, actor.workspace_id),
        )
    return Comparison(
        counted.events,
        _missing_by_day(counted.by_day, stored.by_day),
        _differing_customers(counted.by_customer, stored.by_customer),
    )


async def rebuild(
    database: Database, actor: Actor, *, picture: Picture, progress: Progress | None = None
) -> Comparison:
    """Puts right whatever a comparison finds, and returns it; writers go on meanwhile."""
    actor.require(Permission.CONFIGURATION_WRITE)
    found = await compare(database, actor, picture=picture, progress=progress)
    async with database.transaction(slot=REBUILD_SLOT) as tx:
        for customer_id, event_type in sorted(found.customers):
            await _recount_customer(tx, actor.workspace_id, customer_id, event_type)
        await rollups.add_event_counts(tx, actor.workspace_id, found.by_day)
    return found


@asynccontextmanager
async def _snapshot(database: Database) -> AsyncIterator[Transaction]:
    """Reads that all see the same moment, however long they take."""
    async with (
        database.pool.acquire() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        yield Transaction(connection, database.sealer)


async def _recount_customer(
    tx: Transaction, workspace_id: UUID, customer_id: UUID, event_type: str
) -> None:
    """First and last times cannot be put right by adding, so these are counted anew."""
    await rollups.delete_customer_type(
        tx, workspace_id, customer_id=customer_id, event_type=event_type
    )
    left = await events.list_events_of_type(
        tx,
        workspace_id,
        customer_id=customer_id,
        event_type=event_type,
        limit=RECOUNT_EVENTS_MAX,
    )
    await rollups.add_customer_counts(tx, workspace_id, count_by_customer(left))


def _nodes_of(actor: Actor) -> list[UUID | None]:
    return [None] if actor.node_ids is None else list(actor.node_ids)


def _event(row: Row) -> Event:
    """As much of an event as counting needs."""
    event_id, node_id, owner, event_type, context, occurred_at, properties = row
    return Event(
        id=event_id,
        node_id=node_id,
        customer_id=None if owner == NIL else owner,
        type=event_type,
        context=context,
        mode="",
        occurred_at=occurred_at,
        registered_at=occurred_at,
        updated_at=occurred_at,
        version=1,
        properties=decode_json(properties),
    )


def _add_days(total: dict[EventKey, EventCount], batch: Mapping[EventKey, EventCount]) -> None:
    for key, count in batch.items():
        known = total.get(key, NOTHING)
        total[key] = EventCount(known.events + count.events, known.amount + count.amount)


def _add_customers(
    total: dict[CustomerKey, CustomerCount], batch: Mapping[CustomerKey, CustomerCount]
) -> None:
    for key, count in batch.items():
        known = total.get(key)
        total[key] = count if known is None else _joined(known, count)


def _joined(one: CustomerCount, other: CustomerCount) -> CustomerCount:
    return CustomerCount(
        one.events + other.events,
        one.amount + other.amount,
        min(one.first_at, other.first_at),
        max(one.last_at, other.last_at),
    )


def _missing_by_day(
    counted: Mapping[EventKey, EventCount], stored: Mapping[EventKey, EventCount]
) -> dict[EventKey, EventCount]:
    missing = {}
    for key in counted.keys() | stored.keys():
        right, wrong = counted.get(key, NOTHING), stored.get(key, NOTHING)
        if right != wrong:
            missing[key] = EventCount(right.events - wrong.events, right.amount - wrong.amount)
    return missing


def _differing_customers(
    counted: Mapping[CustomerKey, CustomerCount], stored: Mapping[CustomerKey, CustomerCount]
) -> frozenset[tuple[UUID, str]]:
    keys = counted.keys() | stored.keys()
    return frozenset(
        (key.customer_id, key.type) for key in keys if counted.get(key) != stored.get(key)
    )
