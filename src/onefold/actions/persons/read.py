"""Reading persons: their customers, and the events of these."""

from dataclasses import dataclass, replace
from uuid import UUID

from onefold.actions.directory import Picture
from onefold.actions.merges import group_of
from onefold.actions.reaching import find_reachable
from onefold.actions.transaction import Transaction
from onefold.model.access import Actor, Permission
from onefold.model.customers import Customer
from onefold.model.errors import FieldError, Invalid
from onefold.model.events import EventFilter
from onefold.model.persons import Link
from onefold.model.workspaces import NodeKind
from onefold.store import customers, persons


@dataclass(frozen=True, slots=True)
class MemberPage:
    """Customers of a person, the oldest first, and how many there are."""

    customers: tuple[Customer, ...]
    total: int


async def list_entry_customers(
    tx: Transaction,
    actor: Actor,
    *,
    picture: Picture,
    person_id: UUID,
    offset: int,
    limit: int,
) -> MemberPage:
    """The customers that were merged into a person; raises Invalid for one of an entry node.

    Whoever may read the aggregate node may read what it is made of.
    """
    actor.require(Permission.CUSTOMER_READ)
    links = await find_members(tx, actor, picture=picture, person_id=person_id)
    ids = [one.customer_id for one in links]
    shown = ids[offset : offset + limit]
    found = await customers.find_customers(tx, actor.workspace_id, customer_ids=shown)
    return MemberPage(tuple(sorted(found, key=lambda one: one.id)), len(ids))


async def find_members(
    tx: Transaction, actor: Actor, *, picture: Picture, person_id: UUID
) -> list[Link]:
    """Who belongs to a person and why, the oldest customer first; Invalid for an entry customer."""
    person = await find_reachable(tx, actor, customer_id=person_id)
    if picture.workspace.node(person.node_id).kind is not NodeKind.AGGREGATE:
        message = "is a customer of an entry node"
        raise Invalid(f"{person_id} {message}", fields=(FieldError("customer_id", message),))
    return await persons.find_members(tx, actor.workspace_id, person_ids=[person.id])


async def customers_behind(
    tx: Transaction, actor: Actor, *, picture: Picture, customer_id: UUID
) -> list[UUID]:
    """The customers of a person, or that were merged with a customer, or this alone: where events
    and counters are.
    """
    found = await find_reachable(tx, actor, customer_id=customer_id)
    if picture.workspace.node(found.node_id).kind is NodeKind.ENTRY:
        return list(await group_of(tx, actor, customer_id=found.id)) if found.merged else [found.id]
    links = await persons.find_members(tx, actor.workspace_id, person_ids=[found.id])
    return [one.customer_id for one in links]


async def of_merged(
    tx: Transaction, actor: Actor, *, picture: Picture, wanted: EventFilter
) -> EventFilter:
    """The same for all customers that were merged with the one that is asked for."""
    if not picture.workspace.merges or wanted.customer_id is None:
        return wanted
    group = await group_of(tx, actor, customer_id=wanted.customer_id)
    return wanted if len(group) == 1 else replace(wanted, customer_id=None, members=group)


async def of_persons(
    tx: Transaction, actor: Actor, *, picture: Picture, wanted: EventFilter
) -> EventFilter | None:
    """What finds the events of a person or of an aggregate node; None where neither is meant."""
    nodes = picture.workspace.nodes
    if all(one.kind is NodeKind.ENTRY for one in nodes.values()):
        return None
    node = nodes.get(wanted.node_id) if wanted.node_id else None
    members = await _members(tx, actor, wanted.customer_id) if wanted.customer_id else None
    if members is not None:
        wanted = replace(wanted, customer_id=None, members=members)
    if node is not None and node.kind is NodeKind.AGGREGATE:
        actor.require_node(node.id)
        entries = node.entry_node_ids if node.is_projecting else ()
        return replace(wanted, node_id=None, of_persons_in=node.id, anonymous_in=entries)
    return None if members is None else wanted


async def _members(tx: Transaction, actor: Actor, person_id: UUID) -> tuple[UUID, ...] | None:
    """The customers of a person within reach, whichever of its ids is asked for."""
    survivor = await persons.find_survivor(tx, actor.workspace_id, person_id=person_id)
    if survivor is None:
        return None
    links = await persons.find_members(tx, actor.workspace_id, person_ids=[survivor])
    actor.require_node(links[0].node_id)
    return tuple(one.customer_id for one in links)
