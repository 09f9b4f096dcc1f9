"""GET customer by id, in a vendor's shape; against the same SELECT, its row sent as it comes."""

from onefold.bench.load import Load
from onefold.bench.place import Place, Wanted
from onefold.bench.report import Case, Report, target_of
from onefold.bench.requests import read_requests
from onefold.bench.seeding import seed_customers
from onefold.bench.servers import Running, serve_floor, serve_onefold
from onefold.bench.turns import compare_in_turns

CUSTOMERS = 10_000
CONNECTIONS = (64, 16)
RATIO_MIN = 0.6
FLOOR = "bare ASGI, same SELECT"


async def measure_read(place: Place, wanted: Wanted) -> Report:
    customer_ids = await seed_customers(place, wanted.rows or CUSTOMERS)
    bodies = read_requests(place.shop, customer_ids)
    async with serve_onefold(place) as server, serve_floor("reading", place) as bare:
        cases = [
            await _compare(wanted, bodies, (server, bare), connections)
            for connections in CONNECTIONS
        ]
    targets = [
        target_of(f"ratio to the bare SELECT, {case.name}", case.ratio, "at_least", RATIO_MIN)
        for case in cases
    ]
    return Report("read", "one customer by id", tuple(cases), tuple(targets))


async def _compare(
    wanted: Wanted, bodies: list[bytes], sides: tuple[Running, Running], connections: int
) -> Case:
    ours, floor = (Load(side, lambda _: bodies, connections) for side in sides)
    return await compare_in_turns(
        wanted,
        f"GET customer, c={connections}",
        lambda number: ours.measure(wanted, number),
        FLOOR,
        lambda number: floor.measure(wanted, number),
    )
