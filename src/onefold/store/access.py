"""Tokens: stored as a digest, found by it before the workspace is known."""

from datetime import datetime
from uuid import UUID

from onefold.model.access import Role, Token
from onefold.store.database import Row, Transaction
from onefold.store.queries import queries

_SQL = queries("access")


async def find_token(tx: Transaction, digest: bytes) -> Token | None:
    row = await tx.connection.fetchrow(_SQL["find_token"], digest)
    return _token(row) if row else None


async def save_token(
    tx: Transaction, token: Token, *, at: datetime, shown_again: str | None = None
) -> bool:
    """False when the digest is that of another workspace's token.

    Of a token that shall be shown again a sealed copy is kept.
    """
    saved = await tx.connection.fetchval(
        _SQL["save_token"],
        token.digest,
        token.workspace_id,
        token.id,
        token.kind,
        token.subject_id,
        sorted(token.roles),
        None if token.node_ids is None else sorted(token.node_ids),
        token.enabled,
        at,
        token.expires_at,
        None if shown_again is None else tx.sealer.seal(shown_again),
    )
    return saved is not None


async def set_tokens_enabled(
    tx: Transaction, workspace_id: UUID, *, subject_id: UUID, enabled: bool
) -> None:
    await tx.connection.execute(_SQL["set_tokens_enabled"], workspace_id, subject_id, enabled)


async def set_tokens_nodes(
    tx: Transaction, workspace_id: UUID, *, subject_id: UUID, node_ids: list[UUID]
) -> None:
    await tx.connection.execute(_SQL["set_tokens_nodes"], workspace_id, subject_id, node_ids)


async def shown_tokens(tx: Transaction, workspace_id: UUID) -> dict[UUID, str]:
    """Subject -> its newest token of which there is a sealed copy."""
    rows = await tx.connection.fetch(_SQL["shown_tokens"], workspace_id)
    return {row[0]: tx.sealer.open(row[1]) for row in rows}


async def delete_tokens_of(tx: Transaction, workspace_id: UUID, *, subject_id: UUID) -> None:
    await tx.connection.execute(_SQL["delete_tokens_of"], workspace_id, subject_id)


async def list_tokens(tx: Transaction, workspace_id: UUID) -> list[Token]:
    rows = await tx.connection.fetch(_SQL["list_tokens"], workspace_id)
    return [_token(row) for row in rows]


async def delete_token(tx: Transaction, workspace_id: UUID, *, token_id: UUID) -> None:
    await tx.connection.execute(_SQL["delete_token"], workspace_id, token_id)


def _token(row: Row) -> Token:
    nodes = row["node_ids"]
    return Token(
        digest=row["digest"],
        workspace_id=row["workspace_id"],
        id=row["token_id"],
        kind=row["kind"],
        subject_id=row["subject_id"],
        roles=frozenset(Role(role) for role in row["roles"]),
        node_ids=None if nodes is None else frozenset(nodes),
        enabled=row["enabled"],
        expires_at=row["expires_at"],
    )
