"""The postmaster as a child of the keeper: start it, know whether it lives, stop it in order."""

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from onefold.store.embedded import children
from onefold.store.embedded.binaries import Binaries
from onefold.store.embedded.children import Program
from onefold.store.embedded.home import Home
from onefold.store.embedded.wire import PORT

FAST_SHUTDOWN_SECONDS_MAX = 120.0

Sleep = Callable[[float | None], None]
"""Sleeps this long or until a child dies."""


class Server:
    """At most one child at a time; `sleep` is how the keeper waits without being deaf."""

    def __init__(self, home: Home, binaries: Binaries, sockets: Path, sleep: Sleep) -> None:
        self._home = home
        self._binaries = binaries
        self._sockets = sockets
        self._sleep = sleep
        self._child: int | None = None
        self.exit_code: int | None = None

    @property
    def pid(self) -> int | None:
        return self._child

    def start(self, log: int, lock: int) -> None:
        """Start the postmaster, which shares the server lock with all its children.

        SIGINT is a fast shutdown: the server ends in order even when the keeper is killed.
        """
        program = Program(
            [self._binaries.postgres, *self._options()],
            self._binaries.identity,
            signal.SIGINT,
            shared_lock=lock,
        )
        self._child = children.start(program, log)

    def run(self, program: Program, log: int) -> int:
        """Run another program of PostgreSQL to its end: its exit code."""
        child = children.start(program, log)
        while (ended := os.waitpid(child, os.WNOHANG))[0] == 0:
            self._sleep(None)
        return os.waitstatus_to_exitcode(ended[1])

    def is_alive(self) -> bool:
        if self._child is None:
            return False
        pid, outcome = os.waitpid(self._child, os.WNOHANG)
        if pid == 0:
            return True
        self._child = None
        self.exit_code = os.waitstatus_to_exitcode(outcome)
        return False

    def stop(self) -> None:
        """Fast shutdown: sessions are ended, everything is written, the next start is quick."""
        self._signal(signal.SIGINT)
        patience_ends = time.monotonic() + FAST_SHUTDOWN_SECONDS_MAX
        while self.is_alive():
            left = patience_ends - time.monotonic()
            if left <= 0:
                self._signal(signal.SIGQUIT)  # at once; the next start recovers
            self._sleep(max(left, 1.0))

    def _signal(self, number: signal.Signals) -> None:
        if self._child is not None:
            with suppress(ProcessLookupError):
                os.kill(self._child, number)

    def _options(self) -> list[str]:
        """What no settings file may change: who can reach the server."""
        settings = {
            "listen_addresses": "",
            "port": str(PORT),
            "unix_socket_directories": str(self._sockets),
            "unix_socket_permissions": "0700",
        }
        options = [f"--{name}={value}" for name, value in settings.items()]
        return ["-D", str(self._home.cluster), *options]
