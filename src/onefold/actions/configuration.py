"""Changing a workspace's settings: each part is replaced whole, and writers see it at once.

The caller holds the workspace's row, see `Directory.locked`.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from onefold.actions.aggregates import project_again
from onefold.actions.directory import Picture, require_open
from onefold.actions.transaction import Transaction
from onefold.actions.workspaces import define_properties
from onefold.model.access import Actor, Permission
from onefold.model.event_consents import Policy, check_policy
from onefold.model.projection import policies_of
from onefold.model.properties import (
    CUSTOMER_OWNER,
    check_definition,
    complete_definition,
    settle_index,
)
from onefold.model.switches import check_needed
from onefold.model.throttling import check_limit
from onefold.model.workspaces import (
    Workspace,
    WorkspaceSettings,
    check_event_sizes,
    check_name,
    check_zone,
)
from onefold.store import workspaces

Definition = Mapping[str, Any]


async def change_settings(
    tx: Transaction,
    actor: Actor,
    *,
    picture: Picture,
    settings: WorkspaceSettings,
    at: datetime,
    name: str | None = None,
) -> Workspace:
    """Makes these the settings of the workspace, and this its name if one is given."""
    actor.require(Permission.CONFIGURATION_WRITE)
    require_open(picture.workspace, writing=True)
    title = picture.workspace.name if name is None else name
    changed = replace(picture.workspace, settings=settings, name=title)
    check_zone(settings.timezone)
    check_name(changed.name)
    await workspaces.update_workspace(tx, changed, at=at)
    if settings.region != picture.workspace.settings.region:
        await project_again(tx, actor, workspace=picture.workspace, at=at)
    return changed


async def switch_event_type(
    tx: Transaction,
    actor: Actor,
    *,
    picture: Picture,
    event_type: str,
    enabled: bool,
    at: datetime,
) -> None:
    """While a type is off, a new event of it is refused."""
    settings = picture.workspace.settings
    others = tuple(one for one in settings.disabled_event_types if one != event_type)
    off = others if enabled else (*others, event_type)
    changed = replace(settings, disabled_event_types=off)
    await change_settings(tx, actor, picture=picture, settings=changed, at=at)


async def replace_properties(
    tx: Transaction,
    actor: Actor,
    *,
    picture: Picture,
    owner: str,
    definitions: Mapping[str, Definition],
    at: datetime,
) -> dict[str, Definition]:
    """Makes these the definitions of an owner and returns them with what they leave unsaid."""
    require_open(picture.workspace, writing=True)
    for name, definition in definitions.items():
        check_definition(name, definition)
    settled = settle_index(
        picture.definitions.of_owner(owner),
        {name: complete_definition(one) for name, one in definitions.items()},
        may_change=Permission.WORKSPACE_PROVISION in actor.permissions,
    )
    await define_properties(tx, actor, owner=owner, definitions=settled, at=at)
    known = picture.definitions.of_owner(owner)
    if owner == CUSTOMER_OWNER and policies_of(known) != policies_of(settled):
        await project_again(tx, actor, workspace=picture.workspace, at=at)
    return settled


async def switch_properties(
    tx: Transaction,
    actor: Actor,
    *,
    picture: Picture,
    paths: Collection[str],
    enabled: bool,
    at: datetime,
) -> None:
    """While a property is off, what is written to it is ignored."""
    settings = picture.workspace.settings
    off = set(settings.disabled_properties)
    off = off - set(paths) if enabled else off | set(paths)
    check_needed(picture.workspace.nodes.values(), off)
    changed = replace(settings, disabled_properties=tuple(sorted(off)))
    await change_settings(tx, actor, picture=picture, settings=changed, at=at)


async def set_throttling(
    tx: Transaction, actor: Actor, *, picture: Picture, requests_per_minute: int, at: datetime
) -> None:
    actor.require(Permission.WORKSPACE_PROVISION)
    check_limit(requests_per_minute)
    settings = replace(picture.workspace.settings, requests_per_minute=requests_per_minute)
    await change_settings(tx, actor, picture=picture, settings=settings, at=at)


async def set_event_sizes(
    tx: Transaction, actor: Actor, *, picture: Picture, bytes_max: Mapping[str, int], at: datetime
) -> None:
    """How large an event of each type may be; a larger one is refused."""
    actor.require(Permission.WORKSPACE_PROVISION)
    check_event_sizes(bytes_max)
    settings = replace(picture.workspace.settings, event_bytes_max=bytes_max)
    await change_settings(tx, actor, picture=picture, settings=settings, at=at)


async def set_event_consents(
    tx: Transaction,
    actor: Actor,
    *,
    picture: Picture,
    policy: Policy,
    event_types: Collection[str],
    at: datetime,
) -> None:
    """An event whose customer lacks the consent of its type is not kept from now on."""
    check_policy(policy, event_types=event_types)
    settings = replace(picture.workspace.settings, consents_for_events=policy)
    await change_settings(tx, actor, picture=picture, settings=settings, at=at)
