"""`onefold serve` and `onefold migrate`."""

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import structlog
import typer
import uvicorn
from uvicorn.config import STARTUP_FAILURE
from uvicorn.server import HANDLED_SIGNALS
from uvicorn.supervisors import Multiprocess

from onefold.assembly.application import BoundedProtocol, serving_application
from onefold.assembly.context import Server, prepare
from onefold.cli.address import address_of, note_address
from onefold.cli.demo import prepare_demo
from onefold.cli.options import (
    AsJson,
    Data,
    DatabaseUrl,
    KeyFile,
    print_json,
    read_settings,
    refused,
)
from onefold.cli.running import run, sentences
from onefold.logs import configure_logs
from onefold.settings import FIGURES_FOLDER, SUPERVISOR, WORK, Settings

KEEP_ALIVE_SECONDS = 75
BACKLOG = 2048
START_SECONDS_MAX = 30
"""How long a worker may be silent: on a busy machine loading alone outlasts what uvicorn grants."""
SHUTDOWN_SECONDS_MAX = 6
"""For requests under way; together with the stop of PostgreSQL below what containers grant."""
PORT_MAX = 65_535
WORKERS_MAX = 64

log = structlog.get_logger()


def serve(
    data: Data = None,
    database: DatabaseUrl = None,
    key_file: KeyFile = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=PORT_MAX, help="Port to listen on; 0 takes a free one.")
    ] = 8000,
    workers: Annotated[
        int, typer.Option(min=1, max=WORKERS_MAX, help="Processes that answer.")
    ] = 1,
    work: Annotated[
        bool, typer.Option(help="Run jobs and schedules too; else `onefold work` has to.")
    ] = True,
    demo: Annotated[bool, typer.Option("--demo", help="Import the demo's data first.")] = False,
) -> None:
    """Serve the APIs until SIGTERM or Ctrl-C."""
    settings = read_settings(data, database, key_file, host=host, port=port, workers=workers)
    settings = replace(settings, work=settings.work and work)
    configure_logs(settings.log_format)
    with _listener(settings) as listener, _database(settings):
        settings = replace(settings, port=listener.getsockname()[1])
        if demo:
            run(prepare_demo(settings))
        log.info("serving", address=address_of(settings.host, settings.port), workers=workers)
        with note_address(settings):
            if workers > 1:
                _serve_many(settings, listener)
            else:
                run(_serve_one(settings, listener))


def migrate_command(
    data: Data = None,
    database: DatabaseUrl = None,
    key_file: KeyFile = None,
    as_json: AsJson = False,
) -> None:
    """Bring the schema up to date; `serve` does it too."""
    settings = read_settings(data, database, key_file)
    with _database(settings) as applied:
        if as_json:
            print_json({"applied": applied})
        else:
            typer.echo("\n".join(applied) or "up to date")


@contextmanager
def _listener(settings: Settings) -> Iterator[socket.socket]:
    """The port, taken before anything is started; whoever calls too early is turned away."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((settings.host, settings.port))
        except OSError as error:
            place = f"{settings.host}:{settings.port}"
            raise refused(f"cannot listen on {place}: {error.strerror}") from error
        yield listener


@contextmanager
def _database(settings: Settings) -> Iterator[list[str]]:
    """PostgreSQL, up and up to date until the end of the block; the migrations it took."""
    with sentences():
        server = Server(settings)
    try:
        applied, _ = run(prepare(server, settings))
        yield [f"{one.version:04d} {one.name}" for one in applied]
    finally:
        server.release()


async def _serve_one(settings: Settings, listener: socket.socket) -> None:
    app = serving_application(settings)
    config = uvicorn.Config(app, **_uvicorn_options(settings))
    await _Server(config).serve(sockets=[listener])


class _Server(uvicorn.Server):
    """Stopping on a signal is what it was told to do: uvicorn would raise the signal once more."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        before = {one: signal.signal(one, self.handle_exit) for one in HANDLED_SIGNALS}
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)


def _serve_many(settings: Settings, listener: socket.socket) -> None:
    """Worker processes read their settings from the environment and share one PostgreSQL."""
    for name, value in (
        ("ONEFOLD_DATA", settings.data_dir and settings.data_dir.absolute()),
        ("ONEFOLD_DATABASE", settings.database_url),
        ("ONEFOLD_KEY_FILE", settings.key_file.absolute()),
        (WORK, "yes" if settings.work else "no"),
        (SUPERVISOR, os.getpid()),
    ):
        os.environ.pop(name, None)
        if value is not None:
            os.environ[name] = str(value)
    config = uvicorn.Config(
        "onefold.asgi:create_app",
        factory=True,
        workers=settings.workers,
        timeout_worker_healthcheck=START_SECONDS_MAX,
        **_uvicorn_options(settings),
    )
    with TemporaryDirectory(prefix="onefold-figures-") as folder:
        os.environ[FIGURES_FOLDER] = folder
        supervisor = Multiprocess(config, sockets=[listener])
        supervisor.run()
    if any(one.exitcode == STARTUP_FAILURE for one in supervisor.processes):
        raise typer.Exit(1)


def _uvicorn_options(settings: Settings) -> dict[str, Any]:
    return {
        "host": settings.host,
        "port": settings.port,
        "loop": "uvloop",
        "http": BoundedProtocol,
        "access_log": False,
        "log_level": "warning",
        "log_config": None,
        "server_header": False,
        "date_header": False,
        "backlog": BACKLOG,
        "timeout_keep_alive": KEEP_ALIVE_SECONDS,
        "timeout_graceful_shutdown": SHUTDOWN_SECONDS_MAX,
        "ws": "none",
    }
