"""What people say of two customers: the same person, or never.

A decision is kept beside the customers and changes none of them; taking it back and placing them
again is all that undoing takes. A person stands for the customer that brings its id, so that what
was merged by two ids is unmerged by the same two.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from onefold.actions.directory import Picture, require_open
from onefold.actions.merges import group_of, regroup
from onefold.actions.persons.counting import count_persons
from onefold.actions.persons.placing import Written, place_customers
from onefold.actions.persons.returning import subject_of_customer
from onefold.actions.transaction import Transaction
from onefold.model.access import Actor, Permission
from onefold.model.customers import Customer
from onefold.model.errors import Conflict, FieldError, Invalid, NotFound
from onefold.model.persons import HumanDecision
from onefold.store import customers, persons, rollups, updates, workspaces


async def merge_customers(
    tx: Transaction, actor: Actor, *, picture: Picture, ids: tuple[UUID, UUID], at: datetime
) -> None:
    """Makes two one person; the newest word counts, but "never" about others outranks it.

    Raises Conflict when customers who are never the same person would come together.
    """
    pair = await _pair(tx, actor, picture, ids)
    if await _kept_apart(tx, actor, pair):
        raise _never()
    await _say(tx, actor, picture, pair, same=True, at=at)
    of_one_node = pair[0].node_id == pair[1].node_id
    if not await (_grouped if of_one_node else _share_person)(tx, actor, pair):
        raise _never()


async def unmerge_customers(
    tx: Transaction, actor: Actor, *, picture: Picture, ids: tuple[UUID, UUID], at: datetime
) -> None:
    """Makes two persons of one again; where a rule would join them anew, it may not any more.

    Raises Conflict when they are not one person.
    """
    pair = await _pair(tx, actor, picture, ids)
    grouped = await _grouped(tx, actor, pair)
    if not grouped and not await _share_person(tx, actor, pair):
        message = "these two are not one person"
        raise Conflict(message, fields=(FieldError("other_id", message),))
    await _take_back(tx, actor, picture, pair, at=at)
    if await (_grouped if grouped else _share_person)(tx, actor, pair):
        await _say(tx, actor, picture, pair, same=False, at=at)


async def part_customers(
    tx: Transaction, actor: Actor, *, picture: Picture, ids: tuple[UUID, UUID], at: datetime
) -> None:
    """Says that two are never the same person, which outranks every rule from now on."""
    pair = await _pair(tx, actor, picture, ids)
    await _say(tx, actor, picture, pair, same=False, at=at)


async def forget_decision(
    tx: Transaction, actor: Actor, *, picture: Picture, ids: tuple[UUID, UUID], at: datetime
) -> None:
    """Leaves it to the rules again whether two are one person."""
    pair = await _pair(tx, actor, picture, ids)
    await _take_back(tx, actor, picture, pair, at=at)


async def _pair(
    tx: Transaction, actor: Actor, picture: Picture, ids: tuple[UUID, UUID]
) -> tuple[Customer, Customer]:
    """The two customers of entry nodes, locked; raises NotFound, NotPermitted or Invalid."""
    actor.require(Permission.CUSTOMER_WRITE)
    require_open(picture.workspace, writing=True)
    wanted = [await _entry_id(tx, actor, one) for one in ids]
    locked = await customers.lock_customers(tx, actor.workspace_id, customer_ids=sorted(wanted))
    found = {one.id: one for one in locked}
    for asked, one in zip(ids, wanted, strict=True):
        if one not in found:
            raise NotFound(f"customer not found {asked}")
        actor.require_node(found[one].node_id)
    first, second = (found[one] for one in wanted)
    if first.id == second.id:
        message = "is the same customer"
        raise Invalid(f"{ids[1]} {message}", fields=(FieldError("other_id", message),))
    both = {first.node_id, second.node_id}
    taken = (both <= set(one.entry_node_ids) for one in picture.workspace.projecting(both))
    if len(both) > 1 and not any(taken):
        message = "no active aggregate node takes in both"
        raise Invalid(message, fields=(FieldError("other_id", message),))
    return first, second


async def _entry_id(tx: Transaction, actor: Actor, asked: UUID) -> UUID:
    return await persons.find_bringer(tx, actor.workspace_id, person_id=asked) or asked


async def _say(
    tx: Transaction,
    actor: Actor,
    picture: Picture,
    pair: tuple[Customer, Customer],
    *,
    same: bool,
    at: datetime,
) -> None:
    if not picture.workspace.decides:
        await workspaces.touch_workspace(tx, actor.workspace_id, at=at)
    first, second = pair
    decision = HumanDecision(first.id, second.id, same, at, actor.kind, actor.id)
    subjects = {one.id: subject_of_customer(tx, picture.workspace, one) for one in pair}
    await persons.save_decision(tx, actor.workspace_id, decision, subjects=subjects)
    await _place_again(tx, actor, picture, pair, at=at)


async def _take_back(
    tx: Transaction,
    actor: Actor,
    picture: Picture,
    pair: tuple[Customer, Customer],
    *,
    at: datetime,
) -> None:
    first, second = pair
    await persons.drop_decision(tx, actor.workspace_id, customer_id=first.id, other_id=second.id)
    await _place_again(tx, actor, picture, pair, at=at)


async def _place_again(
    tx: Transaction,
    actor: Actor,
    picture: Picture,
    present: Sequence[Customer],
    *,
    at: datetime,
) -> None:
    workspace = replace(picture.workspace, decides=True)
    written = Written(present, decided=[one.id for one in present])
    changes = await place_customers(
        tx, actor, picture=picture._replace(workspace=workspace), written=written, at=at
    )
    announced = changes.announced
    if len({one.node_id for one in present}) == 1:
        announced = [*await regroup(tx, actor, around=present), *announced]
        await workspaces.touch_workspace(tx, workspace.id, at=at)
    counts = count_persons(changes, workspace, at=at)
    await rollups.add_node_counts(tx, workspace.id, counts)
    await updates.append_updates(tx, workspace.id, announced, at=at)


async def _kept_apart(tx: Transaction, actor: Actor, pair: tuple[Customer, Customer]) -> bool:
    """Whether others who would come together with the two are never the same person."""
    mine, theirs = [await _companions(tx, actor, one) for one in pair]
    said = await persons.find_decisions(tx, actor.workspace_id, customer_ids=sorted(mine))
    itself = frozenset(one.id for one in pair)
    return any(one.other_id in theirs and not one.same and one.pair != itself for one in said)


async def _companions(tx: Transaction, actor: Actor, customer: Customer) -> set[UUID]:
    """The customer, and whoever is the same person already."""
    found = set(await group_of(tx, actor, customer_id=customer.id))
    links = await persons.find_links_of_customer(tx, actor.workspace_id, customer_id=customer.id)
    ids = [one.person_id for one in links]
    members = await persons.find_members(tx, actor.workspace_id, person_ids=ids)
    return found | {one.customer_id for one in members}


def _never() -> Conflict:
    message = "customers of these two are never the same person"
    return Conflict(message, fields=(FieldError("other_id", message),))


async def _grouped(tx: Transaction, actor: Actor, pair: tuple[Customer, Customer]) -> bool:
    """Whether the two were merged inside their entry node."""
    one, other = pair
    return other.id in await group_of(tx, actor, customer_id=one.id)


async def _share_person(tx: Transaction, actor: Actor, pair: tuple[Customer, Customer]) -> bool:
    """Whether a person of some aggregate node has both."""
    mine, theirs = [
        {
            link.person_id
            for link in await persons.find_links_of_customer(
                tx, actor.workspace_id, customer_id=one.id
            )
        }
        for one in pair
    ]
    return not mine.isdisjoint(theirs)
