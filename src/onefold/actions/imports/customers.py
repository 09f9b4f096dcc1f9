"""Rows of customers: drafts for the one write path, verdicts from its outcomes."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from secrets import token_bytes
from uuid import UUID

from onefold.actions.customers.drafts import CustomerDraft, Operation, Outcome, Saved
from onefold.actions.customers.save import save_customers
from onefold.actions.directory import Picture
from onefold.actions.imports.prepared import (
    Prepared,
    lost_values,
    refusal_problem,
    unread,
    unusable,
)
from onefold.actions.imports.reading import Row
from onefold.actions.imports.records import change_of
from onefold.actions.imports.repeating import Repeat
from onefold.actions.transaction import Transaction
from onefold.model.access import Actor
from onefold.model.errors import Refusal
from onefold.model.ids import uuid7
from onefold.model.imports.compiling import RowMapper
from onefold.model.imports.customers import customer_row
from onefold.model.imports.filling import BadValue, Dropped
from onefold.model.imports.verdicts import Problem, RowVerdict, Verdict, refused

_PLACE_SHIFT = 4
_RANDOM_BYTES = 8
"""An id has 12 bits behind its time, here the place in the batch, and 62 random ones."""


class CustomerImporter:
    """Makes drafts of rows and stores them in a node."""

    def __init__(self, actor: Actor, node_id: UUID, mapper: RowMapper, repeat: Repeat) -> None:
        self.remembers = False
        self._actor = actor
        self._node_id = node_id
        self._mapper = mapper
        self._repeat = repeat

    def recall(self, rows: Sequence[Row]) -> None:
        """Rows that an earlier run has stored mean nothing to the later ones."""

    def prepare(
        self, rows: Sequence[Row], picture: Picture, *, at: datetime
    ) -> list[Prepared[CustomerDraft]]:
        del picture
        return [self._prepared(row, ordered_id(at, place)) for place, row in enumerate(rows)]

    def check_again(
        self, prepared: list[Prepared[CustomerDraft]], picture: Picture
    ) -> list[Prepared[CustomerDraft]]:
        """Saving checks drafts by the rules of its own moment."""
        del picture
        return prepared

    async def store(
        self,
        tx: Transaction,
        prepared: Sequence[Prepared[CustomerDraft]],
        *,
        picture: Picture,
        at: datetime,
        job_id: UUID | None,
    ) -> list[RowVerdict]:
        """One verdict for each, in their order."""
        settled = await self._repeat.settled(tx, [one.row for one in prepared if one.item])
        drafts = [one.item for one in prepared if one.item and one.row not in settled]
        outcomes = iter(
            await save_customers(
                tx, self._actor, picture=picture, drafts=drafts, at=at, job_id=job_id
            )
        )
        return [self._verdict(one, settled, outcomes) for one in prepared]

    def problem(self, row: int, refusal: Refusal) -> Problem:
        return refusal_problem(row, refusal, self._mapper)

    def event_ids(self, prepared: Sequence[Prepared[CustomerDraft]]) -> list[UUID]:
        """Customers bring no events."""
        del prepared
        return []

    def close(self) -> None:
        """Nothing is kept."""

    def _prepared(self, row: Row, new_id: UUID) -> Prepared[CustomerDraft]:
        if row.problem is not None:
            return unread(row)
        dropped: list[Dropped] = []
        try:
            values = self._mapper.values(row.number, row.content, dropped)
            found = customer_row(values)
            change = change_of(found)
        except BadValue as bad:
            return Prepared(row.number, None, unusable(row.number, bad, self._mapper))
        draft = CustomerDraft(
            new_id=new_id,
            change=change,
            node_id=self._node_id,
            customer_id=found.id,
            operation=Operation.PATCH if found.id else Operation.CREATE,
        )
        return Prepared(row.number, draft, lost_values(row.number, dropped))

    def _verdict(
        self,
        one: Prepared[CustomerDraft],
        settled: Mapping[int, UUID],
        outcomes: Iterator[Outcome],
    ) -> RowVerdict:
        if one.item is None:
            return one.refusal
        if one.row in settled:
            return RowVerdict(one.row, Verdict.UNCHANGED, settled[one.row], one.problem)
        outcome = next(outcomes)
        if isinstance(outcome, Refusal):
            return refused(refusal_problem(one.row, outcome, self._mapper))
        return RowVerdict(one.row, word_of(outcome), outcome.customer.id, one.problem)


def word_of(saved: Saved) -> Verdict:
    if saved.created:
        return Verdict.CREATED
    return Verdict.MERGED if saved.changed else Verdict.UNCHANGED


def ordered_id(at: datetime, place: int) -> UUID:
    """A new id; those of one batch come in the order of its rows, and so do their numbers."""
    return uuid7(at, (place << _PLACE_SHIFT).to_bytes(2, "big") + token_bytes(_RANDOM_BYTES))
