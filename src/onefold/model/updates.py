"""The update stream: what changed, in the order in which it took effect."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

MAIN_LANE = 0
"""The one lane of a workspace; its positions are the offsets that readers see."""


class Entity(StrEnum):
    CUSTOMER = "CUSTOMER"
    EVENT = "EVENT"


class Operation(StrEnum):
    CREATE = "CREATE"
    UPDATE = "UPDATE"
    DELETE = "DELETE"


@dataclass(frozen=True, slots=True)
class Change:
    """Something to announce; it gets its position when the transaction is about to commit."""

    entity: Entity
    operation: Operation
    entity_id: UUID
    node_id: UUID
    customer_id: UUID
    version: int


@dataclass(frozen=True, slots=True)
class Update:
    """An announced change. `position` grows by one from entry to entry of a workspace."""

    position: int
    at: datetime
    change: Change


@dataclass(frozen=True, slots=True)
class UpdateFilter:
    """Which entries a reader wants; `node_ids` is what its token is bound to."""

    node_id: UUID | None = None
    entity: Entity | None = None
    node_ids: frozenset[UUID] | None = None
