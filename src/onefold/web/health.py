"""Probes: alive, ready, and figures for Prometheus."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route


def probes(
    is_ready: Callable[[], Awaitable[bool]], *, figures_folder: Path | None = None
) -> list[BaseRoute]:
    """`/healthz` answers while the process lives, `/readyz` only while the database does.

    Several processes keep their figures in a common folder, so that each can tell those of all.
    """

    async def healthz(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def readyz(_: Request) -> Response:
        ready = await is_ready()
        return JSONResponse({"status": "ready" if ready else "not ready"}, 200 if ready else 503)

    async def metrics(_: Request) -> Response:
        return Response(_read_figures(figures_folder), media_type=CONTENT_TYPE_LATEST)

    return [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)]


def _read_figures(folder: Path | None) -> bytes:
    if folder is None:
        return generate_latest()
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=str(folder))  # type: ignore[no-untyped-call] # untyped there
    return generate_latest(registry)
