"""`onefold rules`: what makes customers one person, what other rules would do, and switching."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer
import yaml
from rich.progress import Progress

from onefold.actions.aggregates import run_projections
from onefold.actions.context import Context
from onefold.actions.directory import Picture
from onefold.actions.rules import (
    RuleDifference,
    apply_rules,
    compare_rules,
    roll_back_rules,
)
from onefold.actions.transaction import Transaction
from onefold.actions.writing import run as run_write
from onefold.assembly.context import open_context
from onefold.cli.options import (
    AsJson,
    Data,
    DatabaseUrl,
    KeyFile,
    Workspace,
    print_json,
    read_settings,
    refused,
)
from onefold.cli.persons import find_place
from onefold.cli.running import run
from onefold.model.access import Actor
from onefold.model.aggregates import Aggregate, MatchRule
from onefold.model.errors import Invalid
from onefold.model.workspaces import Node, NodeKind
from onefold.settings import Settings
from onefold.worker.holders import holder_name

SAMPLES_MAX = 5

rules_app = typer.Typer(help="What makes customers one person.", no_args_is_help=True)

File = Annotated[
    Path, typer.Argument(help="YAML: rules, each with id, properties, case_sensitive.")
]
OfNode = Annotated[
    str | None, typer.Option("--node", help="Name or id of the aggregate node, if there are more.")
]


@rules_app.command("show")
def show(
    workspace: Workspace,
    node: OfNode = None,
    data: Data = None,
    database: DatabaseUrl = None,
    key_file: KeyFile = None,
    as_json: AsJson = False,
) -> None:
    """Print the rules of an aggregate node, and those before them."""
    found = run(_show(read_settings(data, database, key_file), workspace, node))
    if as_json:
        print_json(_document(found))
    else:
        typer.echo(yaml.safe_dump(_document(found), sort_keys=False).rstrip())


@rules_app.command("diff")
def diff(
    file: File,
    workspace: Workspace,
    *,
    node: OfNode = None,
    data: Data = None,
    database: DatabaseUrl = None,
    key_file: KeyFile = None,
    as_json: AsJson = False,
) -> None:
    """Say which persons other rules would merge and split; nothing changes."""
    rules = read_rules(file)
    found = run(_diff(read_settings(data, database, key_file), workspace, node, rules))
    if as_json:
        print_json(_difference(found))
    else:
        _tell(found)


@rules_app.command("apply")
def apply(
    file: File,
    workspace: Workspace,
    *,
    node: OfNode = None,
    data: Data = None,
    database: DatabaseUrl = None,
    key_file: KeyFile = None,
    as_json: AsJson = False,
) -> None:
    """Make these the rules, as a new version, and place every customer by them."""
    rules = read_rules(file)
    settings = read_settings(data, database, key_file)
    _tell_switch(run(_switch(settings, workspace, node, rules, quiet=as_json)), as_json=as_json)


@rules_app.command("rollback")
def rollback(
    workspace: Workspace,
    node: OfNode = None,
    data: Data = None,
    database: DatabaseUrl = None,
    key_file: KeyFile = None,
    as_json: AsJson = False,
) -> None:
    """Go back to the rules before these, and place every customer by them."""
    settings = read_settings(data, database, key_file)
    _tell_switch(run(_switch(settings, workspace, node, None, quiet=as_json)), as_json=as_json)


def read_rules(file: Path) -> list[MatchRule]:
    """The rules in a file; ends the command when it holds none."""
    try:
        document = yaml.safe_load(file.read_text(encoding="utf-8"))
        return [_rule(one) for one in document["rules"]]
    except OSError as error:
        raise refused(f"{file} cannot be read: {error.strerror}") from error
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise refused(f"{file} is no list of rules with id and properties") from error


def _rule(document: dict[str, Any]) -> MatchRule:
    return MatchRule(
        str(document["id"]),
        tuple(map(str, document["properties"])),
        bool(document.get("case_sensitive", False)),
    )


def _node(picture: Picture, wanted: str | None) -> Node:
    """The aggregate node of a name or id, or the only one."""
    nodes = [
        one
        for one in picture.workspace.nodes.values()
        if one.kind is NodeKind.AGGREGATE and wanted in (None, one.name, str(one.id))
    ]
    if len(nodes) == 1:
        return nodes[0]
    raise Invalid("name one aggregate node with --node" if nodes else "no such aggregate node")


async def _show(settings: Settings, workspace: str, node: str | None) -> Node:
    async with open_context(settings, connections_max=2) as context:
        _, picture = await find_place(context, workspace)
        return _node(picture, node)


async def _diff(
    settings: Settings, workspace: str, node: str | None, rules: list[MatchRule]
) -> RuleDifference:
    async with open_context(settings, connections_max=2) as context:
        actor, picture = await find_place(context, workspace)
        node_id = _node(picture, node).id
        async with context.database.snapshot() as tx:
            return await compare_rules(tx, actor, picture=picture, node_id=node_id, rules=rules)


async def _switch(
    settings: Settings,
    workspace: str,
    node: str | None,
    rules: list[MatchRule] | None,
    *,
    quiet: bool,
) -> Node:
    """Switches the rules; without any it goes back to those before."""
    async with open_context(settings, connections_max=2) as context:
        actor, picture = await find_place(context, workspace)
        node_id = _node(picture, node).id

        async def write(tx: Transaction) -> Node:
            held = await context.directory.locked(tx, actor.workspace_id)
            at = context.clock()
            if rules is None:
                return await roll_back_rules(tx, actor, picture=held, node_id=node_id, at=at)
            return await apply_rules(tx, actor, picture=held, node_id=node_id, rules=rules, at=at)

        changed = await run_write(context.database, write)
        context.directory.forget_workspace(actor.workspace_id)
        await _project(context, actor, node_id, quiet=quiet)
        return changed


async def _project(context: Context, actor: Actor, node_id: UUID, *, quiet: bool) -> None:
    with Progress(disable=quiet) as bar:
        task = bar.add_task("placing customers", total=None)
        await run_projections(
            context,
            actor,
            node_id=node_id,
            holder=holder_name(),
            progress=lambda many: bar.advance(task, many),
        )


def _document(node: Node) -> dict[str, Any]:
    known = node.aggregate or Aggregate()
    return {
        "node": node.name,
        "state": str(known.state),
        "version": known.rule_set.version,
        "rules": [_shown(one) for one in known.rule_set.rules],
        "earlier": [
            {"version": one.version, "rules": [_shown(rule) for rule in one.rules]}
            for one in known.earlier
        ],
    }


def _shown(rule: MatchRule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "properties": list(rule.paths),
        "case_sensitive": rule.case_sensitive,
    }


def _difference(found: RuleDifference) -> dict[str, Any]:
    return {
        "customers": found.customers,
        "persons_before": found.persons_before,
        "persons_after": len(found.groups),
        "merged": len(found.merges),
        "split": len(found.splits),
        "merges": [asdict(one) for one in found.merges],
        "splits": [asdict(one) for one in found.splits],
    }


def _tell(found: RuleDifference) -> None:
    typer.echo(
        f"{found.customers} customers: {found.persons_before} persons now,"
        f" {len(found.groups)} by these rules"
    )
    typer.echo(f"{len(found.merges)} persons would be made of several")
    for merge in found.merges[:SAMPLES_MAX]:
        typer.echo(f"  {', '.join(map(str, merge.person_ids))}")
    typer.echo(f"{len(found.splits)} persons would be split")
    for split in found.splits[:SAMPLES_MAX]:
        parts = " | ".join(", ".join(map(str, part)) for part in split.parts)
        typer.echo(f"  {split.person_id}: {parts}")


def _tell_switch(node: Node, *, as_json: bool) -> None:
    if as_json:
        print_json(_document(node))
    else:
        known = node.aggregate or Aggregate()
        typer.echo(f"{node.name} goes by version {known.rule_set.version} of its rules")
