"""Rows that name customers or events which are to go."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from onefold.actions.customers.remove import remove_customers
from onefold.actions.directory import Picture, require_open
from onefold.actions.event_counts import count_gone
from onefold.actions.events import change_of
from onefold.actions.identifiers import external_value
from onefold.actions.imports.prepared import Prepared, refusal_problem, unread, unusable
from onefold.actions.imports.reading import Row
from onefold.actions.imports.records import change_of as change_of_row
from onefold.actions.imports.turns import Turn
from onefold.actions.transaction import Transaction
from onefold.model.access import Actor, Permission
from onefold.model.changes import apply_change
from onefold.model.customers import EMPTY_PROFILE, Customer
from onefold.model.errors import Invalid, Refusal
from onefold.model.events import Event
from onefold.model.identifiers import IdentifierKind
from onefold.model.imports.compiling import RowMapper
from onefold.model.imports.customers import CustomerRow, customer_row
from onefold.model.imports.filling import BadValue, Dropped
from onefold.model.imports.verdicts import Problem, ProblemKind, RowVerdict, Verdict, refused
from onefold.model.matching import missing_properties, unique_key
from onefold.model.updates import Operation
from onefold.model.workspaces import Node
from onefold.store import emptying, events, identifiers, imports, updates

NOBODY = "no customer of the node is named like this"
NO_EVENT = "there is no event of the node with this id"


class Named(NamedTuple):
    """Who is meant: by id, else by the node's unique properties, else by the external id."""

    id: UUID | None = None
    key: str | None = None
    external_id: str | None = None


class _Remover:
    """What both have in common: nothing is remembered from row to row, and nothing comes."""

    remembers = False

    def __init__(self, actor: Actor, node_id: UUID, mapper: RowMapper) -> None:
        self._actor = actor
        self._node_id = node_id
        self._mapper = mapper

    def recall(self, rows: Sequence[Row]) -> None:
        """Rows that an earlier run has stored mean nothing to the later ones."""

    async def close(self) -> None:
        """Nothing is kept."""

    def problem(self, row: int, refusal: Refusal) -> Problem:
        return refusal_problem(row, refusal, self._mapper)

    async def make_room(self, prepared: Sequence[Prepared[Any]]) -> None:
        """Nothing comes."""


class CustomerRemover(_Remover):
    """Finds the customers that rows name and deletes them, as one delete after another would."""

    def prepare(
        self, rows: Sequence[Row], picture: Picture, *, at: datetime
    ) -> list[Prepared[Named]]:
        node = picture.workspace.entry_node(self._node_id)
        return [self._prepared(row, node, at) for row in rows]

    def check_again(
        self, prepared: list[Prepared[Named]], picture: Picture, *, at: datetime
    ) -> list[Prepared[Named]]:
        """A key by rules that no longer hold finds nobody, and its row says so."""
        del picture, at
        return prepared

    async def store(
        self,
        tx: Transaction,
        prepared: Sequence[Prepared[Named]],
        *,
        picture: Picture,
        at: datetime,
        job_id: UUID | None,
        turn: Turn,
    ) -> list[RowVerdict]:
        """One verdict for each, in their order; of two rows for one customer the first deletes."""
        del job_id
        await turn.come()
        self._actor.require(Permission.CUSTOMER_DELETE)
        require_open(picture.workspace, writing=True)
        node = picture.workspace.entry_node(self._node_id)
        self._actor.require_node(node.id)
        found = await self._find(tx, [one.item for one in prepared if one.item])
        locked = await imports.lock_customers_alone(
            tx, self._actor.workspace_id, customer_ids=sorted(set(found.values()))
        )
        there = {one.id: one for one in locked if one.node_id == node.id}
        gone: dict[UUID, Customer] = {}
        verdicts = []
        for one in prepared:
            if one.item is None:
                verdicts.append(one.refusal)
                continue
            customer = there.get(found.get(one.item, UUID(int=0)))
            if customer is None or customer.id in gone or not _still(one.item, customer, node):
                verdicts.append(refused(Problem(one.row, ProblemKind.MISSING, "", NOBODY)))
                continue
            gone[customer.id] = customer
            verdicts.append(RowVerdict(one.row, Verdict.DELETED, customer.id))
        if gone:
            some = [gone[one] for one in sorted(gone)]
            await remove_customers(tx, self._actor, picture, some, at=at)
        return verdicts

    def _prepared(self, row: Row, node: Node, at: datetime) -> Prepared[Named]:
        if row.problem is not None:
            return unread(row)
        dropped: list[Dropped] = []
        try:
            found = customer_row(self._mapper.values(row.number, row.content, dropped))
            named = _named(found, node, at)
        except BadValue as bad:
            return Prepared(row.number, None, unusable(row.number, bad, self._mapper))
        except Refusal as refusal:
            return Prepared(row.number, None, refusal_problem(row.number, refusal, self._mapper))
        return Prepared(row.number, named)

    async def _find(self, tx: Transaction, named: Sequence[Named]) -> Mapping[Named, UUID]:
        workspace_id = self._actor.workspace_id
        found = {one: one.id for one in named if one.id is not None}
        keys = sorted({one.key for one in named if one.key})
        if keys:
            holders = await identifiers.find_holders(
                tx, workspace_id, kind=IdentifierKind.UNIQUE, values=keys
            )
            found |= {Named(key=key): holder for key, holder in holders.items()}
        values = sorted({one.external_id for one in named if one.external_id})
        if values:
            known = await identifiers.find_by_identifiers(
                tx,
                workspace_id,
                kind=IdentifierKind.EXTERNAL_ID,
                values=values,
                node_id=self._node_id,
            )
            found |= {Named(external_id=value): one for value, one in known.items()}
        return found


