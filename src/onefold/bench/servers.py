"""Servers as processes: onefold as users start it, and the floors."""

import asyncio
import signal
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from onefold.bench.place import Place
from onefold.bench.processes import cpu_seconds_of, parent_of
from onefold.bench.statements import statement

START_SECONDS_MAX = 60.0
STOP_SECONDS_MAX = 20.0
RETRY_SECONDS = 0.05
LOG_CHARACTERS_MAX = 2000


class NotServing(Exception):
    """A server did not come up; the message ends with what it wrote."""


@dataclass(frozen=True, slots=True)
class Running:
    """A server, and the PostgreSQL behind it."""

    port: int
    pid: int
    database_pid: int

    def cpu_seconds(self) -> tuple[float | None, float | None]:
        """What the server and the database took so far; None where it cannot be told."""
        return cpu_seconds_of(self.pid), cpu_seconds_of(self.database_pid)


@asynccontextmanager
async def serve_onefold(place: Place) -> AsyncIterator[Running]:
    """`onefold serve` with one worker."""
    port = free_port()
    command = ["onefold", "serve", "--data", str(place.settings.data_dir), "--port", str(port)]
    async with _serve(command, place, port, ready="/healthz") as running:
        yield running


@asynccontextmanager
async def serve_floor(name: str, place: Place) -> AsyncIterator[Running]:
    port = free_port()
    command = ["onefold.bench.floors", name, str(place.settings.data_dir), str(port)]
    async with _serve(command, place, port, ready="") as running:
        yield running


async def find_database(place: Place) -> int:
    """The process that all connections of PostgreSQL belong to."""
    (row,) = await place.read_sql(statement("backend"))
    return parent_of(row[0])


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@asynccontextmanager
async def _serve(
    command: Sequence[str], place: Place, port: int, *, ready: str
) -> AsyncIterator[Running]:
    log = place.folder / f"{command[0]}-{port}.log"
    with log.open("wb") as written:
        server = await asyncio.create_subprocess_exec(
            sys.executable, "-m", *command, stdout=written, stderr=written
        )
    try:
        await _wait_until_ready(server, port, ready, log)
        yield Running(port, server.pid, await find_database(place))
    finally:
        await _stop(server)


async def _wait_until_ready(
    server: asyncio.subprocess.Process, port: int, ready: str, log: Path
) -> None:
    """Until it answers 200 on the path `ready`; without one, until it accepts connections."""
    patience_ends = monotonic() + START_SECONDS_MAX
    while monotonic() < patience_ends and server.returncode is None:
        with suppress(OSError):
            if await _answers(port, ready):
                return
        await asyncio.sleep(RETRY_SECONDS)
    raise NotServing(f"no server on port {port}: {_end_of(log)}")


def _end_of(log: Path) -> str:
    return log.read_text(errors="replace")[-LOG_CHARACTERS_MAX:]


async def _answers(port: int, path: str) -> bool:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        if not path:
            return True
        writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        return b" 200 " in await reader.readline()
    finally:
        writer.close()


async def _stop(server: asyncio.subprocess.Process) -> None:
    if server.returncode is not None:
        return
    server.send_signal(signal.SIGTERM)
    try:
        await asyncio.wait_for(server.wait(), STOP_SECONDS_MAX)
    except TimeoutError:
        server.kill()
        await server.wait()
