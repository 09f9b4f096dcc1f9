"""Checks of JSON against schemas, with every finding named by the path of its field."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import jsonschema_rs

from onefold.model.errors import FieldError

ERRORS_MAX = 50
"""How many findings one answer lists; a body can be wrong in a million places."""

_DATE_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(\.\d{1,9})?([Zz]|[+-]\d\d:?\d\d)", re.ASCII
)

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)

_CALENDAR_START = datetime.min.replace(tzinfo=UTC) + timedelta(days=1)
_CALENDAR_END = datetime.max.replace(tzinfo=UTC) - timedelta(days=1)
"""A day less at both ends: a local day must exist too, and the very ends mean infinity to the
database driver."""


_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\s]+")
"""A scheme and something behind it, without blanks."""


class Schema:
    """A compiled JSON Schema (draft 2020-12); compiling is slow, checking is fast.

    Raises ValueError for a document that is none, or that points outside of itself: a $ref is
    never fetched, neither from the network nor from a file.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._validator = jsonschema_rs.Draft202012Validator(
            dict(document), formats=_FORMATS, validate_formats=True, offline=True
        )

    def accepts(self, value: object) -> bool:
        """Whether the value is without findings."""
        return self._validator.is_valid(value)

    def findings(
        self, value: object, under: str = "", *, pointers: bool = False
    ) -> tuple[FieldError, ...]:
        """Everything wrong with the value; paths start with `under`.

        With `pointers` they are JSON Pointers (RFC 6901) instead of names joined by dots.
        """
        if self._validator.is_valid(value):
            return ()
        found: dict[str, FieldError] = {}
        for error in self._validator.iter_errors(value):
            for path, message in _places(error):
                place = _pointer(path) if pointers else _dotted(under, path)
                found.setdefault(place, FieldError(place, message, error.kind.name))
            if len(found) >= ERRORS_MAX:
                break
        return tuple(found.values())


def _dotted(under: str, path: list[str | int]) -> str:
    return ".".join((*([under] if under else []), *map(path_segment, path)))


def path_segment(name: str | int) -> str:
    """A name as one segment of a core path: as in a JSON Pointer, and a dot of its own as `~2`."""
    return str(name).replace("~", "~0").replace("/", "~1").replace(".", "~2")


def _pointer(path: list[str | int]) -> str:
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def parse_moment(text: str) -> datetime | None:
    """A date-time in any of the accepted forms: `Z`, `+00:00`, `+0000`, with or without fraction.

    None when it is none, or lies outside of what a calendar can hold in every time zone.
    """
    if _DATE_TIME.fullmatch(text) is None:
        return None
    try:
        moment = datetime.fromisoformat(text.upper())
        everywhere = _CALENDAR_START < moment.astimezone(UTC) < _CALENDAR_END
    except (ValueError, OverflowError):
        return None
    return moment if everywhere else None


def parse_day(text: str) -> date | None:
    """A calendar day as `2017-03-09`, None when it is none; `2017-W10-4` is another notation."""
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def _is_absolute_url(text: str) -> bool:
    return _URL.fullmatch(text) is not None


_FORMATS = {
    "date-time": lambda text: parse_moment(text) is not None,
    "date": lambda text: parse_day(text) is not None,
    "uri": _is_absolute_url,
    "url": _is_absolute_url,
}


def _places(error: jsonschema_rs.ValidationError) -> list[tuple[list[str | int], str]]:
    """Where a finding belongs; a missing or unknown key belongs to itself, not to its parent."""
    path = list(error.instance_path)
    kind: Any = error.kind  # each kind has fields of its own
    if kind.name == "additionalProperties":
        return [([*path, name], "is not a known property") for name in kind.unexpected]
    if kind.name == "required":
        return [([*path, kind.property], "is required")]
    return [(path, _sentence(error))]


def _sentence(error: jsonschema_rs.ValidationError) -> str:
    """What is wrong, without the value: it may be personal."""
    kind: Any = error.kind
    words = _WORDS.get(kind.name)
    if words is not None:
        return words
    if kind.name == "type":
        return f"must be of type {' or '.join(kind.types)}"
    if kind.name == "format":
        return f"is not a valid {kind.format}"
    if kind.name == "maxLength":
        return f"is longer than {kind.limit} characters"
    return f"breaks the rule {kind.name}"


_WORDS = {
    "enum": "is not one of the allowed values",
    "minLength": "is too short",
    "pattern": "does not have the expected form",
    "minimum": "is too small",
    "maximum": "is too large",
    "maxItems": "has too many items",
    "minItems": "has too few items",
    "oneOf": "matches none or more than one of the allowed forms",
    "anyOf": "matches none of the allowed forms",
    "falseSchema": "is not a known property",
}
