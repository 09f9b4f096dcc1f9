"""Members: rows in, records out."""

from datetime import datetime
from uuid import UUID

from onefold.model.access import Role
from onefold.model.members import Member, NodeAccess
from onefold.store.database import Row, Transaction, decode_json, encode_json
from onefold.store.queries import queries

_SQL = queries("members")
MEMBER_NUMBERS = "member"


async def list_members(tx: Transaction, workspace_id: UUID) -> list[Member]:
    rows = await tx.connection.fetch(_SQL["list_members"], workspace_id)
    return [_member(row) for row in rows]


async def find_member(tx: Transaction, workspace_id: UUID, *, member_id: UUID) -> Member | None:
    row = await tx.connection.fetchrow(_SQL["find_member"], workspace_id, member_id)
    return _member(row) if row else None


async def insert_member(
    tx: Transaction, workspace_id: UUID, member: Member, *, at: datetime
) -> bool:
    """False when another member has the e-mail address."""
    made = await tx.connection.fetchval(
        _SQL["insert_member"],
        workspace_id,
        member.id,
        member.number,
        member.name,
        member.surname,
        member.username,
        member.email,
        member.language,
        sorted(member.roles),
        _nodes(member),
        at,
    )
    return made is not None


async def update_member(
    tx: Transaction, workspace_id: UUID, member: Member, *, at: datetime
) -> None:
    await tx.connection.execute(
        _SQL["update_member"],
        workspace_id,
        member.id,
        member.name,
        member.surname,
        member.username,
        member.language,
        sorted(member.roles),
        _nodes(member),
        at,
    )


async def delete_member(tx: Transaction, workspace_id: UUID, *, member_id: UUID) -> None:
    await tx.connection.execute(_SQL["delete_member"], workspace_id, member_id)


def _nodes(member: Member) -> str:
    return encode_json({str(node_id): access for node_id, access in member.nodes.items()})


def _member(row: Row) -> Member:
    nodes = decode_json(row["nodes"])
    return Member(
        id=row["member_id"],
        number=row["number"],
        name=row["name"],
        surname=row["surname"],
        username=row["username"],
        email=row["email"],
        language=row["language"],
        roles=frozenset(Role(role) for role in row["roles"]),
        nodes={UUID(node_id): NodeAccess(access) for node_id, access in nodes.items()},
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )
