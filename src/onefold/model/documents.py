"""A profile as a plain JSON document: what is stored, compared and kept in history.

Empty parts are left out, so a document says only what is known.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from operator import attrgetter
from typing import Any

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


def document_of(record: Any) -> Document:  # noqa: ANN401 - any of _RECORDS
    """The record's fields that hold something, as JSON values.

    `enabled` and `next_key` are left out while they have their usual value.
    """
    document: Document = {}
    for name, usual, read in _READERS[type(record)]:
        value = read(record)
        if value is None or value is usual or value == usual:
            continue
        if name not in _FREE and not isinstance(value, str):
            value = _plain(value)
            if value == {}:
                continue
        document[name] = value
    return document


def _plain(value: Any) -> Any:  # noqa: ANN401 - a field of a record is of any type
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, date):  # a datetime is a date too
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return document_of(value)


def _readers(record: type) -> tuple[tuple[str, Any, Callable[[Any], Any]], ...]:
    if not is_dataclass(record):  # pragma: no cover - _RECORDS holds dataclasses only
        raise TypeError(record)
    readers = []
    for field in fields(record):
        usual = field.default
        if callable(field.default_factory):
            usual = field.default_factory()
        readers.append((field.name, usual, attrgetter(field.name)))
    return tuple(readers)


_READERS = {record: _readers(record) for record in _RECORDS}
