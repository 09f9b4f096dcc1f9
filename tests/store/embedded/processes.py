"""Other processes for the tests: holders of leases, and what became of servers."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from onefold.store.embedded import status

SOURCES = Path(__file__).parents[3] / "src"
HOLDER = Path(__file__).with_name("holder.py")


def environment() -> dict[str, str]:
    """Our sources and packages for another process, be it of another interpreter."""
    packages = [path for path in sys.path if path.endswith("site-packages")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(SOURCES), *packages])}


class Holder:
    """A process that holds a lease on a data directory until it is told to go, or killed."""

    def __init__(
        self,
        data_dir: Path,
        *bin_dir: Path,
        interpreter: Sequence[str] = (sys.executable,),
        **options: Any,
    ) -> None:
        self.child = subprocess.Popen(
            [*interpreter, str(HOLDER), str(data_dir), *map(str, bin_dir)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment(),
            **options,
        )

    def said(self) -> str:
        """The next line that it says; its first is about the lease."""
        assert self.child.stdout
        line: str = self.child.stdout.readline()
        return line.strip()

    def holding(self) -> Self:
        line = self.said()
        assert line.startswith("holds "), line
        return self

    def tell(self, word: str) -> None:
        assert self.child.stdin
        self.child.stdin.write(f"{word}\n")
        self.child.stdin.flush()

    def does(self, word: str) -> None:
        self.tell(word)
        assert self.said().startswith("done ")

    def kill(self) -> None:
        self.child.kill()
        self.child.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.child.kill()
        with self.child:
            pass


class BusySession:
    """A session inside a computation that never looks up."""

    def __init__(self, dsn: str) -> None:
        code = (
            "import asyncio, asyncpg, sys\n"
            "async def main():\n"
            "    connection = await asyncpg.connect(sys.argv[1])\n"
            "    pid = connection.get_server_pid()\n"
            "    print(pid, flush=True)\n"
            "    await connection.execute('DO $$ BEGIN LOOP END LOOP; END $$')\n"
            "asyncio.run(main())\n"
        )
        self._child = subprocess.Popen(
            [sys.executable, "-c", code, dsn],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(),
        )
        assert self._child.stdout
        self._child.stdout.readline()
        time.sleep(0.2)

    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        self._child.kill()
        with self._child:
            pass


def wait_until(condition: Callable[[], bool], *, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.02)
    return condition()


def is_stopped(data_dir: Path) -> bool:
    found = status(data_dir)
    return not found.is_running and found.keeper_pid is None


def is_alive(pid: int) -> bool:
    """A process that has ended but was not yet collected by its parent does not live."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def server_pid(data_dir: Path) -> int:
    pid = status(data_dir).server_pid
    assert pid
    return pid


def keeper_pid(data_dir: Path) -> int:
    pid = status(data_dir).keeper_pid
    assert pid
    return pid
