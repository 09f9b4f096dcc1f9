"""Writes what a batch decided: plain statements one after another, the counters' locks last."""

from collections import Counter
from dataclasses import replace
from uuid import UUID

from onefold.actions.customers.batch import Batch
from onefold.actions.identifiers import identifiers_of
from onefold.model.customers import Customer
from onefold.model.rollups import NodeCount
from onefold.store import consents, customers, history, identifiers, rollups, updates, workspaces


async def write_batch(batch: Batch, *, job_id: UUID | None) -> dict[UUID, int]:
    """Stores everything and returns the numbers of the customers that are new."""
    changed = [
        one
        for customer_id, one in batch.present.items()
        if customer_id in batch.before and one.version != batch.before[customer_id].version
    ]
    await customers.update_customers(batch.tx, batch.workspace_id, changed)
    await consents.append_consent_log(batch.tx, batch.workspace_id, batch.consent_lines)
    await history.append_history(batch.tx, batch.actor, batch.entries, job_id=job_id)
    created = await _insert(batch)
    await _write_identifiers(batch, changed, created)
    await _count(batch, created)
    await updates.append_updates(batch.tx, batch.workspace_id, batch.announced, at=batch.at)
    return {one.id: one.number for one in created}


async def _insert(batch: Batch) -> list[Customer]:
    """Numbers are taken late: from then on other writers of the workspace wait."""
    new = [batch.present[customer_id] for customer_id in batch.created]
    if not new:
        return []
    new.sort(key=lambda one: one.id)
    numbers = await workspaces.next_numbers(
        batch.tx, batch.workspace_id, kind=workspaces.CUSTOMER_NUMBERS, many=len(new)
    )
    created = [replace(one, number=number) for one, number in zip(new, numbers, strict=True)]
    await customers.insert_customers(batch.tx, batch.workspace_id, created)
    return created


async def _write_identifiers(
    batch: Batch, changed: list[Customer], created: list[Customer]
) -> None:
    region = batch.picture.workspace.settings.region
    add = set()
    drop = set()
    for one in created:
        add |= identifiers_of(batch.tx, one, region=region)
    for one in changed:
        old = identifiers_of(batch.tx, batch.before[one.id], region=region)
        new = identifiers_of(batch.tx, one, region=region)
        add |= new - old
        drop |= old - new
    await identifiers.drop_identifiers(batch.tx, batch.workspace_id, list(drop))
    await identifiers.add_identifiers(batch.tx, batch.workspace_id, list(add))


async def _count(batch: Batch, created: list[Customer]) -> None:
    day = batch.at.astimezone(batch.picture.workspace.zone()).date()
    added = Counter(one.node_id for one in created)
    counts = {(day, node_id): NodeCount(added=many) for node_id, many in added.items()}
    await rollups.add_node_counts(batch.tx, batch.workspace_id, counts)
