"""Workspaces, nodes, sources and definitions: the picture that rules read."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from onefold.model.aggregates import Aggregate
from onefold.model.updates import MAIN_LANE
from onefold.model.workspaces import (
    Node,
    NodeKind,
    Source,
    Tenant,
    UniquePolicy,
    Workspace,
    WorkspaceSettings,
    WorkspaceStatus,
)
from onefold.store.database import Row, Transaction, decode_json, encode_json
from onefold.store.queries import queries

_SQL = queries("workspaces")
CUSTOMER_NUMBERS = "customer"


async def find_workspace(tx: Transaction, workspace_id: UUID) -> Workspace | None:
    """The whole picture: settings, nodes and definitions."""
    row = await tx.connection.fetchrow(_SQL["find_workspace"], workspace_id)
    if row is None:
        return None
    nodes = await list_nodes(tx, workspace_id)
    definitions = await list_property_definitions(tx, workspace_id)
    return Workspace(
        id=row["workspace_id"],
        slug=row["slug"],
        name=row["name"],
        status=WorkspaceStatus(row["status"]),
        revision=row["revision"],
        created_at=row["created_at"],
        settings=msgspec.json.decode(row["settings"], type=WorkspaceSettings),
        nodes={node.id: node for node in nodes},
        properties=definitions,
        suppresses=row["suppresses"],
        decides=row["decides"],
        merges=row["merges"],
    )


async def revision_of_workspace(tx: Transaction, workspace_id: UUID) -> int:
    """0 when there is no such workspace."""
    found = await tx.connection.fetchval(_SQL["revision_of_workspace"], workspace_id)
    return int(found or 0)


async def share_revision(tx: Transaction, workspace_id: UUID) -> int:
    """The same, and the workspace's rules stay as they are until commit."""
    found = await tx.connection.fetchval(_SQL["share_revision"], workspace_id)
    return int(found or 0)


async def lock_revision(tx: Transaction, workspace_id: UUID) -> int:
    """The same, and nobody else reads the rules for a write, or changes them, until commit."""
    found = await tx.connection.fetchval(_SQL["lock_revision"], workspace_id)
    return int(found or 0)


async def find_workspace_by_slug(tx: Transaction, slug: str) -> UUID | None:
    found: UUID | None = await tx.connection.fetchval(_SQL["find_workspace_by_slug"], slug)
    return found


async def workspace_of_node(tx: Transaction, node_id: UUID) -> UUID | None:
    found: UUID | None = await tx.connection.fetchval(_SQL["workspace_of_node"], node_id)
    return found


async def list_workspaces(tx: Transaction) -> list[tuple[UUID, str, str, str]]:
    """Id, slug, name and status of every workspace."""
    rows = await tx.connection.fetch(_SQL["list_workspaces"])
    return [(row[0], row[1], row[2], row[3]) for row in rows]


async def list_tenants(tx: Transaction) -> list[Tenant]:
    """Every workspace, by name."""
    rows = await tx.connection.fetch(_SQL["list_tenants"])
    return [
        Tenant(
            row["workspace_id"],
            row["slug"],
            row["name"],
            WorkspaceStatus(row["status"]),
            msgspec.json.decode(row["settings"], type=WorkspaceSettings),
        )
        for row in rows
    ]


async def workspaces_with_provider(tx: Transaction, provider: str) -> set[UUID]:
    """Workspaces that have a source of this provider."""
    rows = await tx.connection.fetch(_SQL["workspaces_with_provider"], provider)
    return {row[0] for row in rows}


async def claim_slug(tx: Transaction, slug: str, *, workspace_id: UUID) -> bool:
    return await tx.connection.fetchval(_SQL["claim_slug"], slug, workspace_id) is not None


async def insert_workspace(tx: Transaction, workspace: Workspace) -> None:
    """Stores a new tenant with its counters and its lane of the update stream."""
    await tx.connection.execute(
        _SQL["insert_workspace"],
        workspace.id,
        workspace.slug,
        workspace.name,
        workspace.status,
        encode_json(workspace.settings),
        workspace.created_at,
    )
    await tx.connection.execute(_SQL["insert_number"], workspace.id, CUSTOMER_NUMBERS)
    await tx.connection.execute(_SQL["insert_lane"], workspace.id, MAIN_LANE, workspace.created_at)


async def update_workspace(tx: Transaction, workspace: Workspace, *, at: datetime) -> None:
    await tx.connection.execute(
        _SQL["update_workspace"],
        workspace.id,
        workspace.name,
        workspace.status,
        encode_json(workspace.settings),
        at,
    )


async def touch_workspace(tx: Transaction, workspace_id: UUID, *, at: datetime) -> None:
    await tx.connection.execute(_SQL["touch_workspace"], workspace_id, at)


