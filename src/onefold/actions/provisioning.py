"""Provisioning from a description: what is missing is made, what differs changed, by name."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from onefold.actions.customers.rekey import rekey_node
from onefold.actions.transaction import Transaction
from onefold.actions.workspaces import (
    change_workspace,
    create_workspace,
    define_properties,
    save_node,
    save_source,
)
from onefold.model.access import Actor, operator_of
from onefold.model.errors import FieldError, Invalid, NotFound
from onefold.model.ids import uuid7
from onefold.model.workspaces import (
    Node,
    NodeKind,
    Source,
    UniquePolicy,
    Workspace,
    WorkspaceSettings,
)
from onefold.store import workspaces


@dataclass(frozen=True, slots=True)
class NodePlan:
    name: str
    id: UUID | None = None
    description: str | None = None
    unique: UniquePolicy = field(default_factory=UniquePolicy)
    mandatory: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourcePlan:
    """A source; `nodes` are names of nodes of the same workspace."""

    name: str
    nodes: tuple[str, ...]
    id: UUID | None = None
    provider: str = "API"
    description: str | None = None
    enabled: bool = True
    properties: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WorkspacePlan:
    slug: str
    name: str
    id: UUID | None = None
    settings: WorkspaceSettings = field(default_factory=WorkspaceSettings)
    nodes: tuple[NodePlan, ...] = ()
    sources: tuple[SourcePlan, ...] = ()
    properties: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was made or changed; nothing is said of what was right already."""

    action: str
    kind: str
    name: str


async def provision(tx: Transaction, plan: WorkspacePlan, *, at: datetime) -> list[Step]:
    """Makes the workspace as the plan has it; what the plan does not name stays."""
    steps: list[Step] = []
    found = await workspaces.find_workspace_by_slug(tx, plan.slug)
    if found is None:
        found = await create_workspace(
            tx,
            slug=plan.slug,
            name=plan.name,
            settings=plan.settings,
            at=at,
            workspace_id=plan.id,
        )
        steps.append(Step("created", "workspace", plan.slug))
    stored = await workspaces.find_workspace(tx, found)
    if stored is None:
        raise NotFound(f"workspace not found: {plan.slug}")
    actor = operator_of(found)
    if (stored.name, stored.settings) != (plan.name, plan.settings):
        changed = replace(stored, name=plan.name, settings=plan.settings)
        await change_workspace(tx, actor, workspace=changed, at=at)
        steps.append(Step("changed", "workspace", plan.slug))
    steps += await _provision_nodes(tx, actor, plan, stored, at=at)
    steps += await _provision_sources(tx, actor, plan, at=at)
    return steps + await _provision_properties(tx, actor, plan, stored, at=at)


async def _provision_nodes(
    tx: Transaction, actor: Actor, plan: WorkspacePlan, stored: Workspace, *, at: datetime
) -> list[Step]:
    steps = []
    by_name = {node.name: node for node in stored.nodes.values()}
    for wanted in plan.nodes:
        known = by_name.get(wanted.name)
        node = _node(wanted, known, at=at)
        if known == node:
            continue
        await save_node(tx, actor, node=node, at=at)
        if known is not None and known.unique != node.unique:
            await rekey_node(tx, actor, node=node)
        steps.append(Step("changed" if known else "created", "node", wanted.name))
    return steps


def _node(wanted: NodePlan, known: Node | None, *, at: datetime) -> Node:
    """The node as it shall be; a new way of telling customers apart is a new version of it."""
    version = known.unique.version if known else 1
    unique = replace(wanted.unique, version=version)
    if known is not None and known.unique != unique:
        unique = replace(unique, version=version + 1)
    start = known or Node(wanted.id or uuid7(at), NodeKind.ENTRY, wanted.name)
    return replace(start, description=wanted.description, unique=unique, mandatory=wanted.mandatory)


async def _provision_sources(
    tx: Transaction, actor: Actor, plan: WorkspacePlan, *, at: datetime
) -> list[Step]:
    steps = []
    nodes = {node.name: node.id for node in await workspaces.list_nodes(tx, actor.workspace_id)}
    by_name = {one.name: one for one in await workspaces.list_sources(tx, actor.workspace_id)}
    for wanted in plan.sources:
        known = by_name.get(wanted.name)
        source = Source(
            id=known.id if known else (wanted.id or uuid7(at)),
            name=wanted.name,
            provider=wanted.provider,
            node_ids=tuple(_node_id(nodes, name) for name in wanted.nodes),
            description=wanted.description,
            enabled=wanted.enabled,
            properties=wanted.properties,
        )
        if known != source:
            await save_source(tx, actor, source=source, at=at)
            steps.append(Step("changed" if known else "created", "source", wanted.name))
    return steps


def _node_id(nodes: Mapping[str, UUID], name: str) -> UUID:
    if name not in nodes:
        message = f"there is no node called {name}"
        raise Invalid(message, fields=(FieldError("nodes", message),))
    return nodes[name]


async def _provision_properties(
    tx: Transaction, actor: Actor, plan: WorkspacePlan, stored: Workspace, *, at: datetime
) -> list[Step]:
    steps = []
    for owner, definitions in plan.properties.items():
        if stored.properties.get(owner, {}) != definitions:
            await define_properties(tx, actor, owner=owner, definitions=definitions, at=at)
            steps.append(Step("changed", "properties", owner))
    return steps
