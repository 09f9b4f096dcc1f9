"""`onefold forget`: everything about a customer, on demand, with a certificate of it."""

import json
from pathlib import Path
from typing import Annotated, Any, NamedTuple
from uuid import UUID

import typer

from onefold.actions.certificates import make_certificate
from onefold.actions.context import Context
from onefold.actions.customers.forget import Forgetting, forget_customer
from onefold.actions.directory import Picture
from onefold.actions.suppression import find_by_email
from onefold.actions.suppression import readmit as let_back
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
    refused,
)
from onefold.cli.running import run
from onefold.model.access import Actor, operator_of
from onefold.model.errors import NotFound
from onefold.settings import Settings

Customer = Annotated[UUID | None, typer.Argument(help="Id of the customer.")]
Email = Annotated[
    str | None, typer.Option("--email", help="Whoever has this address, in every node.")
]
Certificate = Annotated[
    Path | None, typer.Option("--certificate", help="Write what was removed, signed; - prints it.")
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask: it cannot be undone.")]


class Done(NamedTuple):
    forgetting: Forgetting
    certificate: dict[str, Any]


def forget(
    workspace: Workspace,
    customer: Customer = None,
    *,
    email: Email = None,
    certificate: Certificate = None,
    yes: Yes = False,
    data: Data = None,
    database: DatabaseUrl = None,
    key_file: KeyFile = None,
    as_json: AsJson = False,
) -> None:
    """Remove everything about a customer and keep it from coming back by itself."""
    if (customer is None) == (email is None):
        raise refused("name the customer by id or by --email")
    if not yes and not as_json:
        typer.confirm("Everything about this customer goes for good. Go on?", abort=True)
    settings = read_settings(data, database, key_file)
    done = run(_forget(settings, workspace, customer, email))
    papers = [one.certificate for one in done]
    if certificate is not None:
        _hand_out(papers, certificate)
    if as_json and str(certificate) != "-":
        print_json(papers)
    elif certificate is None:
        for one in done:
            rows = ", ".join(f"{many} {name}" for name, many in one.forgetting.removed.items())
            typer.echo(f"{one.forgetting.customer_id} is forgotten: {rows}")


def readmit(
    workspace: Workspace,
    email: Annotated[str, typer.Option("--email", help="The address that may come back.")],
    data: Data = None,
    database: DatabaseUrl = None,
    key_file: KeyFile = None,
    as_json: AsJson = False,
) -> None:
    """Let somebody who was forgotten be taken in again under this e-mail address."""
    many = run(_readmit(read_settings(data, database, key_file), workspace, email))
    if as_json:
        print_json({"readmitted": many > 0})
    else:
        typer.echo("may come back" if many else "was not kept out")


def _hand_out(papers: list[dict[str, Any]], file: Path) -> None:
    text = json.dumps(papers[0] if len(papers) == 1 else papers, indent=2)
    if str(file) == "-":
        typer.echo(text)
    else:
        file.write_text(text + "\n", encoding="utf-8")
        typer.echo(f"the certificate is in {file}", err=True)


async def _forget(
    settings: Settings, workspace: str, customer: UUID | None, email: str | None
) -> list[Done]:
    async with open_context(settings, connections_max=2) as context:
        actor, picture = await _place(context, workspace)
        wanted = [customer] if customer else await _by_email(context, actor, email or "")
        if not wanted:
            raise NotFound(f"nobody has the address {email}")
        return [await _forget_one(context, actor, picture, one) for one in wanted]


async def _forget_one(context: Context, actor: Actor, picture: Picture, customer_id: UUID) -> Done:
    async def write(tx: Transaction) -> Done:
        current = await context.directory.current(tx, actor.workspace_id)
        done = await forget_customer(
            tx, actor, picture=current, customer_id=customer_id, at=context.clock()
        )
        paper = make_certificate(tx, actor, workspace=picture.workspace, done=done)
        return Done(done, paper)

    return await run_write(context.database, write)


async def _by_email(context: Context, actor: Actor, email: str) -> list[UUID]:
    async with context.database.reading() as tx:
        return await find_by_email(tx, actor, email=email)


async def _readmit(settings: Settings, workspace: str, email: str) -> int:
    async with open_context(settings, connections_max=2) as context:
        actor, _ = await _place(context, workspace)
        return await run_write(context.database, lambda tx: let_back(tx, actor, email=email))


async def _place(context: Context, workspace: str) -> tuple[Actor, Picture]:
    async with context.database.reading() as tx:
        record = await find_workspace(tx, slug_or_id=workspace)
    picture = await context.directory.workspace(record.id)
    if picture is None:
        raise NotFound(f"workspace not found: {workspace}")
    return operator_of(record.id), picture
