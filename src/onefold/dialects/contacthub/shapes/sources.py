"""Bodies with sources. UNSET is absent, None is null."""

from typing import Any

from msgspec import UNSET, Struct, UnsetType


class SourceBody(Struct):
    """What POST and PUT send; the contract says which properties a provider has."""

    id: str | UnsetType = UNSET
    name: str | UnsetType = UNSET
    description: str | None = None
    nodes: list[str] | UnsetType = UNSET
    enabled: bool = True
    provider: str | UnsetType = UNSET
    properties: dict[str, Any] | UnsetType = UNSET
