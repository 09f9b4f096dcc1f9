"""Who is calling: by name, with the workspaces and nodes within reach."""

from dataclasses import dataclass
from uuid import UUID

from onefold.actions.members import read_own
from onefold.actions.tenants import list_reachable
from onefold.actions.transaction import Transaction
from onefold.model.access import Actor
from onefold.model.members import Member, NodeAccess, access_to
from onefold.model.workspaces import Node, Tenant
from onefold.store import workspaces

WORKSPACES_MAX = 1000
"""An operator of the installation is told of so many with their nodes."""


@dataclass(frozen=True, slots=True)
class Place:
    """A workspace, and what the caller may do in which of its nodes."""

    tenant: Tenant
    nodes: tuple[tuple[Node, NodeAccess], ...]


@dataclass(frozen=True, slots=True)
class Described:
    """`member` is None for a source and for an operator."""

    name: str
    member: Member | None
    places: tuple[Place, ...]


async def describe_caller(tx: Transaction, actor: Actor) -> Described:
    member = await read_own(tx, actor)
    places = []
    for tenant in (await list_reachable(tx, actor))[:WORKSPACES_MAX]:
        nodes = await workspaces.list_nodes(tx, tenant.id)
        reached = [(node, access_to(node.id, actor, member)) for node in nodes]
        places.append(Place(tenant, tuple((node, one) for node, one in reached if one)))
    return Described(await _name(tx, actor, member), member, tuple(places))


async def _name(tx: Transaction, actor: Actor, member: Member | None) -> str:
    if member is not None:
        return member.name
    if actor.kind == "source" and actor.id is not None:
        return await _source_name(tx, actor, actor.id)
    return actor.kind


async def _source_name(tx: Transaction, actor: Actor, source_id: UUID) -> str:
    source = await workspaces.find_source(tx, actor.workspace_id, source_id=source_id)
    return source.name if source else actor.kind
