"""The server as an ASGI application, for worker processes: settings come from the environment."""

import asyncio
import os
import signal

from starlette.types import ASGIApp

from onefold.assembly.application import serving_application
from onefold.logs import configure_logs
from onefold.settings import settings_from

SLOTS_A_WORKER = 2
WATCH_SECONDS = 1.0

_watches: set[asyncio.Task[None]] = set()
"""Tasks that nothing else refers to."""


def create_app() -> ASGIApp:
    """Called by uvicorn inside its event loop, once in each worker process."""
    settings = settings_from()
    configure_logs(settings.log_format)
    if settings.supervisor is not None:
        _watches.add(asyncio.get_running_loop().create_task(_leave_with(settings.supervisor)))
    return serving_application(settings, slot=os.getpid() % 1000 * SLOTS_A_WORKER)


async def _leave_with(parent: int) -> None:
    """Ends this worker in order when the process that started it was killed, be it before this
    line: it would keep the port, and nobody would stop it.
    """
    while os.getppid() == parent:  # noqa: ASYNC110 - the dead send no event
        await asyncio.sleep(WATCH_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
