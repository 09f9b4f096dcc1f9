"""Who is one person: keys that must be equal, decisions that people made, and what comes of both.

The result depends on the customers alone, never on the order in which they came:

1. People's decisions "the same person" join first, older customers before younger ones.
2. Then the rules, in their order; of one rule, what joins the oldest customers comes first.
3. Nothing joins two customers who are never the same person, nor those who were joined to them.
4. A value that is typed to fill a field, or that too many customers share, joins nobody.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from onefold.model.aggregates import Exclusion, MatchRule, Pattern
from onefold.model.customers import Profile
from onefold.model.identifiers import IdentifierKind, is_junk, normalise_phone, unique_value
from onefold.model.matching import value_at
from onefold.model.workspaces import Node

SHARED_MAX = 20
"""A value that more customers have says nothing about who they are."""

_KINDS: Mapping[str, IdentifierKind] = {
    "contact.email": IdentifierKind.EMAIL,
    "contact.mobile": IdentifierKind.PHONE,
    "contact.landline": IdentifierKind.PHONE,
    "contact.fax": IdentifierKind.PHONE,
    "external_id": IdentifierKind.EXTERNAL_ID,
    "national_id": IdentifierKind.NATIONAL_ID,
}
_ALMOST: Mapping[Pattern, Any] = {
    Pattern.STARTS_WITH: str.startswith,
    Pattern.CONTAINS: str.__contains__,
    Pattern.EQUALS: str.__eq__,
}

Pair = frozenset[UUID]
"""Two customers of whom somebody decided something."""


class Key(NamedTuple):
    """The values that one rule compares, as a digest."""

    rule: str
    value: str


class Joint(NamedTuple):
    """Why a customer stands in its cluster: it met another one by a rule, or by a decision."""

    customer_id: UUID
    other_id: UUID
    rule: str | None


@dataclass(frozen=True, slots=True)
class Cluster:
    """Customers who are one person, the oldest first."""

    members: tuple[UUID, ...]
    joints: tuple[Joint, ...]


def is_excluded(exclusions: Sequence[Exclusion], profile: Profile) -> bool:
    """Whether an exclusion keeps a customer with this profile out."""
    return any(_meets(one, profile) for one in exclusions)


def _meets(exclusion: Exclusion, profile: Profile) -> bool:
    value = value_at(profile, exclusion.path)
    if value is None:
        return False
    held = value if isinstance(value, list | tuple) else [value]
    compare, wanted = _ALMOST[exclusion.pattern], exclusion.value.casefold()
    return any(compare(str(one).casefold(), wanted) for one in held)


def compared_values(rule: MatchRule, profile: Profile, region: str | None) -> dict[str, Any] | None:
    """What the rule compares, by path; None when it can join nobody to this profile."""
    found = {}
    for path in rule.paths:
        value, kind = value_at(profile, path), _KINDS.get(path, IdentifierKind.UNIQUE)
        if value in (None, "", ()):
            return None
        if kind is IdentifierKind.PHONE:
            value = normalise_phone(value, region) or value
        if is_junk(kind, str(value)):
            return None
        found[path] = value
    return found or None


def keys_of(node: Node, profile: Profile, region: str | None) -> frozenset[Key]:
    """The keys by which the node's rules find the same person."""
    if node.aggregate is None:
        return frozenset()
    rules = node.aggregate.rule_set.rules
    return frozenset(key for rule in rules for key in _key(node, rule, profile, region))


def _key(node: Node, rule: MatchRule, profile: Profile, region: str | None) -> Iterator[Key]:
    compared = compared_values(rule, profile, region)
    if compared is not None:
        scope = (str(node.id), rule.id, *compared)
        values = ("", "", *map(_text, compared.values()))
        yield Key(rule.id, unique_value(scope, values, case_sensitive=rule.case_sensitive))


def _text(value: Any) -> Any:
    return value if isinstance(value, bool | int | float | str | list | dict) else str(value)


def crowded_values(keys: Mapping[UUID, Iterable[Key]]) -> set[str]:
    """Values that too many of these customers share."""
    owners: dict[str, int] = defaultdict(int)
    for mine in keys.values():
        for key in mine:
            owners[key.value] += 1
    return {value for value, many in owners.items() if many > SHARED_MAX}


def clusters_of(
    keys: Mapping[UUID, Iterable[Key]],
    *,
    rules: Sequence[str],
    together: Iterable[Pair] = (),
    apart: Iterable[Pair] = (),
    crowded: frozenset[str] | set[str] = frozenset(),
) -> list[Cluster]:
    """Everybody in one cluster, the clusters in the order of their oldest members.

    `crowded` are values that too many customers share, these and others.
    """
    joined = _Joined(keys, apart)
    for first, second in sorted(sorted(pair) for pair in together):
        if first in keys and second in keys:
            joined.join(second, first, None)
    sharing: dict[Key, list[UUID]] = defaultdict(list)
    for customer_id in sorted(keys):
        for key in keys[customer_id]:
            sharing[key].append(customer_id)
    places = {rule: place for place, rule in enumerate(rules)}
    for key in sorted(sharing, key=lambda one: (places[one.rule], sharing[one], one.value)):
        members = sharing[key]
        if key.value not in crowded and len(members) <= SHARED_MAX:
            joined.join_all(members, key.rule)
    return joined.clusters()


class _Joined:
    """Customers as they are put together, each knowing its cluster."""

    def __init__(self, customer_ids: Iterable[UUID], apart: Iterable[Pair]) -> None:
        self._cluster_of: dict[UUID, set[UUID]] = {one: {one} for one in customer_ids}
        self._apart: dict[UUID, set[UUID]] = defaultdict(set)
        self._joints: dict[UUID, list[Joint]] = defaultdict(list)
        for pair in apart:
            first, second = pair
            self._apart[first].add(second)
            self._apart[second].add(first)

    def join_all(self, members: Sequence[UUID], rule: str) -> None:
        """Each with every older one: where one may not, the next oldest may."""
        for place, younger in enumerate(members):
            for older in members[:place]:
                self.join(younger, older, rule)

    def join(self, customer_id: UUID, other_id: UUID, rule: str | None) -> None:
        mine, theirs = self._cluster_of[customer_id], self._cluster_of[other_id]
        if mine is theirs or self._forbidden(mine, theirs):
            return
        self._joints[customer_id].append(Joint(customer_id, other_id, rule))
        smaller, larger = sorted((mine, theirs), key=len)
        larger |= smaller
        for one in smaller:
            self._cluster_of[one] = larger

    def _forbidden(self, mine: set[UUID], theirs: set[UUID]) -> bool:
        if not self._apart:
            return False
        return any(not self._apart[one].isdisjoint(theirs) for one in mine if one in self._apart)

    def clusters(self) -> list[Cluster]:
        found = {id(one): one for one in self._cluster_of.values()}
        made = [
            Cluster(members, tuple(joint for one in members for joint in self._joints[one]))
            for members in (tuple(sorted(one)) for one in found.values())
        ]
        return sorted(made, key=lambda one: one.members[0])
