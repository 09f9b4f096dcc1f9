"""How many requests a workspace may make in a minute, and how a process shares them out."""

from dataclasses import dataclass, replace
from datetime import datetime

from onefold.model.errors import FieldError, Invalid, TooMany

REQUESTS_MAX = 2**31 - 1
SHARE = 32
"""A process takes a 32nd of what is left at once: few writes, and exact towards the end."""
MINUTE_SECONDS = 60


class Throttled(TooMany):
    """Above the requests of this minute; the next one begins in `retry_after_seconds`."""

    def __init__(self, *, retry_after_seconds: int) -> None:
        super().__init__("the workspace has made too many requests in this minute")
        self.retry_after_seconds = retry_after_seconds


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a process may still let in during a minute, and how many to take next."""

    minute: datetime
    limit: int
    left: int = 0
    next_share: int = 1

    @classmethod
    def fresh(cls, minute: datetime, limit: int) -> "Allowance":
        return cls(minute, limit, 0, _share(limit))

    @property
    def is_spent(self) -> bool:
        """Whether nothing is left, here and in all processes together."""
        return self.left == 0 and self.next_share == 0

    def used(self) -> "Allowance":
        return replace(self, left=self.left - 1)

    def filled(self, taken: int) -> "Allowance":
        """After taking a share; `taken` is the sum of all processes, with it."""
        before = taken - self.next_share
        granted = max(0, min(self.next_share, self.limit - before))
        return replace(self, left=granted, next_share=_share(self.limit - taken))


def minute_of(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def throttled(at: datetime) -> Throttled:
    return Throttled(retry_after_seconds=MINUTE_SECONDS - at.second)


def check_limit(limit: int) -> None:
    """Raises Invalid for more than can be counted; 0 switches throttling off."""
    if not 0 <= limit <= REQUESTS_MAX:
        message = f"must be a number from 0 to {REQUESTS_MAX}"
        fields = (FieldError("settings.requests_per_minute", message),)
        raise Invalid(f"maxRequestsPerMinute {message}", fields=fields)


def _share(left: int) -> int:
    return 0 if left <= 0 else max(1, left // SHARE)
