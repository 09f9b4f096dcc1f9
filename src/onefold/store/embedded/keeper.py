"""The keeper: a small process that owns the server while anybody needs it.

    python -m onefold.store.embedded.keeper DATA_DIR BIN_DIR

It is detached, so that the server outlives the command that started it and no Ctrl-C reaches it.
One per data directory, by the keeper lock. It restarts a server that dies, and stops it and
leaves when the lease lock is free. Between events it sleeps.
"""

import os
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path

from onefold.store.embedded import locks, serverlog, sockets, wire
from onefold.store.embedded.binaries import Binaries, open_binaries
from onefold.store.embedded.callers import Callers
from onefold.store.embedded.children import Program
from onefold.store.embedded.cluster import prepare_cluster
from onefold.store.embedded.errors import ServerUnavailable
from onefold.store.embedded.home import Home, home_in, open_private
from onefold.store.embedded.leftovers import Leftovers
from onefold.store.embedded.server import Server
from onefold.store.embedded.talk import GREETING, Answer, State
from onefold.store.embedded.wire import Readiness

HOUSEKEEPING_SECONDS = 600.0
# Who uses the server but is not on our line called an earlier keeper, which was killed; or is just
# dying, and the kernel closes the line before it drops the lock.
LOST_HOLDERS_SECONDS_MIN = 0.01
LOST_HOLDERS_SECONDS_MAX = 1.0
READINESS_SECONDS_MIN = 0.01
READINESS_SECONDS_MAX = 0.25
RESTART_SECONDS_MAX = 20.0
RESTART_PAUSE_SECONDS = 0.25
CRASHES_MAX = 5
CRASH_LOOP_SECONDS = 30.0
CRASH_PAUSE_SECONDS = 5.0
REFUSAL_SECONDS_MAX = 5.0
TERMINATION_SECONDS = 10.0

# The server lock makes these rare; they pass by themselves.
_PASSING_REFUSALS = ("pre-existing shared memory block", "lock file", "is still in use")


