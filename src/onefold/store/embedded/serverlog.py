"""The server's log: one file of bounded size, and its tail for error messages."""

import os

from onefold.store.embedded.home import Home, open_private

LOG_BYTES_MAX = 5_000_000
TAIL_BYTES_MAX = 2_000


def open_log(home: Home) -> int:
    """The log, opened to append: so it may be emptied below the processes that write to it."""
    return open_private(home, home.log, os.O_WRONLY | os.O_APPEND)


def trim(home: Home) -> None:
    """Move the contents of a log that has grown too long to the one earlier file."""
    if home.log.stat().st_size <= LOG_BYTES_MAX:
        return
    earlier = open_private(home, home.earlier_log, os.O_WRONLY | os.O_TRUNC)
    with os.fdopen(earlier, "wb") as copy, home.log.open("rb") as log:
        log.seek(-LOG_BYTES_MAX, os.SEEK_END)
        copy.write(log.read())
    os.truncate(home.log, 0)


def size(home: Home) -> int:
    return home.log.stat().st_size


def tail(home: Home, since: int = 0) -> str:
    """The last lines written after the log had the size `since`."""
    with home.log.open("rb") as log:
        end = log.seek(0, os.SEEK_END)
        log.seek(max(since if since <= end else 0, end - TAIL_BYTES_MAX))
        return log.read().decode("utf-8", "replace").strip()
