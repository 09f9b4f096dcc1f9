"""Bodies with users, whom the core calls members."""

from msgspec import Struct


class NodePermission(Struct):
    id: str
    permission: str = "R"


class UserBody(Struct):
    nodes: list[NodePermission]
