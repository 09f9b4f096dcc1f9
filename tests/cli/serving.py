"""`onefold serve` as a process of its own, and what tests ask it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import TracebackType
from typing import Any, Self

SOURCES = Path(__file__).parents[2] / "src"
START_SECONDS_MAX = 60.0
STOP_SECONDS_MAX = 20.0


class Serving:
    """A server on a place (`--data DIR` or `--database URL`), ready when the block begins.

    What it writes to standard error is in `log`, a file, so that nothing ever waits for a reader.
    """

    def __init__(self, *place: str, folder: Path, port: int | None = None) -> None:
        self.place = place
        self.port = port or free_port()
        self.log = folder / f"serve-{self.port}.log"
        self._out = folder / f"serve-{self.port}.out"
        self._child: subprocess.Popen[bytes] | None = None

    def start(self, *, ready: bool = True) -> Self:
        with self.log.open("ab") as log, self._out.open("ab") as out:
            self._child = subprocess.Popen(
                [*COMMAND, "serve", *self.place, "--port", str(self.port)],
                stdout=out,
                stderr=log,
                stdin=subprocess.DEVNULL,
                env=environment(),
            )
        if ready:
            self.wait_until_ready()
        return self

    @property
    def child(self) -> subprocess.Popen[bytes]:
        assert self._child is not None
        return self._child

    @property
    def pid(self) -> int:
        return self.child.pid

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def wait_until_ready(self, seconds: float = START_SECONDS_MAX) -> float:
        """How long it took until the server said that it is ready."""
        started = time.monotonic()
        until = started + seconds
        while self.status_of("/readyz") != 200:
            assert self.child.poll() is None, f"the server has ended: {self.written()[-3000:]}"
            assert time.monotonic() < until, f"the server is not ready: {self.written()[-3000:]}"
            time.sleep(0.03)
        return time.monotonic() - started

    def status_of(self, path: str) -> int | None:
        """The status of a GET, None when nobody listens."""
        try:
            return self.get(path)[0]
        except (OSError, HTTPException):
            return None

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, bytes]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=40)
        try:
            connection.request("GET", path, headers=dict(headers or {}))
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Its exit status after a signal."""
        self.child.send_signal(number)
        return self.child.wait(STOP_SECONDS_MAX)

    def kill(self) -> None:
        self.child.kill()
        self.child.wait()

    def close(self) -> None:
        """Ends it if it has not ended yet."""
        if self._child is None:
            return
        if self._child.poll() is None:
            self._child.terminate()
        try:
            self._child.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def written(self) -> str:
        """All that it has written so far, on both streams."""
        return self._out.read_text("utf-8") + self.log.read_text("utf-8")

    def lines(self) -> list[dict[str, Any]]:
        """The lines of its log; each must be JSON."""
        return [json.loads(line) for line in self.log.read_text("utf-8").splitlines()]

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


COMMAND = (sys.executable, "-m", "onefold")


def run_command(*arguments: str, status: int = 0) -> subprocess.CompletedProcess[str]:
    """A command as a process of its own; asserts how it ends."""
    ended = subprocess.run(
        [*COMMAND, *arguments],
        capture_output=True,
        text=True,
        env=environment(),
        check=False,
        timeout=60,
    )
    assert ended.returncode == status, ended.stdout + ended.stderr
    return ended


def environment() -> dict[str, str]:
    """Ours without what would change a command, and with the sources that are tested."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("ONEFOLD_", "PROMETHEUS_", "PG"))
    }
    return {**kept, "PYTHONPATH": str(SOURCES)}


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def wait_until(condition: Callable[[], bool], *, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.03)
    return condition()
