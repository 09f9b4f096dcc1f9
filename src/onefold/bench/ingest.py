"""POST events: validated, durable, counted, announced; against the bare insert of the same body."""

from onefold.bench.load import Load
from onefold.bench.place import Place, Wanted
from onefold.bench.report import Fact, Report, target_of
from onefold.bench.requests import event_requests
from onefold.bench.seeding import seed_customers
from onefold.bench.servers import serve_floor, serve_onefold
from onefold.bench.statements import statement
from onefold.bench.turns import compare_in_turns

CUSTOMERS = 1000
BODIES = 4000
CONNECTIONS = 64
RATIO_MIN = 0.35
PER_SECOND_MIN = 5000
FLOOR = "bare ASGI, grouped one-row insert"


async def measure_ingest(place: Place, wanted: Wanted) -> Report:
    customer_ids = await seed_customers(place, wanted.rows or CUSTOMERS)
    await place.run_sql(statement("create_floor_events"))
    await place.run_sql(statement("index_floor_events"))
    bodies = event_requests(place.shop, customer_ids, count=BODIES, at=place.context.clock())
    async with serve_onefold(place) as server, serve_floor("storing", place) as bare:
        ours = Load(server, lambda _: bodies, CONNECTIONS)
        floor = Load(bare, lambda _: bodies, CONNECTIONS)
        case = await compare_in_turns(
            wanted,
            f"POST events, c={CONNECTIONS}",
            lambda number: ours.measure(wanted, number),
            FLOOR,
            lambda number: floor.measure(wanted, number),
        )
    stored = await _read_stored(place)
    targets = (
        target_of("ratio to the bare insert", case.ratio, "at_least", RATIO_MIN),
        target_of("events each second", case.ours.per_second, "at_least", PER_SECOND_MIN),
        target_of("answered but not stored", ours.accepted - stored["events"], "equal", 0),
        target_of("stored but not counted", stored["events"] - stored["counted"], "equal", 0),
        target_of("stored but not announced", stored["events"] - stored["announced"], "equal", 0),
    )
    facts: dict[str, Fact] = {"answered": ours.accepted, "stored": stored["events"]}
    return Report("ingest", "events through HTTP", (case,), targets, facts | _sample(ours))


async def _read_stored(place: Place) -> dict[str, int]:
    (row,) = await place.read_sql(statement("count_events"), place.shop.workspace_id)
    return dict(row.items())


def _sample(load: Load) -> dict[str, Fact]:
    return {"first refusal": load.sample} if load.sample else {}
