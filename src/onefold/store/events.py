"""Events: rows by month of their id, records out."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from onefold.model.events import BringBack, BringBackBy, Event
from onefold.model.ids import NIL, month_of
from onefold.store.database import Row, Transaction, decode_json, encode_json
from onefold.store.queries import queries

_SQL = queries("events")


async def insert_events(
    tx: Transaction,
    workspace_id: UUID,
    events: Sequence[Event],
    *,
    at: datetime,
    source_id: UUID | None,
    job_id: UUID | None,
) -> set[UUID]:
    """Stores events and returns the ids that are new; the others were stored before."""
    rows = await tx.connection.fetch(
        _SQL["insert_events"],
        workspace_id,
        at,
        source_id,
        job_id,
        [one.id for one in events],
        [one.customer_id or NIL for one in events],
        [month_of(one.id) for one in events],
        [one.node_id for one in events],
        [one.type for one in events],
        [one.context for one in events],
        [one.mode for one in events],
        [one.occurred_at for one in events],
        [encode_json(one.properties) for one in events],
        [_details(one) for one in events],
        [one.bring_back.by if one.bring_back else None for one in events],
        [one.bring_back.value if one.bring_back else None for one in events],
    )
    return {row[0] for row in rows}


async def known_events(
    tx: Transaction, workspace_id: UUID, *, event_ids: Sequence[UUID]
) -> set[UUID]:
    rows = await tx.connection.fetch(
        _SQL["known_events"], workspace_id, event_ids, _months(event_ids)
    )
    return {row[0] for row in rows}


async def find_event(tx: Transaction, workspace_id: UUID, *, event_id: UUID) -> Event | None:
    row = await tx.connection.fetchrow(
        _SQL["find_event"], workspace_id, event_id, month_of(event_id)
    )
    return event_of_row(row) if row else None


async def find_events(
    tx: Transaction, workspace_id: UUID, *, event_ids: Sequence[UUID]
) -> list[Event]:
    rows = await tx.connection.fetch(
        _SQL["find_events"], workspace_id, event_ids, _months(event_ids)
    )
    return [event_of_row(row) for row in rows]


async def lock_event(tx: Transaction, workspace_id: UUID, *, event_id: UUID) -> Event | None:
    row = await tx.connection.fetchrow(
        _SQL["lock_event"], workspace_id, event_id, month_of(event_id)
    )
    return event_of_row(row) if row else None


async def update_event(tx: Transaction, workspace_id: UUID, event: Event) -> None:
    """Stores the new state of an event that this transaction has locked."""
    await tx.connection.execute(
        _SQL["update_event"],
        workspace_id,
        event.id,
        month_of(event.id),
        event.context,
        event.occurred_at,
        event.updated_at,
        encode_json(event.properties),
        _details(event),
    )


async def delete_event(tx: Transaction, workspace_id: UUID, *, event_id: UUID) -> None:
    await tx.connection.execute(_SQL["delete_event"], workspace_id, event_id, month_of(event_id))


async def delete_events(tx: Transaction, workspace_id: UUID, *, event_ids: Sequence[UUID]) -> None:
    await tx.connection.execute(_SQL["delete_events"], workspace_id, event_ids, _months(event_ids))


async def neighbours(
    tx: Transaction, workspace_id: UUID, event: Event
) -> tuple[UUID | None, UUID | None]:
    """The events before and after by date among those of the same customer."""
    place = (workspace_id, event.customer_id or NIL, event.occurred_at, event.id)
    before = await tx.connection.fetchval(_SQL["event_before"], *place)
    after = await tx.connection.fetchval(_SQL["event_after"], *place)
    return before, after


async def lock_anonymous(tx: Transaction, workspace_id: UUID, bring_back: BringBack) -> list[Event]:
    """The nobody's events of a session, in the order of their ids."""
    rows = await tx.connection.fetch(
        _SQL["lock_anonymous"], workspace_id, bring_back.node_id, bring_back.by, bring_back.value
    )
    return [event_of_row(row) for row in rows]


async def claim_anonymous(
    tx: Transaction,
    workspace_id: UUID,
    *,
    event_ids: Sequence[UUID],
    customer_id: UUID,
    at: datetime,
) -> None:
    """Gives events that this transaction has locked to a customer."""
    if event_ids:
        await tx.connection.execute(
            _SQL["claim_anonymous"], workspace_id, event_ids, _months(event_ids), customer_id, at
        )


async def list_events_of_customer(
    tx: Transaction, workspace_id: UUID, *, customer_id: UUID, limit: int
) -> list[Event]:
    rows = await tx.connection.fetch(
        _SQL["list_events_of_customer"], workspace_id, customer_id, limit
    )
    return [event_of_row(row) for row in rows]


async def list_events_of_node(
    tx: Transaction, workspace_id: UUID, *, node_id: UUID, after: UUID, limit: int
) -> list[Event]:
    rows = await tx.connection.fetch(
        _SQL["list_events_of_node"], workspace_id, node_id, after, limit
    )
    return [event_of_row(row) for row in rows]


def event_of_row(row: Row) -> Event:
    """The record of a row with the columns that every query of this topic lists."""
    details: dict[str, Any] = decode_json(row["details"]) if row["details"] else {}
    owner = row["customer_id"]
    return Event(
        id=row["event_id"],
        node_id=row["node_id"],
        customer_id=None if owner == NIL else owner,
        type=row["type"],
        context=row["context"],
        mode=row["mode"],
        occurred_at=row["occurred_at"],
        registered_at=row["registered_at"],
        updated_at=row["updated_at"],
        version=row["version"],
        properties=decode_json(row["properties"]),
        context_info=details.get("context_info"),
        tracking=details.get("tracking"),
        bring_back=_bring_back(row),
        source_id=row["source_id"],
    )


def _bring_back(row: Row) -> BringBack | None:
    if row["bring_back_by"] is None:
        return None
    return BringBack(BringBackBy(row["bring_back_by"]), row["bring_back"], row["node_id"])


def _details(event: Event) -> str | None:
    if event.context_info is None and event.tracking is None:
        return None
    return encode_json({"context_info": event.context_info, "tracking": event.tracking})


def _months(event_ids: Sequence[UUID]) -> list[date]:
    return sorted({month_of(one) for one in event_ids})
