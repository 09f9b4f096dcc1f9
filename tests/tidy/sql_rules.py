"""The rules for a statement that its syntax tree can answer: scale-out section 6 and house style.

Each rule says what is wrong with one statement; planted/<name>.sql shows what it lets pass and
what it catches.
"""

import re
from collections.abc import Callable, Iterator
from functools import partial

from pglast import ast
from pglast.parser import scan

from onefold.store.tables import GLOBAL_TABLES
from tests.tidy.sql_tree import find, functions_called, is_parameter, words
from tests.tidy.statements import Statement
from tests.tidy.workspace_ties import untied_locks, untied_tables

Rule = Callable[[Statement], Iterator[str]]

_CLOCKS = frozenset(
    {"now", "clock_timestamp", "statement_timestamp", "transaction_timestamp", "timeofday"}
)
_CHANCE = frozenset({"random", "random_normal", "gen_random_uuid", "uuidv4", "uuidv7"})
_SEQUENCES = frozenset({"nextval", "currval", "lastval", "setval"})
_NOT_OURS_TO_ASK = _CLOCKS | _CHANCE | _SEQUENCES
_CLOCK_WORDS = frozenset({"now", "today", "tomorrow", "yesterday"})

_XID_FUNCTION = re.compile(r"txid_|pg_current_(xact|snapshot)|pg_snapshot_|pg_xact_")
_XID_TYPES = frozenset({"xid", "xid8", "pg_snapshot", "txid_snapshot"})

_WRITES = (ast.InsertStmt, ast.UpdateStmt, ast.DeleteStmt, ast.MergeStmt)

# Reserved words are always keywords; of the others, those that no column is called.
_RESERVED = frozenset({"RESERVED_KEYWORD", "TYPE_FUNC_NAME_KEYWORD"})
_STATEMENT_WORDS = frozenset(
    {
        "INSERT",
        "UPDATE",
        "DELETE_P",
        "SET",
        "BY",
        "VALUES",
        "EXISTS",
        "BETWEEN",
        "CONFLICT",
        "NOTHING",
        "RECURSIVE",
        "PARTITION",
        "OVER",
        "FILTER",
        "SKIP",
        "LOCKED",
        "NOWAIT",
        "NULLS_P",
        "FIRST_P",
        "MATERIALIZED",
    }
)


def reads_a_clock(statement: Statement) -> Iterator[str]:
    """Rule 9, and more than it asks: nowhere, not only in SET, so that tests can stop time."""
    for name in functions_called(statement.tree) & _NOT_OURS_TO_ASK:
        yield f"calls {name}()"
    for value in find(statement.tree, ast.SQLValueFunction):
        yield f"asks the server: {value.op.name if value.op is not None else 'a value'}"
    for cast in find(statement.tree, ast.TypeCast):
        constant = cast.arg.val if isinstance(cast.arg, ast.A_Const) else None
        if isinstance(constant, ast.String) and constant.sval in _CLOCK_WORDS:
            yield f"casts '{constant.sval}'"


def knows_transactions(statement: Statement) -> Iterator[str]:
    """Rule 7; xmax = 0 in RETURNING is no stored xid and works on a cluster."""
    for name in functions_called(statement.tree):
        if _XID_FUNCTION.match(name):
            yield f"calls {name}()"
    for column in find(statement.tree, ast.ColumnRef):
        if words(column.fields)[-1:] == ["xmin"]:
            yield "reads xmin"
    for kind in find(statement.tree, ast.TypeName):
        if _XID_TYPES.intersection(words(kind.names)):
            yield f"uses the type {words(kind.names)[-1]}"


def writes_inside(statement: Statement) -> Iterator[str]:
    """Rule 11."""
    for one in find(statement.tree, ast.CommonTableExpr):
        if isinstance(one.ctequery, _WRITES):
            yield f"writes inside the WITH query {one.ctename}"


def compares_rows(statement: Statement) -> Iterator[str]:
    """Rule 13."""
    if any(find(statement.tree, ast.MergeStmt)):
        yield "uses MERGE"
    for link in find(statement.tree, ast.SubLink):
        if isinstance(link.testexpr, ast.RowExpr):
            yield "compares a row with a sub-select"


