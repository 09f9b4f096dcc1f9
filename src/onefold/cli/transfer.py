"""`onefold import` and `onefold export`: files in and out of a node."""

import asyncio
import sys
from pathlib import Path
from time import monotonic
from typing import Annotated, Any, BinaryIO
from uuid import UUID

import typer
import yaml

from onefold.actions.context import Context
from onefold.actions.exports import ExportForm, export_lines
from onefold.actions.imports.batches import ImportOrder
from onefold.actions.imports.files import digest_of, open_rows
from onefold.actions.imports.opening import Begun, Holder, Work, begin_import, find_repeat
from onefold.actions.imports.ordering import order_import, require_recognition
from onefold.actions.imports.reading import RowReader
from onefold.actions.imports.rehearsal import rehearse_import
from onefold.actions.imports.results import stored_verdicts
from onefold.actions.imports.reverting import revert_import
from onefold.actions.imports.running import Watch, run_import
from onefold.actions.workspaces import find_workspace_of_node
from onefold.assembly.context import open_context
from onefold.cli.collector import rare_collections
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
from onefold.cli.transfer_progress import Display, VerdictFile
from onefold.model.access import Actor, operator_of
from onefold.model.errors import NotFound
from onefold.model.imports.maps import ImportMap, import_map
from onefold.model.imports.paths import ImportEntity
from onefold.model.imports.reverting import RevertTally
from onefold.model.imports.verdicts import Tally
from onefold.settings import Settings
from onefold.worker.holders import holder_name, is_gone

CONNECTIONS = 3
INTERRUPTED = 130

Node = Annotated[UUID, typer.Option("--node", help="Id of the entry node.")]


def import_file(
    node: Node,
    file: Annotated[
        Path | None, typer.Argument(help="CSV or JSON lines, of customers or events.")
    ] = None,
    *,
    map_file: Annotated[
        Path | None, typer.Option("--map", help="YAML: which column goes where.")
    ] = None,
    entity: Annotated[
        ImportEntity | None, typer.Option(help="What the rows are; customers without a map.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Store nothing.")] = False,
    verdicts: Annotated[
        Path | None, typer.Option(help="Write what became of each row, as CSV.")
    ] = None,
    revert: Annotated[
        UUID | None, typer.Option("--revert", metavar="JOB", help="Take this import back.")
    ] = None,
    data: Data = None,
    database: DatabaseUrl = None,
    key_file: KeyFile = None,
    as_json: AsJson = False,
) -> None:
    """Import a file into a node. The same command again goes on where it was interrupted."""
    settings = read_settings(data, database, key_file)
    if (file is None) == (revert is None):
        raise refused("name a FILE to import, or with --revert an import to take back")
    display = Display()
    try:
        if file is None:
            result = run(_revert(settings, node, revert or UUID(int=0), display))
        else:
            wanted = _Wanted(file, _read_map(map_file), entity, verdicts, dry_run=dry_run)
            result = run(_import(settings, node, wanted, display))
    except KeyboardInterrupt:
        raise _interrupted(display) from None
    if as_json:
        print_json(result)


def export_data(
    node: Node,
    entity: Annotated[ImportEntity, typer.Option(help="What to export.")] = ImportEntity.CUSTOMERS,
    form: Annotated[ExportForm, typer.Option("--format", help="How to write it.")] = ExportForm.CSV,
    out: Annotated[
        Path | None, typer.Option(help="File to write; standard output without.")
    ] = None,
    data: Data = None,
    database: DatabaseUrl = None,
    key_file: KeyFile = None,
) -> None:
    """Export the customers or events of a node, in a form that `import` takes back."""
    settings = read_settings(data, database, key_file)
    display = Display(quiet=out is None)
    try:
        run(_export(settings, node, entity, form, out, display))
    except KeyboardInterrupt:
        raise _interrupted(display) from None


def _interrupted(display: Display) -> typer.Exit:
    display.stop()
    display.say("interrupted; the same command goes on where this one stopped")
    return typer.Exit(INTERRUPTED)


class _Wanted:
    """What one call of `import` asks for."""

    def __init__(
        self,
        file: Path,
        map_document: object,
        entity: ImportEntity | None,
        verdicts: Path | None,
        *,
        dry_run: bool,
    ) -> None:
        self.file = file
        self.map_document = map_document
        self.entity = entity
        self.verdicts = verdicts
        self.dry_run = dry_run


def _read_map(path: Path | None) -> object:
    if path is None:
        return None
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise refused(f"{path.name}: {error}") from error


