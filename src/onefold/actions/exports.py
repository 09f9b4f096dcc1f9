"""Exports: the records of a node page by page, as lines of CSV or JSON."""

import csv
from collections.abc import AsyncIterator, Iterable, Sequence
from enum import StrEnum
from io import StringIO
from typing import Any
from uuid import UUID

import msgspec

from onefold.actions.context import Context
from onefold.actions.directory import Picture
from onefold.model.access import Actor, Permission
from onefold.model.customers import Customer
from onefold.model.errors import NotFound
from onefold.model.events import Event
from onefold.model.exports import (
    EVENT_COLUMNS,
    Custom,
    customer_cells,
    customer_columns,
    customer_object,
    event_cells,
    event_object,
)
from onefold.model.ids import NIL
from onefold.model.imports.paths import ImportEntity
from onefold.model.properties import CUSTOMER_OWNER
from onefold.store import customers, events

PAGE_ROWS = 1_000


class ExportForm(StrEnum):
    CSV = "csv"
    JSON_LINES = "jsonl"


_encode = msgspec.json.Encoder().encode


async def export_lines(
    context: Context, actor: Actor, *, node_id: UUID, entity: ImportEntity, form: ExportForm
) -> AsyncIterator[tuple[str, int]]:
    """Pieces of the file, each with the number of records in it.

    Every page is read by itself, by ids: memory stays flat, nobody waits, and what changes while
    the export runs is in it as it was before or as it is after.
    """
    actor.require(Permission.CUSTOMER_READ)
    if entity is ImportEntity.EVENTS:
        actor.require(Permission.EVENT_READ)
    picture = await context.directory.workspace(actor.workspace_id)
    if picture is None:
        raise NotFound(f"workspace not found: {actor.workspace_id}")
    actor.require_node(picture.workspace.entry_node(node_id).id)
    if entity is ImportEntity.CUSTOMERS:
        lines = _customer_lines(context, actor, node_id, picture, form)
    else:
        lines = _event_lines(context, actor, node_id, form)
    async for piece in lines:
        yield piece


async def _customer_lines(
    context: Context, actor: Actor, node_id: UUID, picture: Picture, form: ExportForm
) -> AsyncIterator[tuple[str, int]]:
    custom: Custom = picture.definitions.of_owner(CUSTOMER_OWNER)
    if form is ExportForm.CSV:
        yield _table([customer_columns(custom)]), 0
    after = NIL
    while page := await _customers(context, actor, node_id, after):
        if form is ExportForm.CSV:
            text = _table(customer_cells(one, custom) for one in page)
        else:
            text = _objects(customer_object(one, custom) for one in page)
        yield text, len(page)
        after = page[-1].id


async def _event_lines(
    context: Context, actor: Actor, node_id: UUID, form: ExportForm
) -> AsyncIterator[tuple[str, int]]:
    if form is ExportForm.CSV:
        yield _table([EVENT_COLUMNS]), 0
    after = NIL
    while page := await _events(context, actor, node_id, after):
        if form is ExportForm.CSV:
            text = _table(map(event_cells, page))
        else:
            text = _objects(map(event_object, page))
        yield text, len(page)
        after = page[-1].id


async def _customers(
    context: Context, actor: Actor, node_id: UUID, after: UUID
) -> Sequence[Customer]:
    async with context.database.reading() as tx:
        return await customers.list_customers(
            tx, actor.workspace_id, node_id=node_id, after=after, limit=PAGE_ROWS
        )


async def _events(context: Context, actor: Actor, node_id: UUID, after: UUID) -> Sequence[Event]:
    async with context.database.reading() as tx:
        return await events.list_events_of_node(
            tx, actor.workspace_id, node_id=node_id, after=after, limit=PAGE_ROWS
        )


def _table(rows: Iterable[Sequence[str]]) -> str:
    written = StringIO()
    csv.writer(written, lineterminator="\n").writerows(rows)
    return written.getvalue()


def _objects(objects: Iterable[dict[str, Any]]) -> str:
    return "".join(_encode(one).decode() + "\n" for one in objects)
