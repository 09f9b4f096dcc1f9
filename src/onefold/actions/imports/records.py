"""Plain JSON lists as records of the model; the only place where an import meets their shapes."""

from collections.abc import Mapping
from dataclasses import fields
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

_SERVERS = frozenset({"key", "primary"})


def change_of(row: CustomerRow) -> CustomerChange:
    """What the row changes; raises BadValue for a list that is not of its shape.

    A list is added to what is stored, as everywhere where records are merged. The primary contact
    point of a kind and the primary address are no items but values: they replace.
    """
    if not row.lists:
        return CustomerChange(values=row.values)
    values = dict(row.values)
    lists = {}
    for name, given in row.lists.items():
        items = _records(name, given)
        if name in _KEYED:
            _put_primaries(values, items)
            items = tuple(item for item in items if not item.primary)
        if items:
            lists[name] = ListChange(items, ListRule.APPEND)
    return CustomerChange(values=values, lists=lists)


def _records(name: str, items: list[Any]) -> tuple[Any, ...]:
    if name in _KEYED:
        items = [{**item, "key": 0} for item in items]
    try:
        return tuple(msgspec.convert(items, _KINDS[name], strict=True))
    except msgspec.ValidationError as error:
        raise BadValue(ProblemKind.VALUE, name, shortened(str(error))) from None


def _put_primaries(values: dict[str, Any], items: tuple[Any, ...]) -> None:
    """A column of its own goes before the list."""
    for item in items:
        if not item.primary:
            continue
        if isinstance(item, ContactPoint):
            values.setdefault(f"contact.{item.kind}", item.value)
            continue
        for field in fields(Address):
            value = getattr(item, field.name)
            if field.name not in _SERVERS and value not in (None, ()):
                values.setdefault(f"address.{field.name}", value)