class Keeper:
    def __init__(self, home: Home, binaries: Binaries) -> None:
        self._home = home
        self._leases = open_private(home, home.lease_lock, os.O_RDWR)
        self._log = serverlog.open_log(home)
        self._sockets, listener = sockets.open_sockets(home, binaries.identity.owner)
        self._callers = Callers(listener, self._describe)
        self._binaries = binaries
        self._state = State.STARTING
        self._leftovers = Leftovers(home, binaries.identity)
        self._server = Server(home, binaries, self._sockets, self._callers.wait)
        self._ends_at: float | None = None
        self._is_last = False
        self._crashes: list[float] = []
        self._lost_pause = LOST_HOLDERS_SECONDS_MIN

    def keep(self) -> None:
        """Run the server until nobody needs it; raises ServerUnavailable when it cannot run."""
        signal.signal(signal.SIGTERM, self._on_termination)
        os.dup2(self._log, sys.stderr.fileno())
        try:
            while True:
                if self._bring_up():
                    self._watch()
                    self._breathe()
                self._state = State.STOPPING
                self._server.stop()
                if self._is_over():
                    return
        except (ServerUnavailable, OSError) as error:
            self._server.stop()
            self._refuse(str(error))
            raise

    def leave(self) -> None:
        """Give up the sockets; the lease lock follows when the process ends."""
        self._callers.listener.close()
        sockets.remove_sockets(self._home, self._sockets, for_good=self._is_last)
        self._callers.close()

    def _refuse(self, reason: str) -> None:
        """Tell why there is no server, to the one at least who started us and may not call yet."""
        self._state = State.REFUSED
        until = time.monotonic() + REFUSAL_SECONDS_MAX
        while not self._callers.answer_waiting({"state": State.REFUSED, "reason": reason}):
            if (left := until - time.monotonic()) <= 0:
                return
            self._callers.wait(left)

    def _bring_up(self) -> bool:
        """Start the server and wait, without limit, until it is ready: recovery takes its time.

        False when nobody wants it any more.
        """
        self._state = State.STARTING
        lock = open_private(self._home, self._home.server_lock, os.O_RDWR)
        try:
            self._leftovers.end_all(lock, self._callers.pause)
            prepare_cluster(
                self._home, self._binaries, lambda program, what: self._run(program, what, lock)
            )
            return self._start(lock)
        finally:
            os.close(lock)  # from here on the processes of the server hold it

    def _run(self, program: Program, what: str, lock: int) -> None:
        """Run initdb; it holds the server lock too, so that nobody sweeps its files away."""
        since = serverlog.size(self._log)
        if self._server.run(replace(program, shared_lock=lock), self._log) != 0:
            said = serverlog.tail(self._log, since)
            raise ServerUnavailable(f"PostgreSQL could not {what}:\n{said}")

    def _start(self, lock: int) -> bool:
        retry_until = time.monotonic() + RESTART_SECONDS_MAX
        while self._is_wanted():
            self._leftovers.clear_traces(self._sockets)
            serverlog.trim(self._home, self._log)
            since = serverlog.size(self._log)
            self._server.start(self._log, lock)
            if self._await_ready():
                return True
            if self._server.is_alive():
                return False
            self._refuse_unless_passing(since, may_retry=time.monotonic() < retry_until)
            self._callers.pause(RESTART_PAUSE_SECONDS)
        return False

    def _await_ready(self) -> bool:
        """False when the server has ended instead, or nobody waits for it any more."""
        pause = READINESS_SECONDS_MIN
        while self._server.is_alive() and self._is_wanted():
            readiness = wire.ask_readiness(self._sockets)
            if readiness is Readiness.READY:
                return True
            if readiness is Readiness.NO_DATABASE and wire.create_database(self._sockets):
                continue
            self._callers.wait(pause)
            pause = min(pause * 1.5, READINESS_SECONDS_MAX)
        return False

    def _refuse_unless_passing(self, since: int, *, may_retry: bool) -> None:
        said = serverlog.tail(self._log, since)
        if may_retry and any(words in said for words in _PASSING_REFUSALS):
            return
        raise ServerUnavailable(
            f"PostgreSQL {self._binaries.version} did not start on {self._home.cluster} "
            f"(exit code {self._server.exit_code}); its log, {self._home.log}, ends with:\n{said}"
        )

    def _watch(self) -> None:
        """Return when the server has died or nobody needs it."""
        self._state = State.READY
        while self._server.is_alive() and self._is_wanted():
            self._callers.answer_waiting({"state": State.READY})
            self._callers.dismiss_leaving()
            self._callers.wait(self._patience())
            serverlog.trim(self._home, self._log)
            sockets.keep_fresh(self._sockets)

    def _breathe(self) -> None:
        """Pause before the restart of a server that dies again and again."""
        if self._server.is_alive():
            return
        self._state = State.STARTING
        now = time.monotonic()
        self._crashes = [crash for crash in self._crashes if crash > now - CRASH_LOOP_SECONDS]
        self._crashes.append(now)
        if len(self._crashes) > CRASHES_MAX and self._is_wanted():
            self._callers.pause(CRASH_PAUSE_SECONDS)

    def _is_wanted(self) -> bool:
        if self._ends_at is not None and time.monotonic() >= self._ends_at:
            return False
        if self._callers.holders:
            return True
        if not locks.try_exclusive(self._leases):
            return True
        locks.unlock(self._leases)
        return False

    def _is_over(self) -> bool:
        """Whether to leave, now that the server has stopped.

        The lease lock is then ours: nobody can take a lease until we are gone, and who takes one
        after that finds no keeper and starts one.
        """
        self._is_last = not self._callers.holders and locks.try_exclusive(self._leases)
        return self._is_last or self._ends_at is not None

    def _patience(self) -> float:
        if self._ends_at is not None:
            return max(0.0, self._ends_at - time.monotonic())
        if self._callers.holders:
            self._lost_pause = LOST_HOLDERS_SECONDS_MIN
            return HOUSEKEEPING_SECONDS
        self._lost_pause = min(self._lost_pause * 2, LOST_HOLDERS_SECONDS_MAX)
        return self._lost_pause

    def _on_termination(self, *_: object) -> None:
        """Leave soon: whoever ends us probably ends the holders too, who may still finish."""
        if self._ends_at is None:
            self._ends_at = time.monotonic() + TERMINATION_SECONDS

    def _describe(self) -> Answer:
        return {
            "state": self._state,
            "keeper": os.getpid(),
            "server": self._server.pid,
            "version": self._binaries.version,
        }


def main(arguments: list[str]) -> int:
    """Detach, then keep. The caller reads our two outputs until we close them."""
    data_dir, bin_dir = map(Path, arguments)
    if os.fork():
        return 0
    os.setsid()
    os.chdir("/")
    os.umask(0o077)
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, lambda *_: None)  # only to wake us
    signal.pthread_sigmask(signal.SIG_SETMASK, ())  # whatever our caller's thread had blocked
    try:
        return keep(home_in(data_dir), bin_dir)
    except (ServerUnavailable, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1


def keep(home: Home, bin_dir: Path) -> int:
    lock = open_private(home, home.keeper_lock, os.O_RDWR)
    if not locks.try_exclusive(lock):
        greet()
        return 0
    keeper = Keeper(home, open_binaries(bin_dir, home))
    greet()
    try:
        keeper.keep()
    finally:
        keeper.leave()
        os.close(lock)  # before the lease lock, for which our successor's caller may be waiting
    return 0


def greet() -> None:
    sys.stdout.write(f"{GREETING}\n")
    sys.stdout.flush()
    silence = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(silence, stream.fileno())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
