"""Forgetting a customer on its own demand (GDPR art. 17): nothing stays but the proof of it.

What stays: the lines of the consent log, which name nobody but an id; entries of the update stream
with that id; keyed hashes that keep the customer from being taken in again. What the customer did
stays in the counters of its node, as a number among others.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from onefold.actions.customers.consent_lines import subject_of
from onefold.actions.customers.remove import lock_for_removal, remove_customer, whole_group
from onefold.actions.directory import Picture
from onefold.actions.event_counts import count_gone
from onefold.actions.events import change_of
from onefold.actions.identifiers import external_value
from onefold.actions.suppression import suppress
from onefold.actions.transaction import Transaction
from onefold.actions.uploads import clear_uploads
from onefold.model.access import Actor, Permission
from onefold.model.consents import (
    FORGOTTEN,
    Author,
    Chain,
    ConsentEntry,
    ConsentLine,
    chained_entry,
)
from onefold.model.customers import Customer
from onefold.model.matching import unique_key
from onefold.model.updates import Change, Operation
from onefold.store import forgetting, persons, portability, workspaces
from onefold.store.forgetting import TellingBatch

TEXT_CHARS_MIN = 4
"""A shorter value is in many texts that are about somebody else."""
REMOVED = "removed: it told of a customer who was forgotten"
_REASON = 3


@dataclass(frozen=True, slots=True)
class Forgetting:
    """What was removed, in rows by place, and the line of the consent log that says so."""

    customer_id: UUID
    node_id: UUID
    number: int
    at: datetime
    removed: dict[str, int]
    marks: int
    entry: ConsentEntry


async def forget_customer(
    tx: Transaction, actor: Actor, *, picture: Picture, customer_id: UUID, at: datetime
) -> Forgetting:
    """Removes everything about a customer and keeps it from coming back by itself.

    Whoever was merged with it is forgotten too, and counted with it.
    """
    actor.require(Permission.CUSTOMER_FORGET)
    group = await whole_group(tx, actor, picture, customer_id)
    done = [await _forget_one(tx, actor, picture, one, at=at) for one in group]
    asked = next(one for one in done if one.customer_id == customer_id)
    removed = {name: sum(one.removed[name] for one in done) for name in asked.removed}
    return replace(asked, removed=removed, marks=sum(one.marks for one in done))


async def _forget_one(
    tx: Transaction, actor: Actor, picture: Picture, customer_id: UUID, *, at: datetime
) -> Forgetting:
    if not picture.workspace.suppresses:
        await workspaces.touch_workspace(tx, actor.workspace_id, at=at)
    customer = await lock_for_removal(tx, actor, picture, customer_id)
    removed = dict(await forgetting.count_owned(tx, actor.workspace_id, customer_id=customer.id))
    values = await portability.list_identifiers(tx, actor.workspace_id, customer_id=customer.id)
    marks = await suppress(
        tx, actor, customer_id=customer.id, node_id=customer.node_id, values=values, at=at
    )
    removed["idempotency_keys"] = await forgetting.delete_retry_keys(
        tx, actor.workspace_id, customer_id=customer.id
    )
    removed["job_notes"] = await _clear_notes(tx, actor, customer)
    removed["upload_pieces"] = await clear_uploads(tx, actor, texts=sorted(set(_texts(customer))))
    await persons.drop_decisions_of(tx, actor.workspace_id, customer_id=customer.id)
    unowned = await _take_unowned_events(tx, actor, picture, customer, at=at)
    removed["events"] += len(unowned)
    line = _line(tx, actor, picture, customer, at=at)
    await remove_customer(tx, actor, picture, customer, at=at, line=line, announced=unowned)
    return Forgetting(
        customer.id, customer.node_id, customer.number, at, removed, marks, line.entry
    )


def _line(
    tx: Transaction, actor: Actor, picture: Picture, customer: Customer, *, at: datetime
) -> ConsentLine:
    entry = chained_entry(
        None,
        event=FORGOTTEN,
        chain=Chain(customer.id, customer.consent_entries, customer.consent_head),
        at=at,
        notice_version=None,
        author=Author(actor.kind, actor.id),
    )
    node = picture.workspace.node(customer.node_id)
    return ConsentLine(node.id, subject_of(tx.sealer, unique_key(node, customer.profile)), entry)


async def _take_unowned_events(
    tx: Transaction, actor: Actor, picture: Picture, customer: Customer, *, at: datetime
) -> list[Change]:
    """Events that named the customer's external id before the customer was there."""
    external_id = customer.profile.external_id
    if not external_id:
        return []
    gone = await forgetting.take_unowned_events(
        tx,
        actor.workspace_id,
        node_id=customer.node_id,
        external_ids=sorted({external_id, external_value(external_id)}),
    )
    await count_gone(tx, picture.workspace, gone, at=at)
    return [change_of(one, Operation.DELETE) for one in gone]


async def _clear_notes(tx: Transaction, actor: Actor, customer: Customer) -> int:
    """Jobs note why a row was refused or lost a value, and may quote it; how many notes went."""
    texts = sorted(set(_texts(customer)))
    cleared = await forgetting.clear_job_errors(
        tx, actor.workspace_id, texts=texts, instead=REMOVED
    )
    batches = await forgetting.list_telling_batches(
        tx, actor.workspace_id, customer_id=customer.id, texts=texts
    )
    for batch in batches:
        problems = [_cleared(one, batch, customer.id, texts) for one in batch.problems]
        await forgetting.note_problems(tx, actor.workspace_id, batch, problems)
        cleared += sum(one[_REASON] == REMOVED for one in problems)
    return cleared


def _cleared(
    problem: Sequence[Any], batch: TellingBatch, customer_id: UUID, texts: Sequence[str]
) -> Sequence[Any]:
    row, *_, reason = problem
    place = row - batch.first_row
    is_about = 0 <= place < len(batch.entity_ids) and batch.entity_ids[place] == customer_id
    if is_about or any(text in str(reason).lower() for text in texts):
        return [*problem[:_REASON], REMOVED]
    return problem


def _texts(customer: Customer) -> Iterator[str]:
    """What names the customer and nobody else, in small letters."""
    profile = customer.profile
    named = [profile.external_id, profile.national_id, profile.credential.username]
    named += [point.value for point in profile.contact_points]
    named += profile.handles.values()
    for text in named:
        if text and len(text) >= TEXT_CHARS_MIN:
            yield text.lower()
