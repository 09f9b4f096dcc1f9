"""What is left of a customer in places that it does not own: found, and cleared."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from onefold.model.events import Event
from onefold.store.database import Transaction, decode_json, encode_json
from onefold.store.events import event_of_row
from onefold.store.queries import queries

_SQL = queries("forgetting")


class TellingBatch(NamedTuple):
    """Notes of one batch of a job: row, kind, column and reason of each problem."""

    job_id: UUID
    batch: int
    first_row: int
    entity_ids: Sequence[UUID]
    problems: Sequence[Sequence[Any]]


async def count_owned(
    tx: Transaction, workspace_id: UUID, *, customer_id: UUID
) -> Mapping[str, int]:
    """Table -> rows, of the tables whose rows go with the customer."""
    row = await tx.connection.fetchrow(_SQL["count_owned"], workspace_id, customer_id)
    return dict(row or {})


async def delete_retry_keys(tx: Transaction, workspace_id: UUID, *, customer_id: UUID) -> int:
    """How many keys had been used for the customer and its events; before these are gone."""
    rows = await tx.connection.fetch(_SQL["delete_retry_keys"], workspace_id, customer_id)
    return len(rows)


async def take_unowned_events(
    tx: Transaction, workspace_id: UUID, *, node_id: UUID, external_ids: Sequence[str]
) -> list[Event]:
    rows = await tx.connection.fetch(
        _SQL["take_unowned_events"], workspace_id, node_id, external_ids
    )
    return [event_of_row(row) for row in rows]


async def list_telling_batches(
    tx: Transaction, workspace_id: UUID, *, customer_id: UUID, texts: Sequence[str]
) -> list[TellingBatch]:
    """Locked; `texts` are in small letters."""
    rows = await tx.connection.fetch(_SQL["list_telling_batches"], workspace_id, customer_id, texts)
    return [
        TellingBatch(
            row["job_id"],
            row["batch"],
            row["first_row"],
            row["entity_ids"],
            decode_json(row["problems"]),
        )
        for row in rows
    ]


async def note_problems(
    tx: Transaction, workspace_id: UUID, batch: TellingBatch, problems: Sequence[Sequence[Any]]
) -> None:
    await tx.connection.execute(
        _SQL["note_problems"], workspace_id, batch.job_id, batch.batch, encode_json(problems)
    )


async def clear_job_errors(
    tx: Transaction, workspace_id: UUID, *, texts: Sequence[str], instead: str
) -> int:
    rows = await tx.connection.fetch(_SQL["clear_job_errors"], workspace_id, texts, instead)
    return len(rows)
