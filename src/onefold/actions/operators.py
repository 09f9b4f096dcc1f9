"""Tokens of the operators of the installation: bound to no workspace, they act in each."""

import secrets
from datetime import datetime
from uuid import UUID

from onefold.actions.access import TOKEN_BYTES, digest_of
from onefold.actions.transaction import Transaction
from onefold.model.access import EVERYWHERE, Role, Token
from onefold.model.errors import NotFound
from onefold.model.ids import uuid7
from onefold.store import access

KIND = "operator"


async def issue_operator_token(
    tx: Transaction, *, at: datetime, expires_at: datetime | None = None
) -> tuple[UUID, str]:
    """Its id, and the token itself for the only time."""
    text = secrets.token_urlsafe(TOKEN_BYTES)
    token = Token(
        digest=digest_of(text),
        workspace_id=EVERYWHERE,
        id=uuid7(at),
        kind=KIND,
        subject_id=None,
        roles=frozenset({Role.OPERATOR}),
        node_ids=None,
        enabled=True,
        expires_at=expires_at,
    )
    await access.save_token(tx, token, at=at)
    return token.id, text


async def list_operator_tokens(tx: Transaction) -> list[Token]:
    return await access.list_tokens(tx, EVERYWHERE)


async def revoke_operator_token(tx: Transaction, *, token_id: UUID) -> None:
    if token_id not in {one.id for one in await list_operator_tokens(tx)}:
        raise NotFound(f"token not found {token_id}")
    await access.delete_token(tx, EVERYWHERE, token_id=token_id)
