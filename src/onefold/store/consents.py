"""The consent log: append-only lines, chained per customer and numbered per workspace."""

from collections.abc import Collection, Sequence
from typing import NamedTuple
from uuid import UUID

from onefold.model.consents import (
    Author,
    Chain,
    ConsentEntry,
    ConsentFilter,
    ConsentLine,
    ConsentSort,
    Decision,
    LoggedLine,
)
from onefold.store.database import Row, Transaction
from onefold.store.queries import queries

_SQL = queries("consents")


class LogExtent(NamedTuple):
    """What the numbers of a log say: none may be missing, given twice or not yet given."""

    lines: int
    lowest: int
    highest: int
    numbers: int


async def append_consent_log(
    tx: Transaction, workspace_id: UUID, lines: Sequence[ConsentLine]
) -> None:
    """Stores lines; other writers of lines in the workspace wait from here to commit."""
    if not lines:
        return
    last = await tx.connection.fetchval(_SQL["take_consent_numbers"], workspace_id, len(lines))
    entries = [line.entry for line in lines]
    decisions = [one.decision for one in entries]
    await tx.connection.execute(
        _SQL["append_consent_log"],
        workspace_id,
        last - len(lines),
        [one.customer_id for one in entries],
        [one.sequence for one in entries],
        [line.node_id for line in lines],
        [line.subject for line in lines],
        [one.at for one in entries],
        [one.event for one in entries],
        [one.purpose if one else None for one in decisions],
        [one.aspect if one else None for one in decisions],
        [one.before if one else None for one in decisions],
        [one.after if one else None for one in decisions],
        [one.notice_version for one in entries],
        [one.author.kind for one in entries],
        [one.author.id for one in entries],
        [one.previous for one in entries],
        [one.digest for one in entries],
    )


async def list_consent_log(
    tx: Transaction, workspace_id: UUID, *, customer_id: UUID
) -> list[ConsentEntry]:
    rows = await tx.connection.fetch(_SQL["list_consent_log"], workspace_id, customer_id)
    return [_entry(row) for row in rows]


async def list_consent_logs(
    tx: Transaction, workspace_id: UUID, *, customer_ids: Collection[UUID]
) -> dict[UUID, list[ConsentEntry]]:
    """Customer -> its lines, oldest first."""
    rows = await tx.connection.fetch(_SQL["list_consent_logs"], workspace_id, list(customer_ids))
    found: dict[UUID, list[ConsentEntry]] = {one: [] for one in customer_ids}
    for row in rows:
        found[row["customer_id"]].append(_entry(row))
    return found


async def find_consent_line(
    tx: Transaction, workspace_id: UUID, *, number: int, node_ids: Collection[UUID] | None
) -> LoggedLine | None:
    """A line of any of these nodes, None meaning every node."""
    reach = None if node_ids is None else list(node_ids)
    row = await tx.connection.fetchrow(_SQL["find_consent_line"], workspace_id, number, reach)
    return _line(row) if row else None


async def search_consent_log(
    tx: Transaction,
    workspace_id: UUID,
    *,
    wanted: ConsentFilter,
    sort: tuple[ConsentSort, bool],
    offset: int,
    limit: int,
) -> list[LoggedLine]:
    """A page of lines; `sort` says by what, and whether the largest comes first."""
    arguments = (workspace_id, *_arguments(wanted))
    field, descending = sort
    if field is ConsentSort.DATE and descending:
        query, more = "newest_consent_lines", (offset, limit)
        rows = await tx.connection.fetch(_SQL[query], *arguments, *more)
    else:
        query = "search_consent_log_down" if descending else "search_consent_log"
        rows = await tx.connection.fetch(_SQL[query], *arguments, field, offset, limit)
    return [_line(row) for row in rows]


async def count_consent_log(tx: Transaction, workspace_id: UUID, *, wanted: ConsentFilter) -> int:
    found = await tx.connection.fetchval(
        _SQL["count_consent_log"], workspace_id, *_arguments(wanted)
    )
    return int(found)


async def customers_of_subjects(
    tx: Transaction, workspace_id: UUID, *, subjects: Sequence[str]
) -> set[UUID]:
    rows = await tx.connection.fetch(_SQL["customers_of_subjects"], workspace_id, subjects)
    return {row[0] for row in rows}


async def list_chains(
    tx: Transaction, workspace_id: UUID, *, after: UUID, limit: int
) -> list[Chain]:
    """Where logs end, in the order of their customers."""
    rows = await tx.connection.fetch(_SQL["list_chains"], workspace_id, after, limit)
    return [Chain(row[0], row[1], row[2]) for row in rows]


async def extent_of_log(tx: Transaction, workspace_id: UUID) -> tuple[LogExtent, int]:
    """What the lines say, and the number that was given last."""
    row = await tx.connection.fetchrow(_SQL["numbers_of_log"], workspace_id)
    given = await tx.connection.fetchval(_SQL["last_consent_number"], workspace_id)
    return LogExtent(*tuple(row or ())), int(given or 0)


def _arguments(wanted: ConsentFilter) -> tuple[object, ...]:
    customers, nodes = wanted.customer_ids, wanted.node_ids
    return (
        None if customers is None else list(customers),
        None if nodes is None else list(nodes),
        wanted.since,
        wanted.until,
        wanted.event,
        wanted.path,
    )


def _line(row: Row) -> LoggedLine:
    return LoggedLine(row["number"], _entry(row), row["actor_number"])


def _entry(row: Row) -> ConsentEntry:
    decided = None
    if row["purpose"] is not None:
        decided = Decision(row["purpose"], row["aspect"], row["before"], row["after"])
    return ConsentEntry(
        row["customer_id"],
        row["sequence"],
        row["at"],
        row["event"],
        decided,
        row["notice_version"],
        Author(row["actor_kind"], row["actor_id"]),
        row["previous"],
        row["digest"],
    )
