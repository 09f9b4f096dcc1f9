"""Provisioning from a description: what is missing is made, what differs is changed, by name."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from onefold.actions.access import bind_tokens, switch_tokens
from onefold.actions.aggregates import project_again
from onefold.actions.customers.rekey import rekey_node
from onefold.actions.provisioning_aggregates import provision_aggregate
from onefold.actions.transaction import Transaction
from onefold.actions.workspaces import (
    change_workspace,
    create_workspace,
    define_properties,
    save_node,
    save_source,
)
from onefold.model.access import Actor, operator_of
from onefold.model.errors import Conflict, FieldError, Invalid, NotFound
from onefold.model.event_catalog import EventCatalog
from onefold.model.ids import uuid7
from onefold.model.networks import network_of
from onefold.model.origins import origin_of
from onefold.model.properties import CUSTOMER_OWNER
from onefold.model.provisioning import (
    NodePlan,
    SourcePlan,
    WorkspacePlan,
    check_plan,
    values_of,
)
from onefold.model.unset import UNSET
from onefold.model.workspaces import (
    Node,
    NodeKind,
    Source,
    UniquePolicy,
    Workspace,
    WorkspaceSettings,
)
from onefold.store import workspaces

API_PROVIDER = "API"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was made or changed; nothing is said of what was right already.

    `unclaimed` are the customers of a node that equal an older one under its new rule.
    """

    action: str
    kind: str
    name: str
    unclaimed: tuple[UUID, ...] = ()


async def provision(
    tx: Transaction, plan: WorkspacePlan, *, catalog: EventCatalog, at: datetime
) -> list[Step]:
    """Makes the workspace as the plan has it; what the plan does not name stays."""
    check_plan(plan, event_types=catalog.types.keys())
    stored, steps = await _provision_workspace(tx, plan, at=at)
    actor = operator_of(stored.id)
    steps += await _provision_nodes(tx, actor, plan, stored, at=at)
    for wanted in plan.nodes:
        if wanted.aggregate is not None:
            action = await provision_aggregate(tx, actor, wanted, wanted.aggregate, at=at)
            steps += [Step(action, "node", wanted.name)] if action else []
    steps += await _provision_sources(tx, actor, plan, at=at)
    return steps + await _provision_properties(tx, actor, plan, stored, at=at)


async def _provision_workspace(
    tx: Transaction, plan: WorkspacePlan, *, at: datetime
) -> tuple[Workspace, list[Step]]:
    steps: list[Step] = []
    found = await workspaces.find_workspace_by_slug(tx, plan.slug)
    if found is None:
        name = plan.slug if plan.name is UNSET else plan.name
        settings = replace(WorkspaceSettings(), **values_of(plan.settings))
        found = await create_workspace(
            tx, slug=plan.slug, name=name, settings=settings, at=at, workspace_id=plan.id
        )
        steps.append(Step("created", "workspace", plan.slug))
    _check_id("workspace", plan.slug, wanted=plan.id, known=found)
    stored = await workspaces.find_workspace(tx, found)
    if stored is None:
        raise NotFound(f"workspace not found: {plan.slug}")
    changed = replace(
        stored,
        name=stored.name if plan.name is UNSET else plan.name,
        settings=replace(stored.settings, **values_of(plan.settings)),
    )
    if changed != stored:
        await change_workspace(tx, operator_of(found), workspace=changed, at=at)
        if changed.settings.region != stored.settings.region:
            await project_again(tx, operator_of(found), workspace=stored, at=at)
        steps.append(Step("changed", "workspace", plan.slug))
    return stored, steps


def _check_id(kind: str, name: str, *, wanted: UUID | None, known: UUID) -> None:
    if wanted is not None and wanted != known:
        raise Conflict(f"the {kind} {name} is there already, with the id {known}")


