"""`onefold explain`, `merge`, `unmerge` and `never-same`: who is who, and why."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Protocol
from uuid import UUID

import typer

from onefold.actions.context import Context
from onefold.actions.directory import Picture
from onefold.actions.persons.decisions import (
    forget_decision,
    merge_customers,
    part_customers,
    unmerge_customers,
)
from onefold.actions.persons.explain import explain_pair, explain_together, explain_value
from onefold.actions.transaction import Transaction
from onefold.actions.workspaces import find_workspace
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
)
from onefold.cli.running import run
from onefold.model.access import Actor, operator_of
from onefold.settings import Settings

One = Annotated[UUID, typer.Argument(help="Id of a customer or person.")]
Other = Annotated[UUID, typer.Argument(help="Id of the other one.")]
With = Annotated[UUID | None, typer.Option("--with", help="Why the two are one person, or not.")]
Field = Annotated[str | None, typer.Option("--field", help="Why this value, as name.given.")]
Undo = Annotated[bool, typer.Option("--undo", help="Leave it to the rules again.")]

Work = Callable[[Transaction, Actor, Picture], Awaitable[Any]]


class Decide(Protocol):
    def __call__(
        self,
        tx: Transaction,
        actor: Actor,
        *,
        picture: Picture,
        ids: tuple[UUID, UUID],
        at: datetime,
    ) -> Awaitable[None]: ...


def explain(
    customer: One,
    workspace: Workspace,
    *,
    other: With = None,
    field: Field = None,
    data: Data = None,
    database: DatabaseUrl = None,
    key_file: KeyFile = None,
    as_json: AsJson = False,
) -> None:
    """Say why customers are one person, why two are not, or where a value comes from."""

    async def work(tx: Transaction, actor: Actor, picture: Picture) -> Any:
        if field is not None:
            return asdict(
                await explain_value(tx, actor, picture=picture, customer_id=customer, path=field)
            )
        if other is not None:
            found = await explain_pair(tx, actor, picture=picture, ids=(customer, other))
            return [asdict(one) for one in found]
        people = await explain_together(tx, actor, picture=picture, customer_id=customer)
        return [asdict(one) for one in people]

    settings = read_settings(data, database, key_file)
    found = run(_read(settings, workspace, work))
    if as_json:
        print_json(found)
    elif field is not None:
        _tell_value(found)
    elif other is not None:
        _tell_pairs(found)
    else:
        _tell_persons(found)


def merge(
    customer: One,
    other: Other,
    workspace: Workspace,
    *,
    data: Data = None,
    database: DatabaseUrl = None,
    key_file: KeyFile = None,
    as_json: AsJson = False,
) -> None:
    """Make two customers, or two persons, one person; `unmerge` takes it back."""
    settings = read_settings(data, database, key_file)
    _decide(settings, workspace, merge_customers, (customer, other), "merged", as_json=as_json)


def unmerge(
    customer: One,
    other: Other,
    workspace: Workspace,
    *,
    data: Data = None,
    database: DatabaseUrl = None,
    key_file: KeyFile = None,
    as_json: AsJson = False,
) -> None:
    """Make two persons of one again, each with what was written to its customers meanwhile."""
    settings = read_settings(data, database, key_file)
    _decide(settings, workspace, unmerge_customers, (customer, other), "unmerged", as_json=as_json)


def never_same(
    customer: One,
    other: Other,
    workspace: Workspace,
    *,
    undo: Undo = False,
    data: Data = None,
    database: DatabaseUrl = None,
    key_file: KeyFile = None,
    as_json: AsJson = False,
) -> None:
    """Say that two are never the same person, whatever the rules find."""
    settings = read_settings(data, database, key_file)
    act: Decide = forget_decision if undo else part_customers
    word = "left to the rules" if undo else "never the same"
    _decide(settings, workspace, act, (customer, other), word, as_json=as_json)


def _decide(
    settings: Settings,
    workspace: str,
    act: Decide,
    ids: tuple[UUID, UUID],
    word: str,
    *,
    as_json: bool,
) -> None:
    run(_write(settings, workspace, act, ids))
    if as_json:
        print_json({"customers": ids, "done": word})
    else:
        typer.echo(f"{ids[0]} and {ids[1]}: {word}")


async def _read(settings: Settings, workspace: str, work: Work) -> Any:
    async with open_context(settings, connections_max=2) as context:
        actor, picture = await find_place(context, workspace)
        async with context.database.snapshot() as tx:
            return await work(tx, actor, picture)


async def _write(settings: Settings, workspace: str, act: Decide, ids: tuple[UUID, UUID]) -> None:
    async with open_context(settings, connections_max=2) as context:
        actor, _ = await find_place(context, workspace)

        async def write(tx: Transaction) -> None:
            picture = await context.directory.current(tx, actor.workspace_id)
            await act(tx, actor, picture=picture, ids=ids, at=context.clock())

        await run_write(context.database, write)


async def find_place(context: Context, workspace: str) -> tuple[Actor, Picture]:
    """The operator in the workspace of this slug or id, and its rules."""
    async with context.database.reading() as tx:
        record = await find_workspace(tx, slug_or_id=workspace)
    return operator_of(record.id), await context.directory.newest(record.id)


def _tell_persons(found: list[dict[str, Any]]) -> None:
    if not found:
        typer.echo("in no active aggregate node")
    for person in found:
        typer.echo(f"person {person['person_id']} in node {person['node_id']}")
        for link in person["links"]:
            reasons = "; ".join(map(_reason, link["joints"])) or "met nobody before"
            typer.echo(f"  customer {link['customer_id']}: {reasons}")


def _reason(met: dict[str, Any]) -> str:
    if met["rule"] is None:
        return f"with {met['other_id']}, as {met['decided_by']} said on {met['at']:%Y-%m-%d}"
    values = ", ".join(f"{path} {value}" for path, value in met["compared"].items())
    rule = f"rule {met['rule']} of version {met['rule_version']}"
    return f"with {met['other_id']} by {rule}: {values}"


def _tell_pairs(found: list[dict[str, Any]]) -> None:
    if not found:
        typer.echo("no active aggregate node takes in both")
    for pairing in found:
        word = "one person" if pairing["together"] else "two persons"
        typer.echo(f"{word} in node {pairing['node_id']}")
        for one in pairing["comparisons"]:
            rule = f"rule {one['rule']}: " if one["rule"] else ""
            typer.echo(f"  {'for' if one['joins'] else 'against'}: {rule}{one['why']}")


def _tell_value(found: dict[str, Any]) -> None:
    typer.echo(f"{found['path']} is {found['value']} (by {found['policy']})")
    for one in found["said"]:
        source = one["actor_id"] or one["actor_kind"]
        when = f", written by {source} on {one['at']:%Y-%m-%d %H:%M}" if one["at"] else ""
        typer.echo(f"  customer {one['customer_id']}: {one['value']}{when}")
