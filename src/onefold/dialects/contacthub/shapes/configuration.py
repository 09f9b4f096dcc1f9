"""Bodies of the workspace's configuration. UNSET is absent, None is null."""

from msgspec import UNSET, Struct, UnsetType

Text = str | UnsetType | None


class WorkspaceConfiguration(Struct, rename="camel"):
    """What PUT sends; the tier is not a client's to set."""

    name: str | UnsetType = UNSET
    industry: str = "NotDefined"
    logo: str | None = None
    timezone: str | None = None
    currency: str = "EUR"


class Flag(Struct):
    value: bool | UnsetType = UNSET


class EventConfiguration(Struct):
    id: str | UnsetType = UNSET
    type: str | UnsetType = UNSET
    enabled: bool = True


class Throttling(Struct, rename="camel"):
    max_requests_per_minute: int | UnsetType = UNSET


class BaseProperty(Struct):
    name: str | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET


class ProductsUpdatePolicy(Struct, rename="camel"):
    event_types: list[str] | UnsetType | None = UNSET