async def list_nodes(tx: Transaction, workspace_id: UUID) -> list[Node]:
    rows = await tx.connection.fetch(_SQL["list_nodes"], workspace_id)
    return [_node(row) for row in rows]


async def save_node(tx: Transaction, workspace_id: UUID, node: Node, *, at: datetime) -> None:
    settings = {
        "description": node.description,
        "image_url": node.image_url,
        "unique": node.unique,
        "mandatory": node.mandatory,
        "source_priority": node.source_priority,
        "entry_node_ids": node.entry_node_ids,
        "aggregate": node.aggregate,
    }
    await tx.connection.execute(
        _SQL["save_node"],
        workspace_id,
        node.id,
        node.kind,
        node.name,
        encode_json(settings),
        at,
    )


async def list_sources(tx: Transaction, workspace_id: UUID) -> list[Source]:
    rows = await tx.connection.fetch(_SQL["list_sources"], workspace_id)
    return [_source(row) for row in rows]


async def find_source(tx: Transaction, workspace_id: UUID, *, source_id: UUID) -> Source | None:
    row = await tx.connection.fetchrow(_SQL["find_source"], workspace_id, source_id)
    return _source(row) if row else None


async def save_source(tx: Transaction, workspace_id: UUID, source: Source, *, at: datetime) -> None:
    settings = {
        "description": source.description,
        "properties": source.properties,
        "networks": source.networks,
        "origins": source.origins,
    }
    await tx.connection.execute(
        _SQL["save_source"],
        workspace_id,
        source.id,
        source.name,
        source.provider,
        source.node_ids,
        source.enabled,
        encode_json(settings),
        at,
    )


async def list_property_definitions(
    tx: Transaction, workspace_id: UUID
) -> dict[str, dict[str, Mapping[str, Any]]]:
    """Owner -> name -> definition."""
    rows = await tx.connection.fetch(_SQL["list_property_definitions"], workspace_id)
    found: dict[str, dict[str, Mapping[str, Any]]] = {}
    for owner, name, definition in rows:
        found.setdefault(owner, {})[name] = decode_json(definition)
    return found


async def save_property_definition(
    tx: Transaction,
    workspace_id: UUID,
    definition: Mapping[str, Any],
    *,
    owner: str,
    name: str,
    at: datetime,
) -> None:
    await tx.connection.execute(
        _SQL["save_property_definition"],
        workspace_id,
        owner,
        name,
        encode_json(definition),
        at,
    )


async def delete_property_definition(
    tx: Transaction, workspace_id: UUID, *, owner: str, name: str
) -> None:
    await tx.connection.execute(_SQL["delete_property_definition"], workspace_id, owner, name)


async def start_numbers(tx: Transaction, workspace_id: UUID, *, kind: str) -> None:
    """Makes a counter unless there is one."""
    await tx.connection.execute(_SQL["insert_number"], workspace_id, kind)


async def next_numbers(tx: Transaction, workspace_id: UUID, *, kind: str, many: int) -> range:
    """Takes that many numbers; writers of the workspace wait from here to commit."""
    last = await tx.connection.fetchval(_SQL["next_numbers"], workspace_id, kind, many)
    return range(last - many + 1, last + 1)


async def give_back_numbers(
    tx: Transaction, workspace_id: UUID, *, kind: str, first: int, last: int
) -> None:
    """Numbers that were taken and given to nobody; nothing happens when later ones are taken."""
    await tx.connection.execute(_SQL["give_back_numbers"], workspace_id, kind, first, last)


def _node(row: Row) -> Node:
    settings = decode_json(row["settings"])
    return Node(
        id=row["node_id"],
        kind=NodeKind(row["kind"]),
        name=row["name"],
        description=settings.get("description"),
        image_url=settings.get("image_url"),
        unique=msgspec.convert(settings.get("unique") or {}, UniquePolicy),
        mandatory=tuple(settings.get("mandatory") or ()),
        source_priority=tuple(UUID(one) for one in settings.get("source_priority") or ()),
        entry_node_ids=tuple(UUID(one) for one in settings.get("entry_node_ids") or ()),
        aggregate=msgspec.convert(settings.get("aggregate"), Aggregate | None),
    )


def _source(row: Row) -> Source:
    settings = decode_json(row["settings"])
    return Source(
        id=row["source_id"],
        name=row["name"],
        provider=row["provider"],
        node_ids=tuple(row["node_ids"]),
        description=settings.get("description"),
        enabled=row["enabled"],
        properties=settings.get("properties") or {},
        networks=tuple(settings.get("networks") or ()),
        origins=tuple(settings.get("origins") or ()),
    )
