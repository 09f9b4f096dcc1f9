"""Merged customers of one entry node: who is hidden behind whom."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from onefold.store.database import Transaction
from onefold.store.queries import queries

_SQL = queries("merges")


async def find_groups(
    tx: Transaction, workspace_id: UUID, *, customer_ids: Sequence[UUID]
) -> dict[UUID, tuple[UUID, ...]]:
    """Customer -> its group, the survivor first, for those of the customers that have one."""
    rows = await tx.connection.fetch(_SQL["find_survivors"], workspace_id, customer_ids)
    survivors = {row["customer_id"]: row["survivor_id"] for row in rows}
    if not survivors:
        return {}
    wanted = sorted(set(survivors.values()))
    groups: dict[UUID, list[UUID]] = {one: [one] for one in wanted}
    for row in await tx.connection.fetch(_SQL["find_hidden"], workspace_id, wanted):
        groups[row["merged_into"]].append(row["customer_id"])
    return {one: tuple(groups[survivor]) for one, survivor in survivors.items()}


async def hide_customers(
    tx: Transaction, workspace_id: UUID, behind: Mapping[UUID, UUID | None]
) -> None:
    """Customer -> whom it stands behind from now on, None for nobody."""
    if behind:
        ordered = sorted(behind)
        await tx.connection.execute(
            _SQL["hide_customers"], workspace_id, ordered, [behind[one] for one in ordered]
        )


async def show_again(tx: Transaction, workspace_id: UUID, *, survivors: Sequence[UUID]) -> None:
    """Whoever stood behind these customers, which are removed, shows by itself."""
    await tx.connection.execute(_SQL["show_again"], workspace_id, survivors)
