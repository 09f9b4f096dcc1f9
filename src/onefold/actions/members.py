"""Members of a workspace: taken in, bound to nodes, given tokens, let go."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from onefold.actions.access import TOKEN_BYTES, digest_of
from onefold.actions.directory import Picture, require_open
from onefold.actions.transaction import Transaction
from onefold.model.access import Actor, Permission, Token
from onefold.model.errors import Conflict, NotFound
from onefold.model.ids import uuid7
from onefold.model.members import Member, NodeAccess, check_nodes
from onefold.store import access, members, workspaces

KIND = "member"


async def list_members(tx: Transaction, actor: Actor, *, search: str = "") -> list[Member]:
    actor.require(Permission.CONFIGURATION_WRITE)
    found = await members.list_members(tx, actor.workspace_id)
    return [one for one in found if one.is_found_by(search)]


async def find_member(tx: Transaction, actor: Actor, *, wanted: UUID | int | None) -> Member:
    """The member with this id or number."""
    actor.require(Permission.CONFIGURATION_WRITE)
    for one in await members.list_members(tx, actor.workspace_id):
        if wanted in (one.id, one.number):
            return one
    raise NotFound("user not found")


async def read_own(tx: Transaction, actor: Actor) -> Member | None:
    """The member who calls; None when a source or an operator does."""
    if actor.kind != KIND or actor.id is None:
        return None
    return await members.find_member(tx, actor.workspace_id, member_id=actor.id)


async def take_in(tx: Transaction, actor: Actor, *, member: Member, at: datetime) -> Member:
    """A new member with the next number; raises Conflict when the e-mail address is taken."""
    actor.require(Permission.CONFIGURATION_WRITE)
    known = [one.id for one in await workspaces.list_nodes(tx, actor.workspace_id)]
    check_nodes(member.nodes, known)
    await workspaces.start_numbers(tx, actor.workspace_id, kind=members.MEMBER_NUMBERS)
    (number,) = await workspaces.next_numbers(
        tx, actor.workspace_id, kind=members.MEMBER_NUMBERS, many=1
    )
    made = replace(member, number=number, created_at=at, updated_at=at)
    if not await members.insert_member(tx, actor.workspace_id, made, at=at):
        raise Conflict(f"there is a member with the address {member.email}")
    return made


async def bind_member(
    tx: Transaction,
    actor: Actor,
    *,
    picture: Picture,
    wanted: UUID | int | None,
    nodes: Mapping[UUID, NodeAccess],
    at: datetime,
) -> Member:
    """The nodes on which a member may work, in place of those before."""
    actor.require(Permission.CONFIGURATION_WRITE)
    require_open(picture.workspace, writing=True)
    member = await find_member(tx, actor, wanted=wanted)
    check_nodes(nodes, picture.workspace.nodes)
    bound = replace(member, nodes=nodes, updated_at=at)
    await members.update_member(tx, actor.workspace_id, bound, at=at)
    return bound


async def issue_member_token(
    tx: Transaction, actor: Actor, *, member: Member, at: datetime, expires_at: datetime | None
) -> str:
    """What it may do is asked of the member each time, so that a change holds at once."""
    actor.require(Permission.CONFIGURATION_WRITE)
    text = secrets.token_urlsafe(TOKEN_BYTES)
    token = Token(
        digest=digest_of(text),
        workspace_id=actor.workspace_id,
        id=uuid7(at),
        kind=KIND,
        subject_id=member.id,
        roles=member.roles,
        node_ids=None,
        enabled=True,
        expires_at=expires_at,
    )
    await access.save_token(tx, token, at=at)
    return text


async def let_go(tx: Transaction, actor: Actor, *, wanted: UUID | int | None) -> Member:
    """Takes a member away, and every token with it."""
    actor.require(Permission.CONFIGURATION_WRITE)
    member = await find_member(tx, actor, wanted=wanted)
    await access.delete_tokens_of(tx, actor.workspace_id, subject_id=member.id)
    await members.delete_member(tx, actor.workspace_id, member_id=member.id)
    return member
