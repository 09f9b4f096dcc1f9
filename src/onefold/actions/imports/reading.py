"""Rows of a file: cut, counted and numbered, with the place where the next one begins.

A row that cannot be read comes with a problem instead of content, and the next one is read as if
nothing had happened.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import msgspec

from onefold.actions.imports.lines import Flaw, Lines, UnclosedQuote
from onefold.model.imports.maps import BLANKS
from onefold.model.imports.tables import is_export
from onefold.model.imports.verdicts import Problem, ProblemKind

Content = Sequence[str] | Mapping[str, Any]
"""Cells of a table's row, or the fields of a JSON line."""

NUL_ESCAPE = b"\\u0000"
"""How a JSON line writes NUL, which PostgreSQL does not store."""

_decode = msgspec.json.Decoder().decode


class Row(NamedTuple):
    """`number` counts from 1, without the header; `content` means nothing beside a problem."""

    number: int
    content: Content
    problem: Problem | None


class RowReader(Protocol):
    """What an import reads from. `position` and `row` say how far it is."""

    columns: tuple[str, ...] | None
    row: int

    @property
    def position(self) -> int: ...

    def go_to(self, position: int, row: int) -> None:
        """Goes on after this row, which ended at this position."""

    def read(self, rows: int) -> list[Row]:
        """At most so many rows; none at the end of the file."""


class TableReader:
    """Rows of cells; `columns` is the header, or the names that a map gives."""

    def __init__(self, lines: Lines, columns: tuple[str, ...], delimiter: str) -> None:
        self.columns: tuple[str, ...] | None = columns
        self.row = 0
        self._width = len(columns)
        self._lines = lines
        self._delimiter = delimiter
        self._trims = not is_export(columns)
        self._cells = self._records()

    @property
    def position(self) -> int:
        return self._lines.position

    def go_to(self, position: int, row: int) -> None:
        self._lines.seek(position)
        self._cells = self._records()
        self.row = row

    def read(self, rows: int) -> list[Row]:
        found: list[Row] = []
        while len(found) < rows:
            row = self._next()
            if row is None:
                break
            if row.content or row.problem:
                found.append(row)
        return found

    def _next(self) -> Row | None:
        """The next row, None at the end; a blank line has neither content nor problem."""
        lines = self._lines
        lines.start_record()
        try:
            cells = next(self._cells, None)
        except (csv.Error, UnclosedQuote) as error:
            lines.keep_first()
            self._cells = self._records()
            return self._numbered((), lines.flaw or _reason(error))
        if cells is None:
            return None
        if lines.flaw is not None:
            return self._numbered((), lines.flaw)
        if cells and len(cells) != self._width:
            reason = f"the row has {len(cells)} columns, the header {self._width}"
            return self._numbered((), (ProblemKind.COLUMNS, reason))
        return self._numbered(cells, None) if cells else Row(0, (), None)

    def _records(self) -> Iterator[list[str]]:
        return cells_of(self._lines, self._delimiter, trims=self._trims)

    def _numbered(self, cells: Sequence[str], flaw: Flaw | None) -> Row:
        self.row += 1
        problem = Problem(self.row, flaw[0], "", flaw[1]) if flaw else None
        return Row(self.row, cells, problem)


class ObjectReader:
    """Rows that are JSON objects, one a line."""

    def __init__(self, lines: Lines) -> None:
        self.columns: tuple[str, ...] | None = None
        self.row = 0
        self._lines = lines

    @property
    def position(self) -> int:
        return self._lines.position

    def go_to(self, position: int, row: int) -> None:
        self._lines.seek(position)
        self.row = row

    def read(self, rows: int) -> list[Row]:
        found: list[Row] = []
        while len(found) < rows:
            self._lines.start_record()
            raw = self._lines.next_bytes()
            if not raw:
                break
            if not raw.strip():
                continue
            self.row += 1
            fields, flaw = _object(raw, self._lines.flaw)
            problem = Problem(self.row, flaw[0], "", flaw[1]) if flaw else None
            found.append(Row(self.row, fields, problem))
        return found


def cells_of(lines: Lines, delimiter: str, *, trims: bool = True) -> Iterator[list[str]]:
    """Records as they are written; quotes must pair, so that no row is misread in silence."""
    if delimiter == BLANKS:
        return (line.split() for line in lines)
    return csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=trims)


def _reason(error: Exception) -> Flaw:
    if isinstance(error, UnclosedQuote):
        return (ProblemKind.QUOTES, "a quote is opened and never closed")
    words = str(error)
    if "field larger" in words:
        return (
            ProblemKind.TOO_LONG,
            f"a cell is longer than {csv.field_size_limit():,} characters",
        )
    if "unexpected end" in words:
        return (ProblemKind.QUOTES, "a quote is opened and never closed")
    return (ProblemKind.QUOTES, "a quote stands inside a quoted cell, or text after it")


def _object(raw: bytes, flaw: Flaw | None) -> tuple[Mapping[str, Any], Flaw | None]:
    if flaw is not None:
        return {}, flaw
    if b"\0" in raw or NUL_ESCAPE in raw:
        return {}, (ProblemKind.ENCODING, "the row holds a NUL")
    try:
        fields = _decode(raw)
    except UnicodeDecodeError:
        return {}, (ProblemKind.ENCODING, "the row is not valid utf-8")
    except (msgspec.MsgspecError, RecursionError):
        return {}, (ProblemKind.JSON, "the line is not valid JSON")
    if not isinstance(fields, dict):
        return {}, (ProblemKind.JSON, "the line is not a JSON object")
    return fields, None
