"""A file that was imported before: what it has settled already is not written back and forth.

Rows of a file may contradict each other, and the later one wins. Going through such a file again
would give a customer the earlier row's values and then the later one's: the same in the end, and
two versions more. So a row is passed over while the customer behind it is as an import of this
very file left it. Once somebody else has changed the customer, its rows count again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from onefold.actions.transaction import Transaction
from onefold.model.imports.verdicts import Verdict
from onefold.store import imports, jobs

REPEATS_KNOWN_MAX = 1_000

_STORED = {Verdict.CREATED.value, Verdict.MERGED.value, Verdict.UNCHANGED.value}


@dataclass(frozen=True, slots=True)
class Repeat:
    """Finished imports of the same file with the same map into the same node, newest first."""

    workspace_id: UUID
    job_ids: tuple[UUID, ...] = ()

    async def settled(self, tx: Transaction, rows: Sequence[int]) -> dict[int, UUID]:
        """Row -> its customer, for rows that have nothing left to do."""
        if not self.job_ids or not rows:
            return {}
        entities = await self._entities(tx, min(rows), max(rows))
        writers = await imports.newest_writers(
            tx, self.workspace_id, customer_ids=sorted(set(entities.values()))
        )
        known = set(self.job_ids)
        ours = {one for one, job_id in writers.items() if job_id in known}
        return {row: entities[row] for row in rows if entities.get(row) in ours}

    async def _entities(self, tx: Transaction, first: int, last: int) -> dict[int, UUID]:
        found: dict[int, UUID] = {}
        batches = await jobs.batches_of_rows(
            tx, self.workspace_id, job_id=self.job_ids[0], first_row=first, last_row=last
        )
        for batch in batches:
            for place, letter in enumerate(batch.outcomes):
                if letter in _STORED:
                    found[batch.first_row + place] = batch.entity_ids[place]
        return found
