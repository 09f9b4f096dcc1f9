"""What one batch of an import did, undone in one transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from onefold.actions.customers.drafts import CustomerDraft, Operation, Saved
from onefold.actions.customers.remove import remove_customers
from onefold.actions.customers.save import save_customers
from onefold.actions.directory import Picture
from onefold.actions.event_counts import count_gone
from onefold.actions.events import change_of
from onefold.actions.transaction import Transaction
from onefold.model.access import Actor
from onefold.model.changes import CustomerChange
from onefold.model.customers import Customer, Profile
from onefold.model.documents import Document, document_of
from onefold.model.errors import Refusal
from onefold.model.history import FieldChange, HistoryEntry
from onefold.model.imports.reverting import (
    Restored,
    RevertTally,
    was_created,
    was_left_alone,
    without_job,
    without_job_but,
)
from onefold.model.imports.verdicts import Verdict
from onefold.model.jobs import JobBatch
from onefold.model.matching import missing_properties
from onefold.model.updates import Operation as UpdateOperation
from onefold.model.workspaces import Node
from onefold.store import customers, events, history, imports, updates

_WROTE = frozenset({Verdict.CREATED, Verdict.MERGED})
_NATIONAL_ID = "national_id"

Problems = list[tuple[str, str]]


class _Undoing(NamedTuple):
    """A customer whom the job wrote, as it is now, and what the job did to it, newest first."""

    customer: Customer
    entries: Sequence[HistoryEntry]


async def undo_customers(
    tx: Transaction,
    actor: Actor,
    *,
    picture: Picture,
    job_id: UUID,
    batch: JobBatch,
    tally: RevertTally,
    at: datetime,
) -> RevertTally:
    """Removes whom the job made and nobody used since; gives the others their old values back.

    A customer whom several batches wrote is put right by the first of them that is undone.
    """
    written = await _written(tx, actor, job_id, _entities(batch, _WROTE))
    used = await imports.customers_in_use(
        tx, actor.workspace_id, customer_ids=[one.customer.id for one in written]
    )
    removed: list[_Undoing] = []
    others: list[_Undoing] = []
    for one in written:
        alone = was_left_alone(one.entries, one.customer.version)
        (removed if alone and one.customer.id not in used else others).append(one)
    problems: Problems = []
    drafts = [
        draft for one in others if (draft := _draft(tx, picture, one, used, problems)) is not None
    ]
    outcomes = await save_customers(tx, actor, picture=picture, drafts=drafts, at=at, job_id=job_id)
    for draft, outcome in zip(drafts, outcomes, strict=True):
        if isinstance(outcome, Refusal):
            problems.append((str(draft.customer_id), outcome.message))
    if removed:
        gone = [one.customer for one in removed]
        await remove_customers(tx, actor, picture, gone, at=at)
    restored = sum(isinstance(outcome, Saved) and outcome.changed for outcome in outcomes)
    return tally.plus(removed=len(removed), restored=restored, problems=problems)


async def undo_events(
    tx: Transaction,
    actor: Actor,
    *,
    picture: Picture,
    job_id: UUID,
    batch: JobBatch,
    tally: RevertTally,
    at: datetime,
) -> RevertTally:
    """Deletes the events that the batch recorded; counters and the stream follow."""
    workspace_id = actor.workspace_id
    recorded = _entities(batch, {Verdict.RECORDED})
    if not recorded:
        return tally.plus()
    ours = await imports.events_of_job(tx, workspace_id, event_ids=recorded, job_id=job_id)
    before = await events.find_events(tx, workspace_id, event_ids=ours)
    owners = {one.customer_id for one in before if one.customer_id is not None}
    await imports.lock_customers_alone(tx, workspace_id, customer_ids=list(owners))
    gone = await events.find_events(tx, workspace_id, event_ids=ours)
    gone.sort(key=lambda one: one.id)
    await events.delete_events(tx, workspace_id, event_ids=[one.id for one in gone])
    await count_gone(tx, picture.workspace, gone, at=at)
    announced = [change_of(one, UpdateOperation.DELETE) for one in gone]
    await updates.append_updates(tx, workspace_id, announced, at=at)
    return tally.plus(events=len(gone))


def _entities(batch: JobBatch, verdicts: Iterable[Verdict]) -> list[UUID]:
    letters = {verdict.value for verdict in verdicts}
    found = zip(batch.outcomes, batch.entity_ids, strict=True)
    return sorted({entity for letter, entity in found if letter in letters})


async def _written(
    tx: Transaction, actor: Actor, job_id: UUID, customer_ids: Sequence[UUID]
) -> list[_Undoing]:
    """Customers that are still there, locked; those that were put right already are left out."""
    if not customer_ids:
        return []
    workspace_id = actor.workspace_id
    locked = await imports.lock_customers_alone(tx, workspace_id, customer_ids=customer_ids)
    present = {one.id: one for one in locked}
    entries = await history.list_history_of_job(
        tx, workspace_id, customer_ids=sorted(present), job_id=job_id
    )
    by_customer = groupby(entries, key=lambda entry: entry.customer_id)
    found = [_Undoing(present[customer_id], list(group)) for customer_id, group in by_customer]
    return [one for one in found if one.entries[0].operation != Operation.REVERT]


def _draft(
    tx: Transaction, picture: Picture, one: _Undoing, used: set[UUID], problems: Problems
) -> CustomerDraft | None:
    """What gives a customer back what it was; None when there is nothing left of the job."""
    node = picture.workspace.node(one.customer.node_id)
    restored = _restored(tx, node, one)
    if was_created(one.entries):
        why = "has events or sessions" if one.customer.id in used else "was changed since"
        problems.append((str(one.customer.id), f"{why}: stays{_named(restored.kept)}"))
    elif restored.kept:
        problems.append((str(one.customer.id), f"was changed since{_named(restored.kept)}"))
    profile = customers.profile_of_document(tx, restored.document)
    values = _differing(one.customer.profile, profile)
    if not values:
        return None
    return CustomerDraft(
        new_id=one.customer.id,
        customer_id=one.customer.id,
        change=CustomerChange(values=values),
        operation=Operation.REVERT,
    )


def _restored(tx: Transaction, node: Node, one: _Undoing) -> Restored:
    document = document_of(one.customer.profile)
    entries = [_opened(tx, entry) for entry in one.entries]
    restored = without_job(document, entries)
    is_valid = partial(_is_valid, tx, node)
    if is_valid(restored.document) or not is_valid(document):
        return restored
    return without_job_but(document, entries, is_valid=is_valid)


def _is_valid(tx: Transaction, node: Node, document: Document) -> bool:
    """Whether the node would take a customer with this document."""
    return not any(missing_properties(node, customers.profile_of_document(tx, document)))


def _differing(old: Profile, new: Profile) -> Mapping[str, Any]:
    """The fields that differ, whole: taking back is exact and merges nothing."""
    return {
        field.name: getattr(new, field.name)
        for field in fields(Profile)
        if getattr(old, field.name) != getattr(new, field.name)
    }


def _named(paths: Sequence[str]) -> str:
    return f", keeps {', '.join(paths)}" if paths else ""


def _opened(tx: Transaction, entry: HistoryEntry) -> HistoryEntry:
    """The entry with national ids in clear: sealed twice, the same id looks different."""
    return replace(entry, changes=tuple(_opened_change(tx, one) for one in entry.changes))


def _opened_change(tx: Transaction, change: FieldChange) -> FieldChange:
    if change.path == f"/{_NATIONAL_ID}":
        return replace(change, old=_open(tx, change.old), new=_open(tx, change.new))
    if change.path == "" and change.new and _NATIONAL_ID in change.new:
        opened = {**change.new, _NATIONAL_ID: _open(tx, change.new[_NATIONAL_ID])}
        return replace(change, new=opened)
    return change


def _open(tx: Transaction, sealed: str | None) -> str | None:
    return None if sealed is None else tx.sealer.open(sealed)
