"""Ending what is left of a server whose keeper or postmaster was killed.

The server lock says whether anything is left: every process of the server inherits it. Only when
it is free may the next server start, so two can never run on the same files.
"""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from onefold.store.embedded import children, locks
from onefold.store.embedded.errors import ServerUnavailable
from onefold.store.embedded.home import Home
from onefold.store.embedded.identity import Identity
from onefold.store.embedded.wire import server_socket

# Backends notice by themselves, within about 1.5 s, that their postmaster is dead; unless they
# compute, and then they do not.
BACKENDS_ALONE_SECONDS = 1.0
FAST_SHUTDOWN_SECONDS_MAX = 60.0
END_SECONDS_MAX = 90.0
PAUSE_SECONDS = 0.05
_PROCESSES = Path("/proc")


class Leftovers:
    """The processes and traces of earlier servers of one data directory."""

    def __init__(self, home: Home, identity: Identity) -> None:
        self._home = home
        self._identity = identity

    def end_all(self, lock: int, wait: Callable[[float], None]) -> None:
        """Return, holding the server lock, when no process of an earlier server is left."""
        started = time.monotonic()
        told = False
        while not locks.try_exclusive(lock):
            seconds = time.monotonic() - started
            if seconds > END_SECONDS_MAX:
                raise ServerUnavailable(
                    f"processes of an earlier PostgreSQL still use {self._home.cluster}: "
                    f"{self._processes() or 'perhaps on another machine'}"
                )
            told = self._end(seconds, told=told)
            wait(PAUSE_SECONDS)

    def clear_traces(self, sockets: Path) -> None:
        """Remove the process ids that a crash left on disk; call it with the server lock held.

        After a restart of the machine or container they may be those of strangers, and PostgreSQL
        would wait for these to end.
        """
        noted = noted_postmaster(self._home)
        if noted and noted in self._processes():
            raise ServerUnavailable(
                f"a PostgreSQL that onefold did not start (process {noted}) runs on "
                f"{self._home.cluster}; stop it first"
            )
        if not _sees_processes():
            return  # PostgreSQL's own, more careful guess has to do
        socket = server_socket(sockets)
        for trace in (self._home.cluster / "postmaster.pid", socket, Path(f"{socket}.lock")):
            trace.unlink(missing_ok=True)

    def _end(self, seconds: float, *, told: bool) -> bool:
        """Ask the postmaster to shut down once, insist later; whether it has been asked."""
        processes = self._processes()
        postmaster = noted_postmaster(self._home)
        if postmaster in processes and seconds < FAST_SHUTDOWN_SECONDS_MAX:
            if not told:
                _send(postmaster, signal.SIGINT)
            return True
        if seconds > BACKENDS_ALONE_SECONDS:
            for pid in processes:
                _send(pid, signal.SIGQUIT)
        return told

    def _processes(self) -> list[int]:
        """Seen with the server's own eyes: root in a container may not look at other users'."""
        if not self._identity.drops_root or not _sees_processes():
            return processes_on(self._home)
        seen = children.ask_as(self._identity, lambda: " ".join(map(str, processes_on(self._home))))
        return [int(pid) for pid in seen.split()]


def noted_postmaster(home: Home) -> int:
    """The process id in postmaster.pid, be it that of a living postmaster or not; 0 for none."""
    try:
        return int((home.cluster / "postmaster.pid").read_text("utf-8").split("\n", 1)[0])
    except (OSError, ValueError):
        return 0


def processes_on(home: Home) -> list[int]:
    """Processes of PostgreSQL work in the directory of their data; nothing else does."""
    if not _sees_processes():
        return _postmaster_in_list(home)
    pids = [int(entry.name) for entry in _PROCESSES.iterdir() if entry.name.isdigit()]
    return [pid for pid in pids if _works_in(home.cluster, pid)]


def _works_in(cluster: Path, pid: int) -> bool:
    try:
        return (_PROCESSES / str(pid) / "cwd").samefile(cluster)
    except OSError:
        return False


def _postmaster_in_list(home: Home) -> list[int]:
    """Elsewhere than on Linux only the postmaster can be told, by the words of its command."""
    pid = noted_postmaster(home)
    listed = subprocess.run(  # noqa: S603 - a fixed command and a number
        ["/bin/ps", "-p", str(pid), "-o", "command="], capture_output=True, text=True, check=False
    )
    return [pid] if str(home.cluster) in listed.stdout else []


def _sees_processes() -> bool:
    return (_PROCESSES / "self" / "cwd").exists()


def _send(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)
