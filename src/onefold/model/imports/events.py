"""The values of a row as an event, and the id that the same row gets each time it is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any
from uuid import UUID

from onefold.model.ids import uuid7
from onefold.model.imports.filling import BadValue, Values
from onefold.model.imports.verdicts import ProblemKind

NOISE_BYTES = 10
_PURPOSE = b"onefold/import/1"


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event whose customer is named by id, or by an external id that is yet to be found."""

    id: UUID
    type: str
    context: str
    occurred_at: datetime
    customer_id: UUID | None
    external_id: str | None
    properties: Mapping[str, Any]
    context_info: Mapping[str, Any] | None
    tracking: Mapping[str, Any] | None


def derived_id(
    scope: tuple[UUID, UUID], identity: str, occurrence: int, *, occurred_at: datetime
) -> UUID:
    """The id of a row that brings none: by workspace, node, content, and its how-manieth it is.

    The same file twice gives the same ids, and two equal purchases in one file stay two.
    """
    workspace_id, node_id = scope
    digest = blake2b(digest_size=NOISE_BYTES, person=_PURPOSE)
    digest.update(workspace_id.bytes)
    digest.update(node_id.bytes)
    digest.update(occurrence.to_bytes(8, "big"))
    digest.update(identity.encode("utf-8", "surrogatepass"))
    return uuid7(occurred_at, digest.digest())


def require_moment(values: Values) -> datetime:
    """When it happened; raises BadValue when the row does not say."""
    found = values.get("occurred_at")
    if not isinstance(found, datetime):
        raise BadValue(ProblemKind.VALUE, "occurred_at", "is empty")
    return found


def event_row(values: Values, event_id: UUID) -> EventRow:
    """Raises BadValue for what every event needs and this row lacks."""
    for path in ("type", "context"):
        if not values.get(path):
            raise BadValue(ProblemKind.VALUE, path, "is empty")
    customer_id, external_id = values.get("customer.id"), values.get("customer.external_id")
    if customer_id is None and not external_id:
        raise BadValue(ProblemKind.VALUE, "customer.external_id", "is empty")
    return EventRow(
        id=event_id,
        type=values["type"],
        context=values["context"],
        occurred_at=require_moment(values),
        customer_id=customer_id,
        external_id=None if customer_id else external_id,
        properties=_document(values, "properties") or {},
        context_info=_document(values, "context_info"),
        tracking=_document(values, "tracking"),
    )


def _document(values: Values, group: str) -> dict[str, Any] | None:
    """One document from a whole one and dotted paths; None when the row has neither."""
    whole = values.get(group)
    if whole is not None and not isinstance(whole, Mapping):
        raise BadValue(ProblemKind.VALUE, group, "must be an object")
    document: dict[str, Any] = dict(whole or {})
    prefix = f"{group}."
    for path, value in values.items():
        if path.startswith(prefix) and value is not None:
            _put(document, path.removeprefix(prefix).split("."), value)
    return document if document or whole is not None else None


def _put(document: dict[str, Any], names: list[str], value: Any) -> None:
    *above, last = names
    for name in above:
        inner = document.get(name)
        document[name] = inner = dict(inner) if isinstance(inner, Mapping) else {}
        document = inner
    document[last] = value
