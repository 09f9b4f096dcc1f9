"""Figures for people who steer a business: from the counters, within the nodes in reach."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from onefold.actions.directory import Picture
from onefold.actions.kept_out import count_kept_out
from onefold.actions.persons.read import customers_behind
from onefold.actions.transaction import Transaction
from onefold.model.access import Actor, Permission
from onefold.model.analytics import (
    Deed,
    Interval,
    Period,
    Point,
    Population,
    Purchases,
    Scope,
    Series,
    gathered,
    in_currency,
    less_purchases,
    less_series,
)
from onefold.model.events import PURCHASE
from onefold.model.rollups import EventCount, EventKey
from onefold.model.workspaces import Node, NodeKind, Source
from onefold.store import analytics, workspaces


@dataclass(frozen=True, slots=True)
class NodeFigure:
    """A node, its customers, and the sources that list it."""

    node: Node
    customers: int
    sources: tuple[Source, ...]


async def count_workspace(tx: Transaction, actor: Actor, *, picture: Picture) -> int:
    """Customers of all entry nodes together."""
    counted = await _count_nodes(tx, actor)
    nodes = picture.workspace.nodes
    return sum(
        population.customers
        for node_id, population in counted.items()
        if node_id in nodes and nodes[node_id].kind is NodeKind.ENTRY
    )


async def count_nodes(tx: Transaction, actor: Actor, *, picture: Picture) -> list[NodeFigure]:
    """Every node within reach, in the order in which they were made."""
    counted = await _count_nodes(tx, actor)
    sources = await workspaces.list_sources(tx, actor.workspace_id)
    return [
        NodeFigure(
            node,
            counted[node.id].customers if node.id in counted else 0,
            tuple(one for one in sources if node.id in one.node_ids),
        )
        for node in picture.workspace.nodes.values()
        if actor.may_reach(node.id)
    ]


async def count_customers(
    tx: Transaction, actor: Actor, *, picture: Picture, node_id: UUID | None
) -> Population:
    """Customers and how they can be reached; of one node, or of all entry nodes within reach."""
    actor.require(Permission.STATISTICS_READ)
    wanted = _nodes(actor, picture, node_id)
    counted = await analytics.count_population(tx, actor.workspace_id, node_ids=wanted)
    return Population(
        *(sum(column) for column in zip((0, 0, 0, 0), *counted.values(), strict=True))
    )


async def read_registrations(
    tx: Transaction,
    actor: Actor,
    *,
    picture: Picture,
    period: Period,
    interval: Interval,
    node_id: UUID | None,
) -> tuple[Point, ...]:
    """Customers that are there by when they were registered."""
    scope = _scope(actor, picture, period, node_id)
    points = await analytics.read_registrations(tx, actor.workspace_id, scope=scope)
    return gathered(points, interval)


async def read_customer_trend(
    tx: Transaction,
    actor: Actor,
    *,
    picture: Picture,
    period: Period,
    deed: Deed,
    node_id: UUID | None,
) -> list[Point]:
    """Customers added, changed (each once a day) or removed by day."""
    scope = _scope(actor, picture, period, node_id)
    return await analytics.read_customer_deeds(tx, actor.workspace_id, scope=scope, deed=deed)


async def read_event_trend(
    tx: Transaction,
    actor: Actor,
    *,
    picture: Picture,
    period: Period,
    deed: Deed,
    node_id: UUID | None,
) -> list[Series]:
    """Events added, changed (each once a day) or removed by type and day of doing so."""
    scope = _scope_of_events(actor, picture, period, node_id)
    found = await analytics.read_event_deeds(tx, actor.workspace_id, scope=scope, deed=deed)
    if deed is not Deed.ADDED:
        return found
    taken = await _kept_out(tx, actor, picture, scope, node_id)
    return less_series(found, [(key, one.added) for key, one in taken], by_context=False)


async def read_event_distribution(
    tx: Transaction,
    actor: Actor,
    *,
    picture: Picture,
    period: Period,
    context: str | None,
    node_id: UUID | None,
) -> list[Series]:
    """Events by type, context and the day on which they happened."""
    scope = _scope_of_events(actor, picture, period, node_id)
    found = await analytics.read_event_days(tx, actor.workspace_id, scope=scope, context=context)
    taken = await _kept_out(tx, actor, picture, scope, node_id)
    return less_series(found, [(key, one.events) for key, one in taken], by_context=True)


async def count_types(
    tx: Transaction,
    actor: Actor,
    *,
    picture: Picture,
    period: Period,
    types: Sequence[str],
    node_id: UUID | None,
    context: str | None = None,
) -> dict[str, int]:
    """How often each of these types happened."""
    scope = _scope_of_events(actor, picture, period, node_id)
    found = await analytics.count_types(
        tx, actor.workspace_id, scope=scope, types=types, context=context
    )
    counts = Counter({name: found.get(name, 0) for name in types})
    for key, one in await _kept_out(tx, actor, picture, scope, node_id, context):
        if key.type in counts:
            counts[key.type] -= one.events
    return dict(counts)


async def read_purchases(
    tx: Transaction,
    actor: Actor,
    *,
    picture: Picture,
    period: Period,
    context: str | None,
    node_id: UUID | None,
) -> list[Purchases]:
    """What purchases came to, by currency."""
    scope = _scope_of_events(actor, picture, period, node_id)
    found = await analytics.read_purchases(
        tx, actor.workspace_id, scope=scope, event_type=PURCHASE, context=context
    )
    taken = await _kept_out(tx, actor, picture, scope, node_id, context)
    kept = less_purchases(found, [pair for pair in taken if pair[0].type == PURCHASE])
    return in_currency(kept, picture.workspace.settings.currency)


async def read_customer_events(
    tx: Transaction,
    actor: Actor,
    *,
    picture: Picture,
    customer_id: UUID,
    period: Period,
    interval: Interval,
) -> list[Series]:
    """Events of one customer, or of a person's customers together, by type and interval."""
    actor.require(Permission.STATISTICS_READ)
    counted = await customers_behind(tx, actor, picture=picture, customer_id=customer_id)
    found = await analytics.read_customer_days(
        tx,
        actor.workspace_id,
        customer_ids=counted,
        days=period.days(picture.workspace.zone()),
    )
    return [one._replace(points=gathered(one.points, interval)) for one in found]


