"""Times in the one form that every published client can read."""

from datetime import UTC, date, datetime

from onefold.model.errors import FieldError, Invalid
from onefold.model.schemas import parse_day, parse_moment


def wire_time(moment: datetime) -> str:
    """`2017-03-09T11:31:31.842+0000`: three digits, offset without a colon."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "+0000"


def optional_time(moment: datetime | None) -> str | None:
    return None if moment is None else wire_time(moment)


def read_time(text: str | None, path: str) -> datetime | None:
    """The moment in UTC; raises Invalid naming the path."""
    if text is None:
        return None
    moment = parse_moment(text)
    if moment is None:
        raise Invalid("a time is not valid", fields=(FieldError(path, "is not a date-time"),))
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        found = FieldError(path, "is outside of what a calendar holds")
        raise Invalid("a time is not valid", fields=(found,)) from error


def read_day(text: str | None, path: str) -> date | None:
    """The day; raises Invalid naming the path."""
    if text is None:
        return None
    day = parse_day(text)
    if day is None:
        raise Invalid("a date is not valid", fields=(FieldError(path, "is not a date"),))
    return day
