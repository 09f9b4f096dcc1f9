"""POST customers, half of them known; against pgbench of one INSERT … ON CONFLICT of such a row."""

from math import ceil

from onefold.bench.load import WARMUP_SECONDS_MAX, Load
from onefold.bench.place import Place, Wanted
from onefold.bench.probes import Probe, floor_name, run_probe
from onefold.bench.report import Report
from onefold.bench.requests import upsert_requests
from onefold.bench.seeding import seed_customers
from onefold.bench.servers import serve_onefold
from onefold.bench.statements import statement
from onefold.bench.turns import compare_in_turns

KNOWN = 10_000
CONNECTIONS = 64
PER_SECOND_MAX = 8000
"""As many requests are made ahead; each is sent once, and a faster server ends its run early."""

NEW_MAX = 10**12


async def measure_upsert(place: Place, wanted: Wanted) -> Report:
    known = wanted.rows or KNOWN
    await seed_customers(place, known)
    await place.run_sql(statement("create_floor_customers"))
    many = ceil((wanted.seconds + WARMUP_SECONDS_MAX) * PER_SECOND_MAX)
    probe = Probe("upsert_floor_customer", ((0, 1), (0, known - 1), (known, NEW_MAX)))
    async with serve_onefold(place) as server:
        ours = Load(
            server,
            lambda number: upsert_requests(
                place.shop, known=known, start=known + number * many, count=many
            ),
            CONNECTIONS,
            repeat=False,
        )
        case = await compare_in_turns(
            wanted,
            f"POST customers, c={CONNECTIONS}",
            lambda number: ours.measure(wanted, number),
            floor_name(place, probe),
            lambda _: run_probe(place, probe, wanted, clients=CONNECTIONS),
        )
    return Report("upsert", "customers through HTTP, half of them known", (case,))
