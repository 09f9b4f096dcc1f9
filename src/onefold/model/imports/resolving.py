"""Where a column goes: by the map, by a core path of its own name, or by the table of names."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import Any

from onefold.model.imports.maps import DROP, IGNORE, EntityMap, Rule
from onefold.model.imports.names import document_path, names_of, nearest, obvious_path
from onefold.model.imports.paths import (
    SERVERS_OWN,
    ImportEntity,
    ValueType,
    known_paths,
    type_of_path,
)
from onefold.model.imports.values import Convert, Notation, check_format, converter
from onefold.model.properties import Definition


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a map is held against besides the file: definitions of `custom`, and a time zone."""

    custom: Mapping[str, Definition]
    zone: tzinfo = UTC


@dataclass(frozen=True, slots=True)
class Target:
    """Where a value goes; `convert` None takes it as it is."""

    column: str
    path: str
    kind: ValueType
    convert: Convert | None
    default: Any = None
    drop: bool = False


class Resolver:
    """Finds targets. `typed` says that values come with types of their own, as in JSON lines."""

    def __init__(
        self, entity: ImportEntity, rules: EntityMap, around: Surroundings, *, typed: bool
    ) -> None:
        self.entity = entity
        self.rules = rules
        self._around = around
        self._typed = typed
        self._set_paths = {setting.rule.to for setting in rules.settings}

    def target(self, column: str) -> Target | None:
        """None for a column that is passed over; raises ValueError for one that goes nowhere."""
        rule = self.rules.columns.get(column)
        if rule is not None:
            return None if rule.to == IGNORE else self.target_of_rule(column, rule)
        if column in SERVERS_OWN[self.entity]:
            return None
        for path in (document_path(column), obvious_path(self.entity, column)):
            if path is not None and path not in self._set_paths and self._type(path) is not None:
                return self.target_of_rule(column, Rule(path))
        raise ValueError(self._advice(column))

    def target_of_rule(self, column: str, rule: Rule) -> Target:
        """Raises ValueError for a path that there is not, and for a default that does not fit."""
        natural = self._type(rule.to)
        if natural is None:
            raise ValueError(f"goes to {rule.to}, which is no core path; {self._near(rule.to)}")
        if rule.format is not None:
            check_format(rule.format)
        kind = rule.type or natural
        notation = Notation(self._around.zone, rule.format, rule.decimal, rule.separator)
        convert = converter(kind, notation, lenient=rule.type is ValueType.TEXT)
        default = rule.default
        if default is not None and convert is not None:
            default = convert(default)
        if not self._typed and kind in (ValueType.TEXT, ValueType.ANY):
            convert = None
        return Target(column, rule.to, kind, convert, default, rule.on_error == DROP)

    def _type(self, path: str) -> ValueType | None:
        return type_of_path(self.entity, path, self._around.custom)

    def _advice(self, column: str) -> str:
        places = "a core path"
        if self.entity is ImportEntity.CUSTOMERS:
            places += ", to `custom.<name>`"
        return f"is not mapped; {self._near(column)} Map it to {places} or to `{IGNORE}`"

    def _near(self, name: str) -> str:
        known = (*known_paths(self.entity, self._around.custom), *names_of(self.entity))
        likely = nearest(name, known)
        return f"did you mean {' or '.join(likely)}?" if likely else "nothing is called like it."
