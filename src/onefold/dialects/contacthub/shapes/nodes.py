"""Bodies with nodes. UNSET is absent, None is null."""

from msgspec import UNSET, Struct, UnsetType


class UniqueCustomer(Struct, rename="camel"):
    """What makes a customer unique; a matching policy has the same form."""

    case_sensitive: bool | UnsetType = UNSET
    properties: list[str] | UnsetType = UNSET


class EntryNodeBody(Struct, rename="camel"):
    id: str | UnsetType = UNSET
    name: str | UnsetType = UNSET
    description: str | None = None
    image_url: str | None = None
    unique_customer: UniqueCustomer | UnsetType = UNSET
    source_priority: list[str] = []
    mandatory_properties: list[str] = []


class ExclusionFilter(Struct):
    property: str | UnsetType = UNSET
    value: str | UnsetType = UNSET
    pattern: str | UnsetType = UNSET


class AggregateNodeBody(Struct, rename="camel"):
    name: str | UnsetType = UNSET
    description: str | None = None
    image_url: str | None = None
    entry_nodes: list[str] | UnsetType = UNSET
    matching_properties: UniqueCustomer | UnsetType = UNSET
    exclusion_filters: list[ExclusionFilter] | None = None
    state: str | UnsetType = UNSET


class AggregateNodeState(Struct):
    state: str | UnsetType = UNSET
