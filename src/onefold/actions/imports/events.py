"""Rows of events: each with the id that it always gets, for customers who are found by name."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b
from typing import NamedTuple
from uuid import UUID

from onefold.actions.context import Context
from onefold.actions.directory import Picture
from onefold.actions.events import Outcome, check_content, record_events
from onefold.actions.identifiers import external_value
from onefold.actions.imports.disk import DiskTable, key_of
from onefold.actions.imports.months import MonthKeeper
from onefold.actions.imports.prepared import (
    Prepared,
    lost_values,
    refusal_problem,
    unread,
    unusable,
)
from onefold.actions.imports.reading import Row
from onefold.actions.imports.rewriting import Rewriter
from onefold.actions.imports.turns import Turn
from onefold.actions.transaction import Transaction
from onefold.model.access import Actor
from onefold.model.errors import Refusal
from onefold.model.events import EventDraft
from onefold.model.identifiers import IdentifierKind
from onefold.model.imports.compiling import RowMapper
from onefold.model.imports.events import EventRow, derived_id, event_row, require_moment
from onefold.model.imports.filling import BadValue, Dropped, Values, fill
from onefold.model.imports.paths import ImportOperation
from onefold.model.imports.templates import ID, OCCURRENCE
from onefold.model.imports.verdicts import Problem, ProblemKind, RowVerdict, Verdict, refused
from onefold.store import identifiers

_KEY_BYTES = 8


class PendingEvent(NamedTuple):
    """An event whose customer is yet to be found by this external id, unless it has one."""

    draft: EventDraft
    external_id: str | None


class EventImporter:
    """Makes events of rows. Counts equal rows, on disk, because two of them are two events."""

    def __init__(
        self,
        context: Context,
        actor: Actor,
        node_id: UUID,
        mapper: RowMapper,
        *,
        operation: ImportOperation | None = None,
    ) -> None:
        self.remembers = True
        self._actor = actor
        self._node_id = node_id
        self._mapper = mapper
        self._catalog = context.catalog
        self._months = MonthKeeper(context)
        self._operation = operation
        self._seen = DiskTable()

    def problem(self, row: int, refusal: Refusal) -> Problem:
        return refusal_problem(row, refusal, self._mapper)

    async def make_room(self, prepared: Sequence[Prepared[PendingEvent]]) -> None:
        """Partitions for their months."""
        await self._months.make_room(one.item.draft.id for one in prepared if one.item is not None)

    async def close(self) -> None:
        self._seen.close()

    def recall(self, rows: Sequence[Row]) -> None:
        """Counts rows that an earlier run has stored, so that later ones keep their ids."""
        for row in rows:
            if row.problem is None:
                self._occurrence(self._mapper.identity(row.content))

    def prepare(
        self, rows: Sequence[Row], picture: Picture, *, at: datetime
    ) -> list[Prepared[PendingEvent]]:
        del at
        return [self._checked(self._prepared(row), picture) for row in rows]

    def check_again(
        self, prepared: list[Prepared[PendingEvent]], picture: Picture, *, at: datetime
    ) -> list[Prepared[PendingEvent]]:
        """The same rows by the rules of another moment."""
        del at
        return [self._checked(one, picture) for one in prepared]

    async def store(
        self,
        tx: Transaction,
        prepared: Sequence[Prepared[PendingEvent]],
        *,
        picture: Picture,
        at: datetime,
        job_id: UUID | None,
        turn: Turn,
    ) -> list[RowVerdict]:
        """One verdict for each, in their order."""
        await turn.come()
        owners = await self._find_owners(tx, prepared)
        judged = [self._with_owner(one, owners) for one in prepared]
        drafts = [one.item.draft for one in judged if one.item is not None]
        outcomes = await record_events(
            tx,
            self._actor,
            picture=picture,
            catalog=self._catalog,
            drafts=drafts,
            at=at,
            job_id=job_id,
        )
        rewritten = [False] * len(outcomes)
        if self._operation is ImportOperation.UPSERT:
            rewriter = Rewriter(tx, self._actor, picture, self._catalog, at)
            outcomes, rewritten = await rewriter.rewrite(drafts, outcomes)
        coming = zip(outcomes, rewritten, strict=True)
        return [self._verdict(one, coming) for one in judged]

    def _prepared(self, row: Row) -> Prepared[PendingEvent]:
        if row.problem is not None:
            return unread(row)
        dropped: list[Dropped] = []
        try:
            values = self._mapper.values(row.number, row.content, dropped)
            event_id = self._id(row, values, dropped)
            found = event_row(values, event_id)
        except BadValue as bad:
            return Prepared(row.number, None, unusable(row.number, bad, self._mapper))
        pending = PendingEvent(_draft(found), found.external_id)
        return Prepared(row.number, pending, lost_values(row.number, dropped))

    def _id(self, row: Row, values: Values, dropped: list[Dropped]) -> UUID:
        """The id that the row brings or gets; templates that need it are filled."""
        given = values.get("id")
        identity = self._mapper.identity(row.content)
        occurrence = self._occurrence(identity)
        scope = (self._actor.workspace_id, self._node_id)
        event_id = given if isinstance(given, UUID) else None
        if event_id is None:
            moment = require_moment(values)
            event_id = derived_id(scope, identity, occurrence, occurred_at=moment)
        if self._mapper.settings.late:
            texts = self._mapper.texts(row.number, row.content)
            texts |= {ID: str(event_id), OCCURRENCE: str(occurrence)}
            fill(values, self._mapper.settings.late, texts, dropped)
        return event_id

    def _occurrence(self, identity: str) -> int:
        """The how-manieth row with this content it is."""
        encoded = identity.encode("utf-8", "surrogatepass")
        key = key_of(blake2b(encoded, digest_size=_KEY_BYTES).digest())
        many = self._seen.get(key) + 1
        self._seen.put(key, many)
        return many

    def _checked(self, one: Prepared[PendingEvent], picture: Picture) -> Prepared[PendingEvent]:
        if one.item is None:
            return one
        try:
            check_content(one.item.draft, picture=picture, catalog=self._catalog)
        except Refusal as refusal:
            return Prepared(one.row, None, refusal_problem(one.row, refusal, self._mapper))
        return one

    async def _find_owners(
        self, tx: Transaction, prepared: Sequence[Prepared[PendingEvent]]
    ) -> Mapping[str, UUID]:
        wanted = {
            external_value(one.item.external_id)
            for one in prepared
            if one.item is not None and one.item.external_id
        }
        if not wanted:
            return {}
        return await identifiers.find_by_identifiers(
            tx,
            self._actor.workspace_id,
            kind=IdentifierKind.EXTERNAL_ID,
            values=sorted(wanted),
            node_id=self._node_id,
        )

    def _with_owner(
        self, one: Prepared[PendingEvent], owners: Mapping[str, UUID]
    ) -> Prepared[PendingEvent]:
        if one.item is None or not one.item.external_id:
            return one
        owner = owners.get(external_value(one.item.external_id))
        if owner is None:
            column = self._mapper.column_of("customer.external_id")
            reason = "no customer of the node has this external id"
            return Prepared(one.row, None, Problem(one.row, ProblemKind.MISSING, column, reason))
        return one._replace(item=PendingEvent(replace(one.item.draft, customer_id=owner), None))

    def _verdict(
        self, one: Prepared[PendingEvent], outcomes: Iterator[tuple[Outcome, bool]]
    ) -> RowVerdict:
        if one.item is None:
            return one.refusal
        outcome, changed = next(outcomes)
        if isinstance(outcome, Refusal):
            return refused(refusal_problem(one.row, outcome, self._mapper))
        if outcome.new:
            return RowVerdict(one.row, Verdict.RECORDED, outcome.event.id, one.problem)
        if self._operation is ImportOperation.INSERT:
            reason = "there is an event with this id or content already"
            return refused(Problem(one.row, ProblemKind.CONFLICT, "", reason))
        verdict = Verdict.MERGED if changed else Verdict.UNCHANGED
        return RowVerdict(one.row, verdict, outcome.event.id, one.problem)


def _draft(row: EventRow) -> EventDraft:
    return EventDraft(
        id=row.id,
        type=row.type,
        context=row.context,
        occurred_at=row.occurred_at,
        properties=row.properties,
        customer_id=row.customer_id,
        context_info=row.context_info,
        tracking=row.tracking,
    )
