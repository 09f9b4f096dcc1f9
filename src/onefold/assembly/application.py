"""Puts the house together from settings; the one file that knows every floor."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from threading import Thread
from time import monotonic
from typing import Any

import structlog
import yaml
from starlette.applications import Starlette
from starlette.types import ASGIApp, Lifespan

from onefold.actions.context import Context
from onefold.actions.directory import Directory
from onefold.actions.throttling import Throttle
from onefold.actions.transaction import DRIVER_ERRORS, Database
from onefold.dialects.contacthub import routes as contacthub
from onefold.model.event_catalog import EventCatalog
from onefold.settings import Settings
from onefold.store.database import POOL_CONNECTIONS_MAX
from onefold.store.embedded import Lease, ServerUnavailable, acquire
from onefold.store.keys import KeyUnusable, open_sealer, read_key
from onefold.store.migrate import Migration, migrate
from onefold.store.partitions import ensure_months, month_after
from onefold.store.sealing import Sealer
from onefold.web.application import Dialect, application
from onefold.web.contract import Contract
from onefold.web.protocol import BoundedProtocol
from onefold.web.request_log import RequestLog
from onefold.web.services import Services
from onefold.worker.loop import Worker
from onefold.worker.turns import turn

__all__ = [
    "BoundedProtocol",
    "KeyUnusable",
    "Server",
    "ServerUnavailable",
    "application_on",
    "context_on",
    "demo_folder",
    "migrate",
    "open_context",
    "prepare",
    "read_contract",
    "read_key",
    "serving_application",
    "utc_now",
]

COMMAND_SECONDS_MAX = 3600.0
"""At the command line somebody waits on purpose: a count or a new claim for every customer."""
GC_THRESHOLDS = (50_000, 20, 50)
WATCH_SECONDS = 1.0
PARTITION_SECONDS = 6 * 3600.0
PARTITION_RETRY_SECONDS = 60.0
log = structlog.get_logger()


def utc_now() -> datetime:
    """The only clock; everything below the doors is told the time."""
    return datetime.now(UTC)


@cache
def contract_folder() -> Path:
    """Where the contracts are: in the package, or beside it in a checkout."""
    packaged = Path(str(files("onefold") / "contracts"))
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "contracts"


@cache
def read_contract(name: str) -> dict[str, Any]:
    text = (contract_folder() / f"{name}.yaml").read_text(encoding="utf-8")
    document: dict[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    return document


def demo_folder() -> Path:
    """Where the demo's data is: in the package, or beside it in a checkout."""
    packaged = Path(str(files("onefold") / "data"))
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "data"


class Server:
    """The PostgreSQL behind the settings: our own, held by a lease, or somebody else's."""

    def __init__(self, settings: Settings) -> None:
        self._rescue: Thread | None = None
        self.lease: Lease | None = None
        if settings.data_dir is not None:
            self.lease = acquire(settings.data_dir, settings.bin_dir)
        self._url = settings.database_url or ""

    @property
    def dsn(self) -> str:
        return self.lease.dsn() if self.lease is not None else self._url

    def bring_back(self) -> None:
        """Starts an embedded server again that was killed; others are not ours to start.

        It takes as long as a recovery, in a thread that nobody waits for.
        """
        if self.lease is not None and not self._is_bringing_back():
            self._rescue = Thread(target=self._ensure, args=(self.lease,), daemon=True)
            self._rescue.start()

    def release(self) -> None:
        """Gives the lease up; while a rescue is under way the end of the process does it."""
        if self.lease is not None and not self._is_bringing_back():
            self.lease.release()

    def _is_bringing_back(self) -> bool:
        return self._rescue is not None and self._rescue.is_alive()

    @staticmethod
    def _ensure(lease: Lease) -> None:
        try:
            lease.ensure()
        except ServerUnavailable as error:
            log.warning("database cannot be started", reason=str(error))


async def prepare(server: Server, settings: Settings) -> tuple[list[Migration], Sealer]:
    """Brings the schema up to date and opens the key; what had to be applied, and the sealer."""
    applied = await migrate(server.dsn, at=utc_now())
    return applied, await open_sealer(server.dsn, settings.key_file, at=utc_now())


