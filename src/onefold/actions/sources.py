"""Sources and their tokens: made, changed, shown and exchanged.

The caller holds the workspace's row, see `Directory.locked`.
"""

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from onefold.actions.access import TOKEN_BYTES, bind_tokens, digest_of, switch_tokens
from onefold.actions.directory import Picture, require_open
from onefold.actions.transaction import Transaction
from onefold.actions.workspaces import find_source, list_sources, save_source
from onefold.model.access import Actor, Permission, Role, Token
from onefold.model.ids import uuid7
from onefold.model.workspaces import Source
from onefold.store import access

Check = Callable[[Source, Sequence[Source]], None]
"""What a source of some provider must be, beside the other sources; raises a refusal."""


class ShownSource(NamedTuple):
    """A source, and its token for those who may give it to others."""

    source: Source
    token: str | None


async def read_source(tx: Transaction, actor: Actor, *, source_id: UUID) -> ShownSource:
    source = await find_source(tx, actor, source_id=source_id)
    return ShownSource(source, (await _tokens(tx, actor)).get(source_id))


async def read_sources(tx: Transaction, actor: Actor) -> list[ShownSource]:
    tokens = await _tokens(tx, actor)
    return [ShownSource(one, tokens.get(one.id)) for one in await list_sources(tx, actor)]


async def create_source(
    tx: Transaction,
    actor: Actor,
    *,
    picture: Picture,
    source: Source,
    check: Check,
    role: Role,
    at: datetime,
) -> ShownSource:
    """A new source with a token of that role."""
    await _save(tx, actor, picture, source, check, at=at)
    return ShownSource(source, await _issue(tx, actor, source, role=role, at=at))


async def change_source(
    tx: Transaction,
    actor: Actor,
    *,
    picture: Picture,
    source: Source,
    check: Check,
    at: datetime,
) -> ShownSource:
    """The source as it shall be; its tokens stay, and may do what the source may."""
    await _save(tx, actor, picture, source, check, at=at)
    await switch_tokens(tx, actor, subject_id=source.id, enabled=source.enabled)
    await bind_tokens(tx, actor, subject_id=source.id, node_ids=frozenset(source.node_ids))
    return ShownSource(source, (await _tokens(tx, actor)).get(source.id))


async def refresh_token(
    tx: Transaction, actor: Actor, *, picture: Picture, source_id: UUID, role: Role, at: datetime
) -> ShownSource:
    """Gives a source a new token; every one that it had before is useless."""
    actor.require(Permission.CONFIGURATION_WRITE)
    require_open(picture.workspace, writing=True)
    source = await find_source(tx, actor, source_id=source_id)
    await access.delete_tokens_of(tx, actor.workspace_id, subject_id=source_id)
    return ShownSource(source, await _issue(tx, actor, source, role=role, at=at))


async def _save(
    tx: Transaction, actor: Actor, picture: Picture, source: Source, check: Check, *, at: datetime
) -> None:
    require_open(picture.workspace, writing=True)
    check(source, await list_sources(tx, actor))
    await save_source(tx, actor, source=source, at=at)


async def _issue(tx: Transaction, actor: Actor, source: Source, *, role: Role, at: datetime) -> str:
    text = secrets.token_urlsafe(TOKEN_BYTES)
    token = Token(
        digest=digest_of(text),
        workspace_id=actor.workspace_id,
        id=uuid7(at),
        kind="source",
        subject_id=source.id,
        roles=frozenset({role}),
        node_ids=frozenset(source.node_ids),
        enabled=source.enabled,
        expires_at=None,
    )
    await access.save_token(tx, token, at=at, shown_again=text)
    return text


async def _tokens(tx: Transaction, actor: Actor) -> dict[UUID, str]:
    """Tokens by source; a reader who may not change a source must not get what acts as one."""
    if Permission.CONFIGURATION_WRITE not in actor.permissions:
        return {}
    return await access.shown_tokens(tx, actor.workspace_id)
