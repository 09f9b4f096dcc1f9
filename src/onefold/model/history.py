"""What changed between two states of a record, field by field, and how to take it back."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from onefold.model.customers import ContactKind, Profile
from onefold.model.documents import Document, same_json

KEYED_LISTS: Mapping[str, str] = {
    "contact_points": "key",
    "addresses": "key",
    "educations": "id",
    "employments": "id",
    "likes": "id",
    "subscriptions": "id",
}
"""Lists whose items are followed one by one, and the field that tells them apart."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field before and after. `path` is a JSON Pointer into the document (RFC 6901), in
    which an item of a keyed list stands under its key instead of its place. The list's own path
    stands for the order of its keys, and is there only when the items alone do not tell it.
    """

    path: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One version of one customer: who changed what, when and through what.

    The first entry of a customer has one change at the root, from nothing to the whole document.
    `cause` says by which rule a match was made, and which job brought it.
    """

    customer_id: UUID
    version: int
    at: datetime
    operation: str
    actor_kind: str
    actor_id: UUID | None
    job_id: UUID | None
    cause: Mapping[str, Any] | None
    changes: tuple[FieldChange, ...]


def first_change(document: Any) -> tuple[FieldChange, ...]:
    """From nothing to the document, which may be JSON that is written already."""
    return (FieldChange("", None, document),)


def difference(old: Document, new: Document) -> tuple[FieldChange, ...]:
    """Every field that differs; empty when the documents are equal."""
    return tuple(_object_difference("", old, new))


def applied(document: Document, changes: tuple[FieldChange, ...]) -> Document:
    """The document after the changes; with `reverted` the inverse of `difference`."""
    result = deepcopy(document)
    for change in changes:
        if change.path == "":
            result = deepcopy(change.new) if change.new is not None else {}
        else:
            _put(result, _segments(change.path), deepcopy(change.new))
    return result


def reverted(document: Document, changes: tuple[FieldChange, ...]) -> tuple[Document, list[str]]:
    """The document with the changes taken back, and the paths that were changed again since.

    Such a path keeps its present value: what came later was meant.
    """
    result = deepcopy(document)
    kept = []
    for change in changes:
        segments = _segments(change.path)
        if not same_json(_get(document, segments), change.new):
            kept.append(change.path)
        elif segments:
            _put(result, segments, deepcopy(change.old))
        else:
            result = deepcopy(change.old) or {}
    return result, kept


def pointer_of(profile: Profile, path: str) -> str:
    """Where changes of a core path stand in history; of a contact point or address, as a whole."""
    head, _, rest = path.partition(".")
    if head == "contact":
        point = profile.primary_contact(ContactKind(rest))
        return f"/contact_points/{point.key}" if point else "/contact_points"
    if head == "address":
        address = profile.primary_address()
        return f"/addresses/{address.key}" if address else "/addresses"
    if head == "notice":
        return f"/consents/notice/{rest}"
    if head == "consents":
        return f"/consents/purposes/{_escaped(rest.rpartition('.')[0])}"
    return f"/{head}/{_escaped(rest)}" if rest else f"/{head}"


def _object_difference(
    path: str, old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[FieldChange]:
    for name in sorted(old.keys() | new.keys()):
        before, after = old.get(name), new.get(name)
        if same_json(before, after):
            continue
        here = f"{path}/{_escaped(name)}"
        if path == "" and name in KEYED_LISTS:
            yield from _list_difference(name, before or [], after or [])
        elif isinstance(before, dict) and isinstance(after, dict) and path.count("/") < 1:
            yield from _object_difference(here, before, after)
        else:
            yield FieldChange(here, before, after)


def _list_difference(
    name: str, before: list[Document], after: list[Document]
) -> Iterator[FieldChange]:
    key = KEYED_LISTS[name]
    yield from _object_difference(f"/{name}", _by_key(before, key), _by_key(after, key))
    old, new = _keys(before, key), _keys(after, key)
    if not (_follows(old, new) and _follows(new, old)):
        yield FieldChange(f"/{name}", old, new)


def _follows(start: list[str], end: list[str]) -> bool:
    """Whether taking items away and adding the missing ones behind gives this order."""
    missing = sorted(set(end) - set(start))
    return [*(key for key in start if key in set(end)), *missing] == end


def _keys(items: list[Document], key: str) -> list[str]:
    return [str(item[key]) for item in items]


def _by_key(items: list[Document] | None, key: str) -> dict[str, Document]:
    return {str(item[key]): item for item in items or []}


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _segments(path: str) -> list[str]:
    return [part.replace("~1", "/").replace("~0", "~") for part in path.split("/")[1:]]


def _get(document: Document, segments: list[str]) -> Any:
    if not segments:
        return document
    head, *rest = segments
    value = document.get(head)
    if head in KEYED_LISTS:
        items = _by_key(value, KEYED_LISTS[head])
        return items.get(rest[0]) if rest else list(items)
    if not rest:
        return value
    return value.get(rest[0]) if isinstance(value, dict) else None


def _put(document: Document, segments: list[str], value: Any) -> None:
    head, *rest = segments
    if head in KEYED_LISTS:
        items, key = document.get(head) or [], KEYED_LISTS[head]
        changed = _with_item(items, key, rest[0], value) if rest else _in_order(items, key, value)
        _set_or_drop(document, head, changed or None)
    elif not rest:
        _set_or_drop(document, head, value)
    else:
        inner = document.setdefault(head, {})
        _set_or_drop(inner, rest[0], value)
        if not inner:
            del document[head]


def _in_order(items: list[Document], key: str, order: list[str]) -> list[Document]:
    """The items in that order; those that it does not name follow as they are."""
    places = {wanted: place for place, wanted in enumerate(order)}
    return sorted(items, key=lambda item: places.get(str(item[key]), len(order)))


def _set_or_drop(document: Document, name: str, value: Any) -> None:
    if value is None:
        document.pop(name, None)
    else:
        document[name] = value


def _with_item(
    items: list[Document], key: str, wanted: str, value: Document | None
) -> list[Document]:
    kept = [item for item in items if str(item[key]) != wanted]
    if value is None:
        return kept
    at = next((i for i, item in enumerate(items) if str(item[key]) == wanted), len(kept))
    return [*kept[:at], value, *kept[at:]]
