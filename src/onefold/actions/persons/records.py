"""Records of persons: made of their customers, and written like any customer's."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from onefold.actions.directory import Picture
from onefold.actions.identifiers import identifiers_of
from onefold.actions.transaction import Transaction
from onefold.model.access import Actor
from onefold.model.customers import EMPTY_PROFILE, Customer, Profile
from onefold.model.documents import same_profile
from onefold.model.persons import PersonChanges, PersonRecord
from onefold.model.projection import in_order, policies_of, projected
from onefold.model.properties import CUSTOMER_OWNER
from onefold.model.updates import Change, Entity, Operation
from onefold.model.workspaces import Node
from onefold.store import customers, emptying, identifiers, persons, workspaces


@dataclass(slots=True)
class PersonWork:
    """Persons to make again, with their members; those that are new, those whose members are
    other ones, and those that are nobody's any more. `customers` are the records at hand.
    """

    at: datetime
    customers: dict[UUID, Customer] = field(default_factory=dict)
    members: dict[UUID, tuple[UUID, ...]] = field(default_factory=dict)
    new: set[UUID] = field(default_factory=set)
    regrouped: set[UUID] = field(default_factory=set)
    retired: set[UUID] = field(default_factory=set)

    async def load(
        self, tx: Transaction, workspace_id: UUID, customer_ids: Collection[UUID]
    ) -> None:
        missing = sorted(set(customer_ids) - self.customers.keys())
        if missing:
            found = await customers.find_customers(tx, workspace_id, customer_ids=missing)
            self.customers.update({one.id: one for one in found})


async def write_persons(
    tx: Transaction, actor: Actor, *, picture: Picture, node: Node, work: PersonWork
) -> PersonChanges:
    """Stores every person that is not as its customers make it."""
    into = PersonChanges()
    known = (work.members.keys() | work.retired) - work.new
    records = await persons.find_records(tx, actor.workspace_id, person_ids=sorted(known))
    maker = _Maker(picture, node, work, actor)
    created = [maker.new(one) for one in sorted(work.new)]
    stored = [
        record
        for one in sorted(work.members.keys() - work.new)
        if (record := maker.again(records[one], into)) is not None
    ]
    stored += [
        maker.buried(records[one], into)
        for one in sorted(work.retired)
        if records[one].deleted_at is None
    ]
    await _insert(tx, actor, created, into)
    await persons.store_records(tx, actor.workspace_id, stored, by=actor.id)
    await _write_identifiers(tx, picture, into)
    return into


async def _insert(
    tx: Transaction, actor: Actor, created: list[Customer], into: PersonChanges
) -> None:
    if not created:
        return
    numbers = await workspaces.next_numbers(
        tx, actor.workspace_id, kind=workspaces.CUSTOMER_NUMBERS, many=len(created)
    )
    made = [replace(one, number=number) for one, number in zip(created, numbers, strict=True)]
    documents = [customers.json_of(tx.sealer, one.profile) for one in made]
    await customers.insert_customers(tx, actor.workspace_id, made, documents)
    into.created += made
    into.announced += [_change(one, Operation.CREATE) for one in made]


async def _write_identifiers(tx: Transaction, picture: Picture, changes: PersonChanges) -> None:
    region, workspace_id = picture.workspace.settings.region, picture.workspace.id
    arrived = [*changes.created, *(after for _, after in changes.back)]
    new = [found for one in arrived for found in identifiers_of(tx, one, region=region)]
    add, drop = set(), set()
    for before, after in changes.changed:
        old, now = (identifiers_of(tx, one, region=region) for one in (before, after))
        add |= now - old
        drop |= old - now
    gone = [one.id for one in changes.gone]
    if gone:
        await emptying.delete_identifiers(tx, workspace_id, customer_ids=gone)
    await identifiers.insert_identifiers(tx, workspace_id, new)
    await identifiers.drop_identifiers(tx, workspace_id, list(drop))
    await identifiers.add_identifiers(tx, workspace_id, list(add))


class _Maker:
    """Makes records of the persons of one node."""

    def __init__(self, picture: Picture, node: Node, work: PersonWork, actor: Actor) -> None:
        self._node = node
        self._entries = picture.workspace.nodes
        self._policies = policies_of(picture.definitions.of_owner(CUSTOMER_OWNER))
        self._work = work
        self._actor = actor

    def _members(self, person_id: UUID) -> list[Customer]:
        found = [self._work.customers[one] for one in self._work.members[person_id]]
        return in_order(found, self._node, self._entries)

    def _profile(self, members: list[Customer]) -> Profile:
        return projected([one.profile for one in members], self._policies)

    def new(self, person_id: UUID) -> Customer:
        members = self._members(person_id)
        return Customer(
            id=person_id,
            node_id=self._node.id,
            number=0,
            profile=self._profile(members),
            version=1,
            registered_at=min(one.registered_at for one in members),
            registered_by=members[0].registered_by,
            updated_at=self._work.at,
            updated_by=self._actor.id,
        )

    def again(self, record: PersonRecord, into: PersonChanges) -> PersonRecord | None:
        """The person as it is now; None when nothing differs."""
        person = record.customer
        profile = self._profile(self._members(person.id))
        same = same_profile(profile, person.profile) and person.id not in self._work.regrouped
        if same and record.deleted_at is None:
            return None
        after = self._next(person, profile)
        if record.deleted_at is None:
            into.changed.append((person, after))
            into.announced.append(_change(after, Operation.UPDATE))
        else:
            into.back.append((record, after))
            into.announced.append(_change(after, Operation.CREATE))
        return PersonRecord(after, None)

    def buried(self, record: PersonRecord, into: PersonChanges) -> PersonRecord:
        """A person that was merged away, or whose last customer left."""
        into.gone.append(record.customer)
        after = self._next(record.customer, EMPTY_PROFILE)
        into.announced.append(_change(after, Operation.DELETE))
        return PersonRecord(after, self._work.at)

    def _next(self, person: Customer, profile: Profile) -> Customer:
        return replace(
            person,
            profile=profile,
            version=person.version + 1,
            updated_at=max(self._work.at, person.updated_at),
            updated_by=self._actor.id,
        )


def _change(person: Customer, operation: Operation) -> Change:
    return Change(Entity.CUSTOMER, operation, person.id, person.node_id, person.id, person.version)
