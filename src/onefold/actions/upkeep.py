"""What has to be done from time to time, whoever does it; doing it twice does no harm."""

from datetime import datetime

from onefold.actions.context import Context
from onefold.actions.writing import run
from onefold.model.retries import KEY_LIFE
from onefold.store import retries, workspaces
from onefold.store.partitions import ensure_months, month_after


async def make_partitions(context: Context, *, at: datetime) -> None:
    """The events' partitions of this month and the next."""
    month = at.date().replace(day=1)
    async with context.database.reading() as tx:
        await ensure_months(tx, [month, month_after(month)])


async def expire_retry_keys(context: Context, *, at: datetime) -> None:
    """Forgets idempotency keys that no retry will ask for any more, one workspace at a time."""
    async with context.database.reading() as tx:
        known = await workspaces.list_workspaces(tx)
    for workspace_id, *_ in known:
        await run(
            context.database,
            lambda tx, of=workspace_id: retries.expire_keys(tx, of, before=at - KEY_LIFE),  # type: ignore[misc]  # a lambda's default has no type
        )
