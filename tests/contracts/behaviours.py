"""Which x-behaviour statements the tests name, read from their text without importing them.

A test names the statements that it proves:

    @pytest.mark.behaviour("contacthub/createCustomer/4")
    async def test_appends_to_lists_on_a_match(client: Client) -> None: ...

Several ids may stand in one mark. A mark counts on a test function, on a class of tests, as the
`pytestmark` of a module, and among the marks of a `pytest.param`; it does not count beside a
skip or an xfail.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from tests.tidy.sources import Source, read_sources

_SET_ASIDE = frozenset({"skip", "xfail"})


@dataclass(frozen=True)
class Named:
    """A statement named by a mark; `trouble` says why the mark does not count."""

    id: str
    place: str
    trouble: str | None = None


def named_in_tests() -> list[Named]:
    return [named for source in read_sources("tests") for named in named_in(source)]


def named_in(source: Source) -> Iterator[Named]:
    counting = {id(call) for marks in _groups(source.tree) for call in _counting(marks)}
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and _mark_of(node) == "behaviour":
            place = f"{source.path}:{node.lineno}"
            trouble = None if id(node) in counting else "marks no test that runs"
            yield from (_named(argument, place, trouble) for argument in node.args)
            if not node.args:
                yield Named("", place, "names no statement")


def _named(argument: ast.expr, place: str, trouble: str | None) -> Named:
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return Named(argument.value, place, trouble)
    return Named(ast.unparse(argument), place, "is no literal text")


def _groups(tree: ast.Module) -> Iterator[list[ast.expr]]:
    """Give the marks that stand together on one test, class, module or parameter."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if node.name.startswith("test_"):
                yield node.decorator_list
        elif isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            yield node.decorator_list
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark":
            yield _listed(node.value)
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.param":
            yield [
                one for word in node.keywords if word.arg == "marks" for one in _listed(word.value)
            ]


def _listed(node: ast.expr) -> list[ast.expr]:
    return node.elts if isinstance(node, ast.List | ast.Tuple) else [node]


def _counting(marks: list[ast.expr]) -> list[ast.expr]:
    if any(_mark_of(mark) in _SET_ASIDE for mark in marks):
        return []
    return marks


def _mark_of(node: ast.expr) -> str | None:
    """The name of a mark, called or not: pytest.mark.<name>(…)."""
    target = node.func if isinstance(node, ast.Call) else node
    if isinstance(target, ast.Attribute) and ast.unparse(target.value) == "pytest.mark":
        return target.attr
    return None
