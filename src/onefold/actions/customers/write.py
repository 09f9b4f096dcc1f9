"""Writes what a batch decided: plain statements one after another, the counters' locks last."""

from dataclasses import replace
from uuid import UUID

from onefold.actions.customers.batch import Batch
from onefold.actions.event_counts import count_changed
from onefold.actions.identifiers import identifiers_of
from onefold.actions.persons.counting import count_persons
from onefold.actions.persons.placing import Written, place_customers
from onefold.model.customers import Customer
from onefold.model.persons import PersonChanges
from onefold.model.population import count_arrivals, count_changes
from onefold.model.rollups import sum_counts
from onefold.store import consents, customers, history, identifiers, rollups, updates, workspaces


async def write_batch(batch: Batch, *, job_id: UUID | None) -> dict[UUID, Customer]:
    """Stores everything and returns the customers that are new, with their numbers."""
    changed = [
        one
        for customer_id, one in batch.present.items()
        if customer_id in batch.before and one.version != batch.before[customer_id].version
    ]
    await customers.update_customers(batch.tx, batch.workspace_id, changed)
    await history.append_history(batch.tx, batch.actor, batch.entries, job_id=job_id)
    await count_changed(batch.tx, batch.picture.workspace, batch.claimed_events)
    await consents.append_consent_log(batch.tx, batch.workspace_id, batch.consent_lines)
    created = await _insert(batch)
    await _write_identifiers(batch, changed, created)
    written = Written([*changed, *created], new=batch.created)
    persons = await place_customers(
        batch.tx, batch.actor, picture=batch.picture, written=written, at=batch.at
    )
    await _count(batch, changed, created, persons)
    announced = [*batch.announced, *persons.announced]
    await updates.append_updates(batch.tx, batch.workspace_id, announced, at=batch.at)
    return {one.id: one for one in created}


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
    documents = [batch.document_of(one) for one in created]
    await customers.insert_customers(batch.tx, batch.workspace_id, created, documents)
    return created


async def _write_identifiers(
    batch: Batch, changed: list[Customer], created: list[Customer]
) -> None:
    region = batch.picture.workspace.settings.region
    new = [found for one in created for found in identifiers_of(batch.tx, one, region=region)]
    await identifiers.insert_identifiers(batch.tx, batch.workspace_id, new)
    add = set()
    drop = set()
    for one in changed:
        old = identifiers_of(batch.tx, batch.before[one.id], region=region)
        now = identifiers_of(batch.tx, one, region=region)
        add |= now - old
        drop |= old - now
    await identifiers.drop_identifiers(batch.tx, batch.workspace_id, list(drop))
    await identifiers.add_identifiers(batch.tx, batch.workspace_id, list(add))


async def _count(
    batch: Batch, changed: list[Customer], created: list[Customer], persons: PersonChanges
) -> None:
    zone = batch.picture.workspace.zone()
    moves = [(batch.before[one.id], one) for one in changed]
    counts = sum_counts(
        count_arrivals(created, zone=zone), count_changes(moves, zone=zone, at=batch.at)
    )
    counts = sum_counts(counts, count_persons(persons, batch.picture.workspace, at=batch.at))
    await rollups.add_node_counts(batch.tx, batch.workspace_id, counts)
