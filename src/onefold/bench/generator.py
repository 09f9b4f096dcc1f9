"""Load over HTTP, from a process of its own so that it disturbs the server as little as it can.

`python -m onefold.bench.generator` reads a Plan from standard input and writes what it Counted to
standard output. Requests are ready-made bytes, connections are kept alive and carry one request
at a time; of an answer only the status and Content-Length are looked at.
"""

import asyncio
import gc
import sys
from array import array
from collections import Counter
from itertools import cycle
from time import perf_counter, process_time

import msgspec
import uvloop

DRAIN_SECONDS_MAX = 30.0
SAMPLE_CHARACTERS_MAX = 500
_MICROSECONDS = 1_000_000
_UNKNOWN = -1


class Plan(msgspec.Struct, frozen=True):
    """What to send where; with `repeat` False the run ends when every request was sent once."""

    port: int
    requests: list[bytes]
    connections: int
    seconds: float
    warmup_seconds: float = 0.0
    repeat: bool = True


class Counted(msgspec.Struct, frozen=True):
    """What came back. `latencies` (microseconds, as an array of unsigned ints) holds the 2xx
    answers within the measured time; `statuses` and `broken` cover the whole run.
    """

    seconds: float
    latencies: bytes
    statuses: dict[int, int]
    broken: int
    cpu_seconds: float
    sample: str


class Unframed(ValueError):
    """An answer without Content-Length, of which the end cannot be told."""


class Load:
    """One run: hands out requests, takes down answers, knows when it is over."""

    def __init__(self, plan: Plan) -> None:
        self._requests = cycle(plan.requests) if plan.repeat else iter(plan.requests)
        self._plan = plan
        self._starts_at = self._ends_at = float("inf")
        self._answered_at = 0.0
        self._used_up = False
        self._cpu_seconds = process_time()
        self._open = 0
        self._over = asyncio.get_running_loop().create_future()
        self.latencies = array("I")
        self.statuses: Counter[int] = Counter()
        self.broken = 0
        self.sample = ""

    async def run(self) -> Counted:
        loop = asyncio.get_running_loop()
        connections = []
        for _ in range(self._plan.connections):
            _, connection = await loop.create_connection(
                lambda: Connection(self), "127.0.0.1", self._plan.port
            )
            connections.append(connection)
        self._open = len(connections)
        self._starts_at = perf_counter() + self._plan.warmup_seconds
        self._ends_at = self._starts_at + self._plan.seconds
        for connection in connections:
            connection.send()
        patience = self._plan.warmup_seconds + self._plan.seconds + DRAIN_SECONDS_MAX
        done, _ = await asyncio.wait([self._over], timeout=patience)
        if not done:
            self.broken += self._open
        return self._counted()

    def next_request(self) -> bytes | None:
        """What to send next, None when the time is up or nothing is left."""
        if perf_counter() >= self._ends_at:
            return None
        request = next(self._requests, None)
        self._used_up = request is None
        return request

    def answered(self, sent_at: float, status: int, answer: bytes) -> None:
        self._answered_at = now = perf_counter()
        self.statuses[status] += 1
        if not succeeded(status):
            self.sample = self.sample or answer.decode("latin-1")[:SAMPLE_CHARACTERS_MAX]
        elif self._starts_at <= now <= self._ends_at:
            self.latencies.append(int((now - sent_at) * _MICROSECONDS))

    def left(self, *, broken: bool) -> None:
        """A connection is gone, with or without an answer owed."""
        self.broken += broken
        self._open -= 1
        if self._open == 0 and not self._over.done():
            self._over.set_result(None)

    def _counted(self) -> Counted:
        ends_at = min(self._ends_at, self._answered_at) if self._used_up else self._ends_at
        return Counted(
            seconds=max(0.0, ends_at - self._starts_at),
            latencies=self.latencies.tobytes(),
            statuses=dict(self.statuses),
            broken=self.broken,
            cpu_seconds=process_time() - self._cpu_seconds,
            sample=self.sample,
        )


class Connection(asyncio.Protocol):
    """Sends, waits for the whole answer, sends again; hangs up when there is nothing to send."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._transport: asyncio.Transport | None = None
        self._buffer = b""
        self._length = _UNKNOWN
        self._sent_at = 0.0
        self._waiting = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment] # a stream's is never another

    def send(self) -> None:
        if self._transport is None:
            return
        request = self._load.next_request()
        if request is None:
            self._waiting = False
            self._transport.close()
            return
        self._waiting = True
        self._sent_at = perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        buffer = self._buffer + data if self._buffer else data
        if self._length == _UNKNOWN:
            end = buffer.find(b"\r\n\r\n")
            if end >= 0:
                self._length = end + 4 + length_of_body(buffer[:end])
        if self._length == _UNKNOWN or len(buffer) < self._length:
            self._buffer = buffer
            return
        self._buffer = b""
        self._length = _UNKNOWN
        self._load.answered(self._sent_at, int(buffer[9:12]), buffer)
        self.send()

    def connection_lost(self, _: Exception | None) -> None:
        self._transport = None
        self._load.left(broken=self._waiting)


def succeeded(status: int) -> bool:
    return status // 100 == 2  # noqa: PLR2004 - what 2xx means


def length_of_body(head: bytes) -> int:
    """What Content-Length says."""
    lower = head.lower()
    at = lower.find(b"\r\ncontent-length:")
    if at < 0:
        raise Unframed(head.decode("latin-1"))
    end = lower.find(b"\r\n", at + 2)
    return int(lower[at + 17 : end if end > 0 else None])


async def put_load(plan: Plan) -> Counted:
    return await Load(plan).run()


def main() -> None:
    plan = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Plan)
    gc.disable()
    sys.stdout.buffer.write(msgspec.msgpack.encode(uvloop.run(put_load(plan))))


if __name__ == "__main__":
    main()
