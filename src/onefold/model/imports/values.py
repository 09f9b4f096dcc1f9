"""Cells and JSON values as the record wants them: dates, numbers, truth; or a reason why not."""

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from onefold.model.imports.paths import ValueType
from onefold.model.schemas import Schema

TRUE_WORDS = frozenset({"true", "t", "yes", "y", "1", "on", "si", "ja", "oui"})
FALSE_WORDS = frozenset({"false", "f", "no", "n", "0", "off", "nein", "non"})

DIGITS_MAX = 400
"""Of a whole number: room for the largest float, which PostgreSQL writes out."""

YEAR_MIN, YEAR_MAX = 1900, 2199
"""A moment outside of these is a typing error, and no calendar could convert its time zone."""

DATES_KEPT_MAX = 50_000
"""How many texts of dates a reader remembers: files repeat them, and parsing is slow."""

EPOCH_FORMATS: Mapping[str, int] = {"epoch": 1_000, "epoch_ms": 1}
"""Numbers since 1970 as a moment: format -> milliseconds of one."""

_INTEGER = re.compile(rf"[+-]?[0-9]{{1,{DIGITS_MAX}}}")
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
_START = datetime(1970, 1, 1, tzinfo=UTC)

Number = TypeVar("Number", int, float, int | float)

Convert = Callable[[Any], Any]
"""Value of a cell or of a JSON line -> value of the record; raises Unusable."""


class Unusable(ValueError):
    """A value that cannot be what its path takes; the text is the reason, for people."""


@dataclass(frozen=True, slots=True)
class Notation:
    """How a file writes values; `zone` is that of moments that do not name theirs."""

    zone: tzinfo = UTC
    format: str | None = None
    decimal: str = "."
    separator: str = ";"


def check_format(form: str) -> None:
    """Raises Unusable for a format that could never be read."""
    if form in EPOCH_FORMATS:
        return
    sample = datetime(2001, 2, 3, 4, 5, 6, tzinfo=UTC)
    try:
        datetime.strptime(sample.strftime(form), form)  # noqa: DTZ007 - only tried
    except (ValueError, re.error):  # the library makes a pattern of the format
        raise Unusable(f"has a format that cannot be read: {form}") from None


def converter(kind: ValueType, notation: Notation, *, lenient: bool = False) -> Convert | None:
    """None when a text cell is taken as it is. `lenient` turns numbers into text where asked."""
    if kind is ValueType.TEXT and not lenient:
        return _text
    return _MAKERS[kind](notation)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    raise Unusable("must be text")


def _any_text(_: Notation) -> Convert:
    def convert(value: Any) -> str:
        if isinstance(value, str):
            return value
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Unusable("must be text or a number")
        return str(value)

    return convert


def _date(notation: Notation) -> Convert:
    @lru_cache(maxsize=DATES_KEPT_MAX)
    def parse(text: str) -> date:
        try:
            if notation.format is not None:
                return datetime.strptime(text, notation.format).date()  # noqa: DTZ007 - a day
            return date.fromisoformat(text)
        except ValueError:
            raise Unusable("is not a valid date") from None

    return lambda value: parse(_text(value))


def _moment(notation: Notation) -> Convert:
    if notation.format in EPOCH_FORMATS:
        return _epoch(EPOCH_FORMATS[notation.format or ""])

    @lru_cache(maxsize=DATES_KEPT_MAX)
    def parse(text: str) -> datetime:
        try:
            if notation.format is not None:
                found = datetime.strptime(text, notation.format)  # noqa: DTZ007 - zone below
            else:
                found = datetime.fromisoformat(text)
        except ValueError:
            raise Unusable("is not a valid date and time") from None
        return _within_years(found if found.tzinfo else found.replace(tzinfo=notation.zone))

    return lambda value: parse(_text(value))


