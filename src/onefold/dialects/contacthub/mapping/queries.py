"""The query language of the customer search, and the other query parameters."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from onefold.dialects.contacthub.mapping.parts import KIND_OF_TYPE
from onefold.dialects.contacthub.shapes.paths import DAYS, MOMENTS, UUIDS, core_path
from onefold.model.errors import FieldError, Invalid
from onefold.model.filters import (
    CONDITIONS_MAX,
    DEPTH_MAX,
    NEWEST_FIRST,
    Combination,
    Comparison,
    DidEvent,
    Filter,
    Joint,
    Operator,
    Sort,
)
from onefold.model.schemas import parse_moment

_CONJUNCTIONS = {"INTERSECT": Joint.AND, "UNION": Joint.OR, "EXCEPT": Joint.EXCEPT}
_JOINTS = {"and": Joint.AND, "or": Joint.OR}
_LISTED = (Operator.IN, Operator.NOT_IN)
_UNVALUED = (Operator.IS_NULL, Operator.IS_NOT_NULL)
_MILLISECONDS = 1000
_DAY_LENGTH = len("2017-03-09")


def filter_of(document: Any) -> Filter:
    """The condition behind the `query` parameter; raises Invalid for a malformed one."""
    query = _object(document, "query").get("query")
    return _Reader().query(query, 0)


def sort_of(text: str | None) -> Sort:
    """`field`, `field,asc` or `field,desc` in any letter case."""
    if not text:
        return NEWEST_FIRST
    name, _, direction = text.partition(",")
    path = core_path(name.strip())
    if path is None or direction.strip().lower() not in ("", "asc", "desc"):
        found = FieldError("/sort", "is not a known property, followed by asc, desc or nothing")
        raise Invalid("sort is not valid", fields=(found,))
    return Sort(path, descending=direction.strip().lower() == "desc")


class _Reader:
    """Walks a query and counts, so that a hostile one is refused and not run."""

    def __init__(self) -> None:
        self._conditions = 0

    def query(self, document: Any, depth: int) -> Filter:
        self._check(depth)
        node = _object(document, "query")
        if node.get("type") == "combined":
            joint = _word(_CONJUNCTIONS, node.get("conjunction"), "conjunction")
            parts = _items(node.get("queries"), "queries")
            return Combination(joint, tuple(self.query(one, depth + 1) for one in parts))
        if node.get("type") != "simple":
            raise Invalid("query is not valid: type must be simple or combined")
        return self._simple(node, depth)

    def _simple(self, node: Mapping[str, Any], depth: int) -> Filter:
        parts: list[Filter] = []
        if node.get("are") is not None:
            are = _object(node["are"], "are")
            parts.append(self._condition(are.get("condition"), depth + 1))
        if node.get("did") is not None:
            parts.append(_did(_object(node["did"], "did")))
        if not parts:
            raise Invalid("query is not valid: are or did is required")
        return parts[0] if len(parts) == 1 else Combination(Joint.AND, tuple(parts))

    def _condition(self, document: Any, depth: int) -> Filter:
        self._check(depth)
        node = _object(document, "condition")
        if node.get("type") == "composite":
            joint = _word(_JOINTS, node.get("conjunction"), "conjunction")
            parts = _items(node.get("conditions"), "conditions")
            return Combination(joint, tuple(self._condition(one, depth + 1) for one in parts))
        if node.get("type") != "atomic":
            raise Invalid("query is not valid: a condition is atomic or composite")
        return _atomic(node)

    def _check(self, depth: int) -> None:
        self._conditions += 1
        if depth > DEPTH_MAX or self._conditions > CONDITIONS_MAX:
            raise Invalid("query is not valid: it is too large")


def _atomic(node: Mapping[str, Any]) -> Comparison:
    attribute = node.get("attribute")
    path = core_path(attribute) if isinstance(attribute, str) else None
    if path is None:
        raise Invalid("query is not valid: attribute is not a known property")
    operator = _operator(node.get("operator"))
    if operator in _UNVALUED:
        return Comparison(path, operator)
    value = node.get("value")
    if operator is Operator.BETWEEN:
        values = _items(value, "value")
        if len(values) != 2:  # noqa: PLR2004 - a lower and an upper end
            raise Invalid("query is not valid: BETWEEN takes a list of two")
    elif operator in _LISTED:
        values = value if isinstance(value, list) else [value]
    else:
        values = [value]
    return Comparison(path, operator, tuple(_value(path, one) for one in values))


def _did(node: Mapping[str, Any]) -> DidEvent:
    event = _object(node.get("event"), "event")
    name = event.get("name")
    if not isinstance(name, str):
        raise Invalid("query is not valid: event.name is required")
    if node.get("condition") is not None:
        raise Invalid("query is not valid: a condition on the properties of events")
    if node.get("timeframe") is None:
        return DidEvent(name)
    frame = _atomic({**_object(node["timeframe"], "timeframe"), "attribute": "updatedAt"})
    moments = [datetime.fromisoformat(str(value)) for value in frame.values]
    if frame.operator is Operator.BETWEEN:
        return DidEvent(name, since=moments[0], until=moments[1])
    if frame.operator in (Operator.GTE, Operator.GT):
        return DidEvent(name, since=moments[0])
    if frame.operator in (Operator.LTE, Operator.LT):
        return DidEvent(name, until=moments[0])
    raise Invalid("query is not valid: timeframe takes BETWEEN, GTE, GT, LTE or LT")


def _value(path: str, value: Any) -> Any:
    """The value in the form in which the record keeps it."""
    if path in DAYS:
        return _moment(value).date().isoformat()
    if path in MOMENTS:
        return _moment(value).isoformat()
    if path in UUIDS:
        return _uuid(value)
    if path in _SPECIAL:
        return _SPECIAL[path](value)
    if isinstance(value, dict | list):
        raise Invalid("query is not valid: a value is text, number, boolean or a list of these")
    return value


def _kind(value: Any) -> str:
    kind = KIND_OF_TYPE.get(str(value))
    return kind.value if kind else "other"


def _moment(value: Any) -> datetime:
    """ISO text, with or without time, or epoch milliseconds; in UTC."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value / _MILLISECONDS, UTC)
        text = str(value)
        if len(text) == _DAY_LENGTH:
            return datetime.fromisoformat(text).replace(tzinfo=UTC)
        moment = parse_moment(text)
        if moment is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise Invalid("query is not valid: a value is not a date") from error
    raise Invalid("query is not valid: a value is not a date")


