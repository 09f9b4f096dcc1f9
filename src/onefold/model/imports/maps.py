"""A map: how the columns of a file become a record. Read from YAML, checked before any row."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from onefold.model.errors import FieldError, Invalid
from onefold.model.imports.names import nearest
from onefold.model.imports.paths import ImportEntity, ValueType

IGNORE = "ignore"
REFUSE, DROP = "refuse", "drop"
BLANKS = "blanks"
CSV, JSON_LINES = "csv", "jsonl"

DELIMITERS: Mapping[str, str] = {
    "comma": ",",
    "semicolon": ";",
    "tab": "\t",
    "pipe": "|",
    BLANKS: BLANKS,
}
"""Words for delimiters; any single character is one too. `blanks` is any number of blanks."""

READING_KEYS = ("format", "delimiter", "header", "names", "encoding")
MAP_KEYS = (*READING_KEYS, *ImportEntity)
ENTITY_KEYS = ("columns", "set", "identity")
FORM_KEYS = ("type", "format", "default", "on_error", "decimal", "separator")
MAP_TYPES = tuple(kind.value for kind in ValueType if kind is not ValueType.ANY)


@dataclass(frozen=True, slots=True)
class Reading:
    """How the file is cut into rows and cells; None is found out from its first line."""

    format: str | None = None
    delimiter: str | None = None
    header: bool = True
    names: tuple[str, ...] = ()
    encoding: str = "utf-8"


@dataclass(frozen=True, slots=True)
class Rule:
    """Where one column goes and how it is read."""

    to: str
    type: ValueType | None = None
    format: str | None = None
    default: Any = None
    on_error: str = REFUSE
    decimal: str = "."
    separator: str = ";"


@dataclass(frozen=True, slots=True)
class Setting:
    """A value for a core path: a constant, or a text with `{column}` in it and how it is read."""

    value: Any
    rule: Rule


@dataclass(frozen=True, slots=True)
class EntityMap:
    """What the rows become: rules by column, settings, and the columns that tell events apart."""

    columns: Mapping[str, Rule] = field(default_factory=dict)
    settings: tuple[Setting, ...] = ()
    identity: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportMap:
    reading: Reading = field(default_factory=Reading)
    entities: Mapping[ImportEntity, EntityMap] = field(default_factory=dict)

    def entity(self, wanted: ImportEntity | None) -> ImportEntity:
        """What the file is imported as; raises Invalid when the map leaves a choice."""
        if wanted is not None:
            return wanted
        if len(self.entities) > 1:
            raise Invalid("the map describes customers and events: say which with --entity")
        return next(iter(self.entities), ImportEntity.CUSTOMERS)

    def of(self, entity: ImportEntity) -> EntityMap:
        return self.entities.get(entity, EntityMap())


class _Findings:
    """Collects what is wrong, so that one run names everything."""

    def __init__(self) -> None:
        self.errors: list[FieldError] = []

    def add(self, path: str, message: str) -> None:
        self.errors.append(FieldError(path, message))

    def unknown(self, path: str, name: str, known: Sequence[str]) -> None:
        likely = nearest(name, known)
        hint = f"did you mean {', '.join(likely)}?" if likely else f"known are {', '.join(known)}"
        self.add(path, f"is not known; {hint}")


def import_map(document: object) -> ImportMap:
    """The map that a YAML document describes; raises Invalid with everything that is wrong."""
    found = _Findings()
    if document is None:
        return ImportMap()
    if not isinstance(document, Mapping):
        raise Invalid("a map is a YAML object with columns and the paths they go to")
    for name in _texts(document):
        if name not in MAP_KEYS:
            found.unknown(name, name, MAP_KEYS)
    entities = {
        entity: _entity(document[entity], entity, found)
        for entity in ImportEntity
        if entity in document
    }
    reading = _reading(document, found)
    if found.errors:
        raise Invalid("the map cannot be used", fields=tuple(found.errors))
    return ImportMap(reading, entities)


def _texts(document: Mapping[Any, Any]) -> Iterator[str]:
    return (str(name) for name in document)


def _reading(document: Mapping[str, Any], found: _Findings) -> Reading:
    form = document.get("format")
    if form not in (None, CSV, JSON_LINES):
        found.add("format", f"must be {CSV} or {JSON_LINES}")
    header = document.get("header", True)
    if not isinstance(header, bool):
        found.add("header", "must be yes or no")
    names = document.get("names") or []
    if not isinstance(names, list) or not all(isinstance(name, str) and name for name in names):
        found.add("names", "must be a list of names")
        names = []
    if header is False and not names and form != JSON_LINES:
        found.add("names", "are needed when the file has no header")
    encoding = document.get("encoding", "utf-8")
    if not _is_encoding(encoding):
        found.add("encoding", "is not a known encoding that keeps ASCII as it is")
    return Reading(form, _delimiter(document, found), header, tuple(names), encoding)


def _is_encoding(name: object) -> bool:
    """Lines are cut before they are decoded, so a line break must be one byte."""
    try:
        return isinstance(name, str) and "a,\n".encode(name) == b"a,\n"
    except LookupError:
        return False


def _delimiter(document: Mapping[str, Any], found: _Findings) -> str | None:
    given = document.get("delimiter")
    if given is None:
        return None
    delimiter = DELIMITERS.get(given, given) if isinstance(given, str) else ""
    if delimiter != BLANKS and (len(delimiter) != 1 or delimiter in '\r\n"'):
        found.add("delimiter", f"must be one character, or one of {', '.join(DELIMITERS)}")
    return delimiter


def _entity(section: object, entity: ImportEntity, found: _Findings) -> EntityMap:
    if section is None:
        return EntityMap()
    if not isinstance(section, Mapping):
        found.add(entity, "must be an object with `columns`")
        return EntityMap()
    for name in _texts(section):
        if name not in ENTITY_KEYS:
            found.unknown(f"{entity}.{name}", name, ENTITY_KEYS)
    columns = _section(section, entity, "columns", found)
    rules = {
        str(column): _rule(given, f"{entity}.columns.{column}", found)
        for column, given in columns.items()
    }
    settings = tuple(
        _setting(str(path), given, f"{entity}.set.{path}", found)
        for path, given in _section(section, entity, "set", found).items()
    )
    return EntityMap(rules, settings, _identity(section, entity, found))


def _section(
    section: Mapping[Any, Any], entity: ImportEntity, name: str, found: _Findings
) -> Mapping[Any, Any]:
    value = section.get(name) or {}
    if isinstance(value, Mapping):
        return value
    found.add(f"{entity}.{name}", "must be an object")
    return {}


def _identity(
    section: Mapping[Any, Any], entity: ImportEntity, found: _Findings
) -> tuple[str, ...]:
    given = section.get("identity") or []
    if not isinstance(given, list) or (given and entity is not ImportEntity.EVENTS):
        found.add(f"{entity}.identity", "must be a list of columns, for events only")
        return ()
    return tuple(str(one) for one in given)


def _rule(given: object, path: str, found: _Findings) -> Rule:
    if isinstance(given, str):
        return Rule(given)
    if not isinstance(given, Mapping) or not isinstance(given.get("to"), str):
        found.add(path, "must be a core path, `ignore`, or an object with `to`")
        return Rule(IGNORE)
    return _form(given, given["to"], path, ("to", *FORM_KEYS), found)


def _setting(to: str, given: object, path: str, found: _Findings) -> Setting:
    """An object with `template` says how the text is read; any other value is meant as it is."""
    if not isinstance(given, Mapping) or "template" not in given:
        return Setting(given, Rule(to))
    if not isinstance(given["template"], str):
        found.add(f"{path}.template", "must be a text")
    return Setting(given["template"], _form(given, to, path, ("template", *FORM_KEYS), found))


def _form(
    given: Mapping[Any, Any], to: str, path: str, keys: Sequence[str], found: _Findings
) -> Rule:
    for name in _texts(given):
        if name not in keys:
            found.unknown(f"{path}.{name}", name, keys)
    kind = given.get("type")
    if kind is not None and kind not in MAP_TYPES:
        found.unknown(f"{path}.type", str(kind), MAP_TYPES)
        kind = None
    on_error = given.get("on_error", REFUSE)
    if on_error not in (REFUSE, DROP):
        found.add(f"{path}.on_error", f"must be {REFUSE} or {DROP}")
    form = given.get("format")
    if form is not None and not isinstance(form, str):
        found.add(f"{path}.format", 'must be a text such as "%Y%m%d"')
        form = None
    return Rule(
        to,
        ValueType(kind) if kind is not None else None,
        form,
        given.get("default"),
        on_error,
        _character(given, "decimal", ".", path, found),
        _character(given, "separator", ";", path, found),
    )


def _character(given: Mapping[Any, Any], name: str, usual: str, path: str, found: _Findings) -> str:
    value = given.get(name, usual)
    if isinstance(value, str) and len(value) == 1:
        return value
    found.add(f"{path}.{name}", "must be one character")
    return usual
