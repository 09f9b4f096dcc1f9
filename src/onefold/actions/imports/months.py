"""Partitions for the months that an import of events reaches back to."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from onefold.actions.context import Context
from onefold.model.ids import month_of
from onefold.store.partitions import ensure_months

MONTHS_MADE_MAX = 240
"""A file with more months than these is junk or history: its others share one partition."""


class MonthKeeper:
    """Makes each month once, before its first event: attaching a partition to many is slow."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._known: set[date] = set()

    async def make_room(self, event_ids: Iterable[UUID]) -> None:
        """The months of these events, as far as there is room for more."""
        wanted = {month_of(one) for one in event_ids} - self._known
        room = max(0, MONTHS_MADE_MAX - len(self._known))
        if not wanted:
            return
        async with self._context.database.reading() as tx:
            await ensure_months(tx, sorted(wanted)[:room])
        self._known |= wanted
