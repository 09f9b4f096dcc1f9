"""Workspaces (tenants), their nodes and sources, and the settings that rules read."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from onefold.model.aggregates import Aggregate, AggregateState
from onefold.model.errors import FieldError, Invalid, NotFound, NotPermitted

EVENT_BYTES_MAX = 65_536

_SLUG = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}")


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
    """Customers of an entry node are written; those of an aggregate one are persons, projected from
    customers of its entry nodes. `source_priority` has the source first whose values win.
    """

    id: UUID
    kind: NodeKind
    name: str
    description: str | None = None
    image_url: str | None = None
    unique: UniquePolicy = field(default_factory=UniquePolicy)
    mandatory: tuple[str, ...] = ()
    source_priority: tuple[UUID, ...] = ()
    entry_node_ids: tuple[UUID, ...] = ()
    aggregate: Aggregate | None = None

    @property
    def is_projecting(self) -> bool:
        """Whether it has persons that follow every write."""
        return self.aggregate is not None and self.aggregate.state is AggregateState.ACTIVE


@dataclass(frozen=True, slots=True)
class Source:
    """An integration with a token; the provider decides what its token may do.

    `networks` are where the token may be used, and `origins` the pages that may use it; anywhere
    when there is none.
    """

    id: UUID
    name: str
    provider: str
    node_ids: tuple[UUID, ...]
    description: str | None = None
    enabled: bool = True
    properties: Mapping[str, Any] = field(default_factory=dict)
    networks: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkspaceSettings:
    timezone: str = "UTC"
    currency: str = "EUR"
    region: str | None = None
    disabled_event_types: tuple[str, ...] = ()
    event_bytes_max: Mapping[str, int] = field(default_factory=dict)
    industry: str | None = None
    logo_url: str | None = None
    tier: int | None = None
    registry_event_types: tuple[str, ...] = ()
    disabled_properties: tuple[str, ...] = ()
    consents_for_events: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    requests_per_minute: int = 0
    group_pk: int | None = None
    shard: str | None = None
    usual_unique: UniquePolicy = field(default_factory=lambda: UniquePolicy(("contact.email",)))


def check_zone(name: str) -> None:
    """Raises Invalid for a name that no time zone has."""
    if name not in available_timezones():
        message = "timezone is not the name of a time zone"
        raise Invalid(message, fields=(FieldError("settings.timezone", message),))


def check_event_sizes(bytes_max: Mapping[str, int]) -> None:
    """Raises Invalid for a size that no event has, or that none may have."""
    for event_type, most in bytes_max.items():
        if not 1 <= most <= EVENT_BYTES_MAX:
            message = f"must be a number from 1 to {EVENT_BYTES_MAX}"
            path = f"settings.event_bytes_max.{event_type}"
            raise Invalid(f"{event_type} {message}", fields=(FieldError(path, message),))


def check_slug(slug: str) -> None:
    """Raises Invalid for one that cannot be typed, or be taken for an id."""
    if _SLUG.fullmatch(slug) is None or _UUID.fullmatch(slug) is not None:
        message = "slug is made of small letters, digits and hyphens, 63 at most"
        raise Invalid(message, fields=(FieldError("slug", message),))


def check_name(name: str) -> None:
    """Raises Invalid for a name that nobody could read."""
    if not name.strip():
        message = "name is empty"
        raise Invalid(message, fields=(FieldError("name", message),))


@dataclass(frozen=True, slots=True)
class Tenant:
    """A workspace as its operator sees it, without its parts."""

    id: UUID
    slug: str
    name: str
    status: WorkspaceStatus
    settings: WorkspaceSettings


@dataclass(frozen=True, slots=True)
class Workspace:
    """A tenant as the rules see it: settings, nodes and definitions in one frozen picture.

    `revision` grows with every change of any part, so that a stale picture can be told.
    `suppresses` says that somebody was forgotten here and is to be kept out, `decides` that people
    said of customers who is the same person and who is not, `merges` that by that some customers
    of entry nodes are hidden behind others.
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
    suppresses: bool = False
    decides: bool = False
    merges: bool = False

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

    def projecting(self, entry_node_ids: Collection[UUID]) -> list[Node]:
        """Aggregate nodes whose persons follow customers of one of these nodes."""
        return [
            node
            for node in self.nodes.values()
            if node.is_projecting and not set(node.entry_node_ids).isdisjoint(entry_node_ids)
        ]

    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.settings.timezone)
