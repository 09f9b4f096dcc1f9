"""Values of one row as they are put together, and what happens to one that cannot be used."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from onefold.model.imports.resolving import Target
from onefold.model.imports.templates import Template
from onefold.model.imports.verdicts import ProblemKind

Values = dict[str, Any]
"""Core path -> value; None is an explicit null of a JSON line."""


class BadValue(Exception):
    """A cell that cannot be used, and with it its row."""

    def __init__(self, kind: ProblemKind, column: str, reason: str) -> None:
        super().__init__(reason)
        self.kind = kind
        self.column = column
        self.reason = reason


class Dropped(NamedTuple):
    """A value that the row was stored without, because the map says `on_error: drop`."""

    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class Filling:
    """A core path whose value is put together for each row."""

    target: Target
    template: Template


@dataclass(frozen=True, slots=True)
class Settings:
    """Values that come from the map: constants, and templates by when they can be filled."""

    constants: Mapping[str, Any]
    early: tuple[Filling, ...] = ()
    late: tuple[Filling, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """Every column that a template uses."""
        fillings = (*self.early, *self.late)
        return frozenset(name for filling in fillings for name in filling.template.names)


def put(values: Values, target: Target, value: Any, dropped: list[Dropped]) -> None:
    """Converts and keeps a value that is not empty; raises BadValue."""
    if target.convert is not None:
        try:
            value = target.convert(value)
        except ValueError as error:
            if not target.drop:
                raise BadValue(ProblemKind.VALUE, target.column, str(error)) from None
            dropped.append(Dropped(target.column, str(error)))
            return
    values[target.path] = value


def fill(
    values: Values,
    fillings: tuple[Filling, ...],
    texts: Mapping[str, str],
    dropped: list[Dropped],
) -> None:
    """Puts what templates make of the row's texts; an empty one leaves its path alone."""
    for filling in fillings:
        text = filling.template.filled(lambda name: texts.get(name, ""))
        if text:
            put(values, filling.target, text, dropped)
        elif filling.target.default is not None:
            values[filling.target.path] = filling.target.default
