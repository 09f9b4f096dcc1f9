"""Workspaces as their operator sees them."""

from typing import Any

from onefold.dialects.contacthub.mapping.configuration import TIMEZONE_DEFAULT
from onefold.dialects.contacthub.shapes.workspaces import WorkspaceBody
from onefold.model.workspaces import Tenant, WorkspaceSettings

Wire = dict[str, Any]


def wire_workspace(tenant: Tenant) -> Wire:
    """Group and shard are not there for a workspace that was made without."""
    wire: Wire = {
        "id": str(tenant.id),
        "name": tenant.name,
        "slug": tenant.slug,
        "groupPk": tenant.settings.group_pk,
        "shard": tenant.settings.shard,
        "status": tenant.status.value,
    }
    return {name: value for name, value in wire.items() if value is not None}


def first_settings(body: WorkspaceBody) -> WorkspaceSettings:
    return WorkspaceSettings(timezone=TIMEZONE_DEFAULT, group_pk=body.group_pk, shard=body.shard)
