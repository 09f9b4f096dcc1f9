"""What an aggregate node takes in, and what makes two of its customers one person."""

from dataclasses import dataclass
from enum import StrEnum

EXCLUSIONS_MAX = 10


class AggregateState(StrEnum):
    """NEW aggregates nothing yet; ACTIVE is kept up to date with every write."""

    NEW = "NEW"
    ACTIVE = "ACTIVE"
    LOCKED = "LOCKED"
    REMOVED = "REMOVED"


class Pattern(StrEnum):
    """How an exclusion compares."""

    STARTS_WITH = "starts_with"
    CONTAINS = "contains"
    EQUALS = "equals"


@dataclass(frozen=True, slots=True)
class MatchRule:
    """Customers are one person when all these core paths hold equal values in both."""

    id: str
    paths: tuple[str, ...]
    case_sensitive: bool = False


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Keeps customers out whose value at a core path is like this; letter case does not count."""

    path: str
    pattern: Pattern
    value: str


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules of an aggregate node at one version; an earlier rule joins before a later one."""

    version: int
    rules: tuple[MatchRule, ...]


NO_RULES = RuleSet(1, ())


@dataclass(frozen=True, slots=True)
class Aggregate:
    """The part of a node that only aggregate nodes have; `earlier` are rules that were replaced,
    the last one first.
    """

    state: AggregateState = AggregateState.NEW
    rule_set: RuleSet = NO_RULES
    exclusions: tuple[Exclusion, ...] = ()
    earlier: tuple[RuleSet, ...] = ()
