"""Provisioning of aggregate nodes, after the entry nodes that they unite."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from onefold.actions.aggregates import activate_node, store_aggregate_node
from onefold.actions.directory import Picture
from onefold.actions.transaction import Transaction
from onefold.model.access import Actor
from onefold.model.aggregates import Aggregate, AggregateState, RuleSet
from onefold.model.errors import Conflict, NotFound
from onefold.model.ids import uuid7
from onefold.model.properties import Definitions
from onefold.model.provisioning import AggregatePlan, NodePlan
from onefold.model.unset import UNSET
from onefold.model.workspaces import Node, NodeKind
from onefold.store import workspaces


async def provision_aggregate(
    tx: Transaction, actor: Actor, wanted: NodePlan, plan: AggregatePlan, *, at: datetime
) -> str | None:
    """Whether the node was created or changed; None when it was right already.

    Raises Conflict where other rules or entry nodes are wanted than the node has: who would become
    one person with whom is looked at before it is changed, see `onefold rules`.
    """
    picture = await _picture(tx, actor)
    by_name = {node.name: node for node in picture.workspace.nodes.values()}
    known = by_name.get(wanted.name)
    action = None
    if known is None:
        known = _new_node(wanted, plan, by_name, at=at)
        await store_aggregate_node(tx, actor, picture=picture, node=known, at=at)
        action = "created"
    _check(wanted, plan, known, by_name)
    if plan.active and not known.is_projecting:
        picture = await _picture(tx, actor)
        await activate_node(
            tx, actor, picture=picture, node_id=known.id, state=AggregateState.ACTIVE, at=at
        )
        action = action or "changed"
    return action


async def _picture(tx: Transaction, actor: Actor) -> Picture:
    """The workspace as this transaction has made it so far."""
    found = await workspaces.find_workspace(tx, actor.workspace_id)
    if found is None:
        raise NotFound(f"workspace not found: {actor.workspace_id}")
    return Picture(found, Definitions(found.properties))


def _new_node(
    wanted: NodePlan, plan: AggregatePlan, by_name: Mapping[str, Node], *, at: datetime
) -> Node:
    return Node(
        wanted.id or uuid7(at),
        NodeKind.AGGREGATE,
        wanted.name,
        description=None if wanted.description is UNSET else wanted.description,
        entry_node_ids=_members(wanted, plan, by_name),
        aggregate=Aggregate(rule_set=RuleSet(1, plan.rules)),
    )


def _check(wanted: NodePlan, plan: AggregatePlan, known: Node, by_name: Mapping[str, Node]) -> None:
    if known.kind is not NodeKind.AGGREGATE:
        raise Conflict(f"the node {wanted.name} is an entry node")
    if wanted.id not in (None, known.id):
        raise Conflict(f"the node {wanted.name} is there already, with the id {known.id}")
    if set(known.entry_node_ids) != set(_members(wanted, plan, by_name)):
        raise Conflict(f"the node {wanted.name} unites other nodes, which cannot change")
    if known.aggregate is None or known.aggregate.rule_set.rules != plan.rules:
        raise Conflict(f"the node {wanted.name} has other rules; see `onefold rules diff`")


def _members(
    wanted: NodePlan, plan: AggregatePlan, by_name: Mapping[str, Node]
) -> tuple[UUID, ...]:
    missing = [one for one in plan.nodes if one not in by_name]
    if missing:
        raise NotFound(f"the node {wanted.name} unites {', '.join(missing)}: no such node")
    return tuple(by_name[one].id for one in plan.nodes)
