"""Why customers are one person, why two are not, and why a person has this value."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from onefold.actions.directory import Picture
from onefold.actions.merges import group_of, leading_first
from onefold.actions.persons.reasons import shown_values
from onefold.actions.reaching import find_reachable
from onefold.actions.transaction import Transaction
from onefold.model.access import Actor, Permission
from onefold.model.aggregates import MatchRule
from onefold.model.customers import Customer
from onefold.model.errors import FieldError, Invalid, NotFound
from onefold.model.history import pointer_of
from onefold.model.identifiers import unique_value
from onefold.model.linking import SHARED_MAX, compared_values, is_excluded, keys_of
from onefold.model.matching import value_at
from onefold.model.merge_policies import MergePolicy
from onefold.model.persons import Link
from onefold.model.projection import in_order, policies_of
from onefold.model.properties import CUSTOMER_OWNER
from onefold.model.workspaces import Node, NodeKind
from onefold.store import customers, history, persons

VERSIONS_MAX = 10_000
_CUSTOM = "custom."


@dataclass(frozen=True, slots=True)
class Together:
    """A person, its node, and why each of its customers belongs to it."""

    node_id: UUID
    person_id: UUID
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What one rule, or people, say of two customers in a node."""

    rule: str | None
    joins: bool
    why: str
    one: dict[str, Any]
    other: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Pairing:
    """Whether two customers are one person in a node, and what speaks for and against it."""

    node_id: UUID
    together: bool
    comparisons: tuple[Comparison, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """What one customer holds in a field, and who wrote it last."""

    customer_id: UUID
    node_id: UUID
    value: Any
    at: datetime | None
    actor_kind: str | None
    actor_id: UUID | None
    version: int | None


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a value comes from: the customers in the order in which their values count."""

    path: str
    value: Any
    policy: str
    said: tuple[Said, ...]


async def explain_together(
    tx: Transaction, actor: Actor, *, picture: Picture, customer_id: UUID
) -> list[Together]:
    """The persons of a customer, or one person, with all reasons."""
    actor.require(Permission.CUSTOMER_READ)
    found = await find_reachable(tx, actor, customer_id=customer_id)
    person_ids = [found.id]
    if picture.workspace.node(found.node_id).kind is NodeKind.ENTRY:
        own_id = customer_id if found.merged else found.id
        links = await persons.find_links_of_customer(tx, actor.workspace_id, customer_id=own_id)
        person_ids = [one.person_id for one in links if actor.may_reach(one.node_id)]
    return [
        Together(links[0].node_id, one, tuple(links))
        for one in person_ids
        if (links := await persons.find_members(tx, actor.workspace_id, person_ids=[one]))
    ]


async def explain_pair(
    tx: Transaction, actor: Actor, *, picture: Picture, ids: tuple[UUID, UUID]
) -> list[Pairing]:
    """Whether two are one person and why, in every aggregate node that takes both in; and whether
    they were merged inside their entry node.
    """
    actor.require(Permission.CUSTOMER_READ)
    one, other = [await _entry_customer(tx, actor, customer_id) for customer_id in ids]
    nodes = picture.workspace.projecting({one.node_id, other.node_id})
    return await _merging(tx, actor, (one, other)) + [
        await _pairing(tx, actor, picture, node, (one, other))
        for node in nodes
        if {one.node_id, other.node_id} <= set(node.entry_node_ids)
    ]


async def explain_value(
    tx: Transaction, actor: Actor, *, picture: Picture, customer_id: UUID, path: str
) -> Provenance:
    """Where the value of a field comes from; raises Invalid for a path that is none."""
    actor.require(Permission.CUSTOMER_READ)
    found = await find_reachable(tx, actor, customer_id=customer_id)
    node = picture.workspace.node(found.node_id)
    try:
        value = value_at(found.profile, path)
    except (AttributeError, ValueError) as error:
        message = "is not a property of customers"
        raise Invalid(f"{path} {message}", fields=(FieldError("field", message),)) from error
    members = [found]
    if node.kind is NodeKind.AGGREGATE:
        links = await persons.find_members(tx, actor.workspace_id, person_ids=[found.id])
        ids = [one.customer_id for one in links]
        stored = await customers.find_customers(tx, actor.workspace_id, customer_ids=ids)
        members = in_order(stored, node, picture.workspace.nodes)
    elif found.merged:
        ids = list(await group_of(tx, actor, customer_id=found.id))
        stored = await customers.find_customers(tx, actor.workspace_id, customer_ids=ids)
        members = leading_first(stored)
    said = [await _said(tx, actor, one, path) for one in members]
    return Provenance(path, value, _policy(picture, path), tuple(said))


async def _said(tx: Transaction, actor: Actor, customer: Customer, path: str) -> Said:
    """The newest version in which the field changed is where its value comes from."""
    entries = await history.list_history(
        tx, actor.workspace_id, customer_id=customer.id, after=0, limit=VERSIONS_MAX
    )
    pointer = pointer_of(customer.profile, path)
    last = next(
        (
            entry
            for entry in reversed(entries)
            if any(
                change.path in ("", pointer) or pointer.startswith(f"{change.path}/")
                for change in entry.changes
            )
        ),
        None,
    )
    value = value_at(customer.profile, path)
    if last is None or value is None:
        return Said(customer.id, customer.node_id, value, None, None, None, None)
    return Said(
        customer.id,
        customer.node_id,
        value,
        last.at,
        last.actor_kind,
        last.actor_id,
        last.version,
    )


def _policy(picture: Picture, path: str) -> str:
    if path.startswith("consents."):
        return "strictest"
    policies = policies_of(picture.definitions.of_owner(CUSTOMER_OWNER))
    return policies.get(path.removeprefix(_CUSTOM), MergePolicy.PRIORITY).value


async def _entry_customer(tx: Transaction, actor: Actor, asked: UUID) -> Customer:
    """The customer, or for a person the one that brings its id."""
    bringer = await persons.find_bringer(tx, actor.workspace_id, person_id=asked)
    found = await customers.find_customer(tx, actor.workspace_id, customer_id=bringer or asked)
    if found is None:
        raise NotFound(f"customer not found {asked}")
    actor.require_node(found.node_id)
    return found


async def _merging(tx: Transaction, actor: Actor, pair: tuple[Customer, Customer]) -> list[Pairing]:
    """Inside one entry node only people's word counts; nothing where there is none."""
    one, other = pair
    if one.node_id != other.node_id:
        return []
    group = await group_of(tx, actor, customer_id=one.id)
    decided = await _decided(tx, actor, pair)
    if other.id in group and not decided:
        why = f"people said it of others of the {len(group)} who were merged"
        decided = [Comparison(None, True, why, {}, {})]
    return [Pairing(one.node_id, other.id in group, tuple(decided))] if decided else []


async def _decided(
    tx: Transaction, actor: Actor, pair: tuple[Customer, Customer]
) -> list[Comparison]:
    """What people said of the two."""
    one, other = pair
    found = await persons.find_decisions(tx, actor.workspace_id, customer_ids=[one.id])
    return [
        Comparison(
            None,
            said.same,
            "people said: the same person" if said.same else "people said: never the same person",
            {},
            {},
        )
        for said in found
        if said.other_id == other.id
    ]


async def _pairing(
    tx: Transaction,
    actor: Actor,
    picture: Picture,
    node: Node,
    pair: tuple[Customer, Customer],
) -> Pairing:
    ids = [one.id for one in pair]
    links = await persons.find_links(tx, actor.workspace_id, node_id=node.id, customer_ids=ids)
    together = len(links) == len(ids) and len({one.person_id for one in links}) == 1
    comparisons = await _decided(tx, actor, pair)
    aggregate = node.aggregate
    for one in pair:
        if aggregate and is_excluded(aggregate.exclusions, one.profile):
            why = f"an exclusion keeps {one.id} out"
            comparisons.append(Comparison(None, False, why, {}, {}))
    for rule in aggregate.rule_set.rules if aggregate else ():
        crowd = await _crowd(tx, actor, picture, node, rule, pair[0])
        comparisons.append(_comparison(tx, picture, rule, pair, crowd))
    return Pairing(node.id, together, tuple(comparisons))


async def _crowd(
    tx: Transaction,
    actor: Actor,
    picture: Picture,
    node: Node,
    rule: MatchRule,
    customer: Customer,
) -> int:
    """How many customers share what the rule compares, as far as it matters."""
    region = picture.workspace.settings.region
    values = [one.value for one in keys_of(node, customer.profile, region) if one.rule == rule.id]
    found = await persons.find_owners(
        tx, actor.workspace_id, node_id=node.id, values=values, limit=SHARED_MAX + 1
    )
    return sum(map(len, found.values()))


def _comparison(
    tx: Transaction,
    picture: Picture,
    rule: MatchRule,
    pair: tuple[Customer, Customer],
    crowd: int,
) -> Comparison:
    region = picture.workspace.settings.region
    one, other = (compared_values(rule, customer.profile, region) for customer in pair)
    if one is None or other is None:
        whose = pair[0].id if one is None else pair[1].id
        why = f"{whose} has no value that says who it is"
        return _compared(tx, rule, (False, why), one, other)
    differing = list(_differing(rule, one, other))
    if differing:
        return _compared(tx, rule, (False, f"{', '.join(differing)} differ"), one, other)
    if crowd > SHARED_MAX:
        why = f"more than {SHARED_MAX} customers share the value"
        return _compared(tx, rule, (False, why), one, other)
    return _compared(tx, rule, (True, "equal"), one, other)


def _differing(rule: MatchRule, one: dict[str, Any], other: dict[str, Any]) -> Iterator[str]:
    for path in rule.paths:
        mine, theirs = (
            unique_value((path,), (value[path],), case_sensitive=rule.case_sensitive)
            for value in (one, other)
        )
        if mine != theirs:
            yield path


def _compared(
    tx: Transaction,
    rule: MatchRule,
    verdict: tuple[bool, str],
    one: dict[str, Any] | None,
    other: dict[str, Any] | None,
) -> Comparison:
    mine, theirs = (shown_values(tx.sealer, values or {}) for values in (one, other))
    return Comparison(rule.id, *verdict, mine, theirs)