def _uuid(value: Any) -> UUID:
    try:
        return UUID(str(value))
    except ValueError:
        return UUID(int=0)  # no customer has it, so nothing is found


def _whole(value: Any) -> int:
    if isinstance(value, int) and abs(value) < 2**63:
        return value
    raise Invalid("query is not valid: a value is not a whole number")


def _operator(word: Any) -> Operator:
    try:
        return Operator(word)
    except ValueError as error:
        raise Invalid("query is not valid: operator is not known") from error


def _object(value: Any, name: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise Invalid(f"query is not valid: {name} must be an object")
    return value


def _items(value: Any, name: str) -> list[Any]:
    if not isinstance(value, list) or not value:
        raise Invalid(f"query is not valid: {name} must be a list that is not empty")
    return value


def _word(words: Mapping[str, Joint], value: Any, name: str) -> Joint:
    found = words.get(value) if isinstance(value, str) else None
    if found is None:
        raise Invalid(f"query is not valid: {name} is not known")
    return found


_SPECIAL: Mapping[str, Callable[[Any], Any]] = {
    "number": _whole,
    "version": _whole,
    "enabled": lambda value: value is True or value == "true",
    "other_contacts.kind": _kind,
}
"""Paths whose values are written otherwise on the wire than they are kept."""
