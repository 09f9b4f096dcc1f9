"""Customers: rows in, records out."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import msgspec

from onefold.model.customers import Customer, Profile
from onefold.model.documents import Document, document_of
from onefold.store.database import Row, Transaction, encode_json
from onefold.store.queries import queries
from onefold.store.sealing import MARK, Sealer

_SQL = queries("customers")
_decode = msgspec.json.Decoder(Profile).decode
_encode = msgspec.json.Encoder().encode

JsonText = msgspec.Raw
"""JSON that is written already; it goes into other JSON as it is."""


async def find_customer(
    tx: Transaction, workspace_id: UUID, *, customer_id: UUID
) -> Customer | None:
    row = await tx.connection.fetchrow(_SQL["find_customer"], workspace_id, customer_id)
    return _noted(tx, row) if row else None


async def find_customers(
    tx: Transaction, workspace_id: UUID, *, customer_ids: Sequence[UUID]
) -> list[Customer]:
    rows = await tx.connection.fetch(_SQL["find_customers"], workspace_id, customer_ids)
    return [_noted(tx, row) for row in rows]


async def lock_customers(
    tx: Transaction, workspace_id: UUID, *, customer_ids: Sequence[UUID]
) -> list[Customer]:
    rows = await tx.connection.fetch(_SQL["lock_customers"], workspace_id, customer_ids)
    return [_customer(tx, row) for row in rows]


async def lock_alone(tx: Transaction, workspace_id: UUID, *, customer_id: UUID) -> Customer | None:
    row = await tx.connection.fetchrow(_SQL["lock_alone"], workspace_id, customer_id)
    return _customer(tx, row) if row else None


async def nodes_of_customers(
    tx: Transaction, workspace_id: UUID, *, customer_ids: Sequence[UUID]
) -> dict[UUID, UUID]:
    """Customer -> node for those that exist; they cannot be deleted before commit."""
    rows = await tx.connection.fetch(_SQL["nodes_of_customers"], workspace_id, customer_ids)
    return {row[0]: row[1] for row in rows}


async def insert_customers(
    tx: Transaction,
    workspace_id: UUID,
    customers: Sequence[Customer],
    documents: Sequence[JsonText],
) -> None:
    """Stores new customers, each with its document as `json_of` writes it."""
    if not customers:
        return
    await tx.connection.execute(
        _SQL["insert_customers"],
        workspace_id,
        [one.id for one in customers],
        [one.node_id for one in customers],
        [one.number for one in customers],
        [bytes(document).decode() for document in documents],
        [one.version for one in customers],
        [one.registered_at for one in customers],
        [one.registered_by for one in customers],
        [one.updated_at for one in customers],
        [one.updated_by for one in customers],
        [one.consent_entries for one in customers],
        [one.consent_head for one in customers],
    )


async def update_customers(
    tx: Transaction, workspace_id: UUID, customers: Sequence[Customer]
) -> None:
    """Stores the new state of customers that this transaction has locked."""
    if not customers:
        return
    await tx.connection.execute(
        _SQL["update_customers"],
        workspace_id,
        [one.id for one in customers],
        [encode_json(stored_document(tx.sealer, one.profile)) for one in customers],
        [one.version for one in customers],
        [one.updated_at for one in customers],
        [one.updated_by for one in customers],
        [one.consent_entries for one in customers],
        [one.consent_head for one in customers],
    )


async def bury_customer(
    tx: Transaction, workspace_id: UUID, customer: Customer, *, at: datetime, by: UUID | None
) -> None:
    await tx.connection.execute(
        _SQL["bury_customer"],
        workspace_id,
        customer.id,
        at,
        by,
        customer.consent_entries,
        customer.consent_head,
    )


async def list_customers(
    tx: Transaction, workspace_id: UUID, *, node_id: UUID, after: UUID, limit: int
) -> list[Customer]:
    rows = await tx.connection.fetch(_SQL["list_customers"], workspace_id, node_id, after, limit)
    return [_customer(tx, row) for row in rows]


async def lock_page(
    tx: Transaction, workspace_id: UUID, *, node_id: UUID, after: UUID, limit: int
) -> list[Customer]:
    """The same, locked until commit."""
    rows = await tx.connection.fetch(_SQL["lock_page"], workspace_id, node_id, after, limit)
    return [_customer(tx, row) for row in rows]


async def count_customers(tx: Transaction, workspace_id: UUID) -> dict[UUID, int]:
    rows = await tx.connection.fetch(_SQL["count_customers"], workspace_id)
    return {row[0]: row[1] for row in rows}


def customers_of_rows(tx: Transaction, rows: Iterable[Row]) -> list[Customer]:
    """Records of rows with the columns that every query of this topic lists."""
    return [_customer(tx, row) for row in rows]


def stored_document(sealer: Sealer, profile: Profile) -> Document:
    """The document as it is kept: the national id sealed."""
    document = document_of(profile)
    if profile.national_id is not None:
        document["national_id"] = sealer.seal(profile.national_id)
    return document


def json_of(sealer: Sealer, profile: Profile) -> JsonText:
    """The same as JSON, to be written into a row and into whatever else holds the document."""
    return JsonText(_encode(stored_document(sealer, profile)))


def profile_of_document(tx: Transaction, document: Document) -> Profile:
    """The profile behind a stored document, the national id opened."""
    return _opened(tx, msgspec.convert(document, Profile))


def _noted(tx: Transaction, row: Row) -> Customer:
    """With what else the row says: whether others were merged with the customer."""
    found = _customer(tx, row)
    return replace(found, merged=True) if row["merged"] else found


def _customer(tx: Transaction, row: Row) -> Customer:
    return Customer(
        row[0],
        row[1],
        row[2],
        _opened(tx, _decode(row[3])),
        row[4],
        row[5],
        row[6],
        row[7],
        row[8],
        row[9],
        row[10],
    )


def _opened(tx: Transaction, profile: Profile) -> Profile:
    sealed = profile.national_id
    if sealed is None or not sealed.startswith(MARK):
        return profile
    return replace(profile, national_id=tx.sealer.open(sealed))
