"""Workspaces as their operator sees them: listed, made, opened and closed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from onefold.actions.directory import Picture
from onefold.actions.transaction import Transaction
from onefold.actions.workspaces import create_workspace
from onefold.model.access import EVERYWHERE, Actor, Permission
from onefold.model.errors import NotPermitted
from onefold.model.workspaces import (
    Tenant,
    Workspace,
    WorkspaceSettings,
    WorkspaceStatus,
    check_name,
    check_slug,
)
from onefold.store import workspaces


async def list_tenants(
    tx: Transaction, actor: Actor, *, name: str | None = None, group_pk: int | None = None
) -> list[Tenant]:
    """Those within reach whose name holds a text, whatever its letters' case."""
    actor.require(Permission.WORKSPACE_PROVISION)
    return [
        one
        for one in await list_reachable(tx, actor)
        if (name is None or name.casefold() in one.name.casefold())
        and (group_pk is None or group_pk == one.settings.group_pk)
    ]


async def create_tenant(
    tx: Transaction,
    actor: Actor,
    *,
    slug: str,
    name: str,
    settings: WorkspaceSettings,
    at: datetime,
) -> Tenant:
    """A new workspace, open from the start."""
    actor.require_everywhere()
    check_name(name)
    check_slug(slug)
    made = await create_workspace(tx, slug=slug, name=name, settings=settings, at=at)
    return Tenant(made, slug, name, WorkspaceStatus.ENABLED, settings)


async def set_status(
    tx: Transaction, actor: Actor, *, picture: Picture, status: WorkspaceStatus, at: datetime
) -> None:
    """Suspended, a workspace takes no changes; disabled, no calls at all but this one."""
    actor.require(Permission.WORKSPACE_PROVISION)
    await workspaces.update_workspace(tx, replace(picture.workspace, status=status), at=at)


def tenant_of(workspace: Workspace) -> Tenant:
    return Tenant(
        workspace.id, workspace.slug, workspace.name, workspace.status, workspace.settings
    )


async def list_reachable(tx: Transaction, actor: Actor) -> Sequence[Tenant]:
    """The caller's own workspace; every one for an operator of the installation."""
    if actor.workspace_id == EVERYWHERE:
        return await workspaces.list_tenants(tx)
    own = await workspaces.find_workspace(tx, actor.workspace_id)
    if own is None:
        raise NotPermitted(f"workspace not found: {actor.workspace_id}")
    return [tenant_of(own)]
