"""Bodies with workspaces."""

from msgspec import UNSET, Struct, UnsetType


class WorkspaceBody(Struct, rename="camel"):
    name: str
    slug: str
    group_pk: int
    shard: str


class StatusBody(Struct):
    status: str | UnsetType = UNSET
