"""Workspaces (tenants), their nodes and sources, and the settings that rules read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from onefold.model.errors import NotFound, NotPermitted


class WorkspaceStatus(StrEnum):
    ENABLED = "ENABLED"
    SUSPENDED = "SUSPENDED"
    DISABLED = "DISABLED"


class NodeKind(StrEnum):
    ENTRY = "entry"
    AGGREGATE = "aggregate"


class OnMatch(StrEnum):
    """What happens when a new customer equals a stored one in the node's unique properties."""

    MERGE = "merge"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class UniquePolicy:
    """The core paths that together identify a customer inside a node; none means no check."""

    paths: tuple[str, ...] = ()
    case_sensitive: bool = False
    on_match: OnMatch = OnMatch.MERGE
    version: int = 1


@dataclass(frozen=True, slots=True)
class Node:
    id: UUID
    kind: NodeKind
    name: str
    description: str | None = None
    image_url: str | None = None
    unique: UniquePolicy = field(default_factory=UniquePolicy)
    mandatory: tuple[str, ...] = ()
    source_priority: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """An integration with a token; the provider decides what its token may do."""

    id: UUID
    name: str
    provider: str
    node_ids: tuple[UUID, ...]
    description: str | None = None
    enabled: bool = True
    properties: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WorkspaceSettings:
    timezone: str = "UTC"
    currency: str = "EUR"
    region: str | None = None
    disabled_event_types: tuple[str, ...] = ()
    event_bytes_max: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Workspace:
    """A tenant as the rules see it: settings, nodes and definitions in one frozen picture.

    `revision` grows with every change of any part, so that a stale picture can be told.
    """

    id: UUID
    slug: str
    name: str
    status: WorkspaceStatus
    revision: int
    created_at: datetime
    settings: WorkspaceSettings
    nodes: Mapping[UUID, Node]
    properties: Mapping[str, Mapping[str, Mapping[str, Any]]]

    def node(self, node_id: UUID) -> Node:
        found = self.nodes.get(node_id)
        if found is None:
            raise NotFound(f"node not found {node_id}")
        return found

    def entry_node(self, node_id: UUID) -> Node:
        node = self.node(node_id)
        if node.kind is not NodeKind.ENTRY:
            raise NotPermitted(f"node {node_id} is an aggregate node and cannot be written")
        return node

    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.settings.timezone)
