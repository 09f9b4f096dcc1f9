"""Plain JSON lists as records of the model; the only place where an import meets their shapes."""

from collections.abc import Mapping
from typing import Any

import msgspec

from onefold.model.changes import CustomerChange, ListChange, ListRule
from onefold.model.customers import (
    Address,
    ContactPoint,
    Device,
    Education,
    Employment,
    Like,
    Subscription,
)
from onefold.model.imports.customers import CustomerRow
from onefold.model.imports.filling import BadValue
from onefold.model.imports.verdicts import ProblemKind, shortened

_KINDS: Mapping[str, Any] = {
    "contact_points": list[ContactPoint],
    "addresses": list[Address],
    "devices": list[Device],
    "educations": list[Education],
    "employments": list[Employment],
    "likes": list[Like],
    "subscriptions": list[Subscription],
    "tags.auto": list[str],
    "tags.manual": list[str],
}

_KEYED = frozenset({"contact_points", "addresses"})
"""Their items get a key from the record that they come to, whatever the file says."""


def change_of(row: CustomerRow) -> CustomerChange:
    """What the row changes; raises BadValue for a list that is not of its shape.

    A list is added to what is stored, as everywhere where records are merged.
    """
    if not row.lists:
        return CustomerChange(values=row.values)
    lists = {name: ListChange(_records(name, items), ListRule.APPEND) for name, items in _of(row)}
    return CustomerChange(values=row.values, lists=lists)


def _of(row: CustomerRow) -> list[tuple[str, list[Any]]]:
    return [(name, items) for name, items in row.lists.items() if items]


def _records(name: str, items: list[Any]) -> tuple[Any, ...]:
    if name in _KEYED:
        items = [{**item, "key": 0} for item in items]
    try:
        return tuple(msgspec.convert(items, _KINDS[name], strict=True))
    except msgspec.ValidationError as error:
        raise BadValue(ProblemKind.VALUE, name, shortened(str(error))) from None
