"""A profile as a plain JSON document: what is stored, compared and kept in history.

Empty parts are left out, so a document says only what is known.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from datetime import date, datetime
from enum import Enum
from itertools import compress
from operator import attrgetter, is_not
from typing import Any, NamedTuple

from onefold.model import customers
from onefold.model.consents import Consent, Consents, Notice

Document = dict[str, Any]

_RECORDS: tuple[type, ...] = (
    customers.Profile,
    customers.Name,
    customers.ContactPoint,
    customers.Address,
    customers.Device,
    customers.Education,
    customers.Employment,
    customers.Like,
    customers.Preference,
    customers.Subscription,
    customers.Credential,
    customers.Tags,
    Consents,
    Consent,
    Notice,
)

_FREE = frozenset({"custom", "details", "choices", "subscribe_context", "unsubscribe_context"})
"""Fields with JSON of the caller's own, kept to the letter: their empty parts mean something."""

_FREE_OF_PROFILE = ("custom", "details", "choices")


class _Reader(NamedTuple):
    """How the fields of one kind of record are read: `parts` are name and untouched value."""

    parts: tuple[tuple[str, Any], ...]
    usual: tuple[Any, ...]
    read: Callable[[Any], tuple[Any, ...]]


def document_of(record: Any) -> Document:
    """The record's fields that hold something, as JSON values.

    `enabled` and `next_key` are left out while they have their usual value.
    """
    parts, usual, read = _READERS[type(record)]
    values = read(record)
    document: Document = {}
    for (name, untouched), value in compress(
        zip(parts, values, strict=True), map(is_not, values, usual)
    ):
        if value is None:
            continue
        write = _WRITERS.get(type(value), _plain)
        if name in _FREE:
            if value or untouched is None:
                document[name] = value
        elif write is None:
            if value != untouched:
                document[name] = value
        elif (plain := write(value)) != {}:
            document[name] = plain
    return document


def same_profile(one: customers.Profile, other: customers.Profile) -> bool:
    """Whether nothing differs; see `same_json` for what the caller wrote freely."""
    return one == other and all(
        same_json(getattr(one, name), getattr(other, name)) for name in _FREE_OF_PROFILE
    )


def same_json(one: Any, other: Any) -> bool:
    """Whether two JSON values are equal; Python takes true for 1, JSON does not."""
    if one != other or isinstance(one, bool) is not isinstance(other, bool):
        return False
    if isinstance(one, Mapping):
        return all(same_json(value, other[key]) for key, value in one.items())
    if isinstance(one, list | tuple):
        return all(map(same_json, one, other))
    return True


def _plain(value: Any) -> Any:
    """By what the value is a kind of; _WRITERS is the short cut by its very type."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, tuple | list):
        return _list(value)
    if isinstance(value, date):  # a datetime is a date too
        return value.isoformat()
    if isinstance(value, Mapping):
        return _object(value)
    return document_of(value)


def _list(items: tuple[Any, ...] | list[Any]) -> list[Any]:
    found = []
    for item in items:
        write = _WRITERS.get(type(item), _plain)
        found.append(item if write is None else write(item))
    return found


def _object(values: Mapping[str, Any]) -> Document:
    found = {}
    for key, value in values.items():
        write = _WRITERS.get(type(value), _plain)
        found[key] = value if write is None else write(value)
    return found


def _reader(record: type) -> _Reader:
    parts = tuple(
        (
            field.name,
            field.default if field.default_factory is MISSING else field.default_factory(),
        )
        for field in fields(record)
    )
    return _Reader(
        parts, tuple(usual for _, usual in parts), attrgetter(*(name for name, _ in parts))
    )


_READERS: Mapping[type, _Reader] = {record: _reader(record) for record in _RECORDS}

_WRITERS: Mapping[type, Callable[[Any], Any] | None] = {
    str: None,
    int: None,
    float: None,
    bool: None,
    tuple: _list,
    list: _list,
    dict: _object,
    date: date.isoformat,
    datetime: datetime.isoformat,
    customers.ContactKind: attrgetter("value"),
    **dict.fromkeys(_RECORDS, document_of),
}
"""By the type of a value: what makes it JSON; None where it is JSON already."""
