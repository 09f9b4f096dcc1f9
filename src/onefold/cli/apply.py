"""`onefold apply`: provisions what a YAML file describes."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import msgspec
import typer
import yaml

from onefold.actions.provisioning import (
    NodePlan,
    SourcePlan,
    Step,
    WorkspacePlan,
    provision,
)
from onefold.actions.transaction import Database
from onefold.actions.writing import run as run_write
from onefold.assembly import open_context
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
from onefold.model.workspaces import OnMatch, UniquePolicy, WorkspaceSettings
from onefold.settings import Settings


class _Unique(msgspec.Struct, forbid_unknown_fields=True):
    properties: tuple[str, ...] = ()
    case_sensitive: bool = False
    on_match: OnMatch = OnMatch.MERGE


class _Node(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    id: UUID | None = None
    description: str | None = None
    unique: _Unique = msgspec.field(default_factory=_Unique)
    mandatory: tuple[str, ...] = ()


class _Source(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    nodes: tuple[str, ...]
    id: UUID | None = None
    provider: str = "API"
    description: str | None = None
    enabled: bool = True
    properties: dict[str, Any] = {}


class _Settings(msgspec.Struct, forbid_unknown_fields=True):
    timezone: str = "UTC"
    currency: str = "EUR"
    region: str | None = None
    disabled_event_types: tuple[str, ...] = ()


class _Workspace(msgspec.Struct, forbid_unknown_fields=True):
    slug: str
    name: str | None = None
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
    """Provision workspaces, nodes, sources and schemas; doing it twice changes nothing."""
    plans = read_plans(file)
    steps = run(_apply(read_settings(data, database, key_file), plans, diff=diff))
    if as_json:
        print_json([{"action": one.action, "kind": one.kind, "name": one.name} for one in steps])
    elif not steps:
        typer.echo("nothing to change")
    for one in () if as_json else steps:
        typer.echo(f"{'would be ' if diff else ''}{one.action}: {one.kind} {one.name}")


def read_plans(file: Path) -> list[WorkspacePlan]:
    """The plans of a file; ends the command with the place of what cannot be read."""
    try:
        document = yaml.safe_load(file.read_text(encoding="utf-8"))
        shape = msgspec.convert(document, _File)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, msgspec.ValidationError) as error:
        raise refused(f"{file.name}: {error}") from error
    return [_plan(one) for one in shape.workspaces]


class _OnlyLooking(Exception):
    """Ends a transaction that must leave nothing behind."""


async def _apply(settings: Settings, plans: list[WorkspacePlan], *, diff: bool) -> list[Step]:
    steps: list[Step] = []
    async with open_context(settings, connections_max=2) as context:
        for plan in plans:
            steps += await apply_plan(context.database, plan, at=context.clock(), diff=diff)
    return steps


async def apply_plan(
    database: Database, plan: WorkspacePlan, *, at: datetime, diff: bool = False
) -> list[Step]:
    """Applies one plan in one transaction; with `diff` only says what it would do."""
    if not diff:
        return await run_write(database, lambda tx: provision(tx, plan, at=at))
    steps: list[Step] = []
    try:
        async with database.transaction() as tx:
            steps = await provision(tx, plan, at=at)
            raise _OnlyLooking  # noqa: TRY301 - leaving the block with an error rolls it back
    except _OnlyLooking:
        return steps


def _plan(shape: _Workspace) -> WorkspacePlan:
    given = shape.settings
    return WorkspacePlan(
        slug=shape.slug,
        name=shape.name or shape.slug,
        id=shape.id,
        settings=WorkspaceSettings(
            timezone=given.timezone,
            currency=given.currency,
            region=given.region,
            disabled_event_types=given.disabled_event_types,
        ),
        nodes=tuple(_node(one) for one in shape.nodes),
        sources=tuple(
            SourcePlan(
                name=one.name,
                nodes=one.nodes,
                id=one.id,
                provider=one.provider,
                description=one.description,
                enabled=one.enabled,
                properties=one.properties,
            )
            for one in shape.sources
        ),
        properties=shape.properties,
    )


def _node(shape: _Node) -> NodePlan:
    unique = shape.unique
    return NodePlan(
        name=shape.name,
        id=shape.id,
        description=shape.description,
        unique=UniquePolicy(unique.properties, unique.case_sensitive, unique.on_match),
        mandatory=shape.mandatory,
    )
