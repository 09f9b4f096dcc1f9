"""Retention: decided, shown with what is due, and enforced.

An event goes when its date is longer ago than its type is kept in its node. Sweeping is deleting:
counters follow and the update stream says so, because whoever mirrors the events must let go of
them too. Days with due events are told by the counters, so a sweep that finds nothing costs
nothing, however many events there are.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from onefold.actions.context import Context
from onefold.actions.directory import Picture
from onefold.actions.event_counts import count_gone
from onefold.actions.events import change_of
from onefold.actions.transaction import Transaction
from onefold.actions.writing import run
from onefold.model.access import Actor, Permission, operator_of
from onefold.model.errors import NotFound
from onefold.model.event_catalog import EventCatalog
from onefold.model.ids import NIL
from onefold.model.retention import (
    Due,
    DueDay,
    Months,
    Retention,
    RetentionRules,
    Stock,
    check_months,
    due,
)
from onefold.model.rollups import start_of_day
from onefold.model.updates import Operation
from onefold.model.workspaces import NodeKind, Workspace
from onefold.store import emptying, retention, updates, workspaces
from onefold.store.retention import Span

EVENTS_AT_ONCE = 1000
SWEEP_SLOT = 31_000
"""Counters of its own: a sweep does not make writers wait for their rows."""

_DAY = timedelta(days=1)
Report = Callable[[int], None]
"""Told how many events went since the last call."""

Find = Callable[[Transaction, Workspace, UUID], Awaitable[Sequence[UUID]]]
"""Gives the next due events after an id, locked."""


async def read_rules(tx: Transaction, actor: Actor, *, catalog: EventCatalog) -> RetentionRules:
    actor.require(Permission.CONFIGURATION_READ)
    return await retention.read_retention(tx, actor.workspace_id, usual=_usual(catalog))


async def find_swept(tx: Transaction, actor: Actor) -> frozenset[UUID]:
    """Nodes in which retention is switched on."""
    actor.require(Permission.CONFIGURATION_READ)
    rules = await retention.read_retention(tx, actor.workspace_id, usual={})
    return frozenset(node_id for node_id, own in rules.nodes.items() if own.enabled)


async def keep_for(
    tx: Transaction, actor: Actor, *, catalog: EventCatalog, months: Months, at: datetime
) -> RetentionRules:
    """How long the workspace keeps events; types that are not named go back to what is usual."""
    actor.require(Permission.WORKSPACE_PROVISION)
    check_months(months, catalog.types)
    rules = await retention.read_retention(tx, actor.workspace_id, usual=_usual(catalog))
    decided = replace(rules.workspace, months=months)
    await retention.save_retention(tx, actor.workspace_id, decided, node_id=NIL, at=at)
    return replace(rules, workspace=decided)


async def keep_in_node(
    tx: Transaction,
    actor: Actor,
    *,
    picture: Picture,
    catalog: EventCatalog,
    node_id: UUID,
    months: Months | None = None,
    enabled: bool | None = None,
    at: datetime,
) -> RetentionRules:
    """How long one node keeps events, and whether it is swept; None leaves a part as it is."""
    actor.require(Permission.WORKSPACE_PROVISION)
    actor.require_node(picture.workspace.node(node_id).id)
    if months is not None:
        check_months(months, catalog.types)
    rules = await retention.read_retention(tx, actor.workspace_id, usual=_usual(catalog))
    own = rules.own(node_id)
    decided = Retention(
        own.enabled if enabled is None else enabled, own.months if months is None else months
    )
    await retention.save_retention(tx, actor.workspace_id, decided, node_id=node_id, at=at)
    return replace(rules, nodes={**rules.nodes, node_id: decided})


async def read_stock(
    tx: Transaction, actor: Actor, *, picture: Picture, catalog: EventCatalog, at: datetime
) -> Mapping[UUID, Mapping[str, tuple[int, Stock]]]:
    """Entry node -> event type -> months and events; what would be due if the node were swept."""
    actor.require(Permission.CONFIGURATION_READ)
    rules = await retention.read_retention(tx, actor.workspace_id, usual=_usual(catalog))
    nodes = [one for one in _entry_nodes(picture.workspace) if actor.may_reach(one)]
    limits = list(due(rules, nodes, at=at, zone=picture.workspace.zone()))
    found = await retention.count_stock(tx, actor.workspace_id, due=limits)
    nothing = Stock(0, 0, None)
    return {
        node_id: {
            name: (months, found.get((node_id, name), nothing))
            for name, months in rules.of_node(node_id).items()
        }
        for node_id in nodes
    }


async def sweep(
    context: Context, actor: Actor, *, at: datetime, report: Report = lambda _: None
) -> int:
    """Deletes what is due in the nodes that are swept, and says how many events that were.

    A sweep that was cut off is gone on with by the next one. An event that somebody is changing
    just then is left to it.
    """
    actor.require(Permission.WORKSPACE_PROVISION)
    broom = _Broom(context, actor, at, report)
    for wanted in await broom.due_days():
        await broom.take_day(wanted)
    strayed: dict[UUID, set[str]] = {}
    for left in await broom.due_days():
        strayed.setdefault(left.node_id, set()).update(left.types)
    for node_id, types in strayed.items():
        await broom.take_strayed(node_id, types)
    return broom.gone


async def sweep_everywhere(context: Context, *, at: datetime) -> None:
    """One workspace after another; for a schedule."""
    async with context.database.reading() as tx:
        known = await workspaces.list_workspaces(tx)
    for workspace_id, *_ in known:
        await sweep(context, operator_of(workspace_id), at=at)


class _Broom:
    """A sweep under way, transaction by transaction."""

    def __init__(self, context: Context, actor: Actor, at: datetime, report: Report) -> None:
        self._context = context
        self._actor = actor
        self._at = at
        self._report = report
        self.gone = 0

    async def due_days(self) -> list[DueDay]:
        """By the counters, as they are now: what one pass has taken, the next does not look for."""
        async with self._context.database.reading() as tx:
            limits = await self._limits(tx)
            if not limits:
                return []
            return await retention.list_due_days(tx, self._actor.workspace_id, due=limits)

    async def take_day(self, wanted: DueDay) -> None:
        """Events of a day, found by their ids, which start with the time at which they were."""

        async def find(tx: Transaction, workspace: Workspace, after: UUID) -> Sequence[UUID]:
            zone, day = workspace.zone(), wanted.day
            span = Span(start_of_day(day, zone), start_of_day(day + _DAY, zone))
            return await retention.take_due_ids(
                tx, workspace.id, wanted, span=span, after=after, limit=EVENTS_AT_ONCE
            )

        await self._take_all(find)

    async def take_strayed(self, node_id: UUID, types: Collection[str]) -> None:
        """Events whose date was changed after they had their id: every one is looked at."""

        async def find(tx: Transaction, workspace: Workspace, after: UUID) -> Sequence[UUID]:
            zone = workspace.zone()
            limits = {
                one.type: start_of_day(one.before, zone)
                for one in await self._limits(tx)
                if one.node_id == node_id and one.type in types
            }
            return await retention.take_strayed_ids(
                tx,
                workspace.id,
                node_id=node_id,
                due_before=limits,
                after=after,
                limit=EVENTS_AT_ONCE,
            )

        await self._take_all(find)

    async def _take_all(self, find: Find) -> None:
        after = NIL
        while ids := await run(
            self._context.database,
            lambda tx: self._take(tx, find, after),  # noqa: B023 - run at once
            slot=SWEEP_SLOT,
        ):
            after = ids[-1]
            self.gone += len(ids)
            self._report(len(ids))

    async def _take(self, tx: Transaction, find: Find, after: UUID) -> Sequence[UUID]:
        """What is deleted is what was found: it is locked, and nobody is waited for."""
        picture = await self._context.directory.current(tx, self._actor.workspace_id)
        workspace = picture.workspace
        ids = await find(tx, workspace, after)
        if ids:
            gone = await emptying.take_events(tx, workspace.id, event_ids=ids)
            await count_gone(tx, workspace, gone, at=self._at)
            changes = [change_of(one, Operation.DELETE) for one in gone]
            await updates.append_updates(tx, workspace.id, changes, at=self._at)
        return ids

    async def _limits(self, tx: Transaction) -> list[Due]:
        """Of every type in the nodes that are swept."""
        picture = await self._context.directory.workspace(self._actor.workspace_id)
        if picture is None:
            raise NotFound(f"workspace not found: {self._actor.workspace_id}")
        usual = _usual(self._context.catalog)
        rules = await retention.read_retention(tx, self._actor.workspace_id, usual=usual)
        nodes = [one for one in _entry_nodes(picture.workspace) if rules.own(one).enabled]
        return list(due(rules, nodes, at=self._at, zone=picture.workspace.zone()))


def _usual(catalog: EventCatalog) -> Months:
    return {
        name: one.retention_months
        for name, one in catalog.types.items()
        if one.retention_months is not None
    }


def _entry_nodes(workspace: Workspace) -> Collection[UUID]:
    return [one.id for one in workspace.nodes.values() if one.kind is NodeKind.ENTRY]