async def read_customer_purchases(
    tx: Transaction, actor: Actor, *, picture: Picture, customer_id: UUID, period: Period
) -> list[Purchases]:
    """What the purchases of one customer, or of a person's customers, came to, by currency."""
    actor.require(Permission.STATISTICS_READ)
    counted = await customers_behind(tx, actor, picture=picture, customer_id=customer_id)
    found = await analytics.read_customer_purchases(
        tx,
        actor.workspace_id,
        customer_ids=counted,
        days=period.days(picture.workspace.zone()),
        event_type=PURCHASE,
    )
    return in_currency(found, picture.workspace.settings.currency)


async def _count_nodes(tx: Transaction, actor: Actor) -> dict[UUID, Population]:
    actor.require(Permission.STATISTICS_READ)
    reach = None if actor.node_ids is None else sorted(actor.node_ids)
    return await analytics.count_population(tx, actor.workspace_id, node_ids=reach)


def _scope(actor: Actor, picture: Picture, period: Period, node_id: UUID | None) -> Scope:
    actor.require(Permission.STATISTICS_READ)
    days = period.days(picture.workspace.zone())
    return Scope(days, _nodes(actor, picture, node_id))


def _scope_of_events(actor: Actor, picture: Picture, period: Period, node_id: UUID | None) -> Scope:
    """Events are counted where they are: those of an aggregate node in its entry nodes."""
    scope = _scope(actor, picture, period, node_id)
    node = None if node_id is None else picture.workspace.node(node_id)
    if node is None or node.kind is NodeKind.ENTRY:
        return scope
    return replace(scope, node_ids=node.entry_node_ids if node.is_projecting else ())


async def _kept_out(
    tx: Transaction,
    actor: Actor,
    picture: Picture,
    scope: Scope,
    node_id: UUID | None,
    context: str | None = None,
) -> list[tuple[EventKey, EventCount]]:
    """What those did within the scope whom the aggregate node keeps out."""
    if not scope.node_ids:
        return []
    counted = await count_kept_out(tx, actor, picture=picture, node_id=node_id)
    since, until = scope.days
    return [
        (key, one)
        for key, one in counted.items()
        if since <= key.day <= until and context in (None, key.context)
    ]


def _nodes(actor: Actor, picture: Picture, node_id: UUID | None) -> tuple[UUID, ...] | None:
    """The nodes whose counters are added up: the named one, or all entry nodes within reach."""
    nodes = picture.workspace.nodes
    if node_id is not None:
        actor.require_node(picture.workspace.node(node_id).id)
        return (node_id,)
    return tuple(
        one.id for one in nodes.values() if one.kind is NodeKind.ENTRY and actor.may_reach(one.id)
    )
