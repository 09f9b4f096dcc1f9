"""The values of a row as a change of a customer: scalars, and lists that are added to."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

from onefold.model.imports.filling import BadValue, Values
from onefold.model.imports.paths import LIST_PATHS, TAG_PATHS
from onefold.model.imports.verdicts import ProblemKind

GROUPS = ("custom", "handles", "details", "choices")
"""Objects whose keys are merged one by one."""

SPECIAL_PATHS = frozenset({"id", *LIST_PATHS, *TAG_PATHS, *GROUPS})
"""A row without these is a plain change: its values are taken as they are."""


class CustomerRow(NamedTuple):
    """`lists` hold plain JSON objects; whoever saves them makes records of them."""

    id: UUID | None
    values: Values
    lists: Mapping[str, list[Any]]


def customer_row(values: Values) -> CustomerRow:
    """Raises BadValue for a list that is none."""
    if SPECIAL_PATHS.isdisjoint(values):
        return CustomerRow(None, values, {})
    plain = {path: value for path, value in values.items() if path not in SPECIAL_PATHS}
    for group in GROUPS:
        if values.get(group) is not None:
            plain |= _keys(group, values[group])
    lists: dict[str, list[Any]] = {}
    for name in (*LIST_PATHS, *TAG_PATHS):
        items = values.get(name)
        if items is not None:
            lists[name] = _items(name, items)
    return CustomerRow(values.get("id"), plain, lists)


def _keys(group: str, given: Any) -> Values:
    if not isinstance(given, Mapping):
        raise BadValue(ProblemKind.VALUE, group, "must be an object")
    return {f"{group}.{key}": value for key, value in given.items()}


def _items(name: str, given: Any) -> list[Any]:
    if not isinstance(given, list | tuple):
        raise BadValue(ProblemKind.VALUE, name, "must be a list")
    if name in TAG_PATHS:
        return list(given)
    if not all(isinstance(item, Mapping) for item in given):
        raise BadValue(ProblemKind.VALUE, name, "must be a list of objects")
    return list(given)
