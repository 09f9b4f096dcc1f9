"""The workspace's configuration, in Contacthub's shape and as settings."""

from dataclasses import replace
from typing import Any

from onefold.dialects.contacthub.shapes.configuration import WorkspaceConfiguration
from onefold.model.workspaces import Workspace, WorkspaceSettings

Wire = dict[str, Any]

TIMEZONE_DEFAULT = "Europe/Rome"
INDUSTRY_DEFAULT = "NotDefined"
UNIQUENESS = "MERGE"
"""The one policy that is left; what a node does on a match is the node's own."""


def wire_configuration(workspace: Workspace) -> Wire:
    settings = workspace.settings
    return {
        "name": workspace.name,
        "industry": settings.industry or INDUSTRY_DEFAULT,
        "logo": settings.logo_url,
        "timezone": settings.timezone,
        "currency": settings.currency,
        "customerUniquenessPolicy": UNIQUENESS,
        "tier": settings.tier,
    }


def settings_of(body: WorkspaceConfiguration, stored: WorkspaceSettings) -> WorkspaceSettings:
    """The settings with what the body says; what it leaves out has the contract's default."""
    return replace(
        stored,
        industry=body.industry,
        logo_url=body.logo,
        timezone=body.timezone or TIMEZONE_DEFAULT,
        currency=body.currency,
    )