@asynccontextmanager
async def open_context(settings: Settings, *, connections_max: int = 10) -> AsyncIterator[Context]:
    """Everything that actions need, on a migrated database; closed in order at the end."""
    server = Server(settings)
    try:
        _, sealer = await prepare(server, settings)
        database = await Database.open(
            server.dsn,
            sealer,
            connections_max=connections_max,
            command_seconds_max=COMMAND_SECONDS_MAX,
        )
        try:
            await make_partitions(database, at=utc_now())
            yield context_on(database)
        finally:
            await database.close()
    finally:
        server.release()


def context_on(database: Database) -> Context:
    return Context(
        database=database,
        directory=Directory(database, clock=utc_now, ticks=monotonic),
        throttle=Throttle(database),
        catalog=EventCatalog(read_contract("contacthub-events")),
        clock=utc_now,
    )


def application_on(
    context: Context,
    *,
    slot: int = 0,
    figures_folder: Path | None = None,
    lifespan: Lifespan[Starlette] | None = None,
) -> tuple[ASGIApp, Services, RequestLog]:
    """The server's ASGI application; `slot` tells the counters of worker processes apart."""
    services = Services(context, slot=slot)
    requests = RequestLog()
    app = application(
        services,
        _dialects(),
        requests=requests,
        is_ready=context.database.answers,
        figures_folder=figures_folder,
        lifespan=lifespan,
    )
    return app, services, requests


def _dialects() -> list[Dialect]:
    contract = Contract(read_contract(contacthub.NAME))
    return [
        Dialect(
            contacthub.BASE_PATH, contacthub.door(contract), contacthub.ROUTES, contacthub.NOTES
        )
    ]


def serving_application(settings: Settings, *, slot: int = 0) -> ASGIApp:
    """The application with its own connection to PostgreSQL, opened and closed with the server.

    Needs a running event loop, and the key file that `prepare` leaves.
    """
    sealer = Sealer(read_key(settings.key_file))
    server = Server(settings)
    database = Database.prepare(server.dsn, sealer, connections_max=POOL_CONNECTIONS_MAX)
    context = context_on(database)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        try:
            await prepare(server, settings)
            await database.start()
            _spare_what_stays()
            tasks = [asyncio.create_task(_keep_up(server, database))]
            if settings.work:
                tasks.append(asyncio.create_task(_work(context, settings.figures_folder)))
            try:
                yield
            finally:
                for task in tasks:
                    task.cancel()
                await services.drain()
                await asyncio.gather(*tasks, return_exceptions=True)
        finally:
            requests.flush()
            await database.close()
            server.release()

    app, services, requests = application_on(
        context, slot=slot, figures_folder=settings.figures_folder, lifespan=lifespan
    )
    return app


async def _work(context: Context, folder: Path | None) -> None:
    """Runs jobs and schedules beside answering, in one of the server's processes."""
    async with turn(folder):
        await Worker(context).run()


def _spare_what_stays() -> None:
    """Takes what lives as long as the process (contracts, compiled schemas) out of the collector.

    Walking it again and again took 8 % of the time of recording events and most of the longest
    waits.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)


async def _keep_up(server: Server, database: Database) -> None:
    """Brings an embedded server back when it is gone, and makes the months' partitions."""
    partitions_due, away = 0.0, False
    while True:
        was_away, away = away, not await database.answers()
        if away != was_away:
            log.warning("database does not answer" if away else "database answers again")
        if away:
            server.bring_back()
            database.move(server.dsn)
        elif monotonic() >= partitions_due:
            partitions_due = monotonic() + await _seconds_to_partitions(database)
        await asyncio.sleep(WATCH_SECONDS)


async def _seconds_to_partitions(database: Database) -> float:
    """Makes what is due and says when to look again; without them writes go on, only slower."""
    try:
        await make_partitions(database, at=utc_now())
    except DRIVER_ERRORS as error:
        log.warning("partitions could not be made", error=type(error).__name__)
        return PARTITION_RETRY_SECONDS
    return PARTITION_SECONDS


async def make_partitions(database: Database, *, at: datetime) -> None:
    """The partitions of this month and the next."""
    month = at.date().replace(day=1)
    async with database.reading() as tx:
        await ensure_months(tx, [month, month_after(month)])
