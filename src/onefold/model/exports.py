"""Records as rows of a file: the core's own names, in a form that an import takes back."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from onefold.model.consents import ASPECTS, PURPOSES
from onefold.model.customers import ContactKind, Customer
from onefold.model.documents import Document, document_of
from onefold.model.events import Event
from onefold.model.matching import value_at
from onefold.model.properties import Definition

OWN_COLUMNS = ("id", "number", "version", "registered_at", "updated_at")

VALUE_COLUMNS = (
    "external_id",
    "name.honorific_prefix",
    "name.title",
    "name.given",
    "name.middle",
    "name.family",
    "name.suffix",
    "name.display",
    "birth_date",
    "gender",
    "locale",
    "timezone",
    "currency",
    "national_id",
    "contact.email",
    "contact.mobile",
    "contact.landline",
    "contact.fax",
    "address.type",
    "address.name",
    "address.street",
    "address.city",
    "address.region",
    "address.province",
    "address.postal_code",
    "address.country",
    "address.latitude",
    "address.longitude",
    "address.extra_lines",
    "picture",
    "credential.username",
    "enabled",
    "extra",
    "tags.auto",
    "tags.manual",
    "notice.date",
    "notice.version",
    *(f"consents.{purpose}.{aspect}" for purpose in PURPOSES for aspect in ASPECTS),
)

DOCUMENT_COLUMNS = (
    "handles",
    "details",
    "choices",
    "devices",
    "educations",
    "employments",
    "likes",
    "subscriptions",
)
"""Written as JSON, and so are `contact_points` and `addresses`, without the primary ones."""

SCALAR_KINDS = frozenset(
    {ContactKind.EMAIL, ContactKind.MOBILE, ContactKind.LANDLINE, ContactKind.FAX}
)

EVENT_COLUMNS = (
    "id",
    "version",
    "registered_at",
    "type",
    "context",
    "mode",
    "occurred_at",
    "customer.id",
    "properties",
    "context_info",
    "tracking",
)

Custom = Mapping[str, Definition]


def customer_columns(custom: Custom) -> tuple[str, ...]:
    """The header of a table of customers; `custom` holds the workspace's definitions."""
    own = (f"custom.{name}" for name in sorted(_enabled(custom)))
    return (*OWN_COLUMNS, *VALUE_COLUMNS, "contact_points", "addresses", *DOCUMENT_COLUMNS, *own)


def customer_cells(customer: Customer, custom: Custom) -> list[str]:
    """One row of a table, in the order of `customer_columns`."""
    profile = customer.profile
    document = document_of(profile)
    others = [
        document_of(point)
        for point in profile.contact_points
        if not (point.primary and point.kind in SCALAR_KINDS)
    ]
    addresses = [document_of(one) for one in profile.addresses if not one.primary]
    known = document.get("custom", {})
    return [
        *(_cell(getattr(customer, name)) for name in OWN_COLUMNS),
        *(_cell(value_at(profile, path)) for path in VALUE_COLUMNS),
        _cell(others),
        _cell(addresses),
        *(_cell(document.get(name)) for name in DOCUMENT_COLUMNS),
        *(_cell(known.get(name)) for name in sorted(_enabled(custom))),
    ]


def customer_object(customer: Customer, custom: Custom) -> Document:
    """One JSON line: what the server knows, then the document. A password is never exported."""
    document = document_of(customer.profile)
    known = {
        name: value
        for name, value in document.pop("custom", {}).items()
        if name in _enabled(custom)
    }
    credential = document.pop("credential", {})
    credential.pop("password_hash", None)
    own = {name: _plain(getattr(customer, name)) for name in OWN_COLUMNS}
    more = {"custom": known, "credential": credential}
    return {**own, **document, **{name: value for name, value in more.items() if value}}


def event_object(event: Event) -> Document:
    """One JSON line of an event; one that is nobody's has no customer."""
    owner = {"customer": {"id": str(event.customer_id)}} if event.customer_id else {}
    return {
        "id": str(event.id),
        "version": event.version,
        "registered_at": event.registered_at.isoformat(),
        "type": event.type,
        "context": event.context,
        "mode": event.mode,
        "occurred_at": event.occurred_at.isoformat(),
        **owner,
        "properties": event.properties,
        "context_info": event.context_info,
        "tracking": event.tracking,
    }


def event_cells(event: Event) -> list[str]:
    """One row of a table, in the order of EVENT_COLUMNS."""
    found = event_object(event)
    found["customer.id"] = str(event.customer_id) if event.customer_id else None
    return [_cell(found[name]) for name in EVENT_COLUMNS]


def _enabled(custom: Custom) -> set[str]:
    return {name for name, one in custom.items() if one.get("enabled", True)}


def _cell(value: Any) -> str:
    if value is None or value in ((), [], {}):
        return ""
    if isinstance(value, tuple):
        return _listed(value)
    if isinstance(value, bool | list | dict | Mapping):
        return json.dumps(value, ensure_ascii=False)
    return str(_plain(value))


def _plain(value: Any) -> Any:
    if isinstance(value, date):  # a datetime is a date too
        return value.isoformat()
    return value if isinstance(value, int | float) else str(value)


def _listed(texts: Sequence[str]) -> str:
    """Texts between semicolons, as a JSON list where that could be misread."""
    joined = ";".join(texts)
    back = tuple(part.strip() for part in joined.split(";"))
    if back == tuple(texts) and all(texts) and not joined.startswith("["):
        return joined
    return json.dumps(list(texts), ensure_ascii=False)
