"""Bodies with events. UNSET is absent, None is null."""

from typing import Any

from msgspec import UNSET, Struct, UnsetType


class BringBack(Struct, rename="camel"):
    type: str
    value: str
    node_id: str


class EventBody(Struct, rename="camel"):
    """What POST, PUT and PATCH send; which parts are required the contract says."""

    id: str | UnsetType = UNSET
    customer_id: str | UnsetType | None = UNSET
    bring_back_properties: BringBack | UnsetType | None = UNSET
    type: str | UnsetType = UNSET
    properties: dict[str, Any] | UnsetType | None = UNSET
    context: str | UnsetType = UNSET
    context_info: dict[str, Any] | UnsetType | None = UNSET
    date: str | UnsetType = UNSET
    tracking: dict[str, Any] | UnsetType | None = UNSET
    registered_at: str | UnsetType | None = UNSET
