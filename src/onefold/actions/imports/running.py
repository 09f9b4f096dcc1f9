"""Running an import: batch by batch, each in one transaction with the note of what it did.

While the database stores a batch the next one begins where it may (see `turns`), and the one
after that is read and mapped. Batches are committed one after another: rows of a file take effect
in their order, and a row may merge into what an earlier one made.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from onefold.actions.context import Context
from onefold.actions.imports.batches import (
    Importer,
    ImportOrder,
    PreparedBatch,
    importer_of,
    prepare_batch,
    store_batch,
)
from onefold.actions.imports.reading import RowReader
from onefold.actions.imports.turns import Turn
from onefold.actions.jobs import finish_job, release_job, renew_job
from onefold.actions.transaction import DRIVER_ERRORS, Transaction
from onefold.actions.writing import NothingStored, run, run_once
from onefold.model.access import Actor, Permission
from onefold.model.imports.verdicts import RowVerdict, Tally, problems_to_keep, tally_of
from onefold.model.jobs import Job, JobBatch, JobState
from onefold.store import jobs

IMPORT_SLOT = 30_000
"""The slot of imports among the counters' shards; flushers of servers count from 0."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Who is told: of the tally after each commit, and of every row's verdict."""

    progress: Callable[[Tally], None] = lambda _: None
    verdicts: Callable[[Sequence[RowVerdict]], None] = lambda _: None


async def run_import(
    context: Context,
    actor: Actor,
    *,
    order: ImportOrder,
    reader: RowReader,
    job: Job,
    watch: Watch,
) -> Tally:
    """Stores the rest of the file for a job that the caller holds, and finishes the job."""
    async with _holding(context, actor, job):
        tally = await store_rows(context, actor, order=order, reader=reader, job=job, watch=watch)
        await run(
            context.database,
            lambda tx: finish_job(tx, actor, job=job, state=JobState.DONE, at=context.clock()),
        )
    return tally


async def store_rows(
    context: Context,
    actor: Actor,
    *,
    order: ImportOrder,
    reader: RowReader,
    job: Job,
    watch: Watch,
) -> Tally:
    """Stores the rest of the file for a job that the caller holds.

    Raises Overtaken when another process has taken the job over; what was not yet committed is not
    stored then.
    """
    actor.require(Permission.IMPORT)
    actor.require_node(order.node_id)
    importer = importer_of(context, actor, order)
    try:
        return await _Running(context, actor, order, importer, job).through(reader, watch)
    finally:
        with suppress(*DRIVER_ERRORS):
            await importer.close()


@asynccontextmanager
async def _holding(context: Context, actor: Actor, job: Job) -> AsyncIterator[None]:
    """Gives the lease back whatever happens, unless the database is away or we are killed."""
    try:
        yield
    finally:
        with suppress(*DRIVER_ERRORS):
            await run(context.database, lambda tx: release_job(tx, actor, job=job))


class _Running:
    """One pass over a file, from where the job left off."""

    def __init__(
        self, context: Context, actor: Actor, order: ImportOrder, importer: Importer, job: Job
    ) -> None:
        self._context = context
        self._actor = actor
        self._order = order
        self._importer = importer
        self._job = job
        self._tally = tally_of(job.progress)

    async def through(self, reader: RowReader, watch: Watch) -> Tally:
        self._go_on(reader)
        coming = asyncio.create_task(self._next(reader))
        before: _Flight | None = None
        following: _Flight | None = None
        try:
            while (batch := await coming) or before:
                if batch is not None:
                    coming = asyncio.create_task(self._next(reader))
                    following = await self._take_off(batch, before)
                if before is not None:
                    verdicts, following = await self._land(before, following)
                    watch.verdicts(verdicts)
                    watch.progress(self._tally)
                    before.turn.end()
                before, following = following, None
        finally:
            await _give_up(coming, *(one.task for one in (following, before) if one))
        return self._tally

    def _go_on(self, reader: RowReader) -> None:
        """Leads the reader past the rows that are stored; equal rows of events are counted."""
        if not self._importer.remembers:
            reader.go_to(max(self._tally.position, reader.position), self._tally.rows)
            return
        while reader.row < self._tally.rows:
            left = self._tally.rows - reader.row
            rows = reader.read(min(left, self._order.batch_rows))
            if not rows:
                break
            self._importer.recall(rows)

    async def _next(self, reader: RowReader) -> PreparedBatch | None:
        batch = await prepare_batch(
            self._context,
            self._actor,
            importer=self._importer,
            reader=reader,
            many=self._order.batch_rows,
        )
        if batch is not None:
            await self._importer.make_room(batch.rows)
        return batch

    async def _take_off(self, batch: PreparedBatch, before: "_Flight | None") -> "_Flight":
        """Begins to store a batch as soon as the one before it lets it."""
        if before is not None:
            await before.next_may_begin()
        return self._start(batch, before)

    def _start(self, batch: PreparedBatch, before: "_Flight | None") -> "_Flight":
        turn = Turn(before.turn if before else None, is_attempt=True)
        return _Flight(batch, turn, asyncio.create_task(self._store(batch, turn)))

    async def _land(
        self, flight: "_Flight", following: "_Flight | None"
    ) -> tuple[list[RowVerdict], "_Flight | None"]:
        """Sees a batch stored; what becomes of it, and the one behind it.

        One that failed is stored again with nobody behind it, for the next one may by now hold what
        it wants.
        """
        try:
            return await flight.task, following
        except NothingStored:
            if following is not None:
                await _give_up(following.task)
        verdicts = await self._store_alone(flight.batch)
        return verdicts, following and self._start(following.batch, flight)

    async def _store(self, batch: PreparedBatch, turn: Turn) -> list[RowVerdict]:
        verdicts, self._tally = await run_once(
            self._context.database, lambda tx: self._write(tx, batch, turn), slot=IMPORT_SLOT
        )
        return verdicts

    async def _store_alone(self, batch: PreparedBatch) -> list[RowVerdict]:
        verdicts, self._tally = await run(
            self._context.database, lambda tx: self._write(tx, batch, None), slot=IMPORT_SLOT
        )
        return verdicts

    async def _write(
        self, tx: Transaction, batch: PreparedBatch, turn: Turn | None
    ) -> tuple[list[RowVerdict], Tally]:
        """The batch, the note of what it did, and the sign of life: all of it or nothing."""
        verdicts = await store_batch(
            self._context,
            self._actor,
            tx,
            importer=self._importer,
            batch=batch,
            job_id=self._job.id,
            turn=turn,
        )
        after = self._tally.with_batch(verdicts, position=batch.position)
        at = self._context.clock()
        note = JobBatch(
            batch=self._tally.batches,
            first_row=verdicts[0].row,
            rows_done=after.rows,
            position=batch.position,
            outcomes="".join(one.verdict.value for one in verdicts),
            entity_ids=[one.entity_id for one in verdicts],
            problems=problems_to_keep(self._tally, verdicts),
            at=at,
        )
        await renew_job(tx, self._actor, job=self._job, progress=after.document(), at=at)
        await jobs.insert_batch(tx, self._actor.workspace_id, job_id=self._job.id, batch=note)
        return verdicts, after


@dataclass(slots=True)
class _Flight:
    """A batch that is being stored."""

    batch: PreparedBatch
    turn: Turn
    task: asyncio.Task[list[RowVerdict]]

    async def next_may_begin(self) -> None:
        """Waits until the batch leaves room for the next one, or has ended one way or another."""
        if self.turn.next_may_begin or self.task.done():
            return  # each wait costs a turn of the batch that is being mapped
        room = asyncio.create_task(self.turn.wait_for_room())
        await asyncio.wait({room, self.task}, return_when=asyncio.FIRST_COMPLETED)
        await _give_up(room)


async def _give_up(*tasks: asyncio.Task[Any]) -> None:
    """Stops tasks and waits until they have let go of whatever they held."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
