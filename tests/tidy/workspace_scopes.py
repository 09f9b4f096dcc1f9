"""One scope of a statement (one FROM and its conditions), and which of its tables are tied."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pglast import ast

from tests.tidy.sql_tree import conjuncts, equality, is_parameter, words

WORKSPACE = "workspace_id"
PARAMETER = "$n"

Columns = list[tuple[str, bool]]
"""The columns that a select gives: name, and whether it is a workspace_id that is tied."""

_Link = tuple[frozenset[str], frozenset[str]]
"""Directed: when one of the first is tied, the second are tied."""


@dataclass
class Scope:
    """Names are aliases. What is neither asked nor given (a function, say) ties nothing."""

    outer: frozenset[str]
    asked: dict[str, str] = field(default_factory=dict)
    """Tables of a workspace by alias: each must be tied."""
    given: set[str] = field(default_factory=set)
    """Sub-selects whose workspace_id is tied inside."""
    conditions: list[tuple[ast.Node, frozenset[str] | None]] = field(default_factory=list)
    """What must hold, and for whom: ON of an outer join filters one side only, WHERE all."""
    merged: list[_Link] = field(default_factory=list)
    """The sides of each JOIN … USING (workspace_id)."""

    @property
    def visible(self) -> frozenset[str]:
        """What a sub-select may be tied to: all of it is judged where it stands."""
        return self.outer | self.asked.keys() | self.given

    def named(self, node: object) -> frozenset[str]:
        """Whose workspace_id an expression is: a parameter's, that of some aliases, or nobody's."""
        if is_parameter(node):
            return frozenset({PARAMETER})
        path = words(node.fields) if isinstance(node, ast.ColumnRef) else []
        if path[-1:] != [WORKSPACE]:
            return frozenset()
        if len(path) > 1:
            return self.visible & {path[-2]}
        return frozenset(self.asked.keys() | self.given) or self.outer

    def links(self) -> Iterator[_Link]:
        yield from self.merged
        for condition, filtered in self.conditions:
            for part in conjuncts(condition):
                sides = equality(part) or (None, None)
                left, right = self.named(sides[0]), self.named(sides[1])
                yield left, right if filtered is None else right & filtered
                yield right, left if filtered is None else left & filtered

    def untied(self, *, first_is_tied: bool = False) -> list[str]:
        """Give the aliases that no chain of equalities ties to a parameter or to the outside."""
        tied = {PARAMETER} | self.given | (self.outer - self.asked.keys())
        if first_is_tied:
            tied |= set(list(self.asked)[:1])
        links = list(self.links())
        for _ in links:  # each round ties at least one more, or nothing is left to tie
            tied |= {alias for source, target in links if source & tied for alias in target}
        return [alias for alias in self.asked if alias not in tied]

    def names_parameter(self) -> bool:
        own = self.asked.keys() | self.given
        return any(PARAMETER in source and target & own for source, target in self.links())

    def columns(self, targets: Iterable[object]) -> Columns:
        return [
            (_name_of(one), bool(self.named(one.val)))
            for one in targets
            if isinstance(one, ast.ResTarget)
        ]


def _name_of(target: ast.ResTarget) -> str:
    if target.name:
        return target.name
    path = words(target.val.fields) if isinstance(target.val, ast.ColumnRef) else []
    return path[-1] if path else ""


def renamed(columns: Columns, names: Iterable[object] | None) -> Columns:
    """Apply the column names of an alias: `AS d (workspace_id, …)`."""
    new = words(names)
    return [(name, tied) for name, (_, tied) in zip(new, columns, strict=False)] or columns


def gives_workspace(columns: Columns) -> bool:
    return (WORKSPACE, True) in columns
