"""Where a core path is found in a stored row: a column, or a place in the document."""

import json
from collections.abc import Mapping

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

_CONTACTS = {
    kind: f'$.contact_points[*] ? (@.kind == "{kind}" && @.primary == true).value'
    for kind in ("email", "mobile", "landline", "fax")
}
_PRIMARY_ADDRESS = "$.addresses[*] ? (@.primary == true)"


def json_path(path: str) -> str:
    """The place of a core path in the document, as an SQL/JSON path.

    Names are quoted, so that a property may be called anything.
    """
    head, *rest = path.split(".")
    if head == "contact":
        return _CONTACTS[rest[0]]
    if head == "address":
        return _PRIMARY_ADDRESS + _steps(rest)
    if head == "other_contacts":
        return "$.contact_points[*] ? (!(@.primary == true))" + _steps(rest)
    if head == "notice":
        return "$.consents.notice" + _steps(rest)
    if head == "consents":
        return "$.consents.purposes" + _steps([".".join(rest[:-1]), rest[-1]])
    return "$" + _steps([head, *rest])


def _steps(names: list[str]) -> str:
    return "".join(f".{json.dumps(name)}" for name in names if name)
