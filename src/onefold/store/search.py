"""Compiles a filter tree to a parameterised WHERE: the only SQL that is composed.

Every value, and every place in a document, travels as a parameter.
"""
# ruff: noqa: S608 - composing SQL is what this file is for; see the line above

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from math import isfinite
from typing import Any
from uuid import UUID

from onefold.model.customers import Customer
from onefold.model.errors import Invalid
from onefold.model.events import Event, EventFilter
from onefold.model.filters import (
    SEARCH_ELEMENTS_MAX,
    Combination,
    Comparison,
    CustomerSearch,
    DidEvent,
    Filter,
    Joint,
    Operator,
    Sort,
)
from onefold.model.identifiers import IdentifierKind, normalise_email, normalise_text
from onefold.model.ids import NIL
from onefold.store.customers import customers_of_rows
from onefold.store.database import Transaction
from onefold.store.events import event_of_row
from onefold.store.paths import COLUMN_TYPES, COLUMNS, NULLABLE, json_path

_CUSTOMER_COLUMNS = (
    "customer_id, node_id, number, profile, version, registered_at, registered_by,"
    " updated_at, updated_by, consent_entries, consent_head"
)
_EVENT_COLUMNS = (
    "event_id, customer_id, node_id, type, context, mode, occurred_at, registered_at,"
    " updated_at, version, properties, details, bring_back_by, bring_back, source_id"
)
_OF_AGGREGATE = (
    "(customer_id IN"
    " (SELECT customer_id FROM person_links WHERE workspace_id = $1 AND node_id = {})"
    " OR (customer_id = {} AND node_id = ANY({})))"
)
_FRONT = (
    "workspace_id = $1 AND node_id = $2 AND merged_into IS NULL AND customer_id IN"
    " (SELECT COALESCE(merged_into, customer_id) FROM customers WHERE {})"
)
_COMPARED = {
    Operator.EQUALS: "==",
    Operator.GTE: ">=",
    Operator.GT: ">",
    Operator.LTE: "<=",
    Operator.LT: "<",
}
_SQL_COMPARED = {**_COMPARED, Operator.EQUALS: "="}
_NEGATED = {Operator.NOT_EQUALS: Operator.EQUALS, Operator.NOT_IN: Operator.IN}
_UNVALUED = (Operator.IS_NULL, Operator.IS_NOT_NULL)
_BIGINT_MAX = 2**63 - 1


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """Customers of one page, and how many match in all (at most SEARCH_ELEMENTS_MAX)."""

    customers: tuple[Customer, ...]
    total: int


@dataclass(frozen=True, slots=True)
class EventPage:
    events: tuple[Event, ...]
    total: int


class _Where:
    """Conditions and their parameters, as they are collected."""

    def __init__(self, *parameters: object) -> None:
        self.parameters: list[object] = list(parameters)
        self.conditions: list[str] = []

    def add(self, condition: str) -> None:
        self.conditions.append(condition)

    def bind(self, value: object, kind: str) -> str:
        self.parameters.append(value)
        return f"${len(self.parameters)}::{kind}"

    def text(self) -> str:
        return " AND ".join(self.conditions)


async def search_customers(
    tx: Transaction,
    workspace_id: UUID,
    *,
    node_id: UUID,
    wanted: CustomerSearch,
    offset: int,
    limit: int,
) -> CustomerPage:
    """A page of the customers of a node."""
    where = _Where(workspace_id, node_id)
    where.add("workspace_id = $1 AND node_id = $2 AND deleted_at IS NULL")
    if wanted.external_id is not None:
        where.add(
            _compile(where, Comparison("external_id", Operator.EQUALS, (wanted.external_id,)))
        )
    if wanted.condition is not None:
        where.add(_compile(where, wanted.condition))
    if wanted.merges:
        where.conditions = [_FRONT.format(where.text())]
    total = await _count(tx, "customers", where)
    limit = min(limit, max(0, SEARCH_ELEMENTS_MAX - offset))
    if total <= offset or limit == 0:
        return CustomerPage((), total)
    order = _order(where, wanted.sort)
    rows = await tx.connection.fetch(
        f"SELECT {_CUSTOMER_COLUMNS} FROM customers WHERE {where.text()}"
        f" ORDER BY {order}, customer_id OFFSET {offset:d} LIMIT {limit:d}",
        *where.parameters,
    )
    return CustomerPage(tuple(customers_of_rows(tx, rows)), total)


