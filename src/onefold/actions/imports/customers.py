"""Rows of customers: drafts for the one write path, verdicts from its outcomes."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from secrets import token_bytes
from typing import NamedTuple
from uuid import UUID

from onefold.actions.customers.drafts import CustomerDraft, Operation, Outcome, Saved
from onefold.actions.customers.newcomers import claim_newcomers, newcomer_of, save_newcomers
from onefold.actions.customers.plans import Plan, plan_drafts
from onefold.actions.customers.save import save_plans
from onefold.actions.directory import Picture
from onefold.actions.imports.numbers import NumberKeeper
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
from onefold.actions.imports.turns import Turn
from onefold.actions.transaction import Database, Transaction
from onefold.model.access import Actor
from onefold.model.errors import Refusal
from onefold.model.ids import uuid7
from onefold.model.imports.compiling import RowMapper
from onefold.model.imports.customers import customer_row
from onefold.model.imports.filling import BadValue, Dropped
from onefold.model.imports.verdicts import Problem, RowVerdict, Verdict, refused
from onefold.store.newcomers import Newcomer

_PLACES = 4_096
_PLACE_SHIFT = 4
_RANDOM_BYTES = 8
"""An id has 12 bits behind its time, here the place of its row, and 62 random ones."""


_NEW_SHARE = 4
"""If one in so many of a batch was new, the next batch's rows are made ahead."""


class Pending(NamedTuple):
    """A row's plan, and the rows of its customer in case that is new."""

    plan: Plan
    newcomer: Newcomer | None


