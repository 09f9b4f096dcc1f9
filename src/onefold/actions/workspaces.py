"""Provisioning: workspaces, their nodes, sources and definitions; idempotent by name."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from onefold.actions.transaction import Transaction
from onefold.model.access import Actor, Permission
from onefold.model.errors import Conflict, FieldError, Invalid, NotFound
from onefold.model.ids import uuid7
from onefold.model.properties import check_definition
from onefold.model.workspaces import (
    Node,
    Source,
    Workspace,
    WorkspaceSettings,
    WorkspaceStatus,
)
from onefold.store import workspaces


async def create_workspace(
    tx: Transaction,
    *,
    slug: str,
    name: str,
    settings: WorkspaceSettings,
    at: datetime,
    workspace_id: UUID | None = None,
) -> UUID:
    """A new tenant; raises Conflict when the slug is taken."""
    wanted = workspace_id or uuid7(at)
    if not await workspaces.claim_slug(tx, slug, workspace_id=wanted):
        raise Conflict(f"the slug {slug} is taken")
    await workspaces.insert_workspace(
        tx,
        Workspace(
            id=wanted,
            slug=slug,
            name=name,
            status=WorkspaceStatus.ENABLED,
            revision=1,
            created_at=at,
            settings=settings,
            nodes={},
            properties={},
        ),
    )
    return wanted


async def change_workspace(
    tx: Transaction, actor: Actor, *, workspace: Workspace, at: datetime
) -> None:
    """Stores name, status and settings as they are in the picture."""
    actor.require(Permission.CONFIGURATION_WRITE)
    await workspaces.update_workspace(tx, workspace, at=at)


async def save_node(tx: Transaction, actor: Actor, *, node: Node, at: datetime) -> None:
    actor.require(Permission.CONFIGURATION_WRITE)
    await workspaces.save_node(tx, actor.workspace_id, node, at=at)
    await workspaces.touch_workspace(tx, actor.workspace_id, at=at)


async def save_source(tx: Transaction, actor: Actor, *, source: Source, at: datetime) -> None:
    """Stores a source; raises Invalid when it lists no node or one that is not there."""
    actor.require(Permission.CONFIGURATION_WRITE)
    known = {node.id for node in await workspaces.list_nodes(tx, actor.workspace_id)}
    if not source.node_ids or not set(source.node_ids) <= known:
        message = "nodes must list nodes of the workspace"
        raise Invalid(message, fields=(FieldError("nodes", message),))
    await workspaces.save_source(tx, actor.workspace_id, source, at=at)


async def find_source(tx: Transaction, actor: Actor, *, source_id: UUID) -> Source:
    actor.require(Permission.CONFIGURATION_READ)
    found = await workspaces.find_source(tx, actor.workspace_id, source_id=source_id)
    if found is None:
        raise NotFound(f"source not found {source_id}")
    return found


async def list_sources(tx: Transaction, actor: Actor) -> list[Source]:
    actor.require(Permission.CONFIGURATION_READ)
    return await workspaces.list_sources(tx, actor.workspace_id)


async def define_properties(
    tx: Transaction,
    actor: Actor,
    *,
    owner: str,
    definitions: Mapping[str, Mapping[str, Any]],
    at: datetime,
) -> None:
    """Makes these the definitions of an owner; those it had besides are taken away."""
    actor.require(Permission.CONFIGURATION_WRITE)
    for name, definition in definitions.items():
        check_definition(name, definition)
    stored = await workspaces.list_property_definitions(tx, actor.workspace_id)
    for name in stored.get(owner, {}).keys() - definitions.keys():
        await workspaces.delete_property_definition(tx, actor.workspace_id, owner=owner, name=name)
    for name, definition in definitions.items():
        await workspaces.save_property_definition(
            tx, actor.workspace_id, definition, owner=owner, name=name, at=at
        )
    await workspaces.touch_workspace(tx, actor.workspace_id, at=at)


async def find_workspace(tx: Transaction, *, slug_or_id: str) -> Workspace:
    """The workspace that people name by slug or by id."""
    try:
        wanted: UUID | None = UUID(slug_or_id)
    except ValueError:
        wanted = await workspaces.find_workspace_by_slug(tx, slug_or_id)
    found = await workspaces.find_workspace(tx, wanted) if wanted else None
    if found is None:
        raise NotFound(f"workspace not found: {slug_or_id}")
    return found


async def find_workspace_of_node(tx: Transaction, *, node_id: UUID) -> UUID:
    """The workspace of a node; for the operator, who knows nodes by their ids alone."""
    found = await workspaces.workspace_of_node(tx, node_id)
    if found is None:
        raise NotFound(f"node not found {node_id}")
    return found


async def list_workspaces(tx: Transaction) -> list[tuple[UUID, str, str, str]]:
    """Id, slug, name and status of every workspace; for the operator."""
    return await workspaces.list_workspaces(tx)
