"""Persons: links, the keys and decisions behind them, and the records that are made of them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from onefold.model.linking import Key
from onefold.model.persons import HumanDecision, Link, Met, PersonRecord
from onefold.store.customers import customers_of_rows, stored_document
from onefold.store.database import Row, Transaction, encode_json
from onefold.store.queries import queries

_SQL = queries("persons")
_read_joints = msgspec.json.Decoder(tuple[Met, ...]).decode
_DELETED_AT = "deleted_at"
_BURIED = "{}"


async def find_links(
    tx: Transaction, workspace_id: UUID, *, node_id: UUID, customer_ids: Sequence[UUID]
) -> list[Link]:
    rows = await tx.connection.fetch(_SQL["find_links"], workspace_id, node_id, customer_ids)
    return [_link(row) for row in rows]


async def find_links_of_customer(
    tx: Transaction, workspace_id: UUID, *, customer_id: UUID
) -> list[Link]:
    rows = await tx.connection.fetch(_SQL["find_links_of_customer"], workspace_id, customer_id)
    return [_link(row) for row in rows]


async def find_members(
    tx: Transaction, workspace_id: UUID, *, person_ids: Sequence[UUID]
) -> list[Link]:
    """Their links, the oldest customer first."""
    rows = await tx.connection.fetch(_SQL["find_members"], workspace_id, person_ids)
    return [_link(row) for row in rows]


async def save_links(
    tx: Transaction, workspace_id: UUID, links: Sequence[Link], *, node_id: UUID, at: datetime
) -> None:
    if not links:
        return
    await tx.connection.execute(
        _SQL["save_links"],
        workspace_id,
        node_id,
        at,
        [one.customer_id for one in links],
        [one.person_id for one in links],
        [encode_json(one.joints) for one in links],
    )


async def drop_links(
    tx: Transaction, workspace_id: UUID, *, node_id: UUID, customer_ids: Sequence[UUID]
) -> None:
    if customer_ids:
        await tx.connection.execute(_SQL["drop_links"], workspace_id, node_id, customer_ids)


async def find_keys(
    tx: Transaction, workspace_id: UUID, *, node_id: UUID, customer_ids: Sequence[UUID]
) -> dict[UUID, frozenset[Key]]:
    """Customer -> keys, for those that have any."""
    rows = await tx.connection.fetch(_SQL["find_keys"], workspace_id, node_id, customer_ids)
    found: dict[UUID, set[Key]] = {}
    for customer_id, rule, value in rows:
        found.setdefault(customer_id, set()).add(Key(rule, value))
    return {one: frozenset(keys) for one, keys in found.items()}


async def find_owners(
    tx: Transaction,
    workspace_id: UUID,
    *,
    node_id: UUID,
    values: Sequence[str],
    limit: int,
) -> dict[str, list[UUID]]:
    """Value -> customers that have it, at most so many of each."""
    rows = await tx.connection.fetch(_SQL["find_owners"], workspace_id, node_id, values, limit)
    found: dict[str, list[UUID]] = {}
    for value, customer_id in rows:
        found.setdefault(value, []).append(customer_id)
    return found


async def replace_keys(
    tx: Transaction,
    workspace_id: UUID,
    keys: Mapping[UUID, Iterable[Key]],
    *,
    node_id: UUID,
    known: Sequence[UUID],
) -> None:
    """Makes these the keys of their customers; `known` are those that may have had others."""
    if known:
        await tx.connection.execute(_SQL["drop_keys"], workspace_id, node_id, known)
    ordered = sorted((key.value, key.rule, one) for one, mine in keys.items() for key in mine)
    if ordered:
        await tx.connection.execute(
            _SQL["insert_keys"],
            workspace_id,
            node_id,
            [one for _, _, one in ordered],
            [rule for _, rule, _ in ordered],
            [value for value, _, _ in ordered],
        )


async def find_brought(
    tx: Transaction, workspace_id: UUID, *, node_id: UUID, customer_ids: Sequence[UUID]
) -> list[tuple[UUID, UUID]]:
    """Customer and person id, for every id that these customers bring."""
    rows = await tx.connection.fetch(_SQL["find_brought"], workspace_id, node_id, customer_ids)
    return [(row[0], row[1]) for row in rows]


async def find_survivor(tx: Transaction, workspace_id: UUID, *, person_id: UUID) -> UUID | None:
    """The person who answers for an id of a person; None for any other id."""
    row = await tx.connection.fetchrow(_SQL["find_bringer"], workspace_id, person_id)
    return None if row is None else row["person_id"]


async def find_bringer(tx: Transaction, workspace_id: UUID, *, person_id: UUID) -> UUID | None:
    """The customer that brings an id of a person; None for any other id."""
    row = await tx.connection.fetchrow(_SQL["find_bringer"], workspace_id, person_id)
    return None if row is None else row["customer_id"]


async def save_brought(
    tx: Transaction,
    workspace_id: UUID,
    brought: Sequence[tuple[UUID, UUID]],
    *,
    node_id: UUID,
    moved: Sequence[UUID],
) -> None:
    """Adds ids with their customers; `moved` are those that another customer had brought."""
    await drop_brought(tx, workspace_id, person_ids=moved)
    if brought:
        await tx.connection.execute(
            _SQL["insert_brought"],
            workspace_id,
            node_id,
            [one for one, _ in brought],
            [person_id for _, person_id in brought],
        )


async def drop_brought(tx: Transaction, workspace_id: UUID, *, person_ids: Sequence[UUID]) -> None:
    if person_ids:
        await tx.connection.execute(_SQL["drop_brought"], workspace_id, person_ids)


async def find_records(
    tx: Transaction, workspace_id: UUID, *, person_ids: Sequence[UUID]
) -> dict[UUID, PersonRecord]:
    rows = await tx.connection.fetch(_SQL["find_records"], workspace_id, person_ids)
    found = zip(customers_of_rows(tx, rows), rows, strict=True)
    return {one.id: PersonRecord(one, row[_DELETED_AT]) for one, row in found}


async def store_records(
    tx: Transaction, workspace_id: UUID, records: Sequence[PersonRecord], *, by: UUID | None
) -> None:
    """The new state of persons; of one that was merged away nothing is left but the id."""
    if not records:
        return
    await tx.connection.execute(
        _SQL["store_records"],
        workspace_id,
        by,
        [one.customer.id for one in records],
        [_document(tx, one) for one in records],
        [one.customer.version for one in records],
        [one.customer.updated_at for one in records],
        [one.deleted_at for one in records],
    )


async def find_decisions(
    tx: Transaction, workspace_id: UUID, *, customer_ids: Sequence[UUID]
) -> list[HumanDecision]:
    """What people said of these customers, from their side."""
    rows = await tx.connection.fetch(_SQL["find_decisions"], workspace_id, customer_ids)
    return [HumanDecision(*row) for row in rows]


async def save_decision(
    tx: Transaction,
    workspace_id: UUID,
    decision: HumanDecision,
    *,
    subjects: Mapping[UUID, str | None],
) -> None:
    """Stores it from both sides, each with what finds its customer again."""
    for one, other in (
        (decision.customer_id, decision.other_id),
        (decision.other_id, decision.customer_id),
    ):
        await tx.connection.execute(
            _SQL["save_decision"],
            workspace_id,
            one,
            other,
            decision.same,
            subjects.get(one),
            decision.at,
            decision.actor_kind,
            decision.actor_id,
        )


async def drop_decision(
    tx: Transaction, workspace_id: UUID, *, customer_id: UUID, other_id: UUID
) -> None:
    await tx.connection.execute(_SQL["drop_decision"], workspace_id, customer_id, other_id)


async def drop_decisions_of(tx: Transaction, workspace_id: UUID, *, customer_id: UUID) -> None:
    await tx.connection.execute(_SQL["drop_decisions_of"], workspace_id, customer_id)


async def find_returned(
    tx: Transaction, workspace_id: UUID, *, subjects: Sequence[str]
) -> dict[str, UUID]:
    """Subject -> the deleted customer of whom something was said."""
    rows = await tx.connection.fetch(_SQL["find_returned"], workspace_id, subjects)
    return {row["subject"]: row["customer_id"] for row in rows}


async def rename_decided(tx: Transaction, workspace_id: UUID, *, old: UUID, new: UUID) -> None:
    """What was said of a customer who was deleted holds for the one who came back."""
    await tx.connection.execute(_SQL["rename_decided"], workspace_id, old, new)
    await tx.connection.execute(_SQL["rename_other"], workspace_id, old, new)


def _document(tx: Transaction, record: PersonRecord) -> str:
    if record.deleted_at is not None:
        return _BURIED
    return encode_json(stored_document(tx.sealer, record.customer.profile))


def _link(row: Row) -> Link:
    return Link(row[0], row[1], row[2], _read_joints(row[3]), row[4])
