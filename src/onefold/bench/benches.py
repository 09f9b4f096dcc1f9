"""Every benchmark by its name."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from onefold.bench.imports import measure_import
from onefold.bench.ingest import measure_ingest
from onefold.bench.place import Place, Wanted, open_place, read_machine
from onefold.bench.read import measure_read
from onefold.bench.report import Machine, Report
from onefold.bench.rollups import measure_rollups
from onefold.bench.search import measure_search
from onefold.bench.upsert import measure_upsert

Bench = Callable[[Place, Wanted], Awaitable[Report]]

BENCHES: Mapping[str, Bench] = {
    "ingest": measure_ingest,
    "read": measure_read,
    "upsert": measure_upsert,
    "import": measure_import,
    "search": measure_search,
    "rollups": measure_rollups,
}


async def run_benches(names: Sequence[str], wanted: Wanted) -> tuple[Machine, list[Report]]:
    """Runs each on a fresh PostgreSQL of its own."""
    reports = []
    for name in names:
        wanted.say(f"{name}: starting")
        async with open_place() as place:
            machine = await read_machine(place)
            reports.append(await BENCHES[name](place, wanted))
    return machine, reports
