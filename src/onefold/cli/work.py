"""`onefold work`: what runs without a caller, in a process of its own."""

import asyncio
import signal

from onefold.assembly.context import open_context
from onefold.cli.options import Data, DatabaseUrl, KeyFile, read_settings
from onefold.cli.running import run
from onefold.logs import configure_logs
from onefold.settings import Settings
from onefold.worker.loop import Worker


def work(data: Data = None, database: DatabaseUrl = None, key_file: KeyFile = None) -> None:
    """Run schedules and jobs until SIGTERM or Ctrl-C; `serve` does it too, beside answering."""
    settings = read_settings(data, database, key_file)
    configure_logs(settings.log_format)
    run(_work(settings))


async def _work(settings: Settings) -> None:
    async with open_context(settings, connections_max=4) as context:
        working = asyncio.create_task(Worker(context).run())
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, working.cancel)
        await asyncio.wait([working])
