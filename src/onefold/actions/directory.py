"""Workspaces and tokens, kept in memory for a moment because every call needs them.

A picture is at most PICTURE_SECONDS old; a write checks its revision inside the transaction, so
that nothing is ever stored by rules that no longer hold. `forget` makes a change visible at once
in this process.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from onefold.actions.transaction import Database, Transaction
from onefold.model.access import Actor, Token, permissions_of
from onefold.model.callers import Caller
from onefold.model.errors import NotAuthenticated, NotPermitted
from onefold.model.members import Member
from onefold.model.properties import Definitions
from onefold.model.workspaces import Workspace, WorkspaceStatus
from onefold.store import access, members, workspaces

PICTURE_SECONDS = 1.0
PICTURES_MAX = 10_000
SOURCE = "source"
MEMBER = "member"


Found = TypeVar("Found")


class Picture(NamedTuple):
    """A workspace with its definitions compiled."""

    workspace: Workspace
    definitions: Definitions


class _KeptPicture(NamedTuple):
    value: Picture
    until: float


class _KeptToken(NamedTuple):
    token: Token
    caller: Caller
    until: float


class Directory:
    """Finds workspaces and actors; `clock` gives the time, `ticks` seconds that never go back."""

    def __init__(
        self, database: Database, *, clock: Callable[[], datetime], ticks: Callable[[], float]
    ) -> None:
        self._database = database
        self._clock = clock
        self._ticks = ticks
        self._pictures: dict[UUID, _KeptPicture] = {}
        self._tokens: dict[bytes, _KeptToken] = {}
        self._under_way: dict[Hashable, asyncio.Task[Any]] = {}
        self._looks: set[asyncio.Task[Any]] = set()

    async def caller(self, token_text: str) -> Caller:
        """Whoever holds this token; raises NotAuthenticated for any that cannot be used."""
        kept = await self._token(sha256(token_text.encode()).digest())
        if kept is None or not kept.token.usable(self._clock()):
            raise NotAuthenticated("the token is unknown, disabled or expired")
        return kept.caller

    async def workspace(self, workspace_id: UUID) -> Picture | None:
        kept = self._pictures.get(workspace_id)
        if kept is not None and kept.until > self._ticks():
            return kept.value
        return await self._once(workspace_id, lambda: self._refresh(workspace_id))

    async def newest(self, workspace_id: UUID) -> Picture:
        """The picture as it is stored now, for whoever reads the rules themselves."""
        async with self._database.reading() as tx:
            revision = await workspaces.revision_of_workspace(tx, workspace_id)
            return await self._at_revision(tx, workspace_id, revision)

    async def locked(self, tx: Transaction, workspace_id: UUID) -> Picture:
        """The picture for a change of the rules; those who write by them wait for it to commit."""
        revision = await workspaces.lock_revision(tx, workspace_id)
        return await self._at_revision(tx, workspace_id, revision)

    async def current(self, tx: Transaction, workspace_id: UUID) -> Picture:
        """The picture as of this transaction, for rules that decide a write.

        Whoever changes the rules waits until the write has committed.
        """
        revision = await workspaces.share_revision(tx, workspace_id)
        return await self._at_revision(tx, workspace_id, revision)

    async def _at_revision(self, tx: Transaction, workspace_id: UUID, revision: int) -> Picture:
        kept = self._pictures.get(workspace_id)
        if kept is not None and kept.value.workspace.revision == revision:
            return self._keep_picture(kept.value)
        loaded = await self._load(tx, workspace_id)
        if loaded is None:
            raise NotPermitted(f"workspace not found: {workspace_id}")
        return loaded

    def forget_workspace(self, workspace_id: UUID) -> None:
        """Drops what is kept of one workspace: its rules changed, or who may do what."""
        self._under_way.clear()  # what was begun before does not count as a look from now on
        self._pictures.pop(workspace_id, None)
        kept = self._tokens
        self._tokens = {
            key: one for key, one in kept.items() if one.token.workspace_id != workspace_id
        }

    def forget(self) -> None:
        """Drops everything kept: something changed."""
        self._under_way.clear()
        self._pictures.clear()
        self._tokens.clear()

    async def _refresh(self, workspace_id: UUID) -> Picture | None:
        kept = self._pictures.get(workspace_id)
        async with self._database.reading() as tx:
            if kept is not None and await self._still_holds(tx, kept.value.workspace):
                return self._keep_picture(kept.value)
            return await self._load(tx, workspace_id)

    async def close(self) -> None:
        """Ends the looks that nobody waits for any more; the database can then be closed."""
        looks = list(self._looks)
        for look in looks:
            look.cancel()
        await asyncio.gather(*looks, return_exceptions=True)

    async def _once(self, key: Hashable, look: Callable[[], Awaitable[Found]]) -> Found:
        """What `look` finds; whoever asks for the same meanwhile waits for the same look."""
        task: asyncio.Task[Found] | None = self._under_way.get(key)
        if task is None:
            task = asyncio.ensure_future(look())
            self._under_way[key] = task
            self._looks.add(task)
            task.add_done_callback(lambda ended: self._end(key, ended))
        return await asyncio.shield(task)  # one caller that goes away does not end it for others

    def _end(self, key: Hashable, ended: asyncio.Task[Any]) -> None:
        self._looks.discard(ended)
        if not ended.cancelled():
            ended.exception()  # whoever still waits gets it; when nobody does it is no news
        if self._under_way.get(key) is ended:
            del self._under_way[key]

    async def _token(self, digest: bytes) -> _KeptToken | None:
        kept = self._tokens.get(digest)
        if kept is not None and kept.until > self._ticks():
            return kept
        return await self._once(digest, lambda: self._fetch(digest))

    async def _fetch(self, digest: bytes) -> _KeptToken | None:
        async with self._database.reading() as tx:
            token = await access.find_token(tx, digest)
            caller = None if token is None else await _caller(tx, token)
        if token is None or caller is None:
            self._tokens.pop(digest, None)
            return None
        self._make_room(self._tokens)
        fresh = _KeptToken(token, caller, self._ticks() + PICTURE_SECONDS)
        self._tokens[digest] = fresh
        return fresh

    async def _still_holds(self, tx: Transaction, workspace: Workspace) -> bool:
        revision = await workspaces.revision_of_workspace(tx, workspace.id)
        return revision == workspace.revision

    async def _load(self, tx: Transaction, workspace_id: UUID) -> Picture | None:
        workspace = await workspaces.find_workspace(tx, workspace_id)
        if workspace is None:
            self._pictures.pop(workspace_id, None)
            return None
        return self._keep_picture(Picture(workspace, Definitions(workspace.properties)))

    def _keep_picture(self, picture: Picture) -> Picture:
        self._make_room(self._pictures)
        until = self._ticks() + PICTURE_SECONDS
        self._pictures[picture.workspace.id] = _KeptPicture(picture, until)
        return picture

    @staticmethod
    def _make_room(kept: dict[UUID, _KeptPicture] | dict[bytes, _KeptToken]) -> None:
        if len(kept) >= PICTURES_MAX:
            kept.clear()


async def _caller(tx: Transaction, token: Token) -> Caller | None:
    """The actors behind a token; None when whoever had it is gone."""
    actor = _actor(token)
    if token.kind == SOURCE and token.subject_id is not None:
        source = await workspaces.find_source(tx, token.workspace_id, source_id=token.subject_id)
        if source is None:
            return Caller(actor, actor)
        return Caller(actor, actor, source.networks, source.origins)
    if token.kind == MEMBER and token.subject_id is not None:
        member = await members.find_member(tx, token.workspace_id, member_id=token.subject_id)
        return None if member is None else _caller_of(actor, member)
    return Caller(actor, actor)


def _caller_of(actor: Actor, member: Member) -> Caller:
    """Roles and nodes are the member's of this moment, not those of the token's first day."""
    present = replace(actor, roles=member.roles, permissions=permissions_of(member.roles))
    return Caller(
        replace(present, node_ids=member.reachable(writing=False)),
        replace(present, node_ids=member.reachable(writing=True)),
    )


def _actor(token: Token) -> Actor:
    return Actor(
        workspace_id=token.workspace_id,
        id=token.subject_id,
        kind=token.kind,
        roles=token.roles,
        permissions=permissions_of(token.roles),
        node_ids=token.node_ids,
    )


def require_open(workspace: Workspace, *, writing: bool) -> None:
    """Raises NotPermitted when the status of the workspace does not allow the call."""
    if workspace.status is WorkspaceStatus.DISABLED:
        raise NotPermitted("the workspace is disabled")
    if writing and workspace.status is WorkspaceStatus.SUSPENDED:
        raise NotPermitted("the workspace is suspended and takes no changes")
