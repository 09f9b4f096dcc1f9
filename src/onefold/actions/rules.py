"""Rules of an aggregate node, in versions: what a change would do, doing it, and going back.

The caller of a change holds the workspace's row, see `Directory.locked`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from onefold.actions.aggregates import aggregate_node, start_projection
from onefold.actions.directory import Picture, require_open
from onefold.actions.transaction import Transaction
from onefold.actions.workspaces import save_node
from onefold.model.access import Actor, Permission
from onefold.model.aggregates import Aggregate, MatchRule, RuleSet
from onefold.model.customers import EMPTY_PROFILE, Customer
from onefold.model.errors import Conflict, FieldError, Invalid
from onefold.model.ids import NIL
from onefold.model.linking import Cluster, Key, clusters_of, is_excluded, keys_of
from onefold.model.matching import LIST_PATHS, value_at
from onefold.model.persons import HumanDecision
from onefold.model.properties import CUSTOMER_OWNER
from onefold.model.workspaces import Node
from onefold.store import customers, persons

CUSTOMERS_AT_ONCE = 1000
EARLIER_MAX = 10
_CUSTOM = "custom."


@dataclass(frozen=True, slots=True)
class Merge:
    """Persons that become one, and the customers of that one."""

    person_ids: tuple[UUID, ...]
    customer_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Split:
    """A person whose customers part, and who is with whom then."""

    person_id: UUID
    parts: tuple[tuple[UUID, ...], ...]


@dataclass(frozen=True, slots=True)
class RuleDifference:
    """What other rules would do; `groups` are the customers of each person there would be."""

    customers: int
    persons_before: int
    merges: tuple[Merge, ...]
    splits: tuple[Split, ...]
    groups: tuple[tuple[UUID, ...], ...]


async def compare_rules(
    tx: Transaction,
    actor: Actor,
    *,
    picture: Picture,
    node_id: UUID,
    rules: Sequence[MatchRule],
) -> RuleDifference:
    """Holds all customers of the node against other rules, and changes nothing.

    In one snapshot, as every customer is read.
    """
    actor.require(Permission.CONFIGURATION_READ)
    check_rules(picture, rules)
    node = aggregate_node(picture.workspace, node_id)
    trial = replace(node, aggregate=replace(_aggregate(node), rule_set=RuleSet(0, tuple(rules))))
    found = _Found()
    for entry_id in node.entry_node_ids:
        after = NIL
        while some := await customers.list_customers(
            tx, actor.workspace_id, node_id=entry_id, after=after, limit=CUSTOMERS_AT_ONCE
        ):
            await found.add(tx, picture, trial, some)
            after = some[-1].id
    clusters = clusters_of(
        found.keys,
        rules=[one.id for one in rules],
        together={one.pair for one in found.said if one.same},
        apart={one.pair for one in found.said if not one.same},
    )
    return _difference(clusters, found.linked)


@dataclass(slots=True)
class _Found:
    """What is needed of all customers: keys by the rules on trial, persons of now, decisions."""

    keys: dict[UUID, frozenset[Key]] = field(default_factory=dict)
    linked: dict[UUID, UUID] = field(default_factory=dict)
    said: list[HumanDecision] = field(default_factory=list)

    async def add(
        self, tx: Transaction, picture: Picture, trial: Node, some: Sequence[Customer]
    ) -> None:
        workspace, ids = picture.workspace, [one.id for one in some]
        exclusions, region = _aggregate(trial).exclusions, workspace.settings.region
        for one in some:
            if not is_excluded(exclusions, one.profile):
                self.keys[one.id] = keys_of(trial, one.profile, region)
        links = await persons.find_links(tx, workspace.id, node_id=trial.id, customer_ids=ids)
        self.linked.update({one.customer_id: one.person_id for one in links})
        if workspace.decides:
            self.said += await persons.find_decisions(tx, workspace.id, customer_ids=ids)


async def apply_rules(
    tx: Transaction,
    actor: Actor,
    *,
    picture: Picture,
    node_id: UUID,
    rules: Sequence[MatchRule],
    at: datetime,
) -> Node:
    """Makes these the rules of the node, as a new version; an active node is projected anew."""
    check_rules(picture, rules)
    known = _aggregate(aggregate_node(picture.workspace, node_id))
    earlier = (known.rule_set, *known.earlier)[:EARLIER_MAX]
    return await _switch(
        tx, actor, picture=picture, node_id=node_id, rules=rules, earlier=earlier, at=at
    )


async def roll_back_rules(
    tx: Transaction, actor: Actor, *, picture: Picture, node_id: UUID, at: datetime
) -> Node:
    """Makes the rules before the present ones the rules again; raises Conflict without any."""
    known = _aggregate(aggregate_node(picture.workspace, node_id))
    if not known.earlier:
        raise Conflict("there are no earlier rules to go back to")
    last, *earlier = known.earlier
    return await _switch(
        tx,
        actor,
        picture=picture,
        node_id=node_id,
        rules=last.rules,
        earlier=tuple(earlier),
        at=at,
    )


def check_rules(picture: Picture, rules: Sequence[MatchRule]) -> None:
    """Raises Invalid for rules that could never join anybody, or that no record can meet."""
    if not rules:
        raise Invalid("rules are missing", fields=(FieldError("rules", "are missing"),))
    ids = [one.id for one in rules]
    custom = picture.definitions.of_owner(CUSTOMER_OWNER)
    found = [
        FieldError(f"rules.{place}.{path}", "is not a property of customers")
        for place, rule in enumerate(rules)
        for path in rule.paths
        if not _is_comparable(path, custom)
    ]
    found += [
        FieldError(f"rules.{place}", "needs an id of its own and at least one property")
        for place, rule in enumerate(rules)
        if not rule.id or not rule.paths or ids.count(rule.id) > 1
    ]
    if found:
        raise Invalid("the rules are not valid", fields=tuple(found))


def _is_comparable(path: str, custom: Mapping[str, object]) -> bool:
    if path.startswith(_CUSTOM):
        return path.removeprefix(_CUSTOM) in custom
    if path in LIST_PATHS or path in ("next_key", "consents"):
        return False
    try:
        value_at(EMPTY_PROFILE, path)
    except (AttributeError, ValueError):
        return False
    return True


async def _switch(
    tx: Transaction,
    actor: Actor,
    *,
    picture: Picture,
    node_id: UUID,
    rules: Sequence[MatchRule],
    earlier: tuple[RuleSet, ...],
    at: datetime,
) -> Node:
    actor.require(Permission.CONFIGURATION_WRITE)
    require_open(picture.workspace, writing=True)
    node = aggregate_node(picture.workspace, node_id)
    known = _aggregate(node)
    rule_set = RuleSet(known.rule_set.version + 1, tuple(rules))
    changed = replace(node, aggregate=replace(known, rule_set=rule_set, earlier=earlier))
    await save_node(tx, actor, node=changed, at=at)
    if changed.is_projecting:
        await start_projection(tx, actor, node=changed, at=at)
    return changed


def _aggregate(node: Node) -> Aggregate:
    return node.aggregate or Aggregate()


def _difference(clusters: Sequence[Cluster], linked: Mapping[UUID, UUID]) -> RuleDifference:
    parts: dict[UUID, list[tuple[UUID, ...]]] = {}
    merges = []
    for cluster in clusters:
        before = sorted({linked[one] for one in cluster.members if one in linked})
        for person_id in before:
            part = tuple(one for one in cluster.members if linked.get(one) == person_id)
            parts.setdefault(person_id, []).append(part)
        if len(before) > 1:
            merges.append(Merge(tuple(before), cluster.members))
    return RuleDifference(
        customers=_total(cluster.members for cluster in clusters),
        persons_before=len(set(linked.values())),
        merges=tuple(merges),
        splits=tuple(Split(one, tuple(many)) for one, many in parts.items() if len(many) > 1),
        groups=tuple(one.members for one in clusters),
    )


def _total(groups: Iterable[tuple[UUID, ...]]) -> int:
    return sum(map(len, groups))
