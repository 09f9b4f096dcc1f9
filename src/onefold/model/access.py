"""Who may do what: actors, roles and the permissions that a role carries."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from onefold.model.errors import NotPermitted
from onefold.model.ids import NIL

EVERYWHERE = NIL
"""The workspace of an operator's token that belongs to none: it acts in each."""


class Permission(StrEnum):
    CUSTOMER_READ = "customer:read"
    CUSTOMER_SEARCH = "customer:search"
    CUSTOMER_WRITE = "customer:write"
    CUSTOMER_DELETE = "customer:delete"
    CUSTOMER_FORGET = "customer:forget"
    CONSENT_READ = "consent:read"
    SESSION_READ = "session:read"
    EVENT_READ = "event:read"
    EVENT_WRITE = "event:write"
    EVENT_DELETE = "event:delete"
    UPDATES_READ = "updates:read"
    STATISTICS_READ = "statistics:read"
    SCHEMA_READ = "schema:read"
    CONFIGURATION_READ = "configuration:read"
    CONFIGURATION_WRITE = "configuration:write"
    WORKSPACE_PROVISION = "workspace:provision"
    IMPORT = "import"


class Role(StrEnum):
    """A named set of permissions; a token carries one or more."""

    OPERATOR = "operator"
    ADMIN = "admin"
    USER = "user"
    GUEST = "guest"
    APPLICATION = "application"
    BROWSER = "browser"
    STREAM_READER = "stream_reader"
    PRIVACY_OFFICER = "privacy_officer"


_BROWSER = frozenset({Permission.CUSTOMER_WRITE, Permission.EVENT_WRITE, Permission.SCHEMA_READ})
_APPLICATION = _BROWSER | {
    Permission.CUSTOMER_READ,
    Permission.CUSTOMER_SEARCH,
    Permission.CUSTOMER_DELETE,
    Permission.SESSION_READ,
    Permission.EVENT_READ,
    Permission.EVENT_DELETE,
    Permission.STATISTICS_READ,
    Permission.CONFIGURATION_READ,
    Permission.IMPORT,
}
_USER = _APPLICATION | {Permission.UPDATES_READ}
_ADMIN = _USER | {Permission.CONFIGURATION_WRITE}

PERMISSIONS_OF_ROLE: Mapping[Role, frozenset[Permission]] = {
    Role.OPERATOR: _ADMIN | {Permission.WORKSPACE_PROVISION},
    Role.ADMIN: _ADMIN,
    Role.USER: _USER,
    Role.GUEST: frozenset(
        {
            Permission.CUSTOMER_READ,
            Permission.CUSTOMER_SEARCH,
            Permission.STATISTICS_READ,
            Permission.SCHEMA_READ,
            Permission.CONFIGURATION_READ,
        }
    ),
    Role.APPLICATION: _APPLICATION,
    Role.BROWSER: _BROWSER,
    Role.STREAM_READER: frozenset({Permission.UPDATES_READ}),
    Role.PRIVACY_OFFICER: frozenset(
        {Permission.CUSTOMER_FORGET, Permission.CUSTOMER_READ, Permission.CONSENT_READ}
    ),
}


@dataclass(frozen=True, slots=True, eq=False)
class Actor:
    """Whoever acts, as far as one workspace is concerned; itself and no other, so that finding
    the requests of one actor costs nothing.

    `node_ids` None means every node. `id` is the source's, the member's or the app's.
    """

    workspace_id: UUID
    id: UUID | None
    kind: str
    roles: frozenset[Role]
    permissions: frozenset[Permission]
    node_ids: frozenset[UUID] | None = None

    def require(self, permission: Permission) -> None:
        if permission not in self.permissions:
            raise NotPermitted(f"the token may not do this: {permission} is missing")

    def require_everywhere(self) -> None:
        """For what concerns all workspaces: only an operator of the installation may."""
        self.require(Permission.WORKSPACE_PROVISION)
        if self.workspace_id != EVERYWHERE:
            raise NotPermitted("the token is bound to one workspace")

    def may_reach(self, node_id: UUID) -> bool:
        return self.node_ids is None or node_id in self.node_ids

    def require_node(self, node_id: UUID) -> None:
        if not self.may_reach(node_id):
            raise NotPermitted(f"the token is not bound to node {node_id}")


def permissions_of(roles: frozenset[Role]) -> frozenset[Permission]:
    return frozenset().union(*(PERMISSIONS_OF_ROLE[role] for role in roles))


@dataclass(frozen=True, slots=True)
class Token:
    """A stored credential; only its SHA-256 is kept."""

    digest: bytes
    workspace_id: UUID
    id: UUID
    kind: str
    subject_id: UUID | None
    roles: frozenset[Role]
    node_ids: frozenset[UUID] | None
    enabled: bool
    expires_at: datetime | None

    def usable(self, at: datetime) -> bool:
        return self.enabled and (self.expires_at is None or at < self.expires_at)


def operator_within(actor: Actor, workspace_id: UUID) -> Actor:
    """An operator of the installation as who acts in one workspace; any other stays who it is."""
    if actor.workspace_id != EVERYWHERE:
        return actor
    return replace(actor, workspace_id=workspace_id)


def operator_of(workspace_id: UUID) -> Actor:
    """The person at the command line of the machine itself, who may do everything."""
    return Actor(workspace_id, None, "operator", frozenset({Role.OPERATOR}), frozenset(Permission))
