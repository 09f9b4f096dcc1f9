"""From Contacthub's customer bodies to changes of the record."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from msgspec import UNSET

from onefold.dialects.contacthub.mapping.parts import (
    contact_point_of,
    device_of,
    education_of,
    employment_of,
    like_of,
    subscription_change_of,
    subscription_of,
)
from onefold.dialects.contacthub.mapping.times import read_day, read_time
from onefold.dialects.contacthub.shapes.customers import Base, CustomerBody
from onefold.dialects.contacthub.shapes.paths import PURPOSE_WORDS, SCALARS
from onefold.model.changes import CustomerChange, ListChange, ListRule, SubscriptionChange
from onefold.model.consents import PURPOSES

_BASE_TEXTS = {
    "picture_url": "picture",
    "title": "name.title",
    "prefix": "name.honorific_prefix",
    "first_name": "name.given",
    "last_name": "name.family",
    "middle_name": "name.middle",
    "gender": "gender",
    "locale": "locale",
    "timezone": "timezone",
}
_CONTACTS = {
    "email": "contact.email",
    "fax": "contact.fax",
    "mobile_phone": "contact.mobile",
    "phone": "contact.landline",
}
_ADDRESS = {
    "street": "address.street",
    "city": "address.city",
    "country": "address.country",
    "province": "address.province",
    "region": "address.region",
    "zip": "address.postal_code",
}
_ITEMS: tuple[tuple[str, str, Callable[[Any], Any]], ...] = (
    ("educations", "educations", education_of),
    ("likes", "likes", like_of),
    ("jobs", "employments", employment_of),
)
NETWORKS = ("facebook", "google", "instagram", "linkedin", "qzone", "twitter")
_GROUPS = frozenset({"custom", "handles", "consents"})
LIST_NAMES = (
    "contact_points",
    "devices",
    "educations",
    "likes",
    "employments",
    "tags.auto",
    "tags.manual",
)


class _Collected:
    """A change as it is put together."""

    def __init__(self, rule: ListRule, *, strict: bool) -> None:
        self.values: dict[str, Any] = {}
        self.lists: dict[str, ListChange] = {}
        self.subscriptions: tuple[SubscriptionChange, ...] = ()
        self.cleared: set[str] = set()
        self.rule = rule
        self.strict = strict

    def items(self, name: str, sent: Any, record_of: Callable[[Any], Any]) -> None:
        """The list in the body; null empties the stored one, an absent one leaves it."""
        if sent is None:
            self.clear_list(name)
        elif sent is not UNSET:
            self.lists[name] = ListChange(tuple(record_of(one) for one in sent), self.rule)

    def clear_list(self, name: str) -> None:
        self.lists[name] = ListChange((), ListRule.REPLACE)

    def change(self) -> CustomerChange:
        return CustomerChange(
            values=self.values,
            lists=self.lists,
            subscriptions=self.subscriptions,
            cleared=frozenset(self.cleared),
        )


def change_of(body: CustomerBody, rule: ListRule, *, strict: bool = False) -> CustomerChange:
    """What POST (lists are appended) and PATCH (lists are replaced) want to differ."""
    collected = _Collected(rule, strict=strict)
    _collect(collected, body)
    return collected.change()


def replacement_of(body: CustomerBody, *, strict: bool = False) -> CustomerChange:
    """What PUT wants: what is not in the body goes, but for subscriptions, which merge."""
    collected = _Collected(ListRule.REPLACE, strict=strict)
    _clear_all(collected)
    _collect(collected, body)
    if body.base is None and not strict:
        del collected.lists["subscriptions"]
    if body.base and body.base.credential and body.base.credential.password in (UNSET, None):
        del collected.values["credential.password"]
    return collected.change()


def _clear_all(collected: _Collected) -> None:
    collected.values.update(dict.fromkeys(SCALARS.values()))
    for name in LIST_NAMES:
        collected.clear_list(name)
    if collected.strict:
        collected.clear_list("subscriptions")
    collected.cleared |= _GROUPS


def _collect(collected: _Collected, body: CustomerBody) -> None:
    for name in ("external_id", "extra", "enabled"):
        value = getattr(body, name)
        if value is not UNSET:
            collected.values[name] = value
    if body.base is None:
        _clear_base(collected)
    elif body.base is not UNSET:
        _collect_base(collected, body.base)
    _collect_extended(collected, body.extended)
    _collect_consents(collected, body.consents)
    if body.tags is not UNSET:
        _collect_tags(collected, body.tags)


def _clear_base(collected: _Collected) -> None:
    for wire, core in SCALARS.items():
        if wire.startswith("base."):
            collected.values[core] = None
    for name in LIST_NAMES:
        if not name.startswith("tags."):
            collected.clear_list(name)
    collected.clear_list("subscriptions")
    collected.cleared.add("handles")


def _collect_base(collected: _Collected, base: Base) -> None:
    _collect_texts(collected, base, _BASE_TEXTS)
    if base.dob is not UNSET:
        collected.values["birth_date"] = read_day(base.dob, "/base/dob")
    _collect_contacts(collected, base)
    _collect_address(collected, base)
    _collect_credential(collected, base)
    _collect_handles(collected, base)
    for wire, core, record_of in _ITEMS:
        collected.items(core, getattr(base, wire), record_of)
    if base.subscriptions is not UNSET:
        _collect_subscriptions(collected, base)


def _collect_texts(collected: _Collected, shape: object, names: Mapping[str, str]) -> None:
    for wire, core in names.items():
        value = getattr(shape, wire)
        if value is not UNSET:
            collected.values[core] = value


def _collect_contacts(collected: _Collected, base: Base) -> None:
    contacts = base.contacts
    if contacts is UNSET:
        return
    if contacts is None:
        collected.values.update(dict.fromkeys(_CONTACTS.values()))
        collected.clear_list("contact_points")
        collected.clear_list("devices")
        return
    _collect_texts(collected, contacts, _CONTACTS)
    collected.items("contact_points", contacts.other_contacts, contact_point_of)
    collected.items("devices", contacts.mobile_devices, device_of)


def _collect_address(collected: _Collected, base: Base) -> None:
    address = base.address
    if address is UNSET:
        return
    geo = None if address is None else address.geo
    if geo is not UNSET:
        collected.values["address.latitude"] = geo.lat if geo else None
        collected.values["address.longitude"] = geo.lon if geo else None
    if address is None:
        collected.values.update(dict.fromkeys(_ADDRESS.values()))
    else:
        _collect_texts(collected, address, _ADDRESS)


def _collect_credential(collected: _Collected, base: Base) -> None:
    credential = base.credential
    if credential is UNSET:
        return
    if credential is None:
        collected.values["credential.username"] = None
        collected.values["credential.password"] = None
        return
    _collect_texts(collected, credential, {"username": "credential.username"})
    # Every answer shows null: a client that sends back what it read has no password to send.
    if credential.password not in (UNSET, None):
        collected.values["credential.password"] = credential.password


def _collect_handles(collected: _Collected, base: Base) -> None:
    profile = base.social_profile
    if profile is None:
        collected.cleared.add("handles")
    elif profile is not UNSET:
        for network in NETWORKS:
            if network in profile:
                collected.values[f"handles.{network}"] = profile[network]


def _collect_subscriptions(collected: _Collected, base: Base) -> None:
    sent = [] if base.subscriptions in (UNSET, None) else base.subscriptions
    if collected.strict:
        collected.items("subscriptions", sent, subscription_of)
    else:
        collected.subscriptions = tuple(subscription_change_of(one) for one in sent)


def _collect_extended(collected: _Collected, extended: Any) -> None:
    if extended is None:
        collected.cleared.add("custom")
    elif extended is not UNSET:
        collected.values.update({f"custom.{name}": value for name, value in extended.items()})


def _collect_tags(collected: _Collected, tags: Any) -> None:
    if tags is None:
        collected.clear_list("tags.auto")
        collected.clear_list("tags.manual")
        return
    for name in ("auto", "manual"):
        collected.items(f"tags.{name}", getattr(tags, name), str)


def _collect_consents(collected: _Collected, consents: Any) -> None:
    if consents is UNSET:
        return
    if consents is None:
        collected.cleared.add("consents")
        return
    for path, value in _leaves(consents, ()):
        if path[0] == "disclaimer":
            _collect_notice(collected, path, value)
        else:
            _collect_decision(collected, path, value)


def _leaves(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, (*path, name))
    else:
        yield path, value


def _collect_notice(collected: _Collected, path: tuple[str, ...], value: Any) -> None:
    if len(path) == 1:
        collected.values["notice.date"] = None
        collected.values["notice.version"] = None
    elif path[1] == "date":
        collected.values["notice.date"] = read_time(value, "/consents/disclaimer/date")
    else:
        collected.values["notice.version"] = value


def _collect_decision(collected: _Collected, path: tuple[str, ...], value: Any) -> None:
    """A leaf is one aspect; null higher up takes back every decision below."""
    words = ".".join((PURPOSE_WORDS.get(path[0], path[0]), *path[1:]))
    if value is not None or path[-1] in ("status", "limitation", "objection"):
        collected.values[f"consents.{words}"] = value
        return
    for purpose in PURPOSES:
        if purpose == words or purpose.startswith(words + "."):
            for aspect in ("status", "limitation", "objection"):
                collected.values[f"consents.{purpose}.{aspect}"] = None
