"""Issuing and revoking tokens."""

import secrets
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from onefold.actions.transaction import Transaction
from onefold.model.access import Actor, Permission, Role, Token
from onefold.model.errors import Conflict
from onefold.model.ids import uuid7
from onefold.store import access

TOKEN_BYTES = 32


async def issue_token(
    tx: Transaction,
    actor: Actor,
    *,
    kind: str,
    roles: frozenset[Role],
    subject_id: UUID | None,
    node_ids: frozenset[UUID] | None,
    at: datetime,
    expires_at: datetime | None = None,
) -> str:
    """A new opaque token of 256 bits; this is the only time that anybody sees it."""
    actor.require(Permission.CONFIGURATION_WRITE)
    text = secrets.token_urlsafe(TOKEN_BYTES)
    token = Token(
        digest=digest_of(text),
        workspace_id=actor.workspace_id,
        id=uuid7(at),
        kind=kind,
        subject_id=subject_id,
        roles=roles,
        node_ids=node_ids,
        enabled=True,
        expires_at=expires_at,
    )
    await access.save_token(tx, token, at=at)
    return text


def digest_of(text: str) -> bytes:
    return sha256(text.encode()).digest()


async def keep_token(tx: Transaction, actor: Actor, *, token: Token, at: datetime) -> None:
    """Stores a token whose text the caller has chosen (the demo's, which survive a restart)."""
    actor.require(Permission.CONFIGURATION_WRITE)
    if not await access.save_token(tx, token, at=at):
        raise Conflict("this token is in use already")


async def revoke_token(tx: Transaction, actor: Actor, *, token_id: UUID) -> None:
    actor.require(Permission.CONFIGURATION_WRITE)
    await access.delete_token(tx, actor.workspace_id, token_id=token_id)


async def switch_tokens(tx: Transaction, actor: Actor, *, subject_id: UUID, enabled: bool) -> None:
    """Switches every token of a source, member or app on or off."""
    actor.require(Permission.CONFIGURATION_WRITE)
    await access.set_tokens_enabled(tx, actor.workspace_id, subject_id=subject_id, enabled=enabled)


async def bind_tokens(
    tx: Transaction, actor: Actor, *, subject_id: UUID, node_ids: frozenset[UUID]
) -> None:
    """Binds the tokens of a source to these nodes; those that reach every node stay as they are."""
    actor.require(Permission.CONFIGURATION_WRITE)
    await access.set_tokens_nodes(
        tx, actor.workspace_id, subject_id=subject_id, node_ids=sorted(node_ids)
    )


async def list_tokens(tx: Transaction, actor: Actor) -> list[Token]:
    actor.require(Permission.CONFIGURATION_READ)
    return await access.list_tokens(tx, actor.workspace_id)
