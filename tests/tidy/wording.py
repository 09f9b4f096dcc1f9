"""Names that say nothing, silence that hides failures, and ignores without a reason."""

import ast
import re
import tokenize
from collections.abc import Iterator
from io import StringIO
from pathlib import PurePosixPath

from tests.tidy.sources import Source

# A module named like this becomes the place for everything that nobody wants to place.
VAGUE_IN_MODULE = frozenset(
    {"util", "utils", "helper", "helpers", "common", "base", "manager", "managers", "data", "info"}
)
VAGUE_CLASS_ENDINGS = ("Manager", "Helper", "Helpers", "Util", "Utils")
VAGUE_IN_FUNCTION = frozenset(
    {"util", "utils", "helper", "helpers", "common", "manager", "managers"}
)
VAGUE_FUNCTIONS = frozenset({"data", "info", "base", "process"})

# The two places where the unknown failure of one request or job must not end the server.
# This list only shrinks.
BROAD_EXCEPT_ALLOWED = {
    "src/onefold/web/endpoint.py": "any failure becomes the dialect's 500 and a log line",
    "src/onefold/web/coalesce.py": "a batch's failure is handed to every caller that waits for it",
    "src/onefold/worker/loop.py": "a failed job is recorded as failed and the next one is taken",
}

_BROAD = frozenset({"Exception", "BaseException"})
_IGNORE = re.compile(r"#\s*(noqa|type:\s*ignore|ruff:\s*noqa|mypy:\s*ignore-errors)(.*)")
_CODES = re.compile(r"^(?::\s*|\[)\s*[A-Za-z][\w-]*(?:\s*,\s*[A-Za-z][\w-]*)*\]?(.*)$")
_REASON = re.compile(r"\w")


def vague_modules(source: Source) -> Iterator[str]:
    # A folder holds modules too, so each part of the path below src/ or tests/ is a name.
    for part in PurePosixPath(source.path).with_suffix("").parts[1:]:
        if vague := VAGUE_IN_MODULE.intersection(part.lower().strip("_").split("_")):
            yield source.at(1, f"the module name {part} says {', '.join(sorted(vague))}")


def vague_classes(source: Source) -> Iterator[str]:
    for one in source.classes():
        if one.name.endswith(VAGUE_CLASS_ENDINGS):
            yield source.at(one.lineno, f"class {one.name} says nothing")


def vague_functions(source: Source) -> Iterator[str]:
    for one in source.functions():
        words = one.name.lower().strip("_").split("_")
        if VAGUE_IN_FUNCTION.intersection(words) or one.name in VAGUE_FUNCTIONS:
            yield source.at(one.lineno, f"function {one.name} says nothing")


def broad_excepts(source: Source) -> Iterator[str]:
    """Bare except, except Exception or BaseException, and suppress() of the same."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ExceptHandler) and (node.type is None or _is_broad(node.type)):
            yield source.at(node.lineno, "a broad except")
        elif isinstance(node, ast.Call) and _suppresses_broadly(node):
            yield source.at(node.lineno, "a broad suppress")


def missing_docstrings(source: Source) -> Iterator[str]:
    """An empty __init__.py needs none: there is nothing to explain."""
    if source.text.strip() and ast.get_docstring(source.tree) is None:
        yield source.at(1, "the module does not say why it exists")


def bare_ignores(source: Source) -> Iterator[str]:
    """An ignore names its code and then its reason: `# noqa: S608 - names come from a list`."""
    for token in tokenize.generate_tokens(StringIO(source.text).readline):
        if token.type != tokenize.COMMENT or not (found := _IGNORE.search(token.string)):
            continue
        codes = _CODES.match(found[2])
        if codes is None:
            yield source.at(token.start[0], f"{found[1]} without a code")
        elif not _REASON.search(codes[1]):
            yield source.at(token.start[0], f"{found[1]} without a reason")


def _suppresses_broadly(call: ast.Call) -> bool:
    return _name_of(call.func) == "suppress" and any(_is_broad(one) for one in call.args)


def _is_broad(node: ast.expr) -> bool:
    if isinstance(node, ast.Tuple):
        return any(_is_broad(element) for element in node.elts)
    return _name_of(node) in _BROAD


def _name_of(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
