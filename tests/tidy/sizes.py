"""The hard limits of the house style: function, file, line, parameters, nesting.

Nesting is counted inside a function: `if`, `for`, `while`, `with`, `try` and `match` open a
level each. A nested function starts again at none: it is measured by itself.
- `elif`, `else`, `except`, `finally` and `case` stay on the level of their statement.
- `try` around nothing but a `with` (or the reverse), and `with` around nothing but a `with`,
  are one level together: they are one act, "open it and be sure to close it", and a reader
  has no second condition to keep in mind.
- Comprehensions and lambdas do not count; ruff's complexity limit sees to them.
"""

import ast
import re
from collections.abc import Iterator

from tests.tidy.sources import Source

FUNCTION_LINES_MAX = 60
FILE_LINES_MAX = 400
LINE_CHARACTERS_MAX = 100
PARAMETERS_MAX = 6
NESTING_LEVELS_MAX = 3

# Every function has these where it can (style 4.3, rule 2), so they tell a reader nothing new.
FREE_PARAMETERS = frozenset({"self", "cls", "tx", "actor"})
COMMANDS = "src/onefold/cli/"
"""Where a parameter with a default is an option of a command, and options are not counted."""

# An ignore and its reason stand on the line they are about; the formatter does not count them.
_PRAGMA = re.compile(r"\s+# (noqa|type: ignore).*$")

_WITH = (ast.With, ast.AsyncWith)
_OPENS_LEVEL = (ast.If, ast.For, ast.AsyncFor, ast.While, *_WITH, ast.Try, ast.TryStar, ast.Match)
_OWN_MEASURE = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def long_functions(source: Source) -> Iterator[str]:
    for function in source.functions():
        lines = (function.end_lineno or function.lineno) - function.lineno + 1
        if lines > FUNCTION_LINES_MAX:
            yield source.at(function.lineno, f"{function.name} has {lines} lines")


def long_files(source: Source) -> Iterator[str]:
    if len(source.lines) > FILE_LINES_MAX:
        yield source.at(FILE_LINES_MAX, f"the file has {len(source.lines)} lines")


def long_lines(source: Source) -> Iterator[str]:
    for number, line in enumerate(source.lines, start=1):
        length = len(_PRAGMA.sub("", line))
        if length > LINE_CHARACTERS_MAX:
            yield source.at(number, f"the line has {length} characters")


def many_parameters(source: Source) -> Iterator[str]:
    for function in source.functions():
        spec = function.args
        named = [*spec.posonlyargs, *spec.args, *spec.kwonlyargs]
        rest = [parameter for parameter in (spec.vararg, spec.kwarg) if parameter]
        free = FREE_PARAMETERS | (_options(spec) if source.path.startswith(COMMANDS) else set())
        counted = [one.arg for one in (*named, *rest) if one.arg not in free]
        if len(counted) > PARAMETERS_MAX:
            yield source.at(function.lineno, f"{function.name} has {len(counted)} parameters")


def _options(spec: ast.arguments) -> set[str]:
    placed = [*spec.posonlyargs, *spec.args]
    with_default = placed[len(placed) - len(spec.defaults) :]
    keyed = [one for one, default in zip(spec.kwonlyargs, spec.kw_defaults, strict=True) if default]
    return {one.arg for one in (*with_default, *keyed)}


def deep_nesting(source: Source) -> Iterator[str]:
    for function in source.functions():
        levels = max(_depth(statement) for statement in function.body)
        if levels > NESTING_LEVELS_MAX:
            yield source.at(function.lineno, f"{function.name} nests {levels} levels")


def _depth(node: ast.AST) -> int:
    """How many levels a statement opens, itself included."""
    if isinstance(node, _OWN_MEASURE):
        return 0
    own = 1 if isinstance(node, _OPENS_LEVEL) else 0
    shared = [_depth(child) - _shares_level(node, child) for child in _blocks(node)]
    return own + max(shared, default=0)


def _blocks(node: ast.AST) -> Iterator[ast.AST]:
    """What stands inside a statement: an except or a case is a part, not a level."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ExceptHandler | ast.match_case):
            yield from child.body
        elif isinstance(child, ast.stmt):
            yield child


def _shares_level(parent: ast.AST, child: ast.AST) -> bool:
    """An elif shares the level of its if; a with or try alone in a with or try shares it too."""
    if isinstance(parent, ast.If):
        return parent.orelse == [child] and isinstance(child, ast.If)
    if isinstance(parent, ast.Try):
        return parent.body == [child] and isinstance(child, _WITH)
    if isinstance(parent, _WITH):
        return parent.body == [child] and isinstance(child, (*_WITH, ast.Try))
    return False
