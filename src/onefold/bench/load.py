"""Puts the generator's load on a server and makes figures of what it counted."""

import asyncio
import sys
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec

from onefold.bench.figures import Measured, measured_of
from onefold.bench.generator import Counted, Plan, succeeded
from onefold.bench.place import Wanted
from onefold.bench.servers import Running

GENERATOR = "onefold.bench.generator"
WARMUP_SECONDS_MAX = 1.0
_MILLISECOND = 1000
_MICROSECONDS = 1_000_000

Requests = Callable[[int], Sequence[bytes]]
"""The requests of the n-th run; what may be sent only once is new in each."""


class GeneratorFailed(Exception):
    """The generator ended without figures."""


@dataclass(slots=True)
class Load:
    """What one server is asked, and what it has answered so far.

    `accepted` counts the 2xx answers of all runs, warm-up included; `sample` is the first other.
    """

    server: Running
    requests: Requests
    connections: int
    repeat: bool = True
    accepted: int = 0
    sample: str = ""

    async def measure(self, wanted: Wanted, number: int) -> Measured:
        plan = Plan(
            port=self.server.port,
            requests=list(self.requests(number)),
            connections=self.connections,
            seconds=wanted.seconds,
            warmup_seconds=min(WARMUP_SECONDS_MAX, wanted.seconds / 2),
            repeat=self.repeat,
        )
        before = self.server.cpu_seconds()
        counted = await run_generator(plan)
        after = self.server.cpu_seconds()
        self.accepted += _accepted(counted)
        self.sample = self.sample or counted.sample
        spent = None if before is None or after is None else after - before
        return measured_load(counted, server_seconds=spent)


async def run_generator(plan: Plan) -> Counted:
    generator = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        GENERATOR,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    written, _ = await generator.communicate(msgspec.msgpack.encode(plan))
    if generator.returncode != 0:
        raise GeneratorFailed(f"exit code {generator.returncode}")
    return msgspec.msgpack.decode(written, type=Counted)


def measured_load(counted: Counted, *, server_seconds: float | None = None) -> Measured:
    """Figures of a run; whatever was not answered 2xx has failed."""
    answered = sum(counted.statuses.values())
    latencies = array("I", counted.latencies)
    return measured_of(
        [microseconds / _MILLISECOND for microseconds in latencies],
        counted.seconds,
        failed=answered - _accepted(counted) + counted.broken,
        generator_us=_each(counted.cpu_seconds, answered),
        server_us=None if server_seconds is None else _each(server_seconds, answered),
    )


def _each(seconds: float, operations: int) -> float | None:
    return seconds * _MICROSECONDS / operations if operations else None


def _accepted(counted: Counted) -> int:
    return sum(many for status, many in counted.statuses.items() if succeeded(status))
