"""Bodies of retention policies. UNSET is absent."""

from msgspec import UNSET, Struct, UnsetType


class EventRetention(Struct):
    months: int | UnsetType = UNSET


class NodeRetention(Struct):
    enabled: bool | UnsetType = UNSET
    events: dict[str, EventRetention] | UnsetType = UNSET


class RetentionState(Struct):
    enabled: bool | UnsetType = UNSET
