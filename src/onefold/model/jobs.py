"""Jobs: work that outlives a request, in states that one can see, held by a lease."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

LEASE_SECONDS = 20
"""How long a worker may be silent before another takes its job over; each batch renews it."""


RETRY_SECONDS = (2, 15, 60, 300)
"""How long a job waits after each fault; after one more it has failed."""

TRIES_MAX = len(RETRY_SECONDS) + 1


class JobState(StrEnum):
    """What a job is doing.

    LOADED → RUNNING → DONE → REVERTING → REVERTED; RUNNING → FAILED → RUNNING again; RUNNING →
    LOADED when a worker gives it up and another is to go on. A job whose worker died is RUNNING
    with a lease that has run out.
    """

    LOADED = "LOADED"
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"
    REVERTING = "REVERTING"
    REVERTED = "REVERTED"


UNFINISHED = frozenset({JobState.LOADED, JobState.RUNNING, JobState.FAILED})
"""The same list as in the index jobs_unfinished, which allows one such job for the same work."""

REVERTIBLE = frozenset({JobState.DONE, JobState.RUNNING, JobState.FAILED, JobState.REVERTING})


@dataclass(frozen=True, slots=True)
class JobDraft:
    """Work to do. `fingerprint` is the same for the same work, None where there may be several."""

    id: UUID
    kind: str
    node_id: UUID | None = None
    fingerprint: str | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lease:
    """Who works on a job, and until when that is believed without another sign of life."""

    holder: str
    at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Job:
    """`attempts` grows with every lease, so that a worker that was overtaken is told apart; `tries`
    does too, and begins anew whenever the job gets on.
    """

    id: UUID
    kind: str
    state: JobState
    node_id: UUID | None
    fingerprint: str | None
    payload: Mapping[str, Any]
    progress: Mapping[str, Any]
    attempts: int
    run_at: datetime
    created_at: datetime
    created_by: UUID | None
    started_at: datetime | None
    finished_at: datetime | None
    leased_by: str | None
    leased_until: datetime | None
    error: str | None
    tries: int
    updated_at: datetime

    def is_held(self, at: datetime) -> bool:
        """Whether somebody is at work on it, as far as can be told."""
        return self.leased_until is not None and self.leased_until > at


def retry_after(tries: int) -> timedelta | None:
    """How long to wait after so many faults; None when it was tried often enough."""
    return None if tries >= TRIES_MAX else timedelta(seconds=RETRY_SECONDS[tries - 1])


@dataclass(frozen=True, slots=True)
class JobFilter:
    """Which jobs a list shows, newest first; empty parts do not restrict.

    `begun` tells jobs that a worker has had from those that nobody has looked at.
    """

    kind: str | None = None
    node_id: UUID | None = None
    states: tuple[JobState, ...] = ()
    begun: bool | None = None
    entity: str | None = None
    oldest_first: bool = False


@dataclass(frozen=True, slots=True)
class JobBatch:
    """What one batch of a job did; written in the transaction that did it.

    `outcomes` has a letter for each row, `entity_ids` the customer or event behind it (the nil
    UUID for none); `position` is where the next batch begins.
    """

    batch: int
    first_row: int
    rows_done: int
    position: int
    outcomes: str
    entity_ids: Sequence[UUID]
    problems: Sequence[Sequence[Any]]
    at: datetime
