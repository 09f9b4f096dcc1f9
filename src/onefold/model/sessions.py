"""Sessions: a visitor's id, nobody's until a customer claims it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from onefold.model.identifiers import unique_value


@dataclass(frozen=True, slots=True)
class Session:
    id: UUID
    customer_id: UUID
    node_id: UUID
    value: str
    created_at: datetime


def session_key(node_id: UUID, value: str) -> str:
    """The claim by which a session value belongs to one customer inside a node."""
    return unique_value(("session", str(node_id)), ("", value), case_sensitive=True)