def signals(statement: Statement) -> Iterator[str]:
    """Rule 14."""
    names = functions_called(statement.tree)
    yield from (f"calls {name}()" for name in names if "advisory" in name)
    if isinstance(statement.tree, ast.LockStmt):
        yield "locks a table"
    if isinstance(statement.tree, ast.NotifyStmt | ast.ListenStmt):
        yield "is no query: listening is the driver's, notifying is pg_notify()"
    if "pg_notify" in names and not statement.says("wakes only"):
        yield "notifies without `-- wakes only: <reason>`"


def moves_lanes(statement: Statement) -> Iterator[str]:
    """Rule 16. A lane's row may also be made, at its beginning."""
    tree = statement.tree
    if not isinstance(tree, _WRITES) or tree.relation is None or tree.relation.relname != "lanes":
        return
    if isinstance(tree, ast.InsertStmt):
        if not _starts_at_nothing(tree):
            yield "makes a lane that does not begin at 0"
    elif not isinstance(tree, ast.UpdateStmt):
        yield "takes lanes away"
    elif not tree.returningClause or not all(map(_moves_on, tree.targetList or ())):
        yield "does not take positions by SET last = last + $n RETURNING"


def _moves_on(target: ast.ResTarget) -> bool:
    """Recognise `last = last + $n`; other columns are free."""
    if target.name != "last":
        return True
    plus = target.val
    return (
        isinstance(plus, ast.A_Expr)
        and words(plus.name) == ["+"]
        and isinstance(plus.lexpr, ast.ColumnRef)
        and words(plus.lexpr.fields)[-1:] == ["last"]
        and is_parameter(plus.rexpr)
    )


def _starts_at_nothing(insert: ast.InsertStmt) -> bool:
    conflict = insert.onConflictClause
    if conflict and conflict.action is not None and conflict.action.name == "ONCONFLICT_UPDATE":
        return False
    names = [column.name for column in insert.cols or ()]
    rows = insert.selectStmt.valuesLists if isinstance(insert.selectStmt, ast.SelectStmt) else None
    return bool(rows) and all(
        _is_zero(value)
        for row in rows or ()
        for name, value in zip(names, row, strict=False)
        if name == "last"
    )


def _is_zero(node: object) -> bool:
    # The parser leaves out a zero: Integer(ival=None or 0).
    return isinstance(node, ast.A_Const) and isinstance(node.val, ast.Integer) and not node.val.ival


def takes_all_columns(statement: Statement) -> Iterator[str]:
    for column in find(statement.tree, ast.ColumnRef):
        if any(isinstance(name, ast.A_Star) for name in column.fields or ()):
            yield "does not list its columns"


def shouts_no_keyword(statement: Statement) -> Iterator[str]:
    """Keywords are upper-case; a word after a dot or before a bracket is a name."""
    encoded = statement.text.encode()  # the scanner counts bytes
    before = ""
    for token in scan(statement.text):
        word = encoded[token.start : token.end + 1].decode()
        is_name = before == "." or encoded[token.end + 1 : token.end + 2] == b"("
        is_keyword = token.kind in _RESERVED or token.name in _STATEMENT_WORDS
        if is_keyword and not is_name and word != word.upper():
            yield f"writes {word} in lower case"
        before = word


RULES: dict[str, Rule] = {
    "xids": knows_transactions,
    "ties": partial(untied_tables, exempt=GLOBAL_TABLES),
    "clocks": reads_a_clock,
    "writing_ctes": writes_inside,
    "locks": partial(untied_locks, exempt=GLOBAL_TABLES),
    "row_ins": compares_rows,
    "signals": signals,
    "lanes": moves_lanes,
    "stars": takes_all_columns,
    "keywords": shouts_no_keyword,
}
"""Name (that of its file of planted statements) -> rule."""


def offences(rule: Rule, statements: list[Statement]) -> list[str]:
    return [f"{one.place} {what}" for one in statements for what in rule(one)]
