"""Partial changes of a profile and how they are applied; absent and null differ.

A scalar is named by its core path. Besides the plain paths of the record there are these:
`contact.email` (`mobile`, `landline`, `fax`), the value of the primary contact point of a kind,
and `address.city` (and so on), a field of the primary address.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from datetime import datetime
from enum import Enum
from functools import lru_cache
from sys import intern
from typing import Any, TypeVar

from onefold.model.consents import Consent, Consents, Notice
from onefold.model.customers import (
    EMPTY_PROFILE,
    Address,
    ContactKind,
    ContactPoint,
    Profile,
    Subscription,
)

Values = Mapping[str, Any]
Record = TypeVar("Record", bound=Any)

PATHS_KEPT_MAX = 4_096
_NO_CONSENT = Consent()
_KINDS: Mapping[str, ContactKind] = {kind.value: kind for kind in ContactKind}


class ListRule(Enum):
    """What becomes of the stored items when a change brings a list."""

    APPEND = "append"
    REPLACE = "replace"


@dataclass(frozen=True, slots=True)
class ListChange:
    """Items for one list of the profile.

    Items with an id are the same when the id is; a contact point is the same when kind, value
    and name are (and the type of one of kind `other`), an address when everything but its key
    is. Contact points and addresses come with key 0 and get their own when they are new.
    """

    items: tuple[Any, ...]
    rule: ListRule


@dataclass(frozen=True, slots=True)
class SubscriptionChange:
    """Some fields of one subscription; the missing ones stay."""

    id: str
    values: Values


@dataclass(frozen=True, slots=True)
class CustomerChange:
    """What a caller wants to differ.

    values: core path -> new value, None removes it.
    lists: name of a list field, `tags.auto` or `tags.manual` -> items and rule. `contact_points`
    and `addresses` stand for those that are not primary.
    subscriptions: merged by id, nothing is dropped (see `lists` for replacing them).
    cleared: groups emptied before anything is set (`custom`, `handles`, `details`, `choices`,
    `notice`, and `consents`, of which the notice is a part).
    """

    values: Values = field(default_factory=dict)
    lists: Mapping[str, ListChange] = field(default_factory=dict)
    subscriptions: tuple[SubscriptionChange, ...] = ()
    cleared: frozenset[str] = frozenset()


def apply_change(profile: Profile, change: CustomerChange, *, at: datetime) -> Profile:
    """The profile after the change; the very same object's equal when nothing differs."""
    updates: dict[str, Any] = {}
    for group in sorted(change.cleared):
        _CLEARED[group](profile, updates)
    groups: dict[str, dict[str, Any]] = {}
    for path, value in change.values.items():
        head, rest = _parts(path)
        if rest:
            groups.setdefault(head, {})[rest] = value
        else:
            updates[head] = value
    updates = _with_usual_values(Profile, updates)
    for head, values in groups.items():
        _GROUPS[head](profile, updates, values)
    for name, listed in change.lists.items():
        _apply_list(profile, updates, name, listed)
    if change.subscriptions:
        stored = updates.get("subscriptions", profile.subscriptions)
        updates["subscriptions"] = merge_subscriptions(stored, change.subscriptions, at=at)
    return _replaced(profile, EMPTY_PROFILE, updates) if updates else profile


@lru_cache(maxsize=PATHS_KEPT_MAX)
def _parts(path: str) -> tuple[str, str]:
    """Group and the rest, as the very texts that names of fields are: found by their address."""
    head, _, rest = path.partition(".")
    return intern(head), intern(rest)


def _replaced(record: Record, empty: Record, values: Values) -> Record:
    """`replace`, and for the empty record, from which masses are made, what comes out the same."""
    if record is not empty:
        return replace(record, **values)
    made: Record = type(empty)(**values)
    return made


