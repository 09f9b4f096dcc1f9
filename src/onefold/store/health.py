"""What a database server says of itself, and invariants that only a count can show."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from onefold.model.updates import MAIN_LANE
from onefold.store.database import Transaction
from onefold.store.migrate import version_known
from onefold.store.queries import queries

_SQL = queries("health")


@dataclass(frozen=True, slots=True)
class ServerFacts:
    version: int
    version_text: str
    fsync: str
    synchronous_commit: str
    schema: int
    schema_known: int
    citus: bool


async def server_facts(tx: Transaction) -> ServerFacts:
    number = int(await setting(tx, "server_version_num") or 0)
    applied = await tx.connection.fetchval(_SQL["schema_version"])
    return ServerFacts(
        version=number,
        version_text=await setting(tx, "server_version") or "",
        fsync=await setting(tx, "fsync") or "",
        synchronous_commit=await setting(tx, "synchronous_commit") or "",
        schema=int(applied or 0),
        schema_known=version_known(),
        citus=await setting(tx, "citus.version") is not None,
    )


async def setting(tx: Transaction, name: str) -> str | None:
    """A setting of the server, None when it knows none by that name."""
    found: str | None = await tx.connection.fetchval(_SQL["setting"], name)
    return found


async def count_loose_links(tx: Transaction, workspace_id: UUID) -> int:
    """Links between a customer and a person of which one is gone; there must be none."""
    return int(await tx.connection.fetchval(_SQL["count_loose_links"], workspace_id) or 0)


async def count_jobs(tx: Transaction, workspace_id: UUID, *, at: datetime) -> tuple[int, int]:
    """Jobs left in the middle, which somebody should go on with, and jobs that failed."""
    left = await tx.connection.fetchval(_SQL["count_left_jobs"], workspace_id, at)
    failed = await tx.connection.fetchval(_SQL["count_failed_jobs"], workspace_id)
    return int(left or 0), int(failed or 0)


async def count_stream_gaps(tx: Transaction, workspace_id: UUID) -> int:
    """Positions that were given and have no entry; there must be none."""
    found = await tx.connection.fetchval(_SQL["count_stream_gaps"], workspace_id, MAIN_LANE)
    return int(found or 0)
