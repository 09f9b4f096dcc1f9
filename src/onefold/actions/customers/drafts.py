"""What callers hand in to be saved, and what they get back."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from onefold.model.changes import CustomerChange
from onefold.model.customers import Customer
from onefold.model.errors import Refusal


class Operation(StrEnum):
    """How history calls what was done."""

    CREATE = "create"
    MERGE = "merge"
    PATCH = "patch"
    REPLACE = "replace"
    REVERT = "revert"


@dataclass(frozen=True, slots=True)
class CustomerDraft:
    """One customer to save.

    Without `customer_id` it goes to `node_id`, into the customer that has the same unique
    properties or, when there is none, into a new one with `new_id`. With it, that customer
    changes, and `node_id`, if given, must be its node. `session` is tied in the same write.
    `readmit` takes in, for good, a new customer who was forgotten before. `must_be_new` refuses
    one who is there already, whatever the node's policy.
    """

    new_id: UUID
    change: CustomerChange
    node_id: UUID | None = None
    customer_id: UUID | None = None
    operation: Operation = Operation.CREATE
    session: str | None = None
    readmit: bool = False
    must_be_new: bool = False


@dataclass(frozen=True, slots=True)
class Saved:
    """A customer as it is after the write; unchanged ones keep their version."""

    customer: Customer
    created: bool
    changed: bool


Outcome = Saved | Refusal