async def search_events(
    tx: Transaction,
    workspace_id: UUID,
    *,
    wanted: EventFilter,
    node_ids: frozenset[UUID] | None,
    offset: int,
    limit: int,
) -> EventPage:
    """A page of events, newest first; `node_ids` is what the caller may reach."""
    where = _Where(workspace_id)
    where.add("workspace_id = $1")
    if wanted.of_persons_in is not None:
        bound = (
            where.bind(wanted.of_persons_in, "uuid"),
            where.bind(NIL, "uuid"),
            where.bind(list(wanted.anonymous_in), "uuid[]"),
        )
        where.add(_OF_AGGREGATE.format(*bound))
    for condition, value, kind in (
        ("customer_id = {}", wanted.customer_id, "uuid"),
        ("customer_id = ANY({})", list(wanted.members) or None, "uuid[]"),
        ("node_id = {}", wanted.node_id, "uuid"),
        ("type = ANY({})", list(wanted.types) or None, "text[]"),
        ("context = ANY({})", list(wanted.contexts) or None, "text[]"),
        ("mode = {}", wanted.mode, "text"),
        ("occurred_at >= {}", wanted.since, "timestamptz"),
        ("occurred_at <= {}", wanted.until, "timestamptz"),
        ("node_id = ANY({})", sorted(node_ids) if node_ids is not None else None, "uuid[]"),
    ):
        if value is not None:
            where.add(condition.format(where.bind(value, kind)))
    total = await _count(tx, "events", where)
    limit = min(limit, max(0, SEARCH_ELEMENTS_MAX - offset))
    if total <= offset or limit == 0:
        return EventPage((), total)
    rows = await tx.connection.fetch(
        f"SELECT {_EVENT_COLUMNS} FROM events WHERE {where.text()}"
        f" ORDER BY occurred_at DESC, event_id DESC OFFSET {offset:d} LIMIT {limit:d}",
        *where.parameters,
    )
    return EventPage(tuple(event_of_row(row) for row in rows), total)


async def _count(tx: Transaction, table: str, where: _Where) -> int:
    found = await tx.connection.fetchval(
        f"SELECT count(*) FROM (SELECT 1 FROM {table} WHERE {where.text()}"
        f" LIMIT {SEARCH_ELEMENTS_MAX:d}) AS found",
        *where.parameters,
    )
    return int(found)


def _order(where: _Where, sort: Sort) -> str:
    """Numbers by size, texts by the database's collation; what is missing comes last."""
    direction = "DESC" if sort.descending else "ASC"
    column = COLUMNS.get(sort.path)
    if column is not None:
        return f"{column} {direction}{' NULLS LAST' if sort.path in NULLABLE else ''}"
    place = where.bind(json_path(sort.path), "jsonpath")
    return f"jsonb_path_query_first(profile, {place}) {direction} NULLS LAST"


def _compile(where: _Where, node: Filter) -> str:
    """A condition that is true or false and never null, so that NOT is its opposite."""
    if isinstance(node, Combination):
        return _combination(where, node)
    if isinstance(node, DidEvent):
        return _did(where, node)
    if node.operator in _NEGATED:
        positive = Comparison(node.path, _NEGATED[node.operator], node.values)
        return f"NOT {_compile(where, positive)}"
    _check_values(node)
    if node.operator not in _UNVALUED and None in node.values:
        known = tuple(value for value in node.values if value is not None)
        if node.operator is not Operator.IN:
            return "(false)"
        node = Comparison(node.path, node.operator, known)
    if node.path in COLUMNS:
        return _column_comparison(where, node)
    return _document_comparison(where, node)


def _check_values(node: Comparison) -> None:
    """Raises Invalid for what no record can be held against."""
    many = {Operator.BETWEEN: 2, Operator.IS_NULL: 0, Operator.IS_NOT_NULL: 0}
    if node.operator is not Operator.IN and len(node.values) != many.get(node.operator, 1):
        raise Invalid(f"{node.operator.value} with {len(node.values)} values on {node.path}")
    for value in node.values:
        if isinstance(value, dict | list) or (isinstance(value, float) and not isfinite(value)):
            raise Invalid(f"a value for {node.path} is neither text, number nor boolean")


