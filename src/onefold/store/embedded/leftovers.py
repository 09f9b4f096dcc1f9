"""Ending what is left of a server whose keeper or postmaster was killed.

The server lock says whether anything is left: every process of the server inherits it. Only when
it is free may the next server start, so two can never run on the same files.
"""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from onefold.store.embedded import locks
from onefold.store.embedded.errors import ServerUnavailable
from onefold.store.embedded.home import Home
from onefold.store.embedded.wire import server_socket

# Backends notice by themselves, within about 1.5 s, that their postmaster is dead.
BACKENDS_ALONE_SECONDS = 1.0
FAST_SHUTDOWN_SECONDS_MAX = 60.0
TAKE_OVER_SECONDS_MAX = 90.0
PAUSE_SECONDS = 0.05
_PROCESSES = Path("/proc")


def take_over(home: Home, lock: int, wait: Callable[[float], None]) -> None:
    """Return, holding the server lock, when no process of an earlier server is left."""
    started = time.monotonic()
    told = False
    while not locks.try_exclusive(lock):
        seconds = time.monotonic() - started
        if seconds > TAKE_OVER_SECONDS_MAX:
            raise ServerUnavailable(
                f"processes of an earlier PostgreSQL still use {home.cluster}: "
                f"{', '.join(map(str, _processes_in(home.cluster))) or 'on another machine?'}"
            )
        told = _end(home, seconds, told=told)
        wait(PAUSE_SECONDS)


def clear_traces(home: Home, sockets: Path) -> None:
    """Remove the process ids that a crash left on disk; call it with the server lock held.

    After a restart of the machine or container they may be those of strangers, and PostgreSQL
    would wait for these to end.
    """
    if pid := living_postmaster(home):
        raise ServerUnavailable(
            f"a PostgreSQL that onefold did not start (process {pid}) runs on {home.cluster}; "
            "stop it first"
        )
    if not _sees_processes():
        return  # PostgreSQL's own, more careful guess has to do
    socket = server_socket(sockets)
    for trace in (home.cluster / "postmaster.pid", socket, Path(f"{socket}.lock")):
        trace.unlink(missing_ok=True)


def living_postmaster(home: Home) -> int | None:
    """The postmaster that runs on this directory, whoever started it."""
    try:
        pid = int((home.cluster / "postmaster.pid").read_text("utf-8").split("\n", 1)[0])
    except (OSError, ValueError):
        return None
    return pid if pid > 0 and _runs_in(home.cluster, pid) else None


def _end(home: Home, seconds: float, *, told: bool) -> bool:
    """Ask the postmaster to shut down once, insist later; whether it has been asked."""
    postmaster = living_postmaster(home)
    if postmaster and seconds < FAST_SHUTDOWN_SECONDS_MAX:
        if not told:
            _send(postmaster, signal.SIGINT)
        return True
    if postmaster:
        _send(postmaster, signal.SIGQUIT)
    elif seconds > BACKENDS_ALONE_SECONDS:
        for pid in _processes_in(home.cluster):
            _send(pid, signal.SIGQUIT)
    return told


def _processes_in(cluster: Path) -> Iterator[int]:
    """Processes of PostgreSQL work in the directory of their data; nothing else does."""
    if not _sees_processes():
        return
    for entry in _PROCESSES.iterdir():
        if entry.name.isdigit() and _runs_in(cluster, int(entry.name)):
            yield int(entry.name)


def _runs_in(cluster: Path, pid: int) -> bool:
    if _sees_processes():
        try:
            return (_PROCESSES / str(pid) / "cwd").samefile(cluster)
        except OSError:
            return False
    listed = subprocess.run(  # noqa: S603 - a fixed command and a number
        ["/bin/ps", "-p", str(pid), "-o", "command="], capture_output=True, text=True, check=False
    )
    return str(cluster) in listed.stdout


def _sees_processes() -> bool:
    return (_PROCESSES / "self" / "cwd").exists()


def _send(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)