def _open(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise refused(f"{path}: {error.strerror or error}") from error


async def _actor(context: Context, node_id: UUID) -> Actor:
    async with context.database.reading() as tx:
        return operator_of(await find_workspace_of_node(tx, node_id=node_id))


async def _import(
    settings: Settings, node_id: UUID, wanted: _Wanted, display: Display
) -> dict[str, Any]:
    with _open(wanted.file) as file:
        rules = import_map(wanted.map_document)
        reader = open_rows(file, rules.reading, name=wanted.file.name)
        work = Work(
            node_id,
            rules.entity(wanted.entity),
            digest_of(file),
            wanted.map_document,
            wanted.file.name,
        )
        async with open_context(settings, connections_max=CONNECTIONS) as context:
            actor = await _actor(context, node_id)
            order = await _order(context, actor, reader, work, rules)
            display.show_mapping(order)
            passing = _Passing(context, actor, order, reader, display)
            if wanted.dry_run:
                return await passing.rehearse(wanted)
            return await passing.store(wanted, work)


async def _order(
    context: Context, actor: Actor, reader: RowReader, work: Work, rules: ImportMap
) -> ImportOrder:
    picture = await context.directory.workspace(actor.workspace_id)
    if picture is None:
        raise NotFound(f"node not found {work.node_id}")
    repeat = await find_repeat(context, actor, work=work)
    order = order_import(picture, reader, work=work, rules=rules, repeat=repeat)
    require_recognition(picture.workspace.node(work.node_id), order)
    return order


class _Passing:
    """One pass over the file, shown and written down."""

    def __init__(
        self,
        context: Context,
        actor: Actor,
        order: ImportOrder,
        reader: RowReader,
        display: Display,
    ) -> None:
        self._context = context
        self._actor = actor
        self._order = order
        self._reader = reader
        self._display = display

    async def rehearse(self, wanted: _Wanted) -> dict[str, Any]:
        began = monotonic()
        with VerdictFile(wanted.verdicts) as written:
            self._display.start(wanted.file, "rehearsing")
            watch = Watch(self._display.advance, written.add)
            tally = await rehearse_import(
                self._context, self._actor, order=self._order, reader=self._reader, watch=watch
            )
        seconds = monotonic() - began
        self._display.finish(tally, seconds, "dry run: nothing was stored")
        return _result(tally, seconds, written, {"job": None, "dry_run": True})

    async def store(self, wanted: _Wanted, work: Work) -> dict[str, Any]:
        holder = Holder(holder_name(), is_gone)
        begun = await begin_import(self._context, self._actor, work=work, holder=holder)
        self._display.begin(begun)
        began = monotonic()
        with VerdictFile(wanted.verdicts) as written:
            if begun.resumed:
                await self._write_stored(begun, written)
            self._display.start(wanted.file, "importing")
            watch = Watch(self._display.advance, written.add)
            with rare_collections():
                tally = await run_import(
                    self._context,
                    self._actor,
                    order=self._order,
                    reader=self._reader,
                    job=begun.job,
                    watch=watch,
                )
        seconds = monotonic() - began
        self._display.finish(tally, seconds, f"job {begun.job.id}")
        more = {"job": str(begun.job.id), "resumed": begun.resumed}
        return _result(tally, seconds, written, more)

    async def _write_stored(self, begun: Begun, written: VerdictFile) -> None:
        """What earlier runs of the job did is part of its verdicts."""
        async for verdicts in stored_verdicts(self._context, self._actor, job_id=begun.job.id):
            written.add(verdicts)


def _result(
    tally: Tally, seconds: float, written: VerdictFile, more: dict[str, Any]
) -> dict[str, Any]:
    return {
        **more,
        "rows": tally.rows,
        "created": tally.created,
        "merged": tally.merged,
        "unchanged": tally.unchanged,
        "refused": tally.refused,
        "events": tally.events,
        "seconds": round(seconds, 3),
        "rows_per_second": round(tally.rows / seconds) if seconds else None,
        "problems_by_kind": dict(tally.problems),
        "problems": written.problems,
    }


async def _revert(
    settings: Settings, node_id: UUID, job_id: UUID, display: Display
) -> dict[str, Any]:
    async with open_context(settings, connections_max=CONNECTIONS) as context:
        actor = await _actor(context, node_id)
        holder = Holder(holder_name(), is_gone)
        tally = await revert_import(
            context, actor, job_id=job_id, holder=holder, report=display.advance_revert
        )
    display.finish_revert(tally)
    return _reverted(job_id, tally)


def _reverted(job_id: UUID, tally: RevertTally) -> dict[str, Any]:
    return {
        "job": str(job_id),
        "removed": tally.removed,
        "restored": tally.restored,
        "kept": tally.kept,
        "events": tally.events,
        "problems": [{"customer": one, "reason": why} for one, why in tally.problems],
    }


async def _export(
    settings: Settings,
    node_id: UUID,
    entity: ImportEntity,
    form: ExportForm,
    out: Path | None,
    display: Display,
) -> None:
    async with open_context(settings, connections_max=CONNECTIONS) as context:
        actor = await _actor(context, node_id)
        lines = export_lines(context, actor, node_id=node_id, entity=entity, form=form)
        rows = 0
        file = sys.stdout if out is None else out.open("w", encoding="utf-8", newline="")
        try:
            async for piece, many in lines:
                await asyncio.to_thread(file.write, piece)
                rows += many
                display.count(rows)
        finally:
            if out is not None:
                file.close()
        display.say(f"{rows:,} {entity} exported")


async def transfer_file(
    settings: Settings, node_id: UUID, *, file: Path, map_file: Path, entity: ImportEntity
) -> dict[str, Any]:
    """Imports one file as the command does, without a word; for the demo."""
    wanted = _Wanted(file, _read_map(map_file), entity, None, dry_run=False)
    return await _import(settings, node_id, wanted, Display(quiet=True))
