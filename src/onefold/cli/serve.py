"""`onefold serve` and `onefold migrate`."""

import asyncio
import os
from pathlib import Path
from typing import Annotated, Any

import typer
import uvicorn

from onefold.assembly import Server, migrate, serving_application, utc_now
from onefold.cli.demo import prepare_demo
from onefold.cli.options import AsJson, Data, DatabaseUrl, KeyFile, print_json, read_settings
from onefold.cli.running import run
from onefold.logs import configure_logs
from onefold.settings import Settings

KEEP_ALIVE_SECONDS = 75
BACKLOG = 2048
SHUTDOWN_SECONDS_MAX = 20


def serve(
    data: Data = None,
    database: DatabaseUrl = None,
    key_file: KeyFile = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
    workers: Annotated[int, typer.Option(help="Processes that answer.")] = 1,
    demo: Annotated[bool, typer.Option("--demo", help="Import the demo's data first.")] = False,
) -> None:
    """Serve the APIs until SIGTERM or Ctrl-C."""
    settings = read_settings(data, database, key_file, host=host, port=port, workers=workers)
    configure_logs(settings.log_format)
    if demo:
        run(prepare_demo(settings))
    if workers > 1:
        _serve_many(settings)
    else:
        run(_serve_one(settings))


def migrate_command(
    data: Data = None,
    database: DatabaseUrl = None,
    key_file: KeyFile = None,
    as_json: AsJson = False,
) -> None:
    """Bring the schema up to date; `serve` does it too."""
    settings = read_settings(data, database, key_file)
    applied = run(_migrate(settings))
    if as_json:
        print_json({"applied": applied})
    else:
        typer.echo("\n".join(applied) or "up to date")


async def _migrate(settings: Settings) -> list[str]:
    server = await asyncio.to_thread(Server, settings)
    try:
        done = await migrate(server.dsn, at=utc_now())
    finally:
        server.release()
    return [f"{one.version:04d} {one.name}" for one in done]


async def _serve_one(settings: Settings) -> None:
    app = serving_application(settings)
    config = uvicorn.Config(app, **_uvicorn_options(settings))
    await uvicorn.Server(config).serve()


def _serve_many(settings: Settings) -> None:
    """Worker processes read their settings from the environment and share one PostgreSQL."""
    server = Server(settings)
    try:
        for name, value in (
            ("ONEFOLD_DATA", settings.data_dir),
            ("ONEFOLD_DATABASE", settings.database_url),
            ("ONEFOLD_KEY_FILE", settings.key_file),
        ):
            if value is not None:
                os.environ[name] = str(Path(value).absolute() if isinstance(value, Path) else value)
        uvicorn.run(
            "onefold.asgi:create_app",
            factory=True,
            workers=settings.workers,
            **_uvicorn_options(settings),
        )
    finally:
        server.release()


def _uvicorn_options(settings: Settings) -> dict[str, Any]:
    return {
        "host": settings.host,
        "port": settings.port,
        "loop": "uvloop",
        "http": "httptools",
        "access_log": False,
        "log_level": "warning",
        "server_header": False,
        "date_header": False,
        "backlog": BACKLOG,
        "timeout_keep_alive": KEEP_ALIVE_SECONDS,
        "timeout_graceful_shutdown": SHUTDOWN_SECONDS_MAX,
        "ws": "none",
    }