async def _provision_nodes(
    tx: Transaction, actor: Actor, plan: WorkspacePlan, stored: Workspace, *, at: datetime
) -> list[Step]:
    steps = []
    by_name = {node.name: node for node in stored.nodes.values()}
    for wanted in plan.nodes:
        if wanted.aggregate is not None:
            continue
        known = by_name.get(wanted.name)
        node = _node(wanted, known, at=at)
        if known == node:
            continue
        await save_node(tx, actor, node=node, at=at)
        unclaimed: list[UUID] = []
        if known is not None and known.unique != node.unique:
            unclaimed = await rekey_node(tx, actor, node=node)
        step = Step("changed" if known else "created", "node", wanted.name, tuple(unclaimed))
        steps.append(step)
    return steps


def _node(wanted: NodePlan, known: Node | None, *, at: datetime) -> Node:
    """The node as it shall be; a new way of telling customers apart is a new version of it."""
    if known is not None:
        _check_id("node", wanted.name, wanted=wanted.id, known=known.id)
        if known.kind is not NodeKind.ENTRY:
            raise Conflict(f"the node {wanted.name} is an aggregate node")
    start = known or Node(wanted.id or uuid7(at), NodeKind.ENTRY, wanted.name)
    node = replace(start, **values_of(wanted, "description", "mandatory"))
    if wanted.unique is UNSET:
        return node
    return replace(node, unique=_policy(wanted.unique, known))


def _policy(wanted: UniquePolicy, known: Node | None) -> UniquePolicy:
    if known is None:
        return wanted
    version = known.unique.version
    same = replace(wanted, version=version) == known.unique
    return known.unique if same else replace(wanted, version=version + 1)


async def _provision_sources(
    tx: Transaction, actor: Actor, plan: WorkspacePlan, *, at: datetime
) -> list[Step]:
    steps = []
    nodes = {node.name: node.id for node in await workspaces.list_nodes(tx, actor.workspace_id)}
    by_name = {one.name: one for one in await workspaces.list_sources(tx, actor.workspace_id)}
    for wanted in plan.sources:
        known = by_name.get(wanted.name)
        source = _source(wanted, known, nodes, at=at)
        if known == source:
            continue
        await save_source(tx, actor, source=source, at=at)
        if known is not None:
            await _follow_source(tx, actor, known, source)
        steps.append(Step("changed" if known else "created", "source", wanted.name))
    return steps


def _source(
    wanted: SourcePlan, known: Source | None, nodes: Mapping[str, UUID], *, at: datetime
) -> Source:
    if known is not None:
        _check_id("source", wanted.name, wanted=wanted.id, known=known.id)
    node_ids = tuple(_node_id(nodes, name, of=wanted.name) for name in wanted.nodes)
    start = known or Source(wanted.id or uuid7(at), wanted.name, API_PROVIDER, node_ids)
    values = values_of(wanted, "provider", "description", "enabled", "properties")
    networks = start.networks if wanted.networks is UNSET else wanted.networks
    networks = tuple(dict.fromkeys(network_of(one) for one in networks))
    origins = start.origins if wanted.origins is UNSET else wanted.origins
    origins = tuple(dict.fromkeys(origin_of(one) for one in origins))
    return replace(start, node_ids=node_ids, networks=networks, origins=origins, **values)


async def _follow_source(tx: Transaction, actor: Actor, known: Source, source: Source) -> None:
    """What a source may do, its tokens may do, and nothing else."""
    if known.enabled != source.enabled:
        await switch_tokens(tx, actor, subject_id=source.id, enabled=source.enabled)
    if known.node_ids != source.node_ids:
        await bind_tokens(tx, actor, subject_id=source.id, node_ids=frozenset(source.node_ids))


def _node_id(nodes: Mapping[str, UUID], name: str, *, of: str) -> UUID:
    if name not in nodes:
        message = f"there is no node called {name}"
        raise Invalid(message, fields=(FieldError(f"sources.{of}.nodes", message),))
    return nodes[name]


async def _provision_properties(
    tx: Transaction, actor: Actor, plan: WorkspacePlan, stored: Workspace, *, at: datetime
) -> list[Step]:
    steps = []
    for owner, definitions in plan.properties.items():
        if stored.properties.get(owner, {}) != definitions:
            await define_properties(tx, actor, owner=owner, definitions=definitions, at=at)
            if owner == CUSTOMER_OWNER:
                await project_again(tx, actor, workspace=stored, at=at)
            steps.append(Step("changed", "properties", owner))
    return steps
