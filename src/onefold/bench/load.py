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


Spent = tuple[float | None, float | None]
"""Processor seconds of the server and of the database."""


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
        return measured_load(counted, _spent(before, after))


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


def measured_load(counted: Counted, spent: Spent = (None, None)) -> Measured:
    """Figures of a run; whatever was not answered 2xx has failed."""
    answered = sum(counted.statuses.values())
    latencies = array("I", counted.latencies)
    return measured_of(
        [microseconds / _MILLISECOND for microseconds in latencies],
        counted.seconds,
        failed=answered - _accepted(counted) + counted.broken,
        generator_us=_each(counted.cpu_seconds, answered),
        server_us=_each(spent[0], answered),
        database_us=_each(spent[1], answered),
    )


def _spent(before: Spent, after: Spent) -> Spent:
    server, database = (
        None if start is None or end is None else end - start
        for start, end in zip(before, after, strict=True)
    )
    return server, database


def _each(seconds: float | None, operations: int) -> float | None:
    return seconds * _MICROSECONDS / operations if seconds is not None and operations else None


def _accepted(counted: Counted) -> int:
    return sum(many for status, many in counted.statuses.items() if succeeded(status))
