"""Sessions: a visitor's id, nobody's until a customer claims it."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from uuid import UUID

_DIGEST_BYTES = 16
_PURPOSE = b"onefold/session"


@dataclass(frozen=True, slots=True)
class Session:
    id: UUID
    customer_id: UUID
    node_id: UUID
    value: str
    created_at: datetime


def session_key(node_id: UUID, value: str) -> str:
    """The claim by which a session value belongs to one customer inside a node.

    Of the value as it is, to the letter: two that differ in a blank are two sessions, as they
    are to whoever looks for the events that carry one.
    """
    text = value.encode("utf-8", "surrogatepass")
    digest = blake2b(node_id.bytes + text, digest_size=_DIGEST_BYTES, person=_PURPOSE)
    return digest.hexdigest()
