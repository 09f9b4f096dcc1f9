"""Rows that are JSON objects: values come by dotted name, with types of their own."""

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from onefold.model.imports.filling import BadValue, Dropped, Settings, Values, fill, put
from onefold.model.imports.paths import ValueType
from onefold.model.imports.resolving import Resolver, Target
from onefold.model.imports.tables import as_text, column_behind
from onefold.model.imports.templates import ROW
from onefold.model.imports.verdicts import ProblemKind

Fields = Mapping[str, Any]

NAMES_REMEMBERED_MAX = 10_000
"""How many names are resolved once; a file with more of them resolves the others each time."""

_TAKEN_WHOLE = frozenset({ValueType.JSON, ValueType.ANY})


class ObjectMapper:
    """Makes values of the fields of a line; a name that goes nowhere refuses its row."""

    def __init__(self, resolver: Resolver, settings: Settings, identity: Collection[str]) -> None:
        self.settings = settings
        self._resolver = resolver
        self._identity = frozenset(identity)
        self._needed = settings.names | self._identity
        self._known: dict[str, Target | None] = {}

    @property
    def targets(self) -> list[Target]:
        """Those that were met so far."""
        return [target for target in self._known.values() if target is not None]

    def values(self, row: int, content: Fields, dropped: list[Dropped]) -> Values:
        """Raises BadValue for the first field that cannot be used."""
        values: Values = dict(self.settings.constants)
        for name, value in _flattened(content, self._is_taken_whole):
            target = self._target(name)
            if target is None:
                continue
            if value is None or value == "":
                if target.default is not None:
                    values[target.path] = target.default
                elif value is None:
                    values[target.path] = None
            else:
                put(values, target, value, dropped)
        if self.settings.early:
            fill(values, self.settings.early, self.texts(row, content), dropped)
        return values

    def texts(self, row: int, content: Fields) -> dict[str, str]:
        """What templates are filled with."""
        return {
            ROW: str(row),
            **{name: as_text(value) for name, value in _flattened(content, lambda _: False)},
        }

    def identity(self, content: Fields) -> str:
        """What makes two rows the same, whatever the order of their fields."""
        used = {
            name: value
            for name, value in _flattened(content, self._is_taken_whole)
            if (name in self._identity if self._identity else self._is_used(name))
        }
        return json.dumps(used, sort_keys=True, ensure_ascii=False)

    def unknown_names(self, fields: Fields) -> dict[str, str]:
        """Names that go nowhere, and what to do about it."""
        unknown = {}
        for name, _ in _flattened(fields, self._is_taken_whole):
            try:
                self._target(name)
            except BadValue as bad:
                unknown[name] = bad.reason
        return unknown

    def column_of(self, path: str) -> str:
        return column_behind(self.targets, self.settings, path)

    def _is_taken_whole(self, name: str) -> bool:
        """Whether an object is one value, instead of being looked into."""
        if name in self._resolver.rules.columns:
            return True
        try:
            target = self._target(name)
        except BadValue:
            return False
        return target is None or target.kind in _TAKEN_WHOLE

    def _is_used(self, name: str) -> bool:
        return name in self._needed or self._target(name) is not None

    def _target(self, name: str) -> Target | None:
        if name in self._known:
            return self._known[name]
        try:
            target = self._resolver.target(name)
        except ValueError as error:
            if name not in self._needed:
                raise BadValue(ProblemKind.UNKNOWN, name, str(error)) from None
            target = None
        if len(self._known) < NAMES_REMEMBERED_MAX:
            self._known[name] = target
        return target


def _flattened(
    fields: Fields, is_taken_whole: Callable[[str], bool], under: str = ""
) -> Iterator[tuple[str, Any]]:
    """Every value under its dotted name."""
    for name, value in fields.items():
        dotted = under + name
        if isinstance(value, Mapping) and not is_taken_whole(dotted):
            yield from _flattened(value, is_taken_whole, f"{dotted}.")
        else:
            yield dotted, value
