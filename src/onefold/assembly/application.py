"""The application that `serve` runs: doors, the worker, and a server that is kept alive."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Thread
from time import monotonic

import structlog
from starlette.applications import Starlette
from starlette.types import ASGIApp, Lifespan

from onefold.actions.context import Context
from onefold.actions.transaction import DRIVER_ERRORS, Database
from onefold.assembly.context import Server, context_on, make_partitions, prepare, read_key, utc_now
from onefold.assembly.files import read_contract
from onefold.dialects.contacthub import routes as contacthub
from onefold.settings import Settings
from onefold.store.database import POOL_CONNECTIONS_MAX
from onefold.store.embedded import Lease, ServerUnavailable
from onefold.store.sealing import Sealer
from onefold.web.application import Dialect, application
from onefold.web.contract import Contract
from onefold.web.protocol import BoundedProtocol
from onefold.web.request_log import RequestLog
from onefold.web.services import Services
from onefold.worker.loop import Worker
from onefold.worker.turns import turn

__all__ = ["BoundedProtocol", "application_on", "serving_application"]

GC_THRESHOLDS = (50_000, 20, 50)
WATCH_SECONDS = 1.0
PARTITION_SECONDS = 6 * 3600.0
PARTITION_RETRY_SECONDS = 60.0
log = structlog.get_logger()


class KeptServer(Server):
    """A server that is started again when it was killed; others' are not ours to start."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._rescue: Thread | None = None

    def bring_back(self) -> None:
        """Takes as long as a recovery, in a thread that nobody waits for."""
        if self.lease is not None and not self._is_bringing_back():
            self._rescue = Thread(target=self._ensure, args=(self.lease,), daemon=True)
            self._rescue.start()

    def release(self) -> None:
        """While a rescue is under way the end of the process gives the lease up."""
        if not self._is_bringing_back():
            super().release()

    def _is_bringing_back(self) -> bool:
        return self._rescue is not None and self._rescue.is_alive()

    @staticmethod
    def _ensure(lease: Lease) -> None:
        try:
            lease.ensure()
        except ServerUnavailable as error:
            log.warning("database cannot be started", reason=str(error))


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
    server = KeptServer(settings)
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
            await context.directory.close()
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


async def _keep_up(server: KeptServer, database: Database) -> None:
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
