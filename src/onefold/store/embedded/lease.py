"""A process's right to the server: while anybody holds a lease, the server runs."""

import os
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Self
from urllib.parse import quote

from onefold.store.embedded import children, locks, wire
from onefold.store.embedded.binaries import find_folder
from onefold.store.embedded.errors import ServerUnavailable
from onefold.store.embedded.home import Home, home_in, open_private
from onefold.store.embedded.identity import make_private
from onefold.store.embedded.sockets import find_sockets
from onefold.store.embedded.talk import GREETING, Answer, Line, State, Word
from onefold.store.embedded.wire import Readiness

KEEPER = "onefold.store.embedded.keeper"
KEEPER_TRIES_MAX = 100
RETRY_SECONDS = 0.05
RETRY_SECONDS_MAX = 0.25
STOP_SECONDS_MAX = 150.0

_PACKAGES = Path(__file__).parents[3]


class Lease:
    """Held from `acquire` to `release`, or to the death of the process, however it dies."""

    def __init__(self, home: Home, bin_dir: Path | None) -> None:
        self._home = home
        self._bin_dir = bin_dir
        self._guard = threading.RLock()
        self._holder = os.getpid()
        self._lock: int | None = None
        self._line: Line | None = None

    @property
    def data_dir(self) -> Path:
        return self._home.root

    def dsn(self, database: str = wire.DATABASE) -> str:
        """Where to connect. Ask again after `ensure`: a server that was away may have moved."""
        host = quote(str(find_sockets(self._home)), safe="")
        name = quote(database, safe="")
        return f"postgresql://{wire.SUPERUSER}@/{name}?host={host}&port={wire.PORT}"

    def ensure(self) -> None:
        """Return when the server answers, having brought it back if it was away.

        Call it after a failed connection. It may block for as long as a recovery takes. A forked
        child that calls it gets a lease of its own.
        """
        with self._guard:
            if self._holder != os.getpid():
                self._forget()
            if self._lock is None:
                self._take()
            else:
                self._serve()

    def release(self) -> None:
        """Give the lease up, and wait until the server has stopped if it was the last."""
        with self._guard:
            if self._holder == os.getpid() and self._lock is not None:
                locks.unlock(self._lock)
                self._say_goodbye()
            self._forget()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def _take(self) -> None:
        self._holder = os.getpid()
        try:
            self._lock = open_private(self._home, self._home.lease_lock, os.O_RDWR)
        except PermissionError as error:
            raise ServerUnavailable(_other_user(self._home)) from error
        except OSError as error:
            raise ServerUnavailable(f"{self._home.root} cannot be used: {error}") from error
        locks.share(self._lock)
        with ExitStack() as undo:
            undo.callback(self._forget)
            self._serve()
            undo.pop_all()

    def _serve(self) -> None:
        """Have the word of both: a server whose keeper was killed answers for a moment longer."""
        self._call_keeper()
        pause = RETRY_SECONDS
        while wire.ask_readiness(find_sockets(self._home)) is not Readiness.READY:
            time.sleep(pause)  # it may restart by itself, of which its keeper knows nothing
            pause = min(pause * 1.5, RETRY_SECONDS_MAX)
            self._call_keeper()

    def _call_keeper(self) -> None:
        """Get the keeper's word that the server is ready; start a keeper where there is none."""
        for attempt in range(KEEPER_TRIES_MAX):
            if attempt > 1:
                time.sleep(RETRY_SECONDS)
            if answer := self._ask():
                if answer.get("state") == State.REFUSED:
                    raise ServerUnavailable(str(answer.get("reason")))
                return
            if self._line:
                self._line.hang_up()
            self._line = _open_line(self._home)
            if self._line is None:
                start_keeper(self._home, self._bin_dir)
        raise ServerUnavailable(f"the keeper of {self._home.root} does not answer")

    def _ask(self) -> Answer | None:
        return self._line.ask(Word.LEASE) if self._line else None

    def _say_goodbye(self) -> None:
        if self._line:
            with suppress(TimeoutError):
                self._line.ask(Word.RELEASE, seconds_max=STOP_SECONDS_MAX)
            self._line.hang_up()

    def _forget(self) -> None:
        if self._line:
            self._line.close()
        if self._lock is not None:
            os.close(self._lock)
        self._line = self._lock = None


def acquire(data_dir: Path, bin_dir: Path | None = None) -> Lease:
    """A lease on the PostgreSQL of a data directory, which is made and started as needed.

    Blocks until the server answers. `bin_dir` names other programs than the wheel's; it counts
    for whoever starts the server, not for those who join. Raises ServerUnavailable.
    """
    home = home_in(data_dir)
    try:
        make_private(home)
    except OSError as error:
        raise ServerUnavailable(f"the data directory cannot be made: {error}") from error
    lease = Lease(home, bin_dir)
    lease.ensure()
    return lease


def start_keeper(home: Home, bin_dir: Path | None) -> None:
    """Start a detached keeper; when another is at work already, the new one leaves at once."""
    arguments = [str(home.root), str(find_folder(bin_dir))]
    started = subprocess.run(  # noqa: S603 - our own interpreter and module
        # No site, no current folder: it starts in a tenth of a second and imports only us.
        [sys.executable, "-S", "-P", "-m", KEEPER, *arguments],
        cwd="/",
        env={**children.environment(), "PYTHONPATH": str(_PACKAGES)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        start_new_session=True,
        check=False,
    )
    if GREETING not in started.stdout:
        reason = started.stderr.strip() or f"exit code {started.returncode}"
        raise ServerUnavailable(f"PostgreSQL could not be started: {reason}")


def _open_line(home: Home) -> Line | None:
    try:
        return Line.open(find_sockets(home))
    except PermissionError as error:
        raise ServerUnavailable(_other_user(home)) from error


def _other_user(home: Home) -> str:
    return (
        f"{home.root} belongs to user {home.owner_id}, this command runs as user {os.geteuid()}: "
        "use the same user, or another data directory"
    )
