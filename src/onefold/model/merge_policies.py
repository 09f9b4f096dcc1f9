"""How the values of linked customers become one value of a person, property by property."""

from collections.abc import Mapping
from enum import StrEnum


class MergePolicy(StrEnum):
    PRIORITY = "priority"
    CONCATENATE = "concatenate"
    UNION = "union"
    INTERSECTION = "intersection"
    SUM = "sum"
    AVERAGE = "average"
    DIFFERENCE = "difference"
    MINIMUM = "minimum"
    MAXIMUM = "maximum"


_NUMBERS = ("number", "integer")

TYPES_OF_POLICY: Mapping[MergePolicy, tuple[str, ...]] = {
    MergePolicy.PRIORITY: ("string", "object", "number", "array"),
    MergePolicy.CONCATENATE: ("string", "number", "array"),
    MergePolicy.UNION: ("array",),
    MergePolicy.INTERSECTION: ("array",),
    MergePolicy.SUM: _NUMBERS,
    MergePolicy.AVERAGE: _NUMBERS,
    MergePolicy.DIFFERENCE: _NUMBERS,
    MergePolicy.MINIMUM: _NUMBERS,
    MergePolicy.MAXIMUM: _NUMBERS,
}
"""The JSON types that each policy can merge."""
