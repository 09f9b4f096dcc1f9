"""What an import has done so far, row by row, from the notes of its batches."""

from collections.abc import AsyncIterator
from uuid import UUID

from onefold.actions.context import Context
from onefold.actions.jobs import read_batches
from onefold.model.access import Actor
from onefold.model.imports.verdicts import Problem, ProblemKind, RowVerdict, Verdict
from onefold.model.jobs import JobBatch

BATCHES_AT_ONCE = 20


async def stored_verdicts(
    context: Context, actor: Actor, *, job_id: UUID
) -> AsyncIterator[list[RowVerdict]]:
    """The verdicts of a job's rows in the order of the file, a batch at a time.

    Reasons are known for the first problems of a job; later ones only say that there was one.
    """
    after = -1
    while True:
        async with context.database.reading() as tx:
            batches = await read_batches(
                tx, actor, job_id=job_id, after=after, limit=BATCHES_AT_ONCE
            )
        if not batches:
            return
        for batch in batches:
            yield verdicts_of(batch)
        after = batches[-1].batch


def verdicts_of(batch: JobBatch) -> list[RowVerdict]:
    problems = {
        row: Problem(row, ProblemKind(kind), column, reason)
        for row, kind, column, reason in batch.problems
    }
    rows = zip(batch.outcomes, batch.entity_ids, strict=True)
    return [
        RowVerdict(row, Verdict(letter), entity_id, problems.get(row))
        for row, (letter, entity_id) in enumerate(rows, start=batch.first_row)
    ]