def merge_subscriptions(
    stored: tuple[Subscription, ...], changes: tuple[SubscriptionChange, ...], *, at: datetime
) -> tuple[Subscription, ...]:
    """Known ids are updated field by field, unknown ones added; the server stamps the times."""
    by_id = {item.id: item for item in stored}
    for change in changes:
        known = by_id.get(change.id)
        start = known or Subscription(id=change.id, registered_at=at)
        merged = replace(start, **_subscription_values(change.values))
        if known is None or merged != known:
            moment = change.values.get("updated_at") or at
            merged = replace(merged, updated_at=moment)
        by_id[change.id] = merged
    return tuple(by_id.values())


def _subscription_values(values: Values) -> dict[str, Any]:
    """Its times cannot be removed: whoever sends none leaves them to the server."""
    kept = {
        name: value
        for name, value in values.items()
        if not (value is None and name in {"registered_at", "updated_at"})
    }
    return _with_usual_values(Subscription, kept)


def _with_usual_values(record: type, values: Values) -> dict[str, Any]:
    """The values with None, which removes, as what an untouched record has in that place."""
    return {
        name: _usual_value(record, name) if value is None else value
        for name, value in values.items()
    }


def _usual_value(record: type, name: str) -> Any:
    for known in fields(record):
        if known.name != name:
            continue
        if known.default_factory is not MISSING:
            return known.default_factory()
        return None if known.default is MISSING else known.default
    return None


def _clear(name: str) -> Callable[[Profile, dict[str, Any]], None]:
    def apply(_: Profile, updates: dict[str, Any]) -> None:
        updates[name] = _usual_value(Profile, name)

    return apply


def _clear_notice(profile: Profile, updates: dict[str, Any]) -> None:
    consents = updates.get("consents", profile.consents)
    updates["consents"] = replace(consents, notice=Notice())


_CLEARED: Mapping[str, Callable[[Profile, dict[str, Any]], None]] = {
    "custom": _clear("custom"),
    "handles": _clear("handles"),
    "details": _clear("details"),
    "choices": _clear("choices"),
    "consents": _clear("consents"),
    "notice": _clear_notice,
}


def _set_fields(name: str) -> Callable[[Profile, dict[str, Any], dict[str, Any]], None]:
    def apply(profile: Profile, updates: dict[str, Any], values: dict[str, Any]) -> None:
        record = updates.get(name, getattr(profile, name))
        updates[name] = _replaced(record, getattr(EMPTY_PROFILE, name), values)

    return apply


def _set_keys(name: str) -> Callable[[Profile, dict[str, Any], dict[str, Any]], None]:
    def apply(profile: Profile, updates: dict[str, Any], values: dict[str, Any]) -> None:
        merged = {**updates.get(name, getattr(profile, name)), **values}
        updates[name] = {key: value for key, value in merged.items() if value is not None}

    return apply


def _set_contacts(profile: Profile, updates: dict[str, Any], values: dict[str, Any]) -> None:
    points = list(updates.get("contact_points", profile.contact_points))
    key = updates.get("next_key", profile.next_key)
    for word, value in values.items():
        kind = _KINDS[word]
        at = _primary_position(points, kind)
        if value is None:
            if at is not None:
                del points[at]
        elif at is None:
            points.append(ContactPoint(key=key, kind=kind, value=value, primary=True))
            key += 1
        elif points[at].value != value:
            points[at] = replace(points[at], value=value, verified_at=None)
    updates["contact_points"] = tuple(points)
    updates["next_key"] = key


def _primary_position(points: list[ContactPoint], kind: ContactKind) -> int | None:
    for position, point in enumerate(points):
        if point.kind is kind and point.primary:
            return position
    return None


