"""Throttling: requests of a workspace are counted together by all processes.

A process takes requests from the shared count in shares and lets them in without asking again,
so that a limit of thousands costs a few writes a second. Never more than the limit are let in;
up to a 32nd of it may be left unused in a process that is idle.
"""

import asyncio
from collections import defaultdict
from datetime import datetime
from uuid import UUID

from onefold.actions.transaction import Database
from onefold.model.throttling import Allowance, minute_of, throttled
from onefold.model.workspaces import Workspace
from onefold.store import throttles


class Throttle:
    """One for each process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._allowances: dict[UUID, Allowance] = {}
        self._turns: defaultdict[UUID, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def let_in(self, workspace: Workspace, *, at: datetime) -> None:
        """Counts one request; raises Throttled when the minute's are used up."""
        limit = workspace.settings.requests_per_minute
        if limit == 0 or self._use(workspace.id, limit, at):
            return
        async with self._turns[workspace.id]:
            if not self._use(workspace.id, limit, at):
                await self._fill(workspace.id, limit, at)

    def _use(self, workspace_id: UUID, limit: int, at: datetime) -> bool:
        """Whether one was left; raises Throttled when there will be none in this minute."""
        kept = self._current(workspace_id, limit, at)
        if kept.is_spent:
            raise throttled(at)
        if kept.left == 0:
            return False
        self._allowances[workspace_id] = kept.used()
        return True

    async def _fill(self, workspace_id: UUID, limit: int, at: datetime) -> None:
        kept = self._current(workspace_id, limit, at)
        async with self._database.reading() as tx:
            taken = await throttles.take_requests(
                tx, workspace_id, minute=kept.minute, many=kept.next_share
            )
        filled = kept.filled(taken)
        self._allowances[workspace_id] = filled.used() if filled.left else filled
        if not filled.left:
            raise throttled(at)

    def _current(self, workspace_id: UUID, limit: int, at: datetime) -> Allowance:
        kept = self._allowances.get(workspace_id)
        minute = minute_of(at)
        if kept is None or kept.minute < minute or kept.limit != limit:
            kept = self._allowances[workspace_id] = Allowance.fresh(minute, limit)
        return kept
