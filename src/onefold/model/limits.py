"""Limits of the record, in characters; one place for every API, the importer and the console."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from onefold.model.changes import CustomerChange
from onefold.model.customers import Profile
from onefold.model.errors import FieldError, Invalid

TEXT_LENGTH_MAX = 255
TAGS_LENGTH_MAX = 1000
EXTRA_LENGTH_MAX = 65536
SESSION_LENGTH_MAX = 255

LENGTH_MAX_BY_PATH: Mapping[str, int] = {
    "address.street": 500,
    "addresses.street": 500,
    "picture": 1000,
    "extra": EXTRA_LENGTH_MAX,
    "credential.password": TEXT_LENGTH_MAX,
}

_SHORTEST_LIMIT = min(TEXT_LENGTH_MAX, *LENGTH_MAX_BY_PATH.values())
"""Nothing that is this short or shorter needs a closer look."""


def limit_errors(change: CustomerChange) -> Iterator[FieldError]:
    """Every text of a change that is longer than its field holds."""
    for path, value in change.values.items():
        if len(path) > TEXT_LENGTH_MAX:
            yield from _name_too_long(path)
        if isinstance(value, str) and len(value) > _SHORTEST_LIMIT:
            yield from _too_long(path, value)
    for name, listed in change.lists.items():
        if name.startswith("tags."):
            yield from _tags_too_long(name, listed.items)
        else:
            yield from _items_too_long(name, listed.items)
    for position, subscription in enumerate(change.subscriptions):
        named = {"id": subscription.id, **subscription.values}
        for name, value in named.items():
            if isinstance(value, str):
                yield from _too_long(f"subscriptions.{position}.{name}", value)


def require_room(profile: Profile, change: CustomerChange) -> None:
    """Raises Invalid when a list that the change appends to holds more than it may."""
    found = tuple(
        error
        for name in ("tags.auto", "tags.manual")
        if name in change.lists
        for error in _tags_too_long(name, getattr(profile.tags, name.removeprefix("tags.")))
    )
    if found:
        raise Invalid("source customer is not valid", fields=found)


def _name_too_long(path: str) -> Iterator[FieldError]:
    """A caller may choose the name of a handle, and it stands in an index with the handle."""
    if path.startswith("handles.") and len(path) > len("handles.") + TEXT_LENGTH_MAX:
        message = f"is longer than {TEXT_LENGTH_MAX} characters"
        yield FieldError("handles", message, "maxLength")


def _too_long(path: str, value: str, *, rule: str | None = None) -> Iterator[FieldError]:
    if path.startswith(("custom.", "details.")):
        return
    most = LENGTH_MAX_BY_PATH.get(rule or path, TEXT_LENGTH_MAX)
    if len(value) > most:
        yield FieldError(path, f"is longer than {most} characters", "maxLength")


def _tags_too_long(name: str, tags: tuple[str, ...]) -> Iterator[FieldError]:
    if sum(map(len, tags)) > TAGS_LENGTH_MAX:
        message = f"holds more than {TAGS_LENGTH_MAX} characters in total"
        yield FieldError(name, message, "maxTotalLength")


def _items_too_long(name: str, items: tuple[Any, ...]) -> Iterator[FieldError]:
    for position, item in enumerate(items):
        if not is_dataclass(item):
            continue
        for field in fields(item):
            value = getattr(item, field.name)
            if isinstance(value, str):
                rule = f"{name}.{field.name}"
                yield from _too_long(f"{name}.{position}.{field.name}", value, rule=rule)
