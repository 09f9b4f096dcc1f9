"""The rules for our tables that the catalog can answer: scale-out section 6, rules 1 to 7."""

from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from pglast import ast, parse_sql

from tests.tidy.catalog import Catalog, Table
from tests.tidy.sql_tree import find
from tests.tidy.workspace_scopes import WORKSPACE

CUSTOMER = "customer_id"

_XID_TYPES = frozenset({"xid", "xid8", "cid", "tid", "pg_snapshot", "txid_snapshot"})
_SET_NULL_OR_DEFAULT = frozenset({"n", "d"})


@dataclass(frozen=True)
class Ownership:
    """What `onefold.store.tables` says about tables."""

    global_tables: Mapping[str, str]
    owned: AbstractSet[str]
    pointing: Mapping[str, str]


CatalogRule = Callable[[Catalog, Ownership], Iterator[str]]


def keys_begin_elsewhere(catalog: Catalog, lists: Ownership) -> Iterator[str]:
    """Rule 1: workspace_id first in every primary, unique and foreign key."""
    for table in _of_a_workspace(catalog, lists):
        if not table.primary_key:
            yield f"{table.name} has no primary key"
        for key in table.keys:
            if key.columns[0] != WORKSPACE:
                yield f"{key.name} of {table.name} does not begin with workspace_id"
        for one in table.references:
            begins = (one.columns[0], one.targets[0])
            if one.table not in lists.global_tables and begins != (WORKSPACE, WORKSPACE):
                yield f"{one.name} of {table.name} does not begin with workspace_id"


def customers_stand_apart(catalog: Catalog, lists: Ownership) -> Iterator[str]:
    """Rule 2: customer_id in the key of all that a customer owns; what else names one says why."""
    for name in lists.owned & catalog.tables.keys():
        if CUSTOMER not in catalog.tables[name].primary_key:
            yield f"{name} is owned by a customer without customer_id in its primary key"
    for name in sorted(lists.owned & lists.pointing.keys()):
        yield f"{name} is both owned by a customer and only pointing at one"
    for table in catalog.tables.values():
        if table.has(CUSTOMER) and table.name not in lists.owned | lists.pointing.keys():
            yield f"{table.name} names a customer and stands in no list"


def customers_are_unique_twice(catalog: Catalog, _: Ownership) -> Iterator[str]:
    """Rule 3: uniqueness of customers lives in identifiers, and that points with no foreign key."""
    for table in catalog.tables.values():
        if table.name == "customers":
            yield from (
                f"customers has the key {key.name}" for key in table.keys if not key.is_primary
            )
        if table.name == "identifiers":
            yield from (
                f"identifiers refers to customers by {one.name}"
                for one in table.references
                if one.table == "customers"
            )


def values_make_themselves(catalog: Catalog, _: Ownership) -> Iterator[str]:
    """Rule 4: no sequences, no identity, no default that calls a function."""
    yield from (f"there is a sequence {name}" for name in catalog.sequences)
    for table in catalog.tables.values():
        for column in table.columns:
            if column.is_identity:
                yield f"{table.name}.{column.name} is an identity column"
            if column.default and not column.is_generated and _calls(column.default):
                yield f"{table.name}.{column.name} has the default {column.default}"


def _calls(expression: str) -> bool:
    [parsed] = parse_sql(f"SELECT {expression}")
    assert parsed.stmt is not None
    kinds = (ast.FuncCall, ast.SQLValueFunction)
    return any(True for kind in kinds for _ in find(parsed.stmt, kind))


def rows_act_by_themselves(catalog: Catalog, _: Ownership) -> Iterator[str]:
    """Rule 5: no triggers, no rules, no SET NULL."""
    for table in catalog.tables.values():
        yield from (f"{table.name} has the trigger or rule {name}" for name in table.reactions)
        for one in table.references:
            if _SET_NULL_OR_DEFAULT.intersection(one.actions):
                yield f"{one.name} of {table.name} sets null or a default"


def workspaces_are_unknown(catalog: Catalog, lists: Ownership) -> Iterator[str]:
    """Rule 6: tables outside the workspaces are in one list, and point at nothing inside."""
    for table in catalog.tables.values():
        outside = table.name in lists.global_tables
        if not outside and table.primary_key[:1] != (WORKSPACE,):
            yield f"{table.name} belongs to no workspace and is not in GLOBAL_TABLES"
        if outside and table.primary_key[:1] == (WORKSPACE,):
            yield f"{table.name} belongs to a workspace and is in GLOBAL_TABLES"
        for one in table.references:
            if outside and one.table not in lists.global_tables:
                yield f"{one.name} points from {table.name} into a workspace"


def transactions_are_stored(catalog: Catalog, _: Ownership) -> Iterator[str]:
    """Rule 7: no stored xid."""
    for table in catalog.tables.values():
        for column in table.columns:
            if column.type.removesuffix("[]") in _XID_TYPES:
                yield f"{table.name}.{column.name} is of type {column.type}"


def lists_are_stale(catalog: Catalog, lists: Ownership) -> Iterator[str]:
    """Every table that is named in a list exists, and every reason is one."""
    named = lists.owned | lists.pointing.keys() | lists.global_tables.keys()
    yield from (f"there is no table {name}" for name in sorted(named - catalog.tables.keys()))
    reasons = {**lists.pointing, **lists.global_tables}
    yield from (
        f"{name} stands in a list without a reason" for name, why in reasons.items() if not why
    )


def _of_a_workspace(catalog: Catalog, lists: Ownership) -> Iterator[Table]:
    return (one for one in catalog.tables.values() if one.name not in lists.global_tables)


CATALOG_RULES: dict[str, CatalogRule] = {
    "1_keys": keys_begin_elsewhere,
    "2_owners": customers_stand_apart,
    "3_uniqueness": customers_are_unique_twice,
    "4_values": values_make_themselves,
    "5_reactions": rows_act_by_themselves,
    "6_outside": workspaces_are_unknown,
    "7_transactions": transactions_are_stored,
    "lists": lists_are_stale,
}
"""Name -> rule; planted/catalog_<name>.sql holds tables that it lets pass and that it catches."""
