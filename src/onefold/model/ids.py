"""Time-ordered ids (UUID version 7, RFC 9562), made here because servers before 18 cannot."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from secrets import token_bytes
from uuid import UUID

NIL = UUID(int=0)
"""Stands where an id is needed and there is none: an anonymous event, a claim that excludes."""

_VERSION_7 = 0x7 << 76
_VARIANT = 0x2 << 62
_RANDOM_A = 0xFFF << 64
_RANDOM_B = (1 << 62) - 1
_MILLISECONDS_MAX = (1 << 48) - 1
_MOMENTS_KEPT_MAX = 16
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


@lru_cache(maxsize=_MOMENTS_KEPT_MAX)
def milliseconds(at: datetime) -> int:
    """Whole milliseconds since 1970, what an id of that moment starts with (0 for earlier)."""
    return max(0, (at - _EPOCH) // _MILLISECOND)


def uuid7(at: datetime, noise: bytes | None = None) -> UUID:
    """A new id of the given moment; with `noise` (10 bytes or more) the same id each time.

    Derived ids are how an import recognises a row that it has already stored.
    """
    random = int.from_bytes((noise or token_bytes(10))[:10], "big")
    value = min(milliseconds(at), _MILLISECONDS_MAX) << 80
    value |= _VERSION_7 | _VARIANT
    value |= (random >> 4) & _RANDOM_A
    return UUID(int=value | (random & _RANDOM_B))


def floor_of(at: datetime) -> UUID:
    """The smallest id that can start with this moment; for ranges of time-ordered ids."""
    return UUID(int=min(milliseconds(at), _MILLISECONDS_MAX) << 80)


def month_of(identifier: UUID) -> date:
    """First day of the month that a time-ordered id starts with; names an event's partition.

    A date above what a calendar can hold falls into the last month that it can.
    """
    moment = (identifier.int >> 80) * _MILLISECOND
    try:
        at = _EPOCH + moment
    except OverflowError:
        return date(9999, 12, 1)
    return date(at.year, at.month, 1)