class CustomerImporter:
    """Makes drafts of rows and stores them in a node."""

    def __init__(
        self,
        actor: Actor,
        node_id: UUID,
        mapper: RowMapper,
        *,
        repeat: Repeat,
        database: Database,
        must_be_new: bool = False,
    ) -> None:
        self.remembers = False
        self._numbers = NumberKeeper(database, actor)
        self._actor = actor
        self._node_id = node_id
        self._mapper = mapper
        self._repeat = repeat
        self._sealer = database.sealer
        self._must_be_new = must_be_new
        self._expects_new = not repeat.job_ids
        self._all_new = False
        self._moment = datetime.min.replace(tzinfo=UTC)
        self._first = 0

    def recall(self, rows: Sequence[Row]) -> None:
        """Rows that an earlier run has stored mean nothing to the later ones."""

    def prepare(
        self, rows: Sequence[Row], picture: Picture, *, at: datetime
    ) -> list[Prepared[Pending]]:
        if at != self._moment:
            self._moment, self._first = at, rows[0].number
        noise = token_bytes(_RANDOM_BYTES * len(rows))
        drafts = [
            self._drafted(row, self._new_id(row.number, noise[_RANDOM_BYTES * place :]))
            for place, row in enumerate(rows)
        ]
        return self._planned(drafts, picture, at)

    def check_again(
        self, prepared: list[Prepared[Pending]], picture: Picture, *, at: datetime
    ) -> list[Prepared[Pending]]:
        """The same drafts by the rules of another moment."""
        drafts = [
            Prepared(one.row, one.item.plan.draft if one.item else None, one.problem)
            for one in prepared
        ]
        return self._planned(drafts, picture, at)

    async def store(
        self,
        tx: Transaction,
        prepared: Sequence[Prepared[Pending]],
        *,
        picture: Picture,
        at: datetime,
        job_id: UUID | None,
        turn: Turn,
    ) -> list[RowVerdict]:
        """One verdict for each, in their order."""
        self._numbers.redeem(_newcomers(prepared))
        settled = await self._repeat.settled(tx, [one.row for one in prepared if one.item])
        pending = [one.item for one in prepared if one.item and one.row not in settled]
        known = await self._save_new(tx, pending, picture, job_id, turn)
        await turn.come()
        outcomes = await save_plans(
            tx,
            self._actor,
            picture=picture,
            plans=[one.plan for one in pending if one.plan.draft.new_id not in known],
            at=at,
            job_id=job_id,
        )
        created = len(known) + sum(map(_is_new, outcomes))
        if pending:
            self._expects_new = _NEW_SHARE * created >= len(pending)
        waiting = iter(outcomes)
        return [self._verdict(one, settled, known, waiting) for one in prepared]

    async def _save_new(
        self,
        tx: Transaction,
        pending: Sequence[Pending],
        picture: Picture,
        job_id: UUID | None,
        turn: Turn,
    ) -> set[UUID]:
        """Stores those who turn out to be new; of rows with one claim only the first can be."""
        wanted: dict[object, tuple[str | None, Newcomer]] = {}
        met = set()
        for plan, newcomer in pending:
            claim = plan.key or plan
            if newcomer is not None and claim not in met:
                wanted[claim] = (plan.key, newcomer)
            met.add(claim)
        if not wanted:
            return set()
        unseen, self._all_new = self._all_new and turn.is_attempt, False
        new = await claim_newcomers(
            tx,
            self._actor,
            picture=picture,
            node_id=self._node_id,
            wanted=list(wanted.values()),
            unseen=unseen,
        )
        self._all_new = len(new) == len(pending)
        numbers = await self._numbers.take(tx, len(new))
        if self._all_new:
            turn.let_next_begin()
        await save_newcomers(
            tx,
            self._actor,
            picture=picture,
            node_id=self._node_id,
            new=new,
            numbers=numbers,
            job_id=job_id,
            wait=turn.come,
        )
        return {one.id for one in new}

    def problem(self, row: int, refusal: Refusal) -> Problem:
        return refusal_problem(row, refusal, self._mapper)

    async def make_room(self, prepared: Sequence[Prepared[Pending]]) -> None:
        """Numbers for all who may turn out to be new."""
        await self._numbers.promise(_newcomers(prepared))

    async def close(self) -> None:
        """Numbers that were promised and not needed."""
        await self._numbers.close()

    def _new_id(self, row: int, noise: bytes) -> UUID:
        """Ids of one batch come in the order of its rows, and so do the customers' numbers."""
        place = (row - self._first) % _PLACES << _PLACE_SHIFT
        return uuid7(self._moment, place.to_bytes(2, "big") + noise[:_RANDOM_BYTES])

    def _drafted(self, row: Row, new_id: UUID) -> Prepared[CustomerDraft]:
        if row.problem is not None:
            return unread(row)
        dropped: list[Dropped] = []
        try:
            found = customer_row(self._mapper.values(row.number, row.content, dropped))
            change = change_of(found)
        except BadValue as bad:
            return Prepared(row.number, None, unusable(row.number, bad, self._mapper))
        draft = CustomerDraft(
            new_id=new_id,
            change=change,
            node_id=self._node_id,
            customer_id=found.id,
            operation=Operation.PATCH if found.id else Operation.CREATE,
            must_be_new=self._must_be_new,
        )
        return Prepared(row.number, draft, lost_values(row.number, dropped))

    def _planned(
        self, drafted: Sequence[Prepared[CustomerDraft]], picture: Picture, at: datetime
    ) -> list[Prepared[Pending]]:
        """What the drafts will be by the rules, and their rows where they are likely to be new.

        Step by step for all of them: one step's code and data stay in the processor's cache.
        """
        drafts = [one.item for one in drafted if one.item is not None]
        plans = plan_drafts(self._actor, picture, drafts=drafts, at=at)
        pending = iter([self._pending(plan, picture, at) for plan in plans])
        return [
            Prepared(one.row, None, one.problem)
            if one.item is None
            else self._outlook(one, next(pending))
            for one in drafted
        ]

    def _pending(self, plan: Plan | Refusal, picture: Picture, at: datetime) -> Pending | Refusal:
        if isinstance(plan, Refusal):
            return plan
        if not self._expects_new or picture.workspace.projecting({self._node_id}):
            return Pending(plan, None)
        region = picture.workspace.settings.region
        new = newcomer_of(plan, self._actor, sealer=self._sealer, region=region, at=at)
        return Pending(plan, new)

    def _outlook(
        self, one: Prepared[CustomerDraft], pending: Pending | Refusal
    ) -> Prepared[Pending]:
        if isinstance(pending, Refusal):
            return Prepared(one.row, None, refusal_problem(one.row, pending, self._mapper))
        return Prepared(one.row, pending, one.problem)

    def _verdict(
        self,
        one: Prepared[Pending],
        settled: Mapping[int, UUID],
        new: Collection[UUID],
        outcomes: Iterator[Outcome],
    ) -> RowVerdict:
        if one.item is None:
            return one.refusal
        if one.row in settled:
            return RowVerdict(one.row, Verdict.UNCHANGED, settled[one.row], one.problem)
        new_id = one.item.plan.draft.new_id
        if new_id in new:
            return RowVerdict(one.row, Verdict.CREATED, new_id, one.problem)
        outcome = next(outcomes)
        if isinstance(outcome, Refusal):
            return refused(refusal_problem(one.row, outcome, self._mapper))
        return RowVerdict(one.row, word_of(outcome), outcome.customer.id, one.problem)


def _newcomers(prepared: Iterable[Prepared[Pending]]) -> int:
    """How many may turn out to be new."""
    return sum(1 for one in prepared if one.item is not None and one.item.newcomer is not None)


def _is_new(outcome: Outcome) -> bool:
    return isinstance(outcome, Saved) and outcome.created


def word_of(saved: Saved) -> Verdict:
    if saved.created:
        return Verdict.CREATED
    return Verdict.MERGED if saved.changed else Verdict.UNCHANGED
