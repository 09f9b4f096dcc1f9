"""The server as an ASGI application, for worker processes: settings come from the environment."""

import os

from starlette.types import ASGIApp

from onefold.assembly import serving_application
from onefold.logs import configure_logs
from onefold.settings import settings_from

SLOTS_A_WORKER = 2


def create_app() -> ASGIApp:
    """Called by uvicorn inside its event loop, once in each worker process."""
    settings = settings_from()
    configure_logs(settings.log_format)
    return serving_application(settings, slot=os.getpid() % 1000 * SLOTS_A_WORKER)
