"""Who works where several processes of one server could: the one that holds a lock on a file.

Two of them at work would do no harm; it only costs. The system gives the lock back when its holder
ends, however that comes about, and then the next one has it.
"""

import asyncio
import fcntl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

LOCK_FILE = "worker.lock"
LOOK_SECONDS = 2.0


@asynccontextmanager
async def turn(folder: Path | None) -> AsyncIterator[None]:
    """Begins the block when it is this process's turn; at once without a folder to share."""
    if folder is None:
        yield
        return
    with (folder / LOCK_FILE).open("ab") as file:
        while not _has_lock(file.fileno()):  # noqa: ASYNC110 - the dead send no event
            await asyncio.sleep(LOOK_SECONDS)
        yield


def _has_lock(number: int) -> bool:
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
