"""Records about persons: who belongs to whom, why, and what people decided."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from onefold.model.customers import Customer
from onefold.model.updates import Change

RULE = "rule"
"""What decided a joint when it was no human being."""


@dataclass(frozen=True, slots=True)
class Met:
    """Why a customer belongs to its person: whom it met, by what, and who decided.

    `rule` is None for a decision of people; `compared` has the values by path, a sealed one as its
    keyed hash.
    """

    other_id: UUID
    rule: str | None = None
    rule_version: int | None = None
    compared: dict[str, Any] = field(default_factory=dict)
    decided_by: str = RULE
    actor_id: UUID | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A customer belongs to a person of an aggregate node."""

    customer_id: UUID
    node_id: UUID
    person_id: UUID
    joints: tuple[Met, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """The stored record of a person; one that was merged away is there with `deleted_at`."""

    customer: Customer
    deleted_at: datetime | None


@dataclass(frozen=True, slots=True)
class HumanDecision:
    """What somebody said of two customers; `same` False is never the same person."""

    customer_id: UUID
    other_id: UUID
    same: bool
    at: datetime
    actor_kind: str
    actor_id: UUID | None

    @property
    def pair(self) -> frozenset[UUID]:
        return frozenset((self.customer_id, self.other_id))


@dataclass(slots=True)
class PersonChanges:
    """What a write did to persons, for the counters and the stream."""

    created: list[Customer] = field(default_factory=list)
    changed: list[tuple[Customer, Customer]] = field(default_factory=list)
    gone: list[Customer] = field(default_factory=list)
    back: list[tuple[PersonRecord, Customer]] = field(default_factory=list)
    announced: list[Change] = field(default_factory=list)

    def add(self, other: "PersonChanges") -> None:
        """Takes in what happened in another node."""
        self.created += other.created
        self.changed += other.changed
        self.gone += other.gone
        self.back += other.back
        self.announced += other.announced
