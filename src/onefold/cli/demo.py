"""The demo: a workspace with fictional people and a shop's purchases, and its credentials."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any
from urllib.parse import quote

import typer

from onefold.actions.access import digest_of, keep_token
from onefold.actions.context import Context
from onefold.actions.workspaces import find_workspace, list_sources
from onefold.assembly.context import open_context, read_key
from onefold.assembly.files import demo_folder
from onefold.cli.address import address_of, noted_address
from onefold.cli.apply import apply_plan, read_plans
from onefold.cli.options import AsJson, Data, DatabaseUrl, KeyFile, print_json, read_settings
from onefold.cli.running import run
from onefold.cli.transfer import transfer_file
from onefold.model.access import Role, Token, operator_of
from onefold.model.errors import NotFound
from onefold.model.ids import uuid7
from onefold.model.imports.paths import ImportEntity
from onefold.model.workspaces import Workspace
from onefold.settings import Settings

SLUG = "demo"


@dataclass(frozen=True, slots=True)
class Demo:
    """What a caller of the demo needs to know."""

    workspace: Workspace
    token: str
    base_url: str

    def described(self) -> dict[str, object]:
        nodes = {node.name: str(node.id) for node in self.workspace.nodes.values()}
        return {
            "contacthub": {
                "base_url": self.base_url,
                "headers": {"Authorization": f"Bearer {self.token}"},
                "workspace_id": str(self.workspace.id),
                "node_ids": nodes,
            }
        }


def demo_credentials(
    data: Data = None,
    database: DatabaseUrl = None,
    key_file: KeyFile = None,
    port: Annotated[
        int | None, typer.Option(help="Port of `serve`; the one that it has noted without.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Print how to call the demo: for each dialect base URL, headers, workspace and node ids."""
    named = {} if port is None else {"port": port}
    settings = read_settings(data, database, key_file, **named)
    address = None if named else noted_address(settings)
    described = run(_described(settings, address))
    if as_json:
        print_json(described)
        return
    for dialect, facts in described.items():
        typer.echo(f"{dialect}: {facts}")


async def _described(settings: Settings, address: str | None) -> dict[str, object]:
    async with open_context(settings, connections_max=2) as context:
        return (await find_demo(context, settings, address)).described()


async def find_demo(context: Context, settings: Settings, address: str | None = None) -> Demo:
    """The demo of this data directory; raises NotFound before `serve --demo` has made it."""
    async with context.database.reading() as tx:
        try:
            workspace = await find_workspace(tx, slug_or_id=SLUG)
        except NotFound as error:
            message = "there is no demo here; make it with serve --demo"
            raise NotFound(message) from error
    base = f"{address or address_of(settings.host, settings.port)}/contacthub/hub/v1"
    return Demo(workspace, demo_token(settings, "contacthub"), base)


def demo_token(settings: Settings, dialect: str) -> str:
    """The demo's token, made from the key so that it is the same after a restart."""
    key = read_key(settings.key_file)
    return hmac.new(key, f"demo {dialect}".encode(), sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class Course:
    """One file of the demo's data: what is imported where."""

    title: str
    file: str
    map_file: str
    node: str
    entity: ImportEntity


COURSES = (
    Course("people", "febrl-1.csv", "febrl.map.yaml", "people", ImportEntity.CUSTOMERS),
    Course("more people", "febrl-3.csv", "febrl.map.yaml", "people", ImportEntity.CUSTOMERS),
    Course("customers", "cdnow-sample.txt", "cdnow.map.yaml", "shop", ImportEntity.CUSTOMERS),
    Course("purchases", "cdnow-sample.txt", "cdnow.map.yaml", "shop", ImportEntity.EVENTS),
)


async def prepare_demo(settings: Settings) -> None:
    """Provisions the demo and imports its data; prints what it did and how to call it.

    Done again it finds everything there, and changes nothing.
    """
    folder = demo_folder()
    async with open_context(settings) as context:
        for plan in read_plans(folder / "demo.yaml"):
            await apply_plan(context, plan)
        context.directory.forget()
        demo = await find_demo(context, settings)
        await _keep_token(context, demo)
        nodes = {node.name: node.id for node in demo.workspace.nodes.values()}
        for course in COURSES:
            result = await transfer_file(
                settings,
                nodes[course.node],
                file=folder / course.file,
                map_file=folder / course.map_file,
                entity=course.entity,
            )
            typer.echo(summary(course, result))
        typer.echo(welcome(demo, settings))


def summary(course: Course, result: Mapping[str, Any]) -> str:
    """One line on what an import did."""
    counted = ", ".join(
        f"{result[word]:,} {word}"
        for word in ("created", "merged", "unchanged", "events", "refused")
        if result[word]
    )
    return (
        f"  {course.title:12} {course.file:17} {result['rows']:>6,} rows: {counted}"
        f" in {result['seconds']:.1f} s ({result['rows_per_second']:,} rows/s)"
    )


async def _keep_token(context: Context, demo: Demo) -> None:
    actor = operator_of(demo.workspace.id)
    at = context.clock()
    async with context.database.transaction() as tx:
        sources = {one.name: one.id for one in await list_sources(tx, actor)}
        token = Token(
            digest=digest_of(demo.token),
            workspace_id=demo.workspace.id,
            id=uuid7(at),
            kind="source",
            subject_id=sources[SLUG],
            roles=frozenset({Role.ADMIN, Role.PRIVACY_OFFICER}),
            node_ids=None,
            enabled=True,
            expires_at=None,
        )
        await keep_token(tx, actor, token=token, at=at)


def welcome(demo: Demo, settings: Settings) -> str:
    """Ready calls, to be pasted into a terminal."""
    nodes = {node.name: node.id for node in demo.workspace.nodes.values()}
    url = f"{demo.base_url}/workspaces/{demo.workspace.id}"
    query = quote(
        '{"query":{"type":"simple","are":{"condition":{"type":"atomic",'
        '"attribute":"base.lastName","operator":"EQUALS","value":"white"}}}}'
    )
    header = f"-H 'Authorization: Bearer {demo.token}'"
    return "\n".join(
        (
            "",
            f"  docs     {address_of(settings.host, settings.port)}/contacthub/docs",
            "",
            f"  curl {header} '{url}/customers?nodeId={nodes['people']}&size=2'",
            f"  curl {header} '{url}/customers?nodeId={nodes['people']}&query={query}'",
            f"  curl {header} '{url}/events?nodeId={nodes['shop']}&size=2'",
            f"  curl {header} '{url}/updates?size=2'",
            "",
        )
    )
