"""A dry run: the very code of an import, each batch in a transaction that is rolled back.

So the verdicts are those of the real thing, the database's own refusals included. What earlier
rows of the file would have done is remembered on disk and done again, inside the same
transaction, before the rows that meet the same customer.
"""

import pickle
from collections.abc import Sequence
from dataclasses import replace
from hashlib import blake2b
from tempfile import TemporaryFile
from typing import IO, Any, NamedTuple
from uuid import UUID

from onefold.actions.context import Context
from onefold.actions.customers.drafts import CustomerDraft
from onefold.actions.customers.plans import Plan, plan_drafts
from onefold.actions.directory import Picture
from onefold.actions.imports.batches import (
    Importer,
    ImportOrder,
    PreparedBatch,
    importer_of,
    prepare_batch,
    store_batch,
)
from onefold.actions.imports.customers import Pending
from onefold.actions.imports.disk import DiskTable, key_of
from onefold.actions.imports.prepared import Prepared
from onefold.actions.imports.reading import RowReader
from onefold.actions.imports.running import IMPORT_SLOT, Watch
from onefold.actions.transaction import Transaction
from onefold.actions.writing import run
from onefold.model.access import Actor, Permission
from onefold.model.changes import CustomerChange, ListChange
from onefold.model.errors import NotFound
from onefold.model.ids import NIL
from onefold.model.imports.verdicts import RowVerdict, Tally, Verdict

_KEY_BYTES = 8
_STORED = frozenset({Verdict.CREATED, Verdict.MERGED})


async def rehearse_import(
    context: Context, actor: Actor, *, order: ImportOrder, reader: RowReader, watch: Watch
) -> Tally:
    """The tally that an import of the whole file would have; nothing is stored."""
    actor.require(Permission.IMPORT)
    actor.require_node(order.node_id)
    importer = importer_of(context, actor, order)
    memory = _Memory()
    tally = Tally()
    try:
        while batch := await prepare_batch(
            context, actor, importer=importer, reader=reader, many=order.batch_rows
        ):
            rehearsing = _Rehearsing(context, actor, order, importer, memory)
            verdicts = await rehearsing.judge(batch)
            tally = tally.with_batch(verdicts, position=batch.position)
            watch.verdicts(verdicts)
            watch.progress(tally)
    finally:
        await importer.close()
        memory.close()
    return tally


class _RolledBack(Exception):
    """Ends a transaction that did everything it was to show."""

    def __init__(self, verdicts: list[RowVerdict]) -> None:
        super().__init__()
        self.verdicts = verdicts


class _Memory:
    """What earlier rows change, by the customer whom they meet: one sum for each, on disk."""

    def __init__(self) -> None:
        self._places = DiskTable()
        self._changes: IO[bytes] = TemporaryFile()  # noqa: SIM115 - closed by close()

    def find(self, key: str) -> CustomerChange | None:
        place = self._places.get(_number(key))
        if not place:
            return None
        self._changes.seek(place - 1)
        found: CustomerChange = pickle.load(self._changes)  # noqa: S301 - our own, just written
        return found

    def add(self, key: str, change: CustomerChange) -> None:
        before = self.find(key)
        place = self._changes.seek(0, 2)
        pickle.dump(change if before is None else _sum(before, change), self._changes)
        self._places.put(_number(key), place + 1)

    def close(self) -> None:
        self._places.close()
        self._changes.close()


class _Rehearsing(NamedTuple):
    """One batch on trial."""

    context: Context
    actor: Actor
    order: ImportOrder
    importer: Importer
    memory: _Memory

    async def judge(self, batch: PreparedBatch) -> list[RowVerdict]:
        picture = await self.context.directory.workspace(self.actor.workspace_id)
        if picture is None:
            raise NotFound(f"workspace not found: {self.actor.workspace_id}")
        met = [_met(one) for one in batch.rows]
        earlier = self._earlier(met, picture)
        judged = await self._try(batch._replace(rows=[*earlier, *batch.rows]))
        before, verdicts = judged[: len(earlier)], judged[len(earlier) :]
        for meeting, verdict in zip(met, verdicts, strict=True):
            if meeting is not None and verdict.verdict in _STORED:
                self.memory.add(meeting.key, meeting.draft.change)
        return _without_trial_ids(before, verdicts)

    def _earlier(
        self, met: Sequence["_Meeting | None"], picture: Picture
    ) -> list[Prepared[Pending]]:
        """What earlier rows would have done to the customers whom these rows meet."""
        drafts = {meeting.key: meeting.draft for meeting in met if meeting is not None}
        found = ((draft, self.memory.find(key)) for key, draft in drafts.items())
        again = [replace(draft, change=change) for draft, change in found if change is not None]
        plans = plan_drafts(self.actor, picture, drafts=again, at=self.context.clock())
        return [Prepared(0, Pending(plan, None)) for plan in plans if isinstance(plan, Plan)]

    async def _try(self, trial: PreparedBatch) -> list[RowVerdict]:
        async def attempt(tx: Transaction) -> None:
            raise _RolledBack(
                await store_batch(
                    self.context,
                    self.actor,
                    tx,
                    importer=self.importer,
                    batch=trial,
                    job_id=NIL,
                )
            )

        try:
            await run(self.context.database, attempt, slot=IMPORT_SLOT)
        except _RolledBack as done:
            return done.verdicts
        raise AssertionError("unreachable")


class _Meeting(NamedTuple):
    """A row and the customer whom it meets, as far as rows of a file can meet each other."""

    key: str
    draft: CustomerDraft


def _met(one: Prepared[Any]) -> _Meeting | None:
    if not isinstance(one.item, Pending):
        return None
    plan = one.item.plan
    key = plan.key or plan.draft.customer_id
    return None if key is None else _Meeting(str(key), plan.draft)


def _number(key: str) -> int:
    return key_of(blake2b(key.encode(), digest_size=_KEY_BYTES).digest())


def _sum(first: CustomerChange, second: CustomerChange) -> CustomerChange:
    """Both changes as one: later values win, lists are added to."""
    lists = dict(first.lists)
    for name, listed in second.lists.items():
        known = lists.get(name)
        items = (*known.items, *listed.items) if known else listed.items
        lists[name] = ListChange(items, listed.rule)
    return CustomerChange(values={**first.values, **second.values}, lists=lists)


def _without_trial_ids(
    before: Sequence[RowVerdict], verdicts: Sequence[RowVerdict]
) -> list[RowVerdict]:
    """Ids of customers who exist only on trial mean nothing to anybody."""
    created: set[UUID] = {
        one.entity_id for one in (*before, *verdicts) if one.verdict is Verdict.CREATED
    }
    return [one._replace(entity_id=NIL) if one.entity_id in created else one for one in verdicts]
