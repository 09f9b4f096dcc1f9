"""Users, and whoever calls: Contacthub's shapes of members, sources and operators."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from onefold.dialects.contacthub.mapping.times import optional_time
from onefold.dialects.contacthub.shapes.roles import ROLE_WORDS
from onefold.dialects.contacthub.shapes.users import UserBody
from onefold.model.access import Role
from onefold.model.errors import FieldError, Invalid
from onefold.model.members import Member, NodeAccess
from onefold.model.workspaces import Node, NodeKind, Tenant

Wire = dict[str, Any]

ACCESS_WORDS: Mapping[NodeAccess, str] = {
    NodeAccess.READ: "R",
    NodeAccess.WRITE: "W",
    NodeAccess.BOTH: "RW",
}
_ACCESS_OF_WORD = {word: access for access, word in ACCESS_WORDS.items()}


def wire_user(member: Member) -> Wire:
    return {
        "id": member.number,
        "name": member.full_name,
        "registeredAt": optional_time(member.created_at),
        "updatedAt": optional_time(member.updated_at),
        "nodes": [
            {"id": str(node_id), "permission": ACCESS_WORDS[access]}
            for node_id, access in member.nodes.items()
        ],
    }


def nodes_of(body: UserBody) -> dict[UUID, NodeAccess]:
    """Raises Invalid for an entry without a node; the contract has checked the others."""
    found = {}
    for position, one in enumerate(body.nodes):
        if not one.id:
            fields = (FieldError(f"/nodes/{position}/id", "is required"),)
            raise Invalid("id is required", fields=fields)
        found[UUID(one.id)] = _ACCESS_OF_WORD[one.permission]
    return found


def wire_member_self(member: Member) -> Wire:
    return {
        "id": member.number,
        "name": member.name,
        "surname": member.surname,
        "lang": member.language,
        "email": member.email,
    }


def wire_roles(roles: Iterable[Role]) -> list[str]:
    return sorted(ROLE_WORDS[one] for one in roles)


def wire_groups(tenants: Sequence[tuple[Tenant, list[Wire]]]) -> list[Wire]:
    """Workspaces by their group, each with its nodes; those without a group are one themselves."""
    groups: dict[int | None, list[Wire]] = {}
    for tenant, nodes in tenants:
        wire = {
            "id": str(tenant.id),
            "name": tenant.name,
            "status": tenant.status.value,
            "nodes": nodes,
        }
        groups.setdefault(tenant.settings.group_pk, []).append(wire)
    return [_group(pk, workspaces) for pk, workspaces in groups.items()]


def wire_node(node: Node, access: NodeAccess) -> Wire:
    return {
        "id": str(node.id),
        "name": node.name,
        "type": "ENTRY" if node.kind is NodeKind.ENTRY else "AGGREGATE",
        "permission": ACCESS_WORDS[access],
    }


def _group(pk: int | None, workspaces: list[Wire]) -> Wire:
    return {"workspaces": workspaces} if pk is None else {"id": pk, "workspaces": workspaces}
