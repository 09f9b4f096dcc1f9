"""What a filter means, a second time and in plain Python, to hold the compiled SQL against."""

from collections.abc import Iterator
from typing import Any

from onefold.model.customers import Customer
from onefold.model.documents import Document, document_of
from onefold.model.filters import Combination, Comparison, Filter, Joint, Operator

OPPOSITES = {Operator.NOT_EQUALS: Operator.EQUALS, Operator.NOT_IN: Operator.IN}


def matches(customer: Customer, condition: Filter) -> bool:
    """Whether the customer meets the condition; events are not looked at."""
    if isinstance(condition, Combination):
        return _combined(customer, condition)
    assert isinstance(condition, Comparison)
    if condition.operator in OPPOSITES:
        opposite = OPPOSITES[condition.operator]
        return not matches(customer, Comparison(condition.path, opposite, condition.values))
    items = [item for item in values_at(customer, condition.path) if item is not None]
    if condition.operator is Operator.IS_NULL:
        return not items
    if condition.operator is Operator.IS_NOT_NULL:
        return bool(items)
    return any(_holds(item, condition.operator, condition.values) for item in items)


def _combined(customer: Customer, condition: Combination) -> bool:
    parts = [matches(customer, part) for part in condition.parts]
    if condition.joint is Joint.AND:
        return all(parts)
    if condition.joint is Joint.OR:
        return any(parts)
    return parts[0] and not any(parts[1:])


def _holds(item: Any, operator: Operator, values: tuple[Any, ...]) -> bool:
    if operator is Operator.IN:
        return any(_compares(item, "==", value) for value in values)
    if operator is Operator.BETWEEN:
        return _compares(item, ">=", values[0]) and _compares(item, "<=", values[1])
    word = {
        Operator.EQUALS: "==",
        Operator.GT: ">",
        Operator.GTE: ">=",
        Operator.LT: "<",
        Operator.LTE: "<=",
    }[operator]
    return _compares(item, word, values[0])


def _compares(item: Any, word: str, value: Any) -> bool:
    """Things of two types are neither equal nor in any order."""
    if _type(item) != _type(value) or _type(item) == "other":
        return False
    if word == "==":
        return bool(item == value)
    if item == value:
        return "=" in word
    return bool(item > value) if ">" in word else bool(item < value)


def _type(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    return "text" if isinstance(value, str) else "other"


def values_at(customer: Customer, path: str) -> list[Any]:
    """Everything at the path; for a list, its items."""
    columns: dict[str, Any] = {
        "number": customer.number,
        "version": customer.version,
        "enabled": customer.profile.enabled,
    }
    if path in columns:
        return [columns[path]]
    return [item for found in _found(document_of(customer.profile), path) for item in _items(found)]


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _found(document: Document, path: str) -> Iterator[Any]:
    head, *rest = path.split(".")
    points = document.get("contact_points", [])
    if head == "contact":
        yield from (
            one["value"]
            for one in points
            if one.get("primary") and one["kind"] == rest[0] and "value" in one
        )
    elif head == "other_contacts":
        yield from _below([one for one in points if not one.get("primary")], rest)
    elif head == "address":
        primary = [one for one in document.get("addresses", []) if one.get("primary")]
        yield from _below(primary, rest)
    elif head == "notice":
        yield from _below(document.get("consents", {}).get("notice", {}), rest)
    elif head == "consents":
        purposes = document.get("consents", {}).get("purposes", {})
        yield from _below(purposes, [".".join(rest[:-1]), rest[-1]])
    else:
        yield from _below(document, [head, *rest])


def _below(value: Any, names: list[str]) -> Iterator[Any]:
    """A step into a list goes into each of its items."""
    if not names:
        yield value
        return
    for item in _items(value):
        if isinstance(item, dict) and names[0] in item:
            yield from _below(item[names[0]], names[1:])
