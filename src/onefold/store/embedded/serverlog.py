"""The server's log: one file of bounded size, and its tail for error messages.

All of it goes by the open file, not by its name: a log that somebody deletes under a running
server must not trouble the server.
"""

import os
from contextlib import suppress

from onefold.store.embedded.home import Home, open_private

LOG_BYTES_MAX = 5_000_000
TAIL_BYTES_MAX = 2_000


def open_log(home: Home) -> int:
    """The log, opened to append: so it may be emptied below the processes that write to it."""
    return open_private(home, home.log, os.O_RDWR | os.O_APPEND)


def trim(home: Home, log: int) -> None:
    """Move the end of a log that has grown too long to the one earlier file."""
    if size(log) <= LOG_BYTES_MAX:
        return
    with suppress(OSError):  # a full disk must not keep us from making room
        earlier = open_private(home, home.earlier_log, os.O_WRONLY | os.O_TRUNC)
        with os.fdopen(earlier, "wb") as copy:
            copy.write(os.pread(log, LOG_BYTES_MAX, size(log) - LOG_BYTES_MAX))
    os.ftruncate(log, 0)


def size(log: int) -> int:
    return os.fstat(log).st_size


def tail(log: int, since: int) -> str:
    """The last of what was written after the log had the size `since`."""
    start = max(since, size(log) - TAIL_BYTES_MAX)
    return os.pread(log, TAIL_BYTES_MAX, start).decode("utf-8", "replace").strip()
