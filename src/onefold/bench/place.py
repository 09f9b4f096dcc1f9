"""Where a benchmark runs: a temporary data directory with a workspace, a node and a token."""

import os
import platform
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any
from uuid import UUID

from onefold.actions.access import issue_token
from onefold.actions.context import Context
from onefold.actions.directory import Picture
from onefold.actions.transaction import Transaction
from onefold.actions.workspaces import create_workspace, save_node, save_source
from onefold.assembly.context import Server, open_context
from onefold.bench.report import Machine
from onefold.bench.statements import statement
from onefold.model.access import Actor, Role, operator_of
from onefold.model.errors import NotFound
from onefold.model.ids import uuid7
from onefold.model.workspaces import Node, NodeKind, Source, UniquePolicy, WorkspaceSettings
from onefold.settings import Settings, settings_from

Row = Any
"""A row of the driver: values by place or by column name."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How long and how often to measure, on how much; None rows is what each bench usually takes.

    `say` tells a waiting person what is going on.
    """

    seconds: float = 5.0
    repeats: int = 5
    rows: int | None = None
    say: Callable[[str], None] = lambda _: None


@dataclass(frozen=True, slots=True)
class Shop:
    """A workspace with one entry node, and a token that may write and read its customers."""

    workspace_id: UUID
    node_id: UUID
    token: str

    @property
    def operator(self) -> Actor:
        return operator_of(self.workspace_id)


@dataclass(frozen=True, slots=True)
class Place:
    """A running PostgreSQL of the benchmark's own, and a shop on it."""

    settings: Settings
    context: Context
    dsn: str
    folder: Path
    shop: Shop

    async def run_sql(self, text: str, *arguments: object) -> None:
        await self.context.database.pool.execute(text, *arguments)

    async def read_sql(self, text: str, *arguments: object) -> list[Row]:
        rows: list[Row] = await self.context.database.pool.fetch(text, *arguments)
        return rows

    async def picture(self, shop: Shop | None = None) -> Picture:
        workspace_id = (shop or self.shop).workspace_id
        found = await self.context.directory.workspace(workspace_id)
        if found is None:
            raise NotFound(f"workspace not found: {workspace_id}")
        return found


@asynccontextmanager
async def open_place() -> AsyncIterator[Place]:
    """Everything is gone at the end. TMPDIR says on which disk the figures are made."""
    with tempfile.TemporaryDirectory(prefix="onefold-bench-") as folder:
        settings = settings_from(data_dir=Path(folder) / "data")
        async with open_context(settings) as context:
            server = Server(settings)
            try:
                shop = await open_shop(context, "bench")
                yield Place(settings, context, server.dsn, Path(folder), shop)
            finally:
                server.release()


async def open_shop(context: Context, slug: str) -> Shop:
    at = context.clock()
    async with context.database.transaction() as tx:
        workspace_id = await create_workspace(
            tx, slug=slug, name=slug.capitalize(), settings=WorkspaceSettings(), at=at
        )
        operator = operator_of(workspace_id)
        unique = UniquePolicy(("contact.email",))
        node = Node(uuid7(at), NodeKind.ENTRY, "Shop", unique=unique)
        await save_node(tx, operator, node=node, at=at)
        source = Source(uuid7(at), "Till", "API", (node.id,))
        await save_source(tx, operator, source=source, at=at)
        token = await _issue(tx, operator, source, at)
    context.directory.forget()
    return Shop(workspace_id, node.id, token)


async def _issue(tx: Transaction, operator: Actor, source: Source, at: datetime) -> str:
    return await issue_token(
        tx,
        operator,
        kind="source",
        roles=frozenset({Role.APPLICATION}),
        subject_id=source.id,
        node_ids=frozenset(source.node_ids),
        at=at,
    )


async def read_machine(place: Place) -> Machine:
    """Cores, versions, and the settings of the server that decide what an answer is worth."""
    (row,) = await place.read_sql(statement("server_settings"))
    return Machine(
        cores=os.cpu_count() or 1,
        python=platform.python_version(),
        onefold=version("onefold"),
        **dict(row.items()),
    )
