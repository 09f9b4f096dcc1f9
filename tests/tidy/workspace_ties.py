"""Rules 8 and 12: every table of a statement is tied to one workspace, and so is every lock.

A table is tied when its workspace_id equals a parameter, or the workspace_id of a table that is
tied, in a condition that must hold (WHERE or ON, joined by AND). A sub-select may be tied to a
table outside it; that table is asked for its own tie where it stands. So each scope is judged by
itself, and a statement holds when all its scopes do. A function such as unnest() is no tie: its
workspace_id would be an array of workspaces.

An operator's report (`-- across workspaces: reason`) may leave out the parameter, not the joins:
its first table is taken as tied.
"""

from collections.abc import Collection, Iterator

from pglast import ast

from tests.tidy.sql_tree import children, find, is_parameter
from tests.tidy.statements import Statement
from tests.tidy.workspace_scopes import WORKSPACE, Columns, Scope, gives_workspace, renamed

_CTEs = dict[str, bool]
_CATALOG = ("pg_catalog", "information_schema")


def untied_tables(query: Statement, exempt: Collection[str]) -> Iterator[str]:
    """Rule 8; `exempt` are the tables that belong to no workspace."""
    judge = _Judge(exempt, is_report=query.says("across workspaces"))
    judge.see(query.tree)
    yield from judge.untied


def untied_locks(query: Statement, exempt: Collection[str]) -> Iterator[str]:
    """Rule 12: a scope that locks rows names its workspace itself, by a parameter."""
    judge = _Judge(exempt, is_report=False)
    judge.see(query.tree)
    yield from judge.loose_locks


