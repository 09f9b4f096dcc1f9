"""Conditions on customers: a tree that a door builds and the store compiles.

Values come in the form in which the record keeps them: days as `2017-03-09`, moments in UTC as
`2017-03-09T11:31:31.842000+00:00`, everything else as JSON.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

SEARCH_ELEMENTS_MAX = 10_000
"""No search counts or pages beyond this many."""

DEPTH_MAX = 20
CONDITIONS_MAX = 200
"""A condition that is deeper or wider than this is refused before it reaches the database."""


class Operator(Enum):
    EQUALS = "EQUALS"
    NOT_EQUALS = "NOT_EQUALS"
    BETWEEN = "BETWEEN"
    GTE = "GTE"
    GT = "GT"
    LTE = "LTE"
    LT = "LT"
    IS_NULL = "IS_NULL"
    IS_NOT_NULL = "IS_NOT_NULL"
    IN = "IN"
    NOT_IN = "NOT_IN"


class Joint(Enum):
    """How parts of a tree are joined; EXCEPT is the first without any of the others."""

    AND = "and"
    OR = "or"
    EXCEPT = "except"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A core path held against values: two for BETWEEN, any number for IN and NOT_IN, none for
    the null checks, else one. For a list it holds when it does for one item.
    """

    path: str
    operator: Operator
    values: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class DidEvent:
    """Customers with at least one event of a type, within a time when given."""

    event_type: str
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Combination:
    joint: Joint
    parts: tuple["Filter", ...]


Filter = Comparison | DidEvent | Combination


@dataclass(frozen=True, slots=True)
class Sort:
    path: str
    descending: bool = False


NEWEST_FIRST = Sort("updated_at", descending=True)


@dataclass(frozen=True, slots=True)
class CustomerSearch:
    """What a search of customers asks for, all of it together.

    With `merges` some of the node stand behind others, who are found by what either holds.
    """

    external_id: str | None = None
    condition: Filter | None = None
    sort: Sort = NEWEST_FIRST
    merges: bool = False
