"""Members: people on staff, and the nodes on which each may work."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from onefold.model.access import Actor, Permission, Role
from onefold.model.errors import FieldError, Invalid


class NodeAccess(StrEnum):
    READ = "read"
    WRITE = "write"
    BOTH = "both"


REACH_EVERYTHING = frozenset({Role.OPERATOR, Role.ADMIN})
"""Who may change what others reach is bound to no nodes."""


@dataclass(frozen=True, slots=True)
class Member:
    """`number` is unique in the workspace; `nodes` bind all but administrators and operators."""

    id: UUID
    number: int
    name: str
    email: str
    roles: frozenset[Role]
    surname: str = ""
    username: str = ""
    language: str = "en"
    nodes: Mapping[UUID, NodeAccess] = field(default_factory=dict)
    created_at: datetime | None = None
    updated_at: datetime | None = None

    @property
    def full_name(self) -> str:
        return f"{self.name} {self.surname}".strip()

    def reachable(self, *, writing: bool) -> frozenset[UUID] | None:
        """The nodes to read, or to write; None for every node."""
        if self.roles & REACH_EVERYTHING:
            return None
        wanted = {NodeAccess.BOTH, NodeAccess.WRITE if writing else NodeAccess.READ}
        return frozenset(node_id for node_id, access in self.nodes.items() if access in wanted)

    def is_found_by(self, text: str) -> bool:
        """Whether part of a name, the user name or the e-mail address is this text."""
        words = (self.full_name, self.surname, self.username, self.email)
        return any(text.casefold() in word.casefold() for word in words)


def check_nodes(nodes: Collection[UUID], known: Collection[UUID]) -> None:
    """Raises Invalid for a node that is not there."""
    if not set(nodes) <= set(known):
        message = "nodes names a node that is not there"
        raise Invalid(message, fields=(FieldError("nodes", message),))


def access_to(node_id: UUID, actor: Actor, member: Member | None) -> NodeAccess | None:
    """What somebody may do in a node: what a member was given, else what the role allows."""
    if member is not None and not member.roles & REACH_EVERYTHING:
        return member.nodes.get(node_id)
    if not actor.may_reach(node_id):
        return None
    if Permission.CUSTOMER_WRITE not in actor.permissions:
        return NodeAccess.READ
    reads = Permission.CUSTOMER_READ in actor.permissions
    return NodeAccess.BOTH if reads else NodeAccess.WRITE
