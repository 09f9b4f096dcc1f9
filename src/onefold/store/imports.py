"""What imports ask and undo, many customers or events in a statement."""

from collections.abc import Sequence
from uuid import UUID

from onefold.model.customers import Customer
from onefold.model.ids import month_of
from onefold.store.customers import customers_of_rows
from onefold.store.database import Transaction
from onefold.store.queries import queries

_SQL = queries("imports")


async def lock_customers_alone(
    tx: Transaction, workspace_id: UUID, *, customer_ids: Sequence[UUID]
) -> list[Customer]:
    rows = await tx.connection.fetch(
        _SQL["lock_customers_alone"], workspace_id, sorted(customer_ids)
    )
    return customers_of_rows(tx, rows)


async def customers_in_use(
    tx: Transaction, workspace_id: UUID, *, customer_ids: Sequence[UUID]
) -> set[UUID]:
    """Those with events or sessions; exact while they are locked alone."""
    if not customer_ids:
        return set()
    acted = await tx.connection.fetch(_SQL["customers_with_events"], workspace_id, customer_ids)
    seen = await tx.connection.fetch(_SQL["customers_with_sessions"], workspace_id, customer_ids)
    return {row[0] for row in (*acted, *seen)}


async def events_of_job(
    tx: Transaction, workspace_id: UUID, *, event_ids: Sequence[UUID], job_id: UUID
) -> list[UUID]:
    months = sorted({month_of(one) for one in event_ids})
    rows = await tx.connection.fetch(_SQL["events_of_job"], workspace_id, event_ids, months, job_id)
    return [row[0] for row in rows]


async def newest_writers(
    tx: Transaction, workspace_id: UUID, *, customer_ids: Sequence[UUID]
) -> dict[UUID, UUID | None]:
    """Customer -> the job that made its present version, None for a version without a job."""
    rows = await tx.connection.fetch(_SQL["newest_writers"], workspace_id, customer_ids)
    return {row[0]: row[1] for row in rows}
