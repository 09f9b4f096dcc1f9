"""Changes of nothing but plain values, as most rows of most files are.

What such a change makes of nobody can be told without the record in between: that is a third of the
work of an import. tests/model/test_plain.py holds it against `apply_change` and `document_of`.
"""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any, NamedTuple

from onefold.model.changes import CustomerChange, Values
from onefold.model.customers import EMPTY_PROFILE, Address, ContactKind, Name
from onefold.model.documents import Document
from onefold.model.matching import value_at

_OWN = ("external_id", "birth_date", "gender", "locale", "timezone", "currency", "picture", "extra")
_NAME, _CONTACT, _ADDRESS = "name", "contact", "address"
_NOT_GIVEN = frozenset({"key", "primary", "extra_lines"})

_PLACES: Mapping[str, tuple[str, str]] = {
    **{name: ("", name) for name in _OWN},
    **{f"{_NAME}.{one.name}": (_NAME, one.name) for one in fields(Name)},
    **{f"{_CONTACT}.{kind}": (_CONTACT, kind.value) for kind in ContactKind},
    **{
        f"{_ADDRESS}.{one.name}": (_ADDRESS, one.name)
        for one in fields(Address)
        if one.name not in _NOT_GIVEN
    },
}
"""Path -> group and field."""

_PLAIN = frozenset({str, int, float, date})


class PlainRecord(NamedTuple):
    """A new customer: its document, and the values by their paths."""

    document: Document
    values: Values

    def find(self, path: str) -> Any:
        """What `value_at` finds in the profile."""
        return self.values.get(path) if path in _PLACES else value_at(EMPTY_PROFILE, path)


def plain_record(change: CustomerChange) -> PlainRecord | None:
    """What the change makes of nobody; None where it takes more than writing its values down."""
    if change.lists or change.subscriptions or change.cleared:
        return None
    document: Document = {}
    groups: dict[str, Document] = {"": document}
    for path, value in change.values.items():
        place = _PLACES.get(path)
        kind = type(value)
        if place is None or kind not in _PLAIN or value == "":
            return None
        group, name = place
        groups.setdefault(group, {})[name] = value.isoformat() if kind is date else value
    _put_groups(document, groups)
    return PlainRecord(document, change.values)


def _put_groups(document: Document, groups: Mapping[str, Document]) -> None:
    """Keys are given in the order in which the groups are named first, as everywhere."""
    key = 1
    for group, values in groups.items():
        if group == _NAME:
            document["name"] = values
        elif group == _ADDRESS:
            document["addresses"] = [{"key": key, "primary": True, **values}]
            key += 1
        elif group == _CONTACT:
            document["contact_points"] = [
                {"key": place, "kind": kind, "value": value, "primary": True}
                for place, (kind, value) in enumerate(values.items(), start=key)
            ]
            key += len(values)
    if key > 1:
        document["next_key"] = key
