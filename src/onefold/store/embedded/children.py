"""Starting the programs of PostgreSQL as somebody else.

subprocess cannot do it without preexec_fn, whose failures it does not explain. The keeper has one
thread, so a plain fork is safe.
"""

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from onefold.store.embedded import linux
from onefold.store.embedded.identity import Identity

# Nothing else is passed on: PGPORT, PGOPTIONS and their kin would change the server.
PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR")
FAILED_TO_START = 126
_DEFAULT_AGAIN = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE, signal.SIGCHLD)


@dataclass(frozen=True, slots=True)
class Program:
    """What to run as whom."""

    arguments: list[str]
    identity: Identity
    death_signal: signal.Signals = signal.SIGKILL
    """What it gets when the keeper dies."""
    shared_lock: int | None = None
    """A locked file that stays open in it and in its children, and with it the lock."""
    must_reach: Path | None = None
    """A folder without which it need not be tried."""


def start(program: Program, output: int) -> int:
    """Start a child and answer its process id; all that it has to say goes to `output`."""
    keeper = os.getpid()
    child = os.fork()
    if child:
        return child
    try:
        _become(program, output, keeper)
        os.execve(program.arguments[0], program.arguments, environment())  # noqa: S606 - no shell
    except OSError as error:
        os.write(output, f"cannot run {program.arguments[0]}: {error}\n".encode())
    finally:
        os._exit(FAILED_TO_START)


def run(program: Program) -> tuple[int, str]:
    """Run a short program to its end: its exit code and what it wrote."""
    reading, writing = os.pipe()
    child = start(program, writing)
    os.close(writing)
    return _hear_out(child, reading)


def ask_as(identity: Identity, question: Callable[[], str]) -> str:
    """The answer that another user gets to a question; nothing when it cannot be asked."""
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return _hear_out(child, reading)[1]
    try:
        identity.enter()
        os.write(writing, question().encode())
    finally:
        os._exit(0)


def _hear_out(child: int, reading: int) -> tuple[int, str]:
    with os.fdopen(reading, errors="replace") as pipe:
        written = pipe.read()
    _, outcome = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(outcome), written


def environment() -> dict[str, str]:
    passed = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", **passed}


def _become(program: Program, output: int, keeper: int) -> None:
    os.setsid()
    for number in _DEFAULT_AGAIN:
        signal.signal(number, signal.SIG_DFL)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    if program.shared_lock is not None:
        os.set_inheritable(program.shared_lock, True)
    program.identity.enter()
    # Last, because becoming another user clears it.
    linux.die_with_parent(program.death_signal, keeper)
    # Asked by access(2), as PostgreSQL does itself: exec alone would not tell.
    for path in (program.must_reach, Path(program.arguments[0])):
        if path and not os.access(path, os.X_OK):
            raise PermissionError(f"{program.identity} cannot reach {path}")
