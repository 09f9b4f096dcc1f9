"""One batch of rows: prepared without the database, stored in one transaction with it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from onefold.actions.context import Context
from onefold.actions.directory import Picture
from onefold.actions.imports.customers import CustomerImporter
from onefold.actions.imports.events import EventImporter
from onefold.actions.imports.prepared import Prepared
from onefold.actions.imports.reading import Row, RowReader
from onefold.actions.imports.removing import CustomerRemover, EventRemover
from onefold.actions.imports.repeating import Repeat
from onefold.actions.imports.turns import Turn
from onefold.actions.transaction import DRIVER_ERRORS, Transaction, refusal_of, savepoint
from onefold.model.access import Actor
from onefold.model.errors import NotFound, Refusal
from onefold.model.imports.compiling import RowMapper
from onefold.model.imports.paths import ImportEntity, ImportOperation
from onefold.model.imports.verdicts import Problem, RowVerdict, refused

BATCH_ROWS = 1_000
BATCH_ROWS_MAX = 4_000
"""Ids of a batch are told apart by 12 bits."""

TURN_ROWS = 25
"""How many rows are mapped before the database's answers are looked at again."""


class Importer(Protocol):
    """What customers and events have in common; `remembers` says that all rows must be seen."""

    remembers: bool

    def recall(self, rows: Sequence[Row]) -> None:
        """Rows that an earlier run of the same job has stored."""

    def prepare(
        self, rows: Sequence[Row], picture: Picture, *, at: datetime
    ) -> list[Prepared[Any]]:
        """What can be done without the database."""

    def check_again(
        self, prepared: list[Prepared[Any]], picture: Picture, *, at: datetime
    ) -> list[Prepared[Any]]:
        """The same when the workspace's rules have changed meanwhile."""

    async def store(
        self,
        tx: Transaction,
        prepared: Sequence[Prepared[Any]],
        *,
        picture: Picture,
        at: datetime,
        job_id: UUID | None,
        turn: Turn,
    ) -> list[RowVerdict]:
        """One verdict for each, in their order; waits for the turn before it stores anything that
        another batch or writer may be after.
        """

    def problem(self, row: int, refusal: Refusal) -> Problem:
        """Why a row was refused, in the words of the file."""

    async def make_room(self, prepared: Sequence[Prepared[Any]]) -> None:
        """What their transaction needs and must not wait for: before it begins."""

    async def close(self) -> None:
        """Gives back what the importer keeps: on disk, and in the database."""


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """What is imported, and where to."""

    node_id: UUID
    entity: ImportEntity
    mapper: RowMapper
    repeat: Repeat
    batch_rows: int = BATCH_ROWS
    operation: ImportOperation | None = None


class PreparedBatch(NamedTuple):
    """Rows ready to be stored, checked under a revision of the workspace's rules.

    `position` is where the file goes on behind them.
    """

    rows: list[Prepared[Any]]
    revision: int
    position: int


def importer_of(context: Context, actor: Actor, order: ImportOrder) -> Importer:
    node_id, mapper, operation = order.node_id, order.mapper, order.operation
    customers = order.entity is ImportEntity.CUSTOMERS
    if operation is ImportOperation.DELETE:
        remover = CustomerRemover if customers else EventRemover
        return remover(actor, node_id, mapper)
    if customers:
        return CustomerImporter(
            actor,
            node_id,
            mapper,
            repeat=order.repeat,
            database=context.database,
            must_be_new=operation is ImportOperation.INSERT,
        )
    return EventImporter(context, actor, node_id, mapper, operation=operation)


async def prepare_batch(
    context: Context, actor: Actor, *, importer: Importer, reader: RowReader, many: int
) -> PreparedBatch | None:
    """The next rows of the file, mapped; None at its end.

    In short turns: whoever waits for the database in the same process is not held up.
    """
    rows = reader.read(many)
    if not rows:
        return None
    position = reader.position
    picture = await context.directory.workspace(actor.workspace_id)
    if picture is None:
        raise NotFound(f"workspace not found: {actor.workspace_id}")
    at = context.clock()
    prepared: list[Prepared[Any]] = []
    for start in range(0, len(rows), TURN_ROWS):
        prepared += importer.prepare(rows[start : start + TURN_ROWS], picture, at=at)
        await asyncio.sleep(0)
    return PreparedBatch(prepared, picture.workspace.revision, position)


async def store_batch(
    context: Context,
    actor: Actor,
    tx: Transaction,
    *,
    importer: Importer,
    batch: PreparedBatch,
    job_id: UUID | None,
    turn: Turn | None = None,
) -> list[RowVerdict]:
    """One verdict for each row, by the rules of this moment.

    With a turn, what the database refuses is raised: the rows are then stored without one.
    """
    picture = await context.directory.current(tx, actor.workspace_id)
    rows = batch.rows
    if picture.workspace.revision != batch.revision:
        rows = importer.check_again(rows, picture, at=context.clock())
    step = _Step(importer, picture, context.clock(), job_id)
    return await (step.store(tx, rows) if turn is None else step.attempt(tx, rows, turn))


class _Step(NamedTuple):
    """What every part of a batch is stored with."""

    importer: Importer
    picture: Picture
    at: datetime
    job_id: UUID | None

    async def attempt(
        self, tx: Transaction, rows: list[Prepared[Any]], turn: Turn
    ) -> list[RowVerdict]:
        return await self.importer.store(
            tx, rows, picture=self.picture, at=self.at, job_id=self.job_id, turn=turn
        )

    async def store(self, tx: Transaction, rows: list[Prepared[Any]]) -> list[RowVerdict]:
        """Halves what the database refuses, until the row that poisons it stands alone."""
        try:
            async with savepoint(tx):
                return await self.attempt(tx, rows, Turn())
        except DRIVER_ERRORS as error:
            refusal = refusal_of(error)
            if refusal is None:
                raise
            if len(rows) == 1:
                return [refused(self.importer.problem(rows[0].row, refusal))]
        middle = len(rows) // 2
        return [*await self.store(tx, rows[:middle]), *await self.store(tx, rows[middle:])]
