"""Customers of one entry node who were merged: how they show, and who is behind whom.

Each keeps its record, its claims, its events and its history, and what is written to one of them is
written to that one; so taking the merge back gives each its own. What shows, under any of their
ids, is a projection of all: the one that was written last leads. Only the oldest is listed.
"""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from onefold.actions.transaction import Transaction
from onefold.model.access import Actor
from onefold.model.customers import Customer
from onefold.model.linking import clusters_of
from onefold.model.persons import HumanDecision
from onefold.model.projection import projected
from onefold.model.updates import Change, Entity, Operation
from onefold.store import customers, merges, persons


async def as_merged(tx: Transaction, actor: Actor, *, found: Sequence[Customer]) -> list[Customer]:
    """Each as it shows, with the id of the survivor; those that were never merged as they are."""
    ids = [one.id for one in found]
    groups = await merges.find_groups(tx, actor.workspace_id, customer_ids=ids)
    if not groups:
        return list(found)
    wanted = {one for group in groups.values() for one in group}
    records = {one.id: one for one in found}
    missing = sorted(wanted - records.keys())
    for one in await customers.find_customers(tx, actor.workspace_id, customer_ids=missing):
        records[one.id] = one
    return [
        shown([records[member] for member in groups[one.id]]) if one.id in groups else one
        for one in found
    ]


def shown(members: Sequence[Customer]) -> Customer:
    """What shows of merged customers, the survivor first; its number and its dates are its own."""
    survivor, newest = members[0], leading_first(members)
    return replace(
        survivor,
        profile=projected([one.profile for one in newest], {}),
        updated_at=newest[0].updated_at,
        updated_by=newest[0].updated_by,
    )


def leading_first(members: Sequence[Customer]) -> list[Customer]:
    """The one first that was written last: what somebody has just written must show."""
    return sorted(members, key=lambda one: (one.updated_at, one.id), reverse=True)


async def group_of(tx: Transaction, actor: Actor, *, customer_id: UUID) -> tuple[UUID, ...]:
    """Who is merged with a customer, the survivor first; the customer alone where nobody is."""
    groups = await merges.find_groups(tx, actor.workspace_id, customer_ids=[customer_id])
    return groups.get(customer_id, (customer_id,))


async def regroup(tx: Transaction, actor: Actor, *, around: Sequence[Customer]) -> list[Change]:
    """Puts customers of one node behind the oldest of their group, as decisions have it now.

    Returns what the update stream says of it: whoever is hidden is gone, and comes back.
    """
    known, decisions = await _reach(tx, actor, around)
    said = decisions.values()
    before = await merges.find_groups(tx, actor.workspace_id, customer_ids=sorted(known))
    hidden = {one: group[0] for one, group in before.items() if group[0] != one}
    clusters = clusters_of(
        dict.fromkeys(known, ()),
        rules=(),
        together=[one.pair for one in said if one.same and one.pair <= known.keys()],
        apart=[one.pair for one in said if not one.same],
    )
    behind = {one: cluster.members[0] for cluster in clusters for one in cluster.members[1:]}
    moved = {one: behind.get(one) for one in known if behind.get(one) != hidden.get(one)}
    await merges.hide_customers(tx, actor.workspace_id, moved)
    fronts = {front for one in moved for front in (behind.get(one), hidden.get(one)) if front}
    return [
        _change(known[one], Operation.CREATE if to is None else Operation.DELETE)
        for one, to in sorted(moved.items())
    ] + [_change(known[one], Operation.UPDATE) for one in sorted(fronts - moved.keys())]


async def _reach(
    tx: Transaction, actor: Actor, around: Sequence[Customer]
) -> tuple[dict[UUID, Customer], dict[frozenset[UUID], HumanDecision]]:
    """Everybody of the node whom people's decisions tie to these, locked, and the decisions."""
    known: dict[UUID, Customer] = {}
    decisions: dict[frozenset[UUID], HumanDecision] = {}
    frontier, seen = {one.id for one in around}, set[UUID]()
    while frontier:
        wanted, seen = sorted(frontier), seen | frontier
        for one in await customers.lock_customers(tx, actor.workspace_id, customer_ids=wanted):
            if one.node_id == around[0].node_id:
                known[one.id] = one
        found = await persons.find_decisions(tx, actor.workspace_id, customer_ids=wanted)
        decisions.update({one.pair: one for one in found})
        frontier = {one.other_id for one in found if one.same} - seen
    return known, decisions


def _change(customer: Customer, operation: Operation) -> Change:
    return Change(
        Entity.CUSTOMER,
        operation,
        customer.id,
        customer.node_id,
        customer.id,
        customer.version,
    )
