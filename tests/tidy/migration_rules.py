"""The rules for the statements of migrations: what a cluster refuses, or we do (rules 4, 5, 17)."""

import re
from collections.abc import Iterator

from pglast import ast

from tests.tidy.sql_rules import RULES, Rule
from tests.tidy.sql_tree import find, words
from tests.tidy.statements import Statement

_SERIALS = frozenset({"serial", "serial2", "serial4", "serial8", "bigserial", "smallserial"})
_KEEPS_NO_ROW = {"n": "SET NULL", "d": "SET DEFAULT"}
_BESIDE_OTHERS = frozenset({"CONSTR_NULL", "CONSTR_NOTNULL", "CONSTR_DEFAULT", "CONSTR_GENERATED"})
_EXTENSIONS_ALLOWED = frozenset({"pg_trgm"})
_FILE_NAME = re.compile(r"(\d{4})_[a-z][a-z0-9_]*")


def alters_in_bulk(statement: Statement) -> Iterator[str]:
    """Rule 17: an ALTER that adds a constraint does nothing else; no DETACH … CONCURRENTLY."""
    for alter in find(statement.tree, ast.AlterTableStmt):
        commands = alter.cmds or ()
        if len(commands) > 1 and any(map(_adds_constraint, commands)):
            yield "adds a constraint beside another subcommand"
        for command in commands:
            if isinstance(command.def_, ast.PartitionCmd) and command.def_.concurrent:
                yield "detaches concurrently"


def _adds_constraint(command: ast.AlterTableCmd) -> bool:
    constraints = find(command, ast.Constraint)
    return any(one.contype and one.contype.name not in _BESIDE_OTHERS for one in constraints)


def acts_by_itself(statement: Statement) -> Iterator[str]:
    """Rule 5: no triggers, no rules, nothing that changes a row when another one goes."""
    if isinstance(statement.tree, ast.CreateTrigStmt | ast.RuleStmt):
        yield "makes a trigger or a rule"
    for constraint in find(statement.tree, ast.Constraint):
        for action in (constraint.fk_del_action, constraint.fk_upd_action):
            if action in _KEEPS_NO_ROW:
                yield f"lets a key {_KEEPS_NO_ROW[action]}"


def counts_by_sequence(statement: Statement) -> Iterator[str]:
    """Rule 4: on a cluster a sequence is unique, and no order."""
    if isinstance(statement.tree, ast.CreateSeqStmt):
        yield "makes a sequence"
    for kind in find(statement.tree, ast.TypeName):
        yield from (f"uses {name}" for name in words(kind.names) if name in _SERIALS)
    for constraint in find(statement.tree, ast.Constraint):
        if constraint.contype and constraint.contype.name == "CONSTR_IDENTITY":
            yield "makes an identity column"


def needs_the_build(statement: Statement) -> Iterator[str]:
    """Design 3: the schema does not depend on how PostgreSQL was built."""
    tree = statement.tree
    if isinstance(tree, ast.CreateExtensionStmt) and tree.extname not in _EXTENSIONS_ALLOWED:
        yield f"needs the extension {tree.extname}"


def misnumbered(names: list[str]) -> Iterator[str]:
    """Files are NNNN_name.sql, counted from 0001 without a gap."""
    for number, name in enumerate(sorted(names), start=1):
        match = _FILE_NAME.fullmatch(name)
        if match is None or int(match[1]) != number:
            yield f"{name} is not {number:04}_<name>"


MIGRATION_RULES: dict[str, Rule] = {
    "alters": alters_in_bulk,
    "acts": acts_by_itself,
    "sequences": counts_by_sequence,
    "extensions": needs_the_build,
}
"""Name (that of its file of planted statements) -> rule."""

SHARED_RULES = {name: RULES[name] for name in ("clocks", "xids", "writing_ctes", "row_ins")}
"""Rules of queries that hold for the statements of migrations as well."""
