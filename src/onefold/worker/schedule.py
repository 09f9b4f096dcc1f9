"""What runs when: every scheduled task on one page."""

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from onefold.actions.context import Context
from onefold.actions.imports.bulk import expire_bulk_jobs
from onefold.actions.retention import sweep_everywhere
from onefold.actions.upkeep import expire_retry_keys, make_partitions


class Task(Protocol):
    """Does what is due at a time; running it twice, or in two processes at once, does no harm."""

    def __call__(self, context: Context, *, at: datetime) -> Awaitable[None]: ...


@dataclass(frozen=True, slots=True)
class Scheduled:
    name: str
    every: timedelta
    task: Task


SCHEDULE: tuple[Scheduled, ...] = (
    Scheduled("make partitions", timedelta(hours=6), make_partitions),
    Scheduled("expire retry keys", timedelta(hours=1), expire_retry_keys),
    Scheduled("expire bulk jobs", timedelta(hours=6), expire_bulk_jobs),
    Scheduled("sweep", timedelta(hours=1), sweep_everywhere),
)
