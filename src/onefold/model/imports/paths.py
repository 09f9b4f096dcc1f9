"""Which core paths a column can go to, and what kind of value each of them takes."""

from collections.abc import Mapping
from enum import StrEnum

from onefold.model.consents import ASPECTS, PURPOSES
from onefold.model.properties import Definition


class ImportEntity(StrEnum):
    """What the rows of a file are."""

    CUSTOMERS = "customers"
    EVENTS = "events"


class ImportOperation(StrEnum):
    """What is done with each row, where somebody says so.

    Without a word of it customers merge into those who are there and events are recorded once.
    """

    UPSERT = "upsert"  # whoever or whatever is there is changed
    INSERT = "insert"  # whoever or whatever is there refuses the row
    DELETE = "delete"


class ValueType(StrEnum):
    """What a cell is read as; the words are those of a map's `type`."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    MOMENT = "datetime"
    LIST = "list"
    JSON = "json"
    ID = "id"
    EMAIL = "email"
    URI = "uri"
    ANY = "any"  # a cell stays text, a value of a JSON line stays what it is


TEXT_PATHS = (
    "external_id",
    "name.honorific_prefix",
    "name.title",
    "name.given",
    "name.middle",
    "name.family",
    "name.suffix",
    "name.display",
    "gender",
    "locale",
    "timezone",
    "currency",
    "picture",
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
    "credential.username",
    "notice.version",
    "extra",
)

LIST_PATHS = (
    "contact_points",
    "addresses",
    "devices",
    "educations",
    "employments",
    "likes",
    "subscriptions",
)
"""Lists of records, written as JSON in the shape of the record."""

TAG_PATHS = ("tags.auto", "tags.manual")

CONSENT_PATHS = tuple(f"consents.{purpose}.{aspect}" for purpose in PURPOSES for aspect in ASPECTS)

OPEN_GROUPS: Mapping[str, ValueType] = {
    "handles": ValueType.TEXT,
    "details": ValueType.ANY,
    "choices": ValueType.ANY,
}
"""Groups with keys of the caller's own: `handles.instagram`. `custom` needs a definition."""

CUSTOMER_PATHS: Mapping[str, ValueType] = {
    "id": ValueType.ID,
    **dict.fromkeys(TEXT_PATHS, ValueType.TEXT),
    "birth_date": ValueType.DATE,
    "address.latitude": ValueType.NUMBER,
    "address.longitude": ValueType.NUMBER,
    "address.extra_lines": ValueType.LIST,
    "notice.date": ValueType.MOMENT,
    "enabled": ValueType.BOOLEAN,
    **dict.fromkeys(CONSENT_PATHS, ValueType.BOOLEAN),
    **dict.fromkeys(TAG_PATHS, ValueType.LIST),
    **dict.fromkeys(LIST_PATHS, ValueType.JSON),
    **dict.fromkeys(("handles", "details", "choices", "custom"), ValueType.JSON),
}

EVENT_PATHS: Mapping[str, ValueType] = {
    "id": ValueType.ID,
    "type": ValueType.TEXT,
    "context": ValueType.TEXT,
    "occurred_at": ValueType.MOMENT,
    "customer.id": ValueType.ID,
    "customer.external_id": ValueType.TEXT,
    "properties": ValueType.JSON,
    "context_info": ValueType.JSON,
    "tracking": ValueType.JSON,
}
EVENT_GROUPS = ("properties", "context_info", "tracking")
"""Documents that are also put together from dotted paths: `properties.amount.total`."""

SERVERS_OWN: Mapping[ImportEntity, frozenset[str]] = {
    ImportEntity.CUSTOMERS: frozenset(
        {"number", "node_id", "version", "registered_at", "registered_by", "updated_at"}
        | {"updated_by", "next_key"}
    ),
    ImportEntity.EVENTS: frozenset(
        {"node_id", "mode", "version", "registered_at", "updated_at", "source_id"}
    ),
}
"""Columns of an export that only the server sets: an import passes over them."""

_OF_JSON_TYPE: Mapping[str, ValueType] = {
    "string": ValueType.TEXT,
    "number": ValueType.NUMBER,
    "integer": ValueType.INTEGER,
    "boolean": ValueType.BOOLEAN,
    "array": ValueType.JSON,
    "object": ValueType.JSON,
}


def type_of_path(
    entity: ImportEntity, path: str, custom: Mapping[str, Definition]
) -> ValueType | None:
    """What the path takes, None when there is no such path; `custom` holds the definitions."""
    known = CUSTOMER_PATHS if entity is ImportEntity.CUSTOMERS else EVENT_PATHS
    if path in known:
        return known[path]
    head, _, rest = path.partition(".")
    if not rest:
        return None
    if entity is ImportEntity.EVENTS:
        return ValueType.ANY if head in EVENT_GROUPS and "" not in rest.split(".") else None
    if head == "custom":
        return _type_of_custom(custom.get(rest))
    return OPEN_GROUPS.get(head)


def _type_of_custom(definition: Definition | None) -> ValueType | None:
    if definition is None or not definition.get("enabled", True):
        return None
    return _OF_JSON_TYPE.get(definition["schema"].get("type", ""), ValueType.ANY)


def known_paths(entity: ImportEntity, custom: Mapping[str, Definition]) -> list[str]:
    """Every path that can be written out, for suggestions."""
    if entity is ImportEntity.EVENTS:
        return list(EVENT_PATHS)
    return [*CUSTOMER_PATHS, *(f"custom.{name}" for name in custom)]
