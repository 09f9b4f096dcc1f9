"""How values of several customers become one value of a person, policy by policy.

Values come in the order of priority, without those that are missing. JSON in, JSON out.
"""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import chain
from sys import float_info
from typing import Any

from onefold.model.documents import same_json
from onefold.model.merge_policies import MergePolicy

DIGITS_MAX = 10**18
FLOAT_MAX = float_info.max


def merged_value(policy: MergePolicy, values: Sequence[Any]) -> Any:
    """One value of several; one that the policy cannot merge is decided by priority."""
    present = [value for value in values if value is not None]
    if not present:
        return None
    kinds, merge = _MERGES[policy]
    if not all(isinstance(one, kinds) and not isinstance(one, bool) for one in present):
        return present[0]
    return merge(present)


def union(lists: Sequence[Sequence[Any]]) -> list[Any]:
    """Every item once, in the order in which they come."""
    found: list[Any] = []
    for item in chain.from_iterable(lists):
        if not _holds(found, item):
            found.append(item)
    return found


def _holds(items: Sequence[Any], wanted: Any) -> bool:
    return any(same_json(wanted, item) for item in items)


def _intersection(lists: Sequence[Any]) -> list[Any]:
    return [item for item in union(lists[:1]) if all(_holds(one, item) for one in lists[1:])]


def _concatenation(values: Sequence[Any]) -> Any:
    """Lists one after the other, texts with a blank between, digits of whole numbers in a row."""
    if all(isinstance(one, list) for one in values):
        return [item for one in values for item in one]
    if all(isinstance(one, str) for one in values):
        return " ".join(values)
    if all(isinstance(one, int) and 0 <= one <= DIGITS_MAX for one in values):
        return int("".join(map(str, values)))
    return values[0]


def _sum(values: Sequence[Any]) -> int | float:
    return _number(sum(map(_exact, values), Fraction()))


def _average(values: Sequence[Any]) -> int | float:
    return _number(sum(map(_exact, values), Fraction()) / len(values))


def _difference(values: Sequence[Any]) -> int | float:
    first, *others = map(_exact, values)
    return _number(first - sum(others, Fraction()))


def _exact(value: float) -> Fraction:
    """As it is written: ten cents are a tenth, and the order of adding is no matter."""
    return Fraction(value) if isinstance(value, int) else Fraction(repr(value))


def _number(value: Fraction) -> int | float:
    if value.denominator == 1:
        return int(value)
    return float(value) if -FLOAT_MAX < value < FLOAT_MAX else int(value)


_NUMBERS = (int, float)
_MERGES: Mapping[MergePolicy, tuple[Any, Callable[[Sequence[Any]], Any]]] = {
    MergePolicy.PRIORITY: (object, lambda values: values[0]),
    MergePolicy.CONCATENATE: ((str, int, float, list), _concatenation),
    MergePolicy.UNION: (list, union),
    MergePolicy.INTERSECTION: (list, _intersection),
    MergePolicy.SUM: (_NUMBERS, _sum),
    MergePolicy.AVERAGE: (_NUMBERS, _average),
    MergePolicy.DIFFERENCE: (_NUMBERS, _difference),
    MergePolicy.MINIMUM: (_NUMBERS, min),
    MergePolicy.MAXIMUM: (_NUMBERS, max),
}
"""The Python types that each policy merges, and how."""
