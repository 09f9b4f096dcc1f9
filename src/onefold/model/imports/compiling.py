"""A map held against a file and a workspace: everything that is wrong is said before any row."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

from onefold.model.errors import FieldError, Invalid
from onefold.model.imports.filling import Dropped, Filling, Settings, Values
from onefold.model.imports.maps import EntityMap, Setting
from onefold.model.imports.names import nearest
from onefold.model.imports.objects import ObjectMapper
from onefold.model.imports.paths import ImportEntity, ImportOperation, ValueType
from onefold.model.imports.resolving import Resolver, Surroundings, Target
from onefold.model.imports.tables import TableMapper
from onefold.model.imports.templates import LATE_NAMES, ROW, late, template_of


class RowMapper(Protocol):
    """Makes values of rows, whatever they are cut from; the content is its reader's."""

    settings: Settings

    @property
    def targets(self) -> list[Target]:
        """Where columns go, as far as it is known before they come."""

    def values(self, row: int, content: Any, dropped: list[Dropped]) -> Values:
        """Values by core path; raises BadValue."""

    def texts(self, row: int, content: Any) -> dict[str, str]:
        """What templates are filled with."""

    def identity(self, content: Any) -> str:
        """What makes two rows the same."""

    def column_of(self, path: str) -> str:
        """The column behind a core path, for saying where a refusal comes from."""


EVENT_NEEDS = ("type", "context", "occurred_at")
EVENT_OWNERS = ("customer.id", "customer.external_id")


def map_table(
    entity: ImportEntity,
    rules: EntityMap,
    columns: Sequence[str],
    around: Surroundings,
    *,
    operation: ImportOperation | None = None,
) -> TableMapper:
    """The mapper of a file with these columns; raises Invalid with everything that is wrong."""
    resolver = Resolver(entity, rules, around, typed=False)
    errors = [*_absent_columns(rules, columns)]
    settings = _settings(resolver, errors)
    needed = settings.names | set(rules.identity)
    targets: list[tuple[int, Target]] = []
    for place, column in enumerate(columns):
        try:
            target = resolver.target(column)
        except ValueError as error:
            if column not in needed:
                errors.append(FieldError(column, str(error)))
            continue
        if target is not None:
            targets.append((place, target))
    errors.extend(_clashes([target for _, target in targets], settings))
    paths = [target.path for _, target in targets]
    if operation is ImportOperation.DELETE:
        errors.extend(_nameless(entity, paths))
    else:
        errors.extend(_missing(entity, paths, settings))
    if errors:
        raise Invalid("the columns of the file cannot be imported as they are", fields=(*errors,))
    used = [place for place, _ in targets]
    used += [place for place, column in enumerate(columns) if column in settings.names]
    named = [columns.index(column) for column in rules.identity]
    return TableMapper(columns, targets, settings, named or sorted(set(used)))


def map_objects(
    entity: ImportEntity,
    rules: EntityMap,
    samples: Iterable[dict[str, Any]],
    around: Surroundings,
) -> ObjectMapper:
    """The mapper of JSON lines that begin with these; raises Invalid.

    A name that appears only later in the file refuses its own row.
    """
    resolver = Resolver(entity, rules, around, typed=True)
    errors: list[FieldError] = []
    for column in rules.columns:
        try:
            resolver.target(column)
        except ValueError as error:
            errors.append(FieldError(column, str(error)))
    settings = _settings(resolver, errors)
    mapper = ObjectMapper(resolver, settings, rules.identity)
    unknown = {}
    for sample in samples:
        unknown.update(mapper.unknown_names(sample))
    errors.extend(FieldError(name, reason) for name, reason in unknown.items())
    errors.extend(_missing(entity, (target.path for target in mapper.targets), settings))
    if errors:
        raise Invalid("the fields of the file cannot be imported as they are", fields=(*errors,))
    return mapper


def _absent_columns(rules: EntityMap, columns: Sequence[str]) -> Iterator[FieldError]:
    """Columns that the map speaks of and the file does not have."""
    named = [*rules.columns, *rules.identity]
    for setting in rules.settings:
        template = template_of(setting.value) if isinstance(setting.value, str) else None
        named += template.names if template else ()
    for column in dict.fromkeys(named):
        if column not in columns and column not in LATE_NAMES | {ROW}:
            likely = nearest(column, columns)
            hint = f"did you mean {' or '.join(likely)}?" if likely else _listed(columns)
            yield FieldError(column, f"is in the map and not in the file; {hint}")
    twice = [column for column, many in Counter(columns).items() if many > 1]
    yield from (FieldError(column, "stands twice in the file") for column in twice)
    for place, column in enumerate(columns, start=1):
        if not column:
            yield FieldError(f"column {place}", "has no name; give `names` in the map")


def _listed(columns: Sequence[str]) -> str:
    return f"the file has {', '.join(columns)}"


def _settings(resolver: Resolver, errors: list[FieldError]) -> Settings:
    constants: dict[str, Any] = {}
    early: list[Filling] = []
    at_last: list[Filling] = []
    for setting in resolver.rules.settings:
        try:
            target = resolver.target_of_rule(f"set {setting.rule.to}", setting.rule)
            template = template_of(setting.value) if isinstance(setting.value, str) else None
            if template is None:
                constants[target.path] = _constant(target, setting)
            elif resolver.entity is ImportEntity.EVENTS and late(template, resolver.rules.columns):
                at_last.append(Filling(target, template))
            else:
                early.append(Filling(target, template))
        except ValueError as error:
            errors.append(FieldError(f"set {setting.rule.to}", str(error)))
    return Settings(constants, tuple(early), tuple(at_last))


def _constant(target: Target, setting: Setting) -> Any:
    value = setting.value
    if value is None or value == "":
        raise ValueError("is empty")
    if target.kind is ValueType.TEXT and not isinstance(value, str):
        raise ValueError("must be text: put it in quotes")
    return value if target.convert is None else target.convert(value)


def _clashes(targets: Sequence[Target], settings: Settings) -> Iterator[FieldError]:
    """Two columns for one place would let chance decide."""
    seen: dict[str, str] = dict.fromkeys(settings.constants, "`set`")
    seen |= {one.target.path: "`set`" for one in (*settings.early, *settings.late)}
    for target in targets:
        first = seen.setdefault(target.path, target.column)
        if first != target.column:
            message = f"goes to {target.path}, as does {first}: map one of them to `ignore`"
            yield FieldError(target.column, message)


def _nameless(entity: ImportEntity, paths: Iterable[str]) -> Iterator[FieldError]:
    """An event that is to go has no name but its id."""
    if entity is ImportEntity.EVENTS and "id" not in paths:
        yield FieldError("id", "is needed to delete events")


def _missing(
    entity: ImportEntity, paths: Iterable[str], settings: Settings
) -> Iterator[FieldError]:
    """What every event needs from somewhere."""
    if entity is ImportEntity.CUSTOMERS:
        return
    filled = (one.target.path for one in (*settings.early, *settings.late))
    present = {*paths, *settings.constants, *filled}
    for path in EVENT_NEEDS:
        if path not in present:
            yield FieldError(path, "is needed for events: map a column to it, or `set` it")
    if not present.intersection(EVENT_OWNERS):
        yield FieldError(EVENT_OWNERS[1], "is needed for events: whose are they?")