def _combination(where: _Where, node: Combination) -> str:
    parts = [_compile(where, part) for part in node.parts]
    if not parts:
        return f"({node.joint is Joint.AND})".lower()
    if node.joint is Joint.EXCEPT:
        first, *others = parts
        return "(" + " AND ".join([first, *(f"NOT {part}" for part in others)]) + ")"
    return "(" + f" {node.joint.name} ".join(parts) + ")"


def _did(where: _Where, node: DidEvent) -> str:
    conditions = ["workspace_id = $1", f"type = {where.bind(node.event_type, 'text')}"]
    for word, moment in ((">=", node.since), ("<=", node.until)):
        if moment is not None:
            conditions.append(f"occurred_at {word} {where.bind(moment, 'timestamptz')}")
    inner = " AND ".join(conditions)
    return f"(customer_id IN (SELECT customer_id FROM events WHERE {inner}))"


def _column_comparison(where: _Where, node: Comparison) -> str:
    column, kind = COLUMNS[node.path], COLUMN_TYPES[node.path]
    if node.operator is Operator.IS_NULL:
        return f"({column} IS NULL)"
    if node.operator is Operator.IS_NOT_NULL:
        return f"({column} IS NOT NULL)"
    values = [_column_value(node.path, value, kind) for value in node.values]
    if node.operator is Operator.IN:
        test = f"{column} = ANY({where.bind(values, kind + '[]')})"
    elif node.operator is Operator.BETWEEN:
        low, high = (where.bind(value, kind) for value in values)
        test = f"{column} BETWEEN {low} AND {high}"
    else:
        test = f"{column} {_SQL_COMPARED[node.operator]} {where.bind(values[0], kind)}"
    narrowed = [f"{column} IS NOT NULL"] if node.path in NULLABLE else []
    if hint := _hint(where, node):
        narrowed.append(hint)
    return "(" + " AND ".join([*narrowed, test]) + ")"


def _column_value(path: str, value: Any, kind: str) -> Any:
    try:
        return _READ[kind](value)
    except (ValueError, TypeError) as error:
        raise Invalid(f"a value for {path} is not of its type") from error


def _moment(value: Any) -> datetime:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _uuid(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(str(value))


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > _BIGINT_MAX:
        raise ValueError(value)
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(value)
    return value


_READ = {"timestamptz": _moment, "uuid": _uuid, "bigint": _whole, "boolean": _flag}


def _document_comparison(where: _Where, node: Comparison) -> str:
    place = json_path(node.path)
    if node.operator in _UNVALUED:
        exists = f"(profile @? {where.bind(f'{place} ? (@ != null)', 'jsonpath')})"
        return exists if node.operator is Operator.IS_NOT_NULL else f"NOT {exists}"
    found = f"(profile @? {where.bind(f'{place} ? ({_test(node)})', 'jsonpath')})"
    hint = _hint(where, node)
    return f"({hint} AND {found})" if hint else found


def _test(node: Comparison) -> str:
    words = [json.dumps(value) for value in node.values]
    if node.operator is Operator.IN:
        return " || ".join(f"@ == {word}" for word in words) or "1 == 2"
    if node.operator is Operator.BETWEEN:
        return f"@ >= {words[0]} && @ <= {words[1]}"
    return f"@ {_COMPARED[node.operator]} {words[0]}"


def _hint(where: _Where, node: Comparison) -> str | None:
    """Equality on an identifier is found through its index; the record then decides."""
    if node.operator not in (Operator.EQUALS, Operator.IN) or node.path not in _IDENTIFIED:
        return None
    kind, normalise = _IDENTIFIED[node.path]
    normal = [normalise(str(value)) for value in node.values]
    if not all(normal):
        return None
    return (
        "customer_id IN (SELECT customer_id FROM identifiers WHERE workspace_id = $1"
        f" AND kind = {where.bind(kind.value, 'text')}"
        f" AND value = ANY({where.bind(normal, 'text[]')}))"
    )


_IDENTIFIED: Mapping[str, tuple[IdentifierKind, Callable[[str], str | None]]] = {
    "contact.email": (IdentifierKind.EMAIL, normalise_email),
    "external_id": (IdentifierKind.EXTERNAL_ID, partial(normalise_text, case_sensitive=True)),
    "number": (IdentifierKind.NUMBER, str),
}
"""Paths of which each value, in the normal form that is made here, stands in the index."""
