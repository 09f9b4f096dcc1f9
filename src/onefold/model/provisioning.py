"""What a description wants there to be, and whether it can be had at all.

What a plan leaves UNSET stays as it is, or gets its usual value where the thing is new.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from onefold.model.aggregates import MatchRule
from onefold.model.customers import Address, ContactKind, Name
from onefold.model.errors import FieldError, Invalid
from onefold.model.networks import network_of
from onefold.model.origins import origin_of
from onefold.model.properties import CUSTOMER_OWNER, EVENT_OWNER, PRODUCT_OWNER
from onefold.model.unset import UNSET, UnsetType
from onefold.model.workspaces import UniquePolicy

_SLUG = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_CURRENCY = re.compile(r"[A-Z]{3}")
_REGION = re.compile(r"[A-Z]{2}")
_OWNERS = frozenset({CUSTOMER_OWNER, PRODUCT_OWNER})
_SINGLE_VALUES = frozenset(
    {"external_id", "birth_date", "gender", "locale", "timezone", "currency", "picture"}
    | {"national_id", "extra", "enabled"}
)
_GROUPS: Mapping[str, frozenset[str]] = {
    "name": frozenset(one.name for one in fields(Name)),
    "contact": frozenset(kind.value for kind in ContactKind) - {ContactKind.OTHER.value},
    "address": frozenset(one.name for one in fields(Address)) - {"key", "primary", "extra_lines"},
    "credential": frozenset({"username"}),
}
_OPEN_GROUPS = frozenset({"custom", "handles", "details", "choices"})


@dataclass(frozen=True, slots=True)
class SettingsPlan:
    timezone: str | UnsetType = UNSET
    currency: str | UnsetType = UNSET
    region: str | UnsetType | None = UNSET
    disabled_event_types: tuple[str, ...] | UnsetType = UNSET


@dataclass(frozen=True, slots=True)
class AggregatePlan:
    """What an aggregate node unites: `nodes` are names of entry nodes of the same workspace."""

    nodes: tuple[str, ...]
    rules: tuple[MatchRule, ...]
    active: bool = True


@dataclass(frozen=True, slots=True)
class NodePlan:
    """An entry node, or with `aggregate` one that unites entry nodes."""

    name: str
    id: UUID | None = None
    description: str | UnsetType | None = UNSET
    unique: UniquePolicy | UnsetType = UNSET
    mandatory: tuple[str, ...] | UnsetType = UNSET
    aggregate: AggregatePlan | None = None


@dataclass(frozen=True, slots=True)
class SourcePlan:
    """A source; `nodes` are names of nodes of the same workspace.

    `networks` are where its tokens may be used: addresses, or networks as 192.0.2.0/24. `origins`
    are the pages that may use them, by their addresses.
    """

    name: str
    nodes: tuple[str, ...]
    id: UUID | None = None
    provider: str | UnsetType = UNSET
    description: str | UnsetType | None = UNSET
    enabled: bool | UnsetType = UNSET
    properties: Mapping[str, Any] | UnsetType = UNSET
    networks: tuple[str, ...] | UnsetType = UNSET
    origins: tuple[str, ...] | UnsetType = UNSET


@dataclass(frozen=True, slots=True)
class WorkspacePlan:
    slug: str
    name: str | UnsetType = UNSET
    id: UUID | None = None
    settings: SettingsPlan = field(default_factory=SettingsPlan)
    nodes: tuple[NodePlan, ...] = ()
    sources: tuple[SourcePlan, ...] = ()
    properties: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)


def values_of(plan: SettingsPlan | NodePlan | SourcePlan, *names: str) -> dict[str, Any]:
    """What a plan says of these fields, all of them when none is named."""
    wanted = names or tuple(one.name for one in fields(plan))
    found = {name: getattr(plan, name) for name in wanted}
    return {name: value for name, value in found.items() if value is not UNSET}


def check_plan(plan: WorkspacePlan, *, event_types: Collection[str]) -> None:
    """Raises Invalid with everything in the plan that could never work."""
    found = tuple(_findings(plan, event_types))
    if found:
        raise Invalid(f"workspace {plan.slug} cannot be made as described", fields=found)


def _findings(plan: WorkspacePlan, event_types: Collection[str]) -> Iterator[FieldError]:
    if _SLUG.fullmatch(plan.slug) is None or _is_uuid(plan.slug):
        yield FieldError("slug", "is made of small letters, digits and hyphens, 63 at most")
    if plan.name == "":
        yield FieldError("name", "is empty")
    yield from _settings_findings(plan.settings, event_types)
    yield from _repeated("nodes", [one.name for one in plan.nodes])
    yield from _repeated("sources", [one.name for one in plan.sources])
    for node in plan.nodes:
        yield from _node_findings(node)
        if node.aggregate is not None:
            yield from _aggregate_findings(node, node.aggregate)
    for source in plan.sources:
        yield from _source_findings(source)
    for owner in plan.properties:
        event_type = owner.removeprefix(EVENT_OWNER) if owner.startswith(EVENT_OWNER) else None
        if owner not in _OWNERS and event_type not in event_types:
            words = f"must be {CUSTOMER_OWNER}, {PRODUCT_OWNER} or {EVENT_OWNER} and an event type"
            yield FieldError(f"properties.{owner}", words)


def _settings_findings(
    settings: SettingsPlan, event_types: Collection[str]
) -> Iterator[FieldError]:
    values = values_of(settings)
    for name, is_right, words in _SETTINGS:
        value = values.get(name)
        if value is not None and not is_right(value):
            yield FieldError(f"settings.{name}", words)
    for event_type in values.get("disabled_event_types", ()):
        if event_type not in event_types:
            yield FieldError("settings.disabled_event_types", f"there is no {event_type}")


def _node_findings(node: NodePlan) -> Iterator[FieldError]:
    unique = node.unique.paths if isinstance(node.unique, UniquePolicy) else ()
    mandatory = node.mandatory if isinstance(node.mandatory, tuple) else ()
    for name, paths in (("unique.properties", unique), ("mandatory", mandatory)):
        place = f"nodes.{node.name}.{name}"
        yield from _repeated(place, paths)
        for path in paths:
            if not _is_path(path):
                yield FieldError(place, f"{path} is not a property of customers")


def _aggregate_findings(node: NodePlan, plan: AggregatePlan) -> Iterator[FieldError]:
    place = f"nodes.{node.name}"
    if node.unique is not UNSET or node.mandatory is not UNSET:
        yield FieldError(
            place, "an aggregate node is not written: unique and mandatory mean nothing"
        )
    if not plan.nodes:
        yield FieldError(f"{place}.aggregate.nodes", "names no entry node")
    yield from _repeated(f"{place}.aggregate.nodes", plan.nodes)
    yield from _repeated(f"{place}.aggregate.rules", [one.id for one in plan.rules])
    if not plan.rules or not all(one.paths for one in plan.rules):
        yield FieldError(
            f"{place}.aggregate.rules", "at least one property to match by is required"
        )
    for path in sorted({path for rule in plan.rules for path in rule.paths if not _is_path(path)}):
        yield FieldError(f"{place}.aggregate.rules", f"{path} is not a property of customers")


def _source_findings(source: SourcePlan) -> Iterator[FieldError]:
    if source.networks is not UNSET and not _all_are(network_of, source.networks):
        place = f"sources.{source.name}.networks"
        yield FieldError(place, "holds something that is neither an address nor a network")
    if source.origins is not UNSET and not _all_are(origin_of, source.origins):
        place = f"sources.{source.name}.origins"
        yield FieldError(place, "holds something that is not the address of a page")


def _repeated(place: str, names: Collection[str]) -> Iterator[FieldError]:
    if "" in names:
        yield FieldError(place, "a name is empty")
    for name in sorted({one for one in names if list(names).count(one) > 1}):
        yield FieldError(place, f"{name} stands there twice")


def _is_path(path: str) -> bool:
    """Whether a profile can hold one value there."""
    head, _, rest = path.partition(".")
    if not rest:
        return path in _SINGLE_VALUES
    return head in _OPEN_GROUPS or rest in _GROUPS.get(head, ())


def _all_are(read: Callable[[str], str], texts: Iterable[str]) -> bool:
    try:
        return all(read(text) for text in texts)
    except ValueError:
        return False


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


_SETTINGS: tuple[tuple[str, Callable[[Any], bool], str], ...] = (
    ("timezone", _is_zone, "is not a time zone like Europe/Rome"),
    ("currency", lambda text: _CURRENCY.fullmatch(text) is not None, "is not three capitals"),
    ("region", lambda text: _REGION.fullmatch(text) is not None, "is not two capitals"),
)
