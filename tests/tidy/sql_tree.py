"""Walking a parsed statement: the few questions that the SQL checks ask of a syntax tree."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from pglast import ast

Kind = TypeVar("Kind", bound=ast.Node)


def children(node: ast.Node) -> Iterator[ast.Node]:
    for name in node:
        yield from _nodes_in(getattr(node, name))


def _nodes_in(value: object) -> Iterator[ast.Node]:
    if isinstance(value, ast.Node):
        yield value
    elif isinstance(value, tuple):
        for element in value:
            yield from _nodes_in(element)


def descendants(node: ast.Node) -> Iterator[ast.Node]:
    """Give the node itself and everything below it."""
    yield node
    for child in children(node):
        yield from descendants(child)


def find(node: ast.Node, kind: type[Kind]) -> Iterator[Kind]:
    return (found for found in descendants(node) if isinstance(found, kind))


def words(names: Iterable[object] | None) -> list[str]:
    """Spell out a dotted name (a column, a function, a type), without what is not a word."""
    return [name.sval or "" for name in names or () if isinstance(name, ast.String)]


def functions_called(node: ast.Node) -> set[str]:
    return {words(call.funcname)[-1] for call in find(node, ast.FuncCall)}


def is_parameter(node: object) -> bool:
    """Recognise $1, and $1 with a cast."""
    while isinstance(node, ast.TypeCast):
        node = node.arg
    return isinstance(node, ast.ParamRef)


def conjuncts(node: object) -> Iterator[ast.Node]:
    """Give the conditions that must all hold: the operands of AND, at any depth."""
    if (
        isinstance(node, ast.BoolExpr)
        and node.boolop is not None
        and node.boolop.name == "AND_EXPR"
    ):
        for operand in node.args or ():
            yield from conjuncts(operand)
    elif isinstance(node, ast.Node):
        yield node


def equality(node: ast.Node) -> tuple[object, object] | None:
    """Give both sides of `a = b`, and None for any other condition."""
    if isinstance(node, ast.A_Expr) and node.kind is not None and node.kind.name == "AEXPR_OP":
        return (node.lexpr, node.rexpr) if words(node.name) == ["="] else None
    return None
