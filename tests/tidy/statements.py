"""The SQL of the project as the tidy checks see it; parsed here again, not by the server's loader.

A file `store/sql/<topic>.sql` is a row of queries, and each looks like this:

    -- lock_consent --
    -- The consent for one purpose, locked so that two decisions cannot cross.
    SELECT state FROM consents WHERE workspace_id = $1 AND customer_id = $2 FOR UPDATE;

Two kinds of comment line open a door in a rule, and say so to the reader:
`-- across workspaces: <reason>` (an operator's report) and `-- wakes only: <reason>` (pg_notify).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pglast import ast, parse_sql
from pglast.parser import ParseError

STORE = Path(__file__).parents[2] / "src" / "onefold" / "store"

_HEADER = re.compile(r"^-- ([a-z][a-z0-9_]*) --$", re.MULTILINE)


@dataclass(frozen=True)
class Statement:
    """One statement; `place` says where it stands, `notes` are the comment lines with it."""

    place: str
    text: str

    @cached_property
    def tree(self) -> ast.Node:
        [parsed] = parse_sql(self.text)
        assert parsed.stmt is not None
        return parsed.stmt

    @property
    def notes(self) -> list[str]:
        lines = [line.strip() for line in self.text.splitlines()]
        return [line.removeprefix("--").strip() for line in lines if line.startswith("--")]

    def says(self, opening: str) -> bool:
        """Whether a note `<opening>: <reason>` stands with the statement, with a reason."""
        return any(re.match(rf"{opening}:\s*\w", note) for note in self.notes)


def read_queries(folder: Path = STORE / "sql") -> list[Statement]:
    files = sorted(folder.glob("*.sql"))
    return [query for file in files for query in split_queries(file.stem, file.read_text("utf-8"))]


def split_queries(topic: str, text: str) -> list[Statement]:
    _, *pieces = _HEADER.split(text)
    names, bodies = pieces[::2], pieces[1::2]
    return [
        Statement(f"{topic}.{name}", body.strip()) for name, body in zip(names, bodies, strict=True)
    ]


def misfits(topic: str, text: str) -> Iterator[str]:
    """What keeps a file of queries from being one: its form, before any rule is asked."""
    before, *pieces = _HEADER.split(text)
    if any(line.strip() and not line.startswith("--") for line in before.splitlines()):
        yield f"{topic} has text before the first `-- name --`"
    names = pieces[::2]
    yield from (f"{topic} names {name} twice" for name in set(names) if names.count(name) > 1)
    for query in split_queries(topic, text):
        yield from (f"{query.place} {what}" for what in _misfits_of(query.text))


def _misfits_of(text: str) -> Iterator[str]:
    if not re.match(r"-- \w", text):
        yield "has no line of purpose under its name"
    if not text.endswith(";"):
        yield "does not end in a semicolon"
    try:
        count = len(parse_sql(text))
    except ParseError as error:
        yield f"does not parse: {error}"
    else:
        if count != 1:
            yield f"holds {count} statements"


def read_migrations(folder: Path = STORE / "migrations") -> list[Statement]:
    """Every statement of every migration, in the order in which they run."""
    return [
        statement
        for file in sorted(folder.glob("*.sql"))
        for statement in split_migration(file.stem, file.read_text("utf-8"))
    ]


def split_migration(name: str, text: str) -> list[Statement]:
    statements = []
    encoded = text.encode()  # the parser counts bytes
    for raw in parse_sql(text):
        start, length = raw.stmt_location or 0, raw.stmt_len or len(encoded)
        piece = encoded[start : start + length].decode()
        above = encoded[:start].decode() + piece[: len(piece) - len(piece.lstrip())]
        statements.append(Statement(f"{name}:{above.count(chr(10)) + 1}", piece.strip()))
    return statements
