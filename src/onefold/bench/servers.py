"""Servers as processes: onefold as users start it, and the floors."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from onefold.bench.place import Place

START_SECONDS_MAX = 60.0
STOP_SECONDS_MAX = 20.0
RETRY_SECONDS = 0.05
LOG_CHARACTERS_MAX = 2000


class NotServing(Exception):
    """A server did not come up; the message ends with what it wrote."""


@dataclass(frozen=True, slots=True)
class Running:
    port: int
    pid: int

    def cpu_seconds(self) -> float | None:
        """Processor time of the server and its children so far; None where it cannot be told."""
        if not Path("/proc/self/stat").exists():
            return None
        ticks = sum(_ticks_of(pid) for pid in _family_of(self.pid))
        return ticks / os.sysconf("SC_CLK_TCK")


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
        yield Running(port, server.pid)
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


def _family_of(pid: int) -> list[int]:
    """The process and everything under it."""
    try:
        below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        below = []
    return [pid, *(one for child in below for one in _family_of(int(child)))]


def _ticks_of(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0
    fields = text.rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
