"""`onefold apply`: provisions what a YAML file describes."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import msgspec
import typer
import yaml
from msgspec import UNSET, UnsetType

from onefold.actions.context import Context
from onefold.actions.provisioning import Step, provision
from onefold.actions.writing import run as run_write
from onefold.assembly.context import open_context
from onefold.cli.options import (
    AsJson,
    Data,
    DatabaseUrl,
    KeyFile,
    print_json,
    read_settings,
    refused,
)
from onefold.cli.running import run
from onefold.model.aggregates import MatchRule
from onefold.model.errors import Invalid, Refusal
from onefold.model.provisioning import (
    AggregatePlan,
    NodePlan,
    SettingsPlan,
    SourcePlan,
    WorkspacePlan,
    check_plan,
)
from onefold.model.workspaces import OnMatch, UniquePolicy
from onefold.settings import Settings

UNCLAIMED_SHOWN_MAX = 20


class _Unique(msgspec.Struct, forbid_unknown_fields=True):
    properties: tuple[str, ...] = ()
    case_sensitive: bool = False
    on_match: OnMatch = OnMatch.MERGE


class _Rule(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    properties: tuple[str, ...]
    case_sensitive: bool = False


class _Aggregate(msgspec.Struct, forbid_unknown_fields=True):
    nodes: tuple[str, ...]
    rules: tuple[_Rule, ...]
    active: bool = True


class _Node(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    id: UUID | None = None
    description: str | UnsetType | None = UNSET
    unique: _Unique | UnsetType = UNSET
    mandatory: tuple[str, ...] | UnsetType = UNSET
    aggregate: _Aggregate | None = None


class _Source(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    nodes: tuple[str, ...]
    id: UUID | None = None
    provider: str | UnsetType = UNSET
    description: str | UnsetType | None = UNSET
    enabled: bool | UnsetType = UNSET
    properties: dict[str, Any] | UnsetType = UNSET
    networks: tuple[str, ...] | UnsetType = UNSET
    origins: tuple[str, ...] | UnsetType = UNSET


class _Settings(msgspec.Struct, forbid_unknown_fields=True):
    timezone: str | UnsetType = UNSET
    currency: str | UnsetType = UNSET
    region: str | UnsetType | None = UNSET
    disabled_event_types: tuple[str, ...] | UnsetType = UNSET


class _Workspace(msgspec.Struct, forbid_unknown_fields=True):
    slug: str
    name: str | UnsetType = UNSET
    id: UUID | None = None
    settings: _Settings = msgspec.field(default_factory=_Settings)
    nodes: tuple[_Node, ...] = ()
    sources: tuple[_Source, ...] = ()
    properties: dict[str, dict[str, dict[str, Any]]] = {}


class _File(msgspec.Struct, forbid_unknown_fields=True):
    """What a file may say; an unknown word is refused with its place."""

    workspaces: tuple[_Workspace, ...]


def apply(
    file: Annotated[Path, typer.Argument(help="YAML file.")],
    data: Data = None,
    database: DatabaseUrl = None,
    key_file: KeyFile = None,
    diff: Annotated[bool, typer.Option("--diff", help="Say what would change, and stop.")] = False,
    as_json: AsJson = False,
) -> None:
    """Provision workspaces, nodes, sources, schemas and settings; twice changes nothing more."""
    plans = read_plans(file)
    steps = run(_apply(read_settings(data, database, key_file), plans, diff=diff))
    if as_json:
        print_json([_described(one) for one in steps])
        return
    for line in _lines(steps, "would be " if diff else ""):
        typer.echo(line)


def read_plans(file: Path) -> list[WorkspacePlan]:
    """The plans of a file; ends the command with the place of what cannot be read."""
    try:
        document = yaml.safe_load(file.read_text(encoding="utf-8"))
        # Through JSON, in which it is stored: what YAML reads as a date is a text there.
        document = msgspec.json.decode(msgspec.json.encode(document))
        shape = msgspec.convert(document, _File)
    except OSError as error:
        raise refused(str(error)) from error
    except (UnicodeDecodeError, yaml.YAMLError, msgspec.MsgspecError) as error:
        raise refused(f"{file.name}: {error}") from error
    except (TypeError, RecursionError) as error:
        raise refused(f"{file.name}: is not made of texts, numbers, lists and objects") from error
    return [_plan(one) for one in shape.workspaces]


class _OnlyLooking(Exception):
    """Ends a transaction that must leave nothing behind."""


async def _apply(settings: Settings, plans: Sequence[WorkspacePlan], *, diff: bool) -> list[Step]:
    """Every plan is checked before the first is applied; each is one transaction."""
    steps: list[Step] = []
    async with open_context(settings, connections_max=2) as context:
        _check(context, plans)
        for plan in plans:
            try:
                steps += await apply_plan(context, plan, diff=diff)
            except Refusal as refusal:
                message = f"workspace {plan.slug}: {refusal.message}"
                raise type(refusal)(message, fields=refusal.fields) from refusal
    return steps


def _check(context: Context, plans: Sequence[WorkspacePlan]) -> None:
    slugs = [plan.slug for plan in plans]
    for slug in slugs:
        if slugs.count(slug) > 1:
            raise Invalid(f"the workspace {slug} stands there twice")
    for plan in plans:
        check_plan(plan, event_types=context.catalog.types.keys())


async def apply_plan(context: Context, plan: WorkspacePlan, *, diff: bool = False) -> list[Step]:
    """Applies one plan in one transaction; with `diff` only says what it would do."""
    at = context.clock()
    if not diff:
        return await run_write(
            context.database, lambda tx: provision(tx, plan, catalog=context.catalog, at=at)
        )
    steps: list[Step] = []
    try:
        async with context.database.transaction() as tx:
            steps = await provision(tx, plan, catalog=context.catalog, at=at)
            raise _OnlyLooking  # noqa: TRY301 - the end of the block would commit
    except _OnlyLooking:
        return steps


def _described(step: Step) -> dict[str, object]:
    described: dict[str, object] = {
        "action": step.action,
        "kind": step.kind,
        "name": step.name,
    }
    if step.unclaimed:
        described["without_claim"] = [str(one) for one in step.unclaimed]
    return described


def _lines(steps: Sequence[Step], would_be: str) -> list[str]:
    lines = []
    for step in steps:
        lines.append(f"{would_be}{step.action}: {step.kind} {step.name}")
        if not step.unclaimed:
            continue
        lines.append(
            f"  no claim for {len(step.unclaimed)} of its customers: by the new rule an older one"
            " is the same, and gets what is written with their properties:"
        )
        lines += [f"  {one}" for one in step.unclaimed[:UNCLAIMED_SHOWN_MAX]]
        if len(step.unclaimed) > UNCLAIMED_SHOWN_MAX:
            lines.append("  … --json lists them all")
    return lines or ["nothing to change"]


def _plan(shape: _Workspace) -> WorkspacePlan:
    return WorkspacePlan(
        slug=shape.slug,
        id=shape.id,
        settings=SettingsPlan(**_named(shape.settings)),
        nodes=tuple(_node(one) for one in shape.nodes),
        sources=tuple(SourcePlan(**_named(one)) for one in shape.sources),
        properties=shape.properties,
        **_named(shape, "name"),
    )


def _node(shape: _Node) -> NodePlan:
    plan = NodePlan(**_named(shape, "name", "id", "description", "mandatory"))
    if shape.aggregate is not None:
        plan = replace(plan, aggregate=_aggregate(shape.aggregate))
    if isinstance(shape.unique, UnsetType):
        return plan
    unique = shape.unique
    policy = UniquePolicy(unique.properties, unique.case_sensitive, unique.on_match)
    return replace(plan, unique=policy)


def _aggregate(shape: _Aggregate) -> AggregatePlan:
    rules = tuple(MatchRule(one.id, one.properties, one.case_sensitive) for one in shape.rules)
    return AggregatePlan(shape.nodes, rules, shape.active)


def _named(shape: msgspec.Struct, *names: str) -> dict[str, Any]:
    """What the file says of these fields, all of them when none is named."""
    wanted = names or shape.__struct_fields__
    found = {name: getattr(shape, name) for name in wanted}
    return {name: value for name, value in found.items() if value is not UNSET}
