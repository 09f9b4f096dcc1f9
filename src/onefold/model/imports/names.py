"""Columns that explain themselves: the table of obvious names, and the nearest one to a typo."""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from onefold.model.imports.paths import ImportEntity

CUSTOMER_NAMES: Mapping[str, str] = {
    "customer_id": "id",
    "external_id": "external_id",
    "crm_id": "external_id",
    "customer_number": "external_id",
    "customer_no": "external_id",
    "prefix": "name.honorific_prefix",
    "salutation": "name.honorific_prefix",
    "title": "name.title",
    "first_name": "name.given",
    "firstname": "name.given",
    "given_name": "name.given",
    "forename": "name.given",
    "middle_name": "name.middle",
    "last_name": "name.family",
    "lastname": "name.family",
    "family_name": "name.family",
    "surname": "name.family",
    "full_name": "name.display",
    "display_name": "name.display",
    "email": "contact.email",
    "e_mail": "contact.email",
    "mail": "contact.email",
    "email_address": "contact.email",
    "mobile": "contact.mobile",
    "mobile_phone": "contact.mobile",
    "mobile_number": "contact.mobile",
    "cell": "contact.mobile",
    "cell_phone": "contact.mobile",
    "phone": "contact.landline",
    "phone_number": "contact.landline",
    "telephone": "contact.landline",
    "landline": "contact.landline",
    "fax": "contact.fax",
    "birth_date": "birth_date",
    "birthdate": "birth_date",
    "birthday": "birth_date",
    "date_of_birth": "birth_date",
    "dob": "birth_date",
    "sex": "gender",
    "language": "locale",
    "time_zone": "timezone",
    "street": "address.street",
    "street_address": "address.street",
    "address": "address.street",
    "address_line_1": "address.street",
    "city": "address.city",
    "town": "address.city",
    "suburb": "address.city",
    "region": "address.region",
    "state": "address.region",
    "province": "address.province",
    "zip": "address.postal_code",
    "zip_code": "address.postal_code",
    "postcode": "address.postal_code",
    "post_code": "address.postal_code",
    "postal_code": "address.postal_code",
    "country": "address.country",
    "country_code": "address.country",
    "latitude": "address.latitude",
    "longitude": "address.longitude",
    "ssn": "national_id",
    "tax_code": "national_id",
    "username": "credential.username",
    "user_name": "credential.username",
    "notes": "extra",
    "tags": "tags.manual",
}
"""A column of customers, in small letters with underscores -> the core path that it means."""

EVENT_NAMES: Mapping[str, str] = {
    "event_id": "id",
    "event_type": "type",
    "event_context": "context",
    "date": "occurred_at",
    "time": "occurred_at",
    "timestamp": "occurred_at",
    "event_date": "occurred_at",
    "occurred_at": "occurred_at",
    "customer_id": "customer.id",
    "external_id": "customer.external_id",
    "customer_external_id": "customer.external_id",
}
"""The same for events."""

_NAMES: Mapping[ImportEntity, Mapping[str, str]] = {
    ImportEntity.CUSTOMERS: CUSTOMER_NAMES,
    ImportEntity.EVENTS: EVENT_NAMES,
}

_DOCUMENT_PREFIXES = (
    ("consents.purposes.", "consents."),
    ("consents.notice.", "notice."),
)
"""Where the document of an exported customer nests deeper than the core paths."""

_BETWEEN_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SEPARATORS = re.compile(r"[\s\-/]+")

NEAREST_MAX = 3
_NEARNESS_MIN = 0.6


def obvious_path(entity: ImportEntity, column: str) -> str | None:
    """The core path that the column's name stands for: `First Name`, `firstName`, `first-name`."""
    plain = _SEPARATORS.sub("_", _BETWEEN_WORDS.sub("_", column.strip())).lower()
    return _NAMES[entity].get(plain)


def document_path(name: str) -> str:
    """The core path behind a dotted name of the record's own document."""
    for prefix, path in _DOCUMENT_PREFIXES:
        if name.startswith(prefix):
            return path + name.removeprefix(prefix)
    return name


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """Known names that the writer may have meant, the likeliest first."""
    by_lower = {one.lower(): one for one in known}
    found = get_close_matches(name.lower(), by_lower, n=NEAREST_MAX, cutoff=_NEARNESS_MIN)
    return [by_lower[one] for one in found]


def names_of(entity: ImportEntity) -> Mapping[str, str]:
    return _NAMES[entity]
