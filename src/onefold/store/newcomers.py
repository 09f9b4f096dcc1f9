"""New customers by the thousand: what their rows have in common travels once, not in each row."""

from collections.abc import Sequence
from datetime import datetime
from itertools import chain
from typing import NamedTuple
from uuid import UUID

from onefold.model.access import Actor
from onefold.model.consents import ConsentEntry, consent_lines_of
from onefold.model.rollups import NodeCount
from onefold.model.updates import MAIN_LANE
from onefold.store import updates
from onefold.store.consents import append_consent_log
from onefold.store.database import Transaction
from onefold.store.queries import queries

_SQL = queries("newcomers")


class Newcomer(NamedTuple):
    """A customer who is not stored yet: its document as `customers.json_of` writes it, kind and
    value of each identifier, its consent log and what finds it, and how it can be reached.
    """

    id: UUID
    at: datetime
    document: str
    values: tuple[tuple[str, str], ...]
    lines: tuple[ConsentEntry, ...]
    subject: str | None
    reach: NodeCount


async def insert_newcomers(
    tx: Transaction,
    actor: Actor,
    new: Sequence[Newcomer],
    *,
    node_id: UUID,
    numbers: Sequence[int],
    job_id: UUID | None,
) -> None:
    """Their rows in the tables of customers, which nobody else is after."""
    workspace_id, at, run = actor.workspace_id, new[0].at, tx.connection.execute
    ids = [one.id for one in new]
    changes = [f'[{{"path":"","old":null,"new":{one.document}}}]' for one in new]
    await run(
        _SQL["insert_first_history"], workspace_id, at, actor.kind, actor.id, job_id, ids, changes
    )
    await run(_SQL["insert_values"], workspace_id, node_id, *_values(new))
    await run(_SQL["insert_numbers"], workspace_id, node_id, ids, numbers)
    await run(
        _SQL["insert_newcomers"],
        workspace_id,
        node_id,
        at,
        actor.id,
        ids,
        numbers,
        [one.document for one in new],
        [len(one.lines) for one in new],
        [one.lines[-1].digest if one.lines else None for one in new],
    )


async def announce_newcomers(
    tx: Transaction, workspace_id: UUID, new: Sequence[Newcomer], *, node_id: UUID
) -> None:
    """Lines of the consent log and, last of all as everywhere, entries of the update stream."""
    lines = [line for one in new for line in consent_lines_of(node_id, one.subject, one.lines)]
    await append_consent_log(tx, workspace_id, lines)
    before, moment = await updates.take_positions(tx, workspace_id, many=len(new), at=new[0].at)
    await tx.connection.execute(
        _SQL["announce_newcomers"],
        workspace_id,
        MAIN_LANE,
        before,
        moment,
        node_id,
        [one.id for one in new],
    )


def _values(new: Sequence[Newcomer]) -> tuple[list[str], list[str], list[UUID]]:
    """Sorted, so that each insert finds its place in the index near the one before."""
    owned = chain.from_iterable([(*value, one.id) for value in one.values] for one in new)
    ordered = sorted(owned)
    return (
        [kind for kind, _, _ in ordered],
        [value for _, value, _ in ordered],
        [owner for _, _, owner in ordered],
    )
