"""The Python files of the project as the tidy checks see them: path, text and syntax tree."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Source:
    """One file; `path` is relative to the root of the project, with forward slashes."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node

    def classes(self) -> Iterator[ast.ClassDef]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ClassDef):
                yield node

    def at(self, line: int, what: str) -> str:
        return f"{self.path}:{line} {what}"


@cache
def read_sources(*folders: str, suffix: str = ".py") -> tuple[Source, ...]:
    return tuple(
        Source(file.relative_to(ROOT).as_posix(), file.read_text("utf-8"))
        for folder in folders
        for file in sorted((ROOT / folder).rglob(f"*{suffix}"))
    )