class _Judge:
    """Walks a statement scope by scope and collects what it finds."""

    def __init__(self, exempt: Collection[str], *, is_report: bool) -> None:
        self._exempt = exempt
        self._is_report = is_report
        self.untied: list[str] = []
        self.loose_locks: list[str] = []

    def see(self, statement: ast.Node) -> None:
        if self._is_report and not isinstance(statement, ast.SelectStmt):
            self.untied.append("writes across workspaces")
        if isinstance(statement, ast.SelectStmt):
            self._select(statement, frozenset(), {})
        elif isinstance(statement, ast.InsertStmt):
            self._insert(statement)
        elif isinstance(statement, ast.UpdateStmt):
            self._change(statement, statement.fromClause or ())
            self._keeps_workspace(statement.targetList or ())
        elif isinstance(statement, ast.DeleteStmt):
            self._change(statement, statement.usingClause or ())
        elif any(find(statement, ast.RangeVar)):
            self.untied.append("reaches tables by no SELECT, INSERT, UPDATE or DELETE")

    def _select(self, node: ast.SelectStmt, outer: frozenset[str], ctes: _CTEs) -> Columns:
        ctes = self._with(node.withClause, outer, ctes)
        if node.larg is not None and node.rarg is not None:
            left, right = self._select(node.larg, outer, ctes), self._select(node.rarg, outer, ctes)
            return [(a[0], a[1] and b[1]) for a, b in zip(left, right, strict=False)]
        scope = Scope(outer)
        self._fill(scope, node.fromClause or (), ctes)
        self._judge(scope, node, ctes)
        if node.lockingClause and (scope.asked or scope.given) and not scope.names_parameter():
            self.loose_locks.append("locks rows without workspace_id = $n")
        if node.valuesLists:
            return [
                ("", all(map(is_parameter, column)))
                for column in zip(*node.valuesLists, strict=True)
            ]
        return scope.columns(node.targetList or ())

    def _with(self, clause: ast.WithClause | None, outer: frozenset[str], ctes: _CTEs) -> _CTEs:
        known = dict(ctes)
        for one in (clause.ctes or ()) if clause else ():
            query, name = one.ctequery, one.ctename or ""
            if not isinstance(query, ast.SelectStmt):
                continue  # rule 11 refuses it
            if clause is not None and clause.recursive and query.larg is not None:
                start = self._select(query.larg, outer, known)
                known[name] = gives_workspace(renamed(start, one.aliascolnames))
            columns = self._select(query, outer, known)
            known[name] = gives_workspace(renamed(columns, one.aliascolnames))
        return known

    def _insert(self, node: ast.InsertStmt) -> None:
        ctes = self._with(node.withClause, frozenset(), {})
        columns: Columns = []
        if isinstance(node.selectStmt, ast.SelectStmt):
            columns = self._select(node.selectStmt, frozenset(), ctes)
        table = (node.relation and node.relation.relname) or ""
        names = [one.name for one in node.cols or ()]
        tied = [one for name, (_, one) in zip(names, columns, strict=False) if name == WORKSPACE]
        if table not in self._exempt and tied != [True]:
            self.untied.append(f"{table} gets no workspace_id from a parameter")
        for inner in _subselects(node):
            if inner is not node.selectStmt:
                self._select(inner, frozenset({table}), ctes)

    def _change(self, node: ast.UpdateStmt | ast.DeleteStmt, sources: tuple[ast.Node, ...]) -> None:
        ctes = self._with(node.withClause, frozenset(), {})
        scope = Scope(frozenset())
        self._fill(scope, (node.relation, *sources), ctes)
        self._judge(scope, node, ctes)

    def _keeps_workspace(self, targets: tuple[ast.ResTarget, ...]) -> None:
        if any(target.name == WORKSPACE for target in targets):
            self.untied.append("moves rows to another workspace")

    def _judge(
        self, scope: Scope, node: ast.SelectStmt | ast.UpdateStmt | ast.DeleteStmt, ctes: _CTEs
    ) -> None:
        if node.whereClause is not None:
            scope.conditions.append((node.whereClause, None))
        alone = self._is_report and not scope.outer and not scope.given
        for alias in scope.untied(first_is_tied=alone):
            self.untied.append(f"{scope.asked[alias]} ({alias}) is not tied by workspace_id")
        for inner in _subselects(node):
            self._select(inner, scope.visible, ctes)

    def _fill(self, scope: Scope, sources: tuple[ast.Node | None, ...], ctes: _CTEs) -> None:
        for source in sources:
            if isinstance(source, ast.RangeVar):
                self._add_table(scope, source, ctes)
            elif isinstance(source, ast.RangeTableSample):
                self._fill(scope, (source.relation,), ctes)
            elif isinstance(source, ast.RangeSubselect):
                self._add_subselect(scope, source, ctes)
            elif isinstance(source, ast.JoinExpr):
                self._add_join(scope, source, ctes)

    def _add_table(self, scope: Scope, source: ast.RangeVar, ctes: _CTEs) -> None:
        table = source.relname or ""
        alias = (source.alias.aliasname if source.alias else None) or table
        if table in ctes and not source.schemaname:
            scope.given |= {alias} if ctes[table] else set()
        elif source.schemaname not in _CATALOG and table not in self._exempt:
            scope.asked[alias] = table

    def _add_subselect(self, scope: Scope, source: ast.RangeSubselect, ctes: _CTEs) -> None:
        assert isinstance(source.subquery, ast.SelectStmt)
        outer = scope.visible if source.lateral else scope.outer
        columns = self._select(source.subquery, outer, ctes)
        alias = source.alias
        if alias and gives_workspace(renamed(columns, alias.colnames)):
            scope.given.add(alias.aliasname or "")

    def _add_join(self, scope: Scope, source: ast.JoinExpr, ctes: _CTEs) -> None:
        sides = []
        for side in (source.larg, source.rarg):
            before = scope.visible
            self._fill(scope, (side,), ctes)
            sides.append(scope.visible - before)
        left, right = sides
        kind = source.jointype.name if source.jointype is not None else ""
        filtered = {"JOIN_INNER": None, "JOIN_LEFT": right, "JOIN_RIGHT": left}
        reach = filtered.get(kind, frozenset())
        if any(one.sval == WORKSPACE for one in source.usingClause or ()):
            scope.merged += [(left, right)] if reach in (None, right) else []
            scope.merged += [(right, left)] if reach in (None, left) else []
        if source.quals is not None:
            scope.conditions.append((source.quals, reach))


def _subselects(node: ast.Node) -> Iterator[ast.SelectStmt]:
    """Give the selects inside expressions; those of FROM and WITH have been seen by then."""
    for child in children(node):
        if isinstance(child, ast.SelectStmt):
            yield child
        elif not isinstance(child, ast.RangeSubselect | ast.WithClause):
            yield from _subselects(child)