def _set_address(profile: Profile, updates: dict[str, Any], values: dict[str, Any]) -> None:
    addresses = updates.get("addresses", profile.addresses)
    key = updates.get("next_key", profile.next_key)
    current = next((item for item in addresses if item.primary), None)
    given = _with_usual_values(Address, values)
    if current is None:
        changed = Address(key=key, primary=True, **given)
    else:
        changed = replace(current, **given)
    if not any(values.values()) and changed == Address(key=changed.key, primary=True):
        updates["addresses"] = tuple(item for item in addresses if item is not current)
    elif current is None:
        updates["addresses"] = (changed, *addresses)
        updates["next_key"] = key + 1
    else:
        updates["addresses"] = tuple(changed if item is current else item for item in addresses)


def _set_consents(profile: Profile, updates: dict[str, Any], values: dict[str, Any]) -> None:
    consents: Consents = updates.get("consents", profile.consents)
    purposes = dict(consents.purposes)
    for path, value in values.items():
        purpose, _, aspect = path.rpartition(".")
        consent = purposes.get(purpose, _NO_CONSENT)
        purposes[purpose] = _replaced(consent, _NO_CONSENT, {aspect: value})
    kept = {name: consent for name, consent in purposes.items() if consent != _NO_CONSENT}
    updates["consents"] = _replaced(consents, EMPTY_PROFILE.consents, {"purposes": kept})


def _set_notice(profile: Profile, updates: dict[str, Any], values: dict[str, Any]) -> None:
    consents: Consents = updates.get("consents", profile.consents)
    updates["consents"] = replace(consents, notice=replace(consents.notice, **values))


_GROUPS: Mapping[str, Callable[[Profile, dict[str, Any], dict[str, Any]], None]] = {
    "name": _set_fields("name"),
    "credential": _set_fields("credential"),
    "handles": _set_keys("handles"),
    "custom": _set_keys("custom"),
    "details": _set_keys("details"),
    "choices": _set_keys("choices"),
    "contact": _set_contacts,
    "address": _set_address,
    "consents": _set_consents,
    "notice": _set_notice,
}


def _apply_list(profile: Profile, updates: dict[str, Any], name: str, change: ListChange) -> None:
    if name in SAMENESS:
        _apply_keyed(profile, updates, name, change)
        return
    head, _, rest = name.partition(".")
    owner = updates.get(head, getattr(profile, head))
    stored = getattr(owner, rest) if rest else owner
    start = stored if change.rule is ListRule.APPEND else ()
    items = _deduplicated((*start, *change.items))
    updates[head] = replace(owner, **{rest: items}) if rest else items


def _deduplicated(items: tuple[Any, ...]) -> tuple[Any, ...]:
    """One of each; of two items with the same id the later content wins at the earlier place."""
    unique: dict[object, Any] = {}
    for item in items:
        unique[getattr(item, "id", item)] = item
    return tuple(unique.values())


def _apply_keyed(profile: Profile, updates: dict[str, Any], name: str, change: ListChange) -> None:
    """Stored items keep their key and place; a key that was given once is never given again."""
    stored = updates.get(name, getattr(profile, name))
    key = updates.get("next_key", profile.next_key)
    sameness = SAMENESS[name]
    known = {sameness(item): item for item in stored if not item.primary}
    kept = dict(known) if change.rule is ListRule.APPEND else {}
    for item in change.items:
        same = sameness(item)
        if same in known:
            kept[same] = known[same]
        elif same not in kept:
            kept[same] = replace(item, key=key, primary=False)
            key += 1
    primary = tuple(item for item in stored if item.primary)
    updates[name] = (*primary, *kept.values())
    updates["next_key"] = key


def _same_point(point: ContactPoint) -> object:
    """What `other` means is said by the type alone; an e-mail at work is an e-mail at home."""
    kind = point.type if point.kind is ContactKind.OTHER else None
    return (point.kind, kind, point.value, point.name)


def _same_address(address: Address) -> object:
    return replace(address, key=0, primary=False)


SAMENESS: Mapping[str, Callable[[Any], object]] = {
    "contact_points": _same_point,
    "addresses": _same_address,
}
"""When two items of a keyed list are one, and which lists are keyed."""
