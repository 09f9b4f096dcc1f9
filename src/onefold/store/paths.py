"""Where a core path is found in a stored row: a column, or a place in the document."""

import json
from collections.abc import Mapping

from onefold.model.customers import ContactKind
from onefold.model.errors import Invalid

COLUMNS: Mapping[str, str] = {
    "id": "customer_id",
    "number": "number",
    "version": "version",
    "node_id": "node_id",
    "registered_at": "registered_at",
    "registered_by": "registered_by",
    "updated_at": "updated_at",
    "updated_by": "updated_by",
    "enabled": "COALESCE((profile ->> 'enabled')::boolean, true)",
}
"""Paths that compare as a column does."""

COLUMN_TYPES: Mapping[str, str] = {
    "id": "uuid",
    "number": "bigint",
    "version": "bigint",
    "node_id": "uuid",
    "registered_at": "timestamptz",
    "registered_by": "uuid",
    "updated_at": "timestamptz",
    "updated_by": "uuid",
    "enabled": "boolean",
}

NULLABLE = frozenset({"registered_by", "updated_by"})
"""Columns that may hold nothing."""

_CONTACTS = {
    kind.value: f'$.contact_points[*] ? (@.kind == "{kind}" && @.primary == true).value'
    for kind in ContactKind
}
_PLACES = {
    "address": "$.addresses[*] ? (@.primary == true)",
    "other_contacts": "$.contact_points[*] ? (!(@.primary == true))",
    "notice": "$.consents.notice",
    "consents": "$.consents.purposes",
}
"""Where paths go that do not stand in the document under their own name."""


def json_path(path: str) -> str:
    """The place of a core path in the document, as an SQL/JSON path.

    Names are quoted, so that a property may be called anything.
    """
    head, *rest = path.split(".")
    if head == "contact":
        place = _CONTACTS.get(".".join(rest))
        if place is None:
            raise Invalid(f"{path} is not a known property")
        return place
    if head == "consents":
        rest = [".".join(rest[:-1]), *rest[-1:]]
    if head == "handles":
        rest = [".".join(rest)]
    return _PLACES.get(head, f"$.{json.dumps(head)}") + _steps(rest)


def _steps(names: list[str]) -> str:
    return "".join(f".{json.dumps(name)}" for name in names if name)
