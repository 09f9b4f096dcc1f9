"""The working state of one batch: customers as they are in memory before they are written."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from onefold.actions.customers.consent_lines import consent_lines, subject_of
from onefold.actions.customers.drafts import Operation
from onefold.actions.directory import Picture
from onefold.actions.event_counts import EventMove
from onefold.actions.transaction import Transaction
from onefold.model.access import Actor
from onefold.model.consents import Chain, ConsentLine, consent_lines_of
from onefold.model.customers import EMPTY_PROFILE, Customer, Profile
from onefold.model.documents import document_of
from onefold.model.history import FieldChange, HistoryEntry, difference, first_change
from onefold.model.matching import unique_key
from onefold.model.updates import Change, Entity
from onefold.model.updates import Operation as UpdateOperation
from onefold.store import customers
from onefold.store.identifiers import Identifier


class Batch:
    """What a batch has read and is about to write; drafts see what earlier ones did.

    `before` holds customers as they were locked, `present` as they are now; a created one stands
    in `created` and has number 0 until it is written.
    """

    def __init__(self, tx: Transaction, actor: Actor, picture: Picture, *, at: datetime) -> None:
        self.tx = tx
        self.actor = actor
        self.picture = picture
        self.at = at
        self.workspace_id = actor.workspace_id
        self.before: dict[UUID, Customer] = {}
        self.present: dict[UUID, Customer] = {}
        self.created: set[UUID] = set()
        self.documents: dict[UUID, tuple[Profile, customers.JsonText]] = {}
        self.claimed: dict[str, Identifier] = {}
        self.entries: list[HistoryEntry] = []
        self.consent_lines: list[ConsentLine] = []
        self.announced: list[Change] = []
        self.claimed_events: list[EventMove] = []

    async def lock(self, customer_ids: Iterable[UUID]) -> None:
        """Customers that the batch has already are left as they are: it may have changed them."""
        wanted = sorted(set(customer_ids) - self.present.keys())
        if not wanted:
            return
        locked = await customers.lock_customers(self.tx, self.workspace_id, customer_ids=wanted)
        self.before.update({one.id: one for one in locked})
        self.present.update({one.id: one for one in locked})

    def customer(self, customer_id: UUID | None) -> Customer | None:
        return None if customer_id is None else self.present.get(customer_id)

    def create(self, customer_id: UUID, node_id: UUID, profile: Profile) -> Customer:
        customer = Customer(
            id=customer_id,
            node_id=node_id,
            number=0,
            profile=profile,
            version=1,
            registered_at=self.at,
            registered_by=self.actor.id,
            updated_at=self.at,
            updated_by=self.actor.id,
        )
        self.created.add(customer_id)
        document = customers.json_of(self.tx.sealer, profile)
        self.documents[customer_id] = (profile, document)
        changes = first_change(document)
        return self._record(EMPTY_PROFILE, customer, Operation.CREATE, changes, None)

    def document_of(self, customer: Customer) -> customers.JsonText:
        """The document of a new customer, written once for its row and its history."""
        profile, document = self.documents[customer.id]
        if profile is customer.profile:
            return document
        return customers.json_of(self.tx.sealer, customer.profile)

    def change(
        self,
        current: Customer,
        profile: Profile,
        *,
        operation: Operation,
        cause: Mapping[str, Any] | None,
    ) -> Customer:
        changed = replace(
            current,
            profile=profile,
            version=current.version + 1,
            updated_at=max(self.at, current.updated_at),
            updated_by=self.actor.id,
        )
        changes = difference(document_of(current.profile), document_of(profile))
        return self._record(current.profile, changed, operation, self._sealed(changes), cause)

    def _record(
        self,
        old: Profile,
        customer: Customer,
        operation: Operation,
        changes: tuple[FieldChange, ...],
        cause: Mapping[str, Any] | None,
    ) -> Customer:
        noted = self._with_consents(old, customer)
        self.entries.append(
            HistoryEntry(
                noted.id,
                noted.version,
                self.at,
                operation,
                self.actor.kind,
                self.actor.id,
                None,
                cause,
                changes,
            )
        )
        created = operation is Operation.CREATE
        self.announced.append(
            Change(
                Entity.CUSTOMER,
                UpdateOperation.CREATE if created else UpdateOperation.UPDATE,
                noted.id,
                noted.node_id,
                noted.id,
                noted.version,
            )
        )
        self.present[noted.id] = noted
        return noted

    def _with_consents(self, old: Profile, customer: Customer) -> Customer:
        """Adds what was decided to the consent log; the customer carries the end of its chain."""
        chain = Chain(customer.id, customer.consent_entries, customer.consent_head)
        entries = list(
            consent_lines(
                self.actor, old.consents, customer.profile.consents, chain=chain, at=self.at
            )
        )
        if not entries:
            return customer
        node = self.picture.workspace.node(customer.node_id)
        subject = subject_of(self.tx.sealer, unique_key(node, customer.profile))
        self.consent_lines += consent_lines_of(node.id, subject, entries)
        last = entries[-1]
        return replace(customer, consent_entries=last.sequence, consent_head=last.digest)

    def _sealed(self, changes: tuple[FieldChange, ...]) -> tuple[FieldChange, ...]:
        """A national id is sealed in history too."""
        return tuple(
            replace(one, old=self._seal(one.old), new=self._seal(one.new))
            if one.path == "/national_id"
            else one
            for one in changes
        )

    def _seal(self, text: str | None) -> str | None:
        return None if text is None else self.tx.sealer.seal(text)
