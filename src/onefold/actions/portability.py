"""Handing over everything that is known of a customer (GDPR art. 15 and 20)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from onefold.actions.customers.consent_lines import subject_of
from onefold.actions.directory import Picture
from onefold.actions.persons.read import customers_behind
from onefold.actions.reaching import find_reachable, lock_reachable
from onefold.actions.transaction import Transaction
from onefold.model.access import Actor, Permission
from onefold.model.consents import (
    DATA_EXPORTED,
    Author,
    Chain,
    ConsentFilter,
    ConsentLine,
    ConsentSort,
    LoggedLine,
    chained_entry,
)
from onefold.model.customers import Customer
from onefold.model.events import Event
from onefold.model.history import FieldChange, HistoryEntry
from onefold.model.matching import unique_key
from onefold.model.sessions import Session
from onefold.model.workspaces import NodeKind
from onefold.store import consents, customers, history, portability, sessions

EVENTS_AT_ONCE = 1000
VERSIONS_AT_ONCE = 1000
LINES_MAX = 1_000_000
"""More lines than one customer's log will ever have."""

PASSWORD_HASH = "password_hash"  # noqa: S105 - the name of one
Take = Callable[[Sequence[Event]], None]


@dataclass(frozen=True, slots=True)
class CustomerRecord:
    """What is known of a customer, but for events; sealed fields are open, passwords left out."""

    customer: Customer
    history: tuple[HistoryEntry, ...]
    sessions: tuple[Session, ...]
    lines: tuple[LoggedLine, ...]
    identifiers: tuple[tuple[str, str], ...]


async def export_customer(
    tx: Transaction,
    actor: Actor,
    *,
    picture: Picture,
    customer_id: UUID,
    take: Take,
    at: datetime,
) -> CustomerRecord:
    """Everything of a customer, and a line in its consent log that it was handed over.

    Of a person it is everything of its customers, and a line in the log of each. Events go to
    `take` page by page, oldest first of each customer, however many there are.
    """
    actor.require(Permission.CUSTOMER_FORGET)
    shown, behind = await _locked(tx, actor, picture, customer_id)
    parts = [await _part(tx, actor, one, take) for one in behind]
    for one in behind:
        await _note(tx, actor, picture, one, at=at)
    return CustomerRecord(
        shown,
        tuple(entry for part in parts for entry in part.history),
        tuple(one for part in parts for one in part.sessions),
        tuple(line for part in parts for line in part.lines),
        tuple(dict.fromkeys(one for part in parts for one in part.identifiers)),
    )


async def _locked(
    tx: Transaction, actor: Actor, picture: Picture, customer_id: UUID
) -> tuple[Customer, list[Customer]]:
    """The customer itself; or what shows of several, a person or merged ones, and all of them."""
    found = await find_reachable(tx, actor, customer_id=customer_id)
    if picture.workspace.node(found.node_id).kind is NodeKind.ENTRY and not found.merged:
        locked = await lock_reachable(tx, actor, customer_id=customer_id)
        return locked, [locked]
    ids = await customers_behind(tx, actor, picture=picture, customer_id=found.id)
    return found, await customers.lock_customers(tx, actor.workspace_id, customer_ids=ids)


async def _part(tx: Transaction, actor: Actor, customer: Customer, take: Take) -> CustomerRecord:
    """What is kept of one customer of an entry node."""
    await _take_events(tx, actor, customer, take)
    workspace_id, customer_id = actor.workspace_id, customer.id
    lines = await consents.search_consent_log(
        tx,
        workspace_id,
        wanted=ConsentFilter(frozenset({customer_id})),
        sort=(ConsentSort.NUMBER, False),
        offset=0,
        limit=LINES_MAX,
    )
    return CustomerRecord(
        customer,
        tuple(await _versions(tx, actor, customer)),
        tuple(
            await sessions.list_sessions(
                tx, workspace_id, customer_id=customer_id, node_id=customer.node_id
            )
        ),
        tuple(lines),
        tuple(await portability.list_identifiers(tx, workspace_id, customer_id=customer_id)),
    )


async def _take_events(tx: Transaction, actor: Actor, customer: Customer, take: Take) -> None:
    last: Event | None = None
    while page := await portability.list_timeline(
        tx, actor.workspace_id, customer_id=customer.id, after=last, limit=EVENTS_AT_ONCE
    ):
        take(page)
        last = page[-1]


async def _versions(tx: Transaction, actor: Actor, customer: Customer) -> list[HistoryEntry]:
    found: list[HistoryEntry] = []
    after = 0
    while page := await history.list_history(
        tx, actor.workspace_id, customer_id=customer.id, after=after, limit=VERSIONS_AT_ONCE
    ):
        found += [_readable(tx, entry) for entry in page]
        after = page[-1].version
    return found


async def _note(
    tx: Transaction, actor: Actor, picture: Picture, customer: Customer, *, at: datetime
) -> None:
    """The log's line, last: other writers of lines wait from here on."""
    entry = chained_entry(
        None,
        event=DATA_EXPORTED,
        chain=Chain(customer.id, customer.consent_entries, customer.consent_head),
        at=at,
        notice_version=None,
        author=Author(actor.kind, actor.id),
    )
    node = picture.workspace.node(customer.node_id)
    subject = subject_of(tx.sealer, unique_key(node, customer.profile))
    await portability.note_chain(tx, actor.workspace_id, entry)
    await consents.append_consent_log(
        tx, actor.workspace_id, [ConsentLine(node.id, subject, entry)]
    )


def _readable(tx: Transaction, entry: HistoryEntry) -> HistoryEntry:
    """National ids in clear, as they are the customer's own; password hashes not at all."""
    return replace(entry, changes=tuple(_opened(tx, one) for one in entry.changes))


def _opened(tx: Transaction, change: FieldChange) -> FieldChange:
    old, new = change.old, change.new
    if change.path == "/national_id":
        return replace(change, old=_open(tx, old), new=_open(tx, new))
    if change.path == "/credential":
        return replace(change, old=_without_password(old), new=_without_password(new))
    if change.path == f"/credential/{PASSWORD_HASH}":
        return replace(change, old=None, new=None)
    if change.path == "":
        return replace(change, new=_open_document(tx, new))
    return change


def _open_document(tx: Transaction, document: Any) -> Any:
    opened = dict(document or {})
    if "national_id" in opened:
        opened["national_id"] = _open(tx, opened["national_id"])
    if "credential" in opened:
        opened["credential"] = _without_password(opened["credential"])
    return opened


def _without_password(credential: Any) -> Any:
    if credential is None:
        return None
    return {name: value for name, value in credential.items() if name != PASSWORD_HASH}


def _open(tx: Transaction, sealed: str | None) -> str | None:
    return None if sealed is None else tx.sealer.open(sealed)