def _named(found: CustomerRow, node: Node, at: datetime) -> Named:
    if found.id is not None:
        return Named(id=found.id)
    profile = apply_change(EMPTY_PROFILE, change_of_row(found), at=at)
    lacking = {one.path for one in missing_properties(node, profile)}
    if node.unique.paths and lacking.isdisjoint(node.unique.paths):
        return Named(key=unique_key(node, profile))
    if profile.external_id:
        return Named(external_id=external_value(profile.external_id))
    raise Invalid("neither an id, the unique properties of the node nor an external id is given")


def _still(named: Named, customer: Customer, node: Node) -> bool:
    """Whether the customer goes by that name yet: it was looked for before it was locked."""
    if named.key is not None:
        return unique_key(node, customer.profile) == named.key
    if named.external_id is not None:
        return external_value(customer.profile.external_id or "") == named.external_id
    return True


class EventRemover(_Remover):
    """Deletes the events of a node that rows name by id."""

    def prepare(
        self, rows: Sequence[Row], picture: Picture, *, at: datetime
    ) -> list[Prepared[UUID]]:
        del picture, at
        return [self._prepared(row) for row in rows]

    def check_again(
        self, prepared: list[Prepared[UUID]], picture: Picture, *, at: datetime
    ) -> list[Prepared[UUID]]:
        """No rule says which id an event has."""
        del picture, at
        return prepared

    async def store(
        self,
        tx: Transaction,
        prepared: Sequence[Prepared[UUID]],
        *,
        picture: Picture,
        at: datetime,
        job_id: UUID | None,
        turn: Turn,
    ) -> list[RowVerdict]:
        """One verdict for each, in their order."""
        del job_id
        await turn.come()
        self._actor.require(Permission.EVENT_DELETE)
        require_open(picture.workspace, writing=True)
        self._actor.require_node(picture.workspace.entry_node(self._node_id).id)
        gone = await self._take(tx, picture, [one.item for one in prepared if one.item], at)
        verdicts = []
        for one in prepared:
            if one.item is None:
                verdicts.append(one.refusal)
            elif one.item in gone:
                gone.remove(one.item)
                verdicts.append(RowVerdict(one.row, Verdict.DELETED, one.item))
            else:
                column = self._mapper.column_of("id")
                verdicts.append(refused(Problem(one.row, ProblemKind.MISSING, column, NO_EVENT)))
        return verdicts

    def _prepared(self, row: Row) -> Prepared[UUID]:
        if row.problem is not None:
            return unread(row)
        try:
            found = self._mapper.values(row.number, row.content, []).get("id")
        except BadValue as bad:
            return Prepared(row.number, None, unusable(row.number, bad, self._mapper))
        if not isinstance(found, UUID):
            empty = BadValue(ProblemKind.VALUE, "id", "is empty")
            return Prepared(row.number, None, unusable(row.number, empty, self._mapper))
        return Prepared(row.number, found)

    async def _take(
        self, tx: Transaction, picture: Picture, wanted: Sequence[UUID], at: datetime
    ) -> set[UUID]:
        """Which of them were there and are no more; their owners are locked before them."""
        workspace_id = self._actor.workspace_id
        seen = await self._of_node(tx, wanted)
        owners = sorted({one.customer_id for one in seen if one.customer_id})
        await imports.lock_customers_alone(tx, workspace_id, customer_ids=owners)
        ids = sorted(one.id for one in await self._of_node(tx, wanted))
        if not ids:
            return set()
        gone = await emptying.take_events(tx, workspace_id, event_ids=ids)
        await count_gone(tx, picture.workspace, gone, at=at)
        changes = [change_of(one, Operation.DELETE) for one in gone]
        await updates.append_updates(tx, workspace_id, changes, at=at)
        return {one.id for one in gone}

    async def _of_node(self, tx: Transaction, wanted: Sequence[UUID]) -> list[Event]:
        found = await events.find_events(
            tx, self._actor.workspace_id, event_ids=sorted(set(wanted))
        )
        return [one for one in found if one.node_id == self._node_id]
