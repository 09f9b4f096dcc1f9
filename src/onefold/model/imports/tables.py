"""Rows of a table: cells come by place, and every column is known before the first row."""

from collections.abc import Callable, Sequence
from typing import Any

from onefold.model.imports.filling import Dropped, Settings, Values, fill, put
from onefold.model.imports.resolving import Target
from onefold.model.imports.templates import ROW

EXPORT_MARKS = frozenset({"id", "version", "registered_at"})
"""Columns that only an export has all of."""


class TableMapper:
    """Makes values of the cells of a row. This is the inner loop of every import of a table."""

    def __init__(
        self,
        columns: Sequence[str],
        targets: Sequence[tuple[int, Target]],
        settings: Settings,
        identity: Sequence[int],
    ) -> None:
        self.settings = settings
        self._cut: Callable[[str], str] = str if is_export(columns) else str.strip
        self._targets = [target for _, target in targets]
        self._columns = columns
        self._places = tuple(
            (place, target.path, target.default, target.convert is not None, target)
            for place, target in targets
        )
        self._identity = tuple(identity)

    @property
    def targets(self) -> list[Target]:
        return self._targets

    def values(self, row: int, content: Sequence[str], dropped: list[Dropped]) -> Values:
        """Raises BadValue for the first cell that cannot be used."""
        values: Values = dict(self.settings.constants)
        cut = self._cut
        for place, path, default, converts, target in self._places:
            cell = cut(content[place])
            if not cell:
                if default is not None:
                    values[path] = default
            elif converts:
                put(values, target, cell, dropped)
            else:
                values[path] = cell
        if self.settings.early:
            fill(values, self.settings.early, self.texts(row, content), dropped)
        return values

    def texts(self, row: int, content: Sequence[str]) -> dict[str, str]:
        """What templates are filled with."""
        named = zip(self._columns, content, strict=False)
        return {ROW: str(row), **{name: cell.strip() for name, cell in named}}

    def identity(self, content: Sequence[str]) -> str:
        """What makes two rows the same; a separator of units cannot stand in a cell by chance."""
        return "\x1f".join(content[place].strip() for place in self._identity)

    def column_of(self, path: str) -> str:
        return column_behind(self.targets, self.settings, path)


def is_export(columns: Sequence[str]) -> bool:
    """Whether a table was written by us: its blanks are then part of the values."""
    return EXPORT_MARKS.issubset(columns)


def column_behind(targets: Sequence[Target], settings: Settings, path: str) -> str:
    """The column that a core path was filled from; the path itself when none was."""
    filled = [filling.target for filling in (*settings.early, *settings.late)]
    for target in (*targets, *filled):
        if path == target.path or path.startswith(target.path + "."):
            return target.column
    return path


def as_text(value: Any) -> str:
    """A value as a template writes it."""
    if value is None or isinstance(value, list | dict):
        return ""
    return value.strip() if isinstance(value, str) else str(value)