def _epoch(milliseconds: int) -> Convert:
    number = _number(Notation())

    def convert(value: Any) -> datetime:
        try:
            return _within_years(_START + timedelta(milliseconds=number(value) * milliseconds))
        except OverflowError:
            raise Unusable("is not a valid date and time") from None

    return convert


def _within_years(moment: datetime) -> datetime:
    if not YEAR_MIN <= moment.year <= YEAR_MAX:
        raise Unusable(f"lies outside of the years {YEAR_MIN} to {YEAR_MAX}")
    return moment.astimezone(UTC)


def _integer(_: Notation) -> Convert:
    def convert(value: Any) -> int:
        if isinstance(value, str):
            if _INTEGER.fullmatch(value) is None:
                raise Unusable("is not a whole number")
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise Unusable("is not a whole number")
        return _not_too_large(value)

    return convert


def _number(notation: Notation) -> Convert:
    swapped = str.maketrans({notation.decimal: "."}) if notation.decimal != "." else None

    def convert(value: Any) -> int | float:
        if isinstance(value, str):
            text = value.replace(".", "").translate(swapped) if swapped else value
            if _NUMBER.fullmatch(text) is None:
                raise Unusable("is not a number")
            value = int(text) if _INTEGER.fullmatch(text) else float(text)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Unusable("is not a number")
        return _not_too_large(value)

    return convert


def _not_too_large(value: Number) -> Number:
    if isinstance(value, float) and not math.isfinite(value):
        raise Unusable("is too large a number")
    if isinstance(value, int) and abs(value) >= 10**DIGITS_MAX:
        raise Unusable("is too large a number")
    return value


def _boolean(_: Notation) -> Convert:
    def convert(value: Any) -> bool:
        if isinstance(value, bool):
            return value
        word = value.lower() if isinstance(value, str) else None
        if word in TRUE_WORDS:
            return True
        if word in FALSE_WORDS:
            return False
        raise Unusable("is neither true nor false")

    return convert


def _list(notation: Notation) -> Convert:
    """Texts between separators, or a JSON list where one of them holds a separator itself."""
    as_json = _json(notation)

    def convert(value: Any) -> tuple[str, ...]:
        if isinstance(value, str) and not value.startswith("["):
            parts = (part.strip() for part in value.split(notation.separator))
            return tuple(part for part in parts if part)
        listed = as_json(value)
        if not isinstance(listed, list) or not all(isinstance(item, str) for item in listed):
            raise Unusable("is not a list of texts")
        return tuple(listed)

    return convert


def _json(_: Notation) -> Convert:
    def convert(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value, parse_constant=_no_number)
        except (ValueError, RecursionError):
            raise Unusable("is not valid JSON") from None

    return convert


def _no_number(word: str) -> None:
    raise Unusable(word)


def _id(_: Notation) -> Convert:
    def convert(value: Any) -> UUID:
        try:
            return UUID(_text(value))
        except ValueError:
            raise Unusable("is no id of ours; map it to external_id or ignore") from None

    return convert


def _of_form(form: str) -> Callable[[Notation], Convert]:
    """Text that must be of a form, by the same rules as in the bodies of requests."""
    schema = Schema({"type": "string", "format": form})

    def make(_: Notation) -> Convert:
        def convert(value: Any) -> str:
            if not schema.accepts(_text(value)):
                raise Unusable(f"is not a valid {form}")
            return _text(value)

        return convert

    return make


def _as_it_is(_: Notation) -> Convert:
    return lambda value: value


_MAKERS: Mapping[ValueType, Callable[[Notation], Convert]] = {
    ValueType.TEXT: _any_text,
    ValueType.INTEGER: _integer,
    ValueType.NUMBER: _number,
    ValueType.BOOLEAN: _boolean,
    ValueType.DATE: _date,
    ValueType.MOMENT: _moment,
    ValueType.LIST: _list,
    ValueType.JSON: _json,
    ValueType.ID: _id,
    ValueType.EMAIL: _of_form("email"),
    ValueType.URI: _of_form("uri"),
    ValueType.ANY: _as_it_is,
}
