"""A year of counts by type and day, on few events and on a hundred times as many.

The events come through record_events in batches of 5,000, the product's own write path, so that
the counters are those that it keeps. A figure must cost the same on both, and be exact.
"""

from datetime import timedelta
from statistics import median
from time import perf_counter

from onefold.actions.rollups import DayCount, compare, read_counts
from onefold.bench.figures import Measured, measured_of, pairwise_ratios
from onefold.bench.place import Place, Shop, Wanted, open_shop
from onefold.bench.report import Case, Fact, Report, Target, figures_of, target_of
from onefold.bench.seeding import seed_customers, seed_events
from onefold.bench.statements import statement

EVENTS = 1_000_000
TIMES_FEWER = 100
CUSTOMERS = 1000
RATIO_MAX = 1.5
YEAR_DAYS = 366
_MILLISECOND = 1000


async def measure_rollups(place: Place, wanted: Wanted) -> Report:
    many = wanted.rows or EVENTS
    few = max(1, many // TIMES_FEWER)
    small, large = await open_shop(place.context, "small"), place.shop
    facts: dict[str, Fact] = {"written by": "record_events, 5,000 a transaction"}
    facts |= await _fill(place, wanted, small, few)
    facts |= await _fill(place, wanted, large, many)
    await place.run_sql(statement("analyze_event_rollups"))
    pairs = [await _read_in_turns(place, wanted, small, large) for _ in range(wanted.repeats)]
    ratios = pairwise_ratios(
        [on_large.p50_ms for _, on_large in pairs], [on_small.p50_ms for on_small, _ in pairs]
    )
    cases = (
        Case(f"a year of {many:,} events", "", figures_of([one for _, one in pairs])),
        Case(f"a year of {few:,} events", "", figures_of([one for one, _ in pairs])),
    )
    time_target = target_of(
        f"time on {many:,} by time on {few:,}", median(ratios), "at_most", RATIO_MAX
    )
    checks, seconds = await _check(place, large, many)
    facts["recount seconds"] = round(seconds, 1)
    return Report("rollups", "figures from counters", cases, (time_target, *checks), facts)


async def _fill(place: Place, wanted: Wanted, shop: Shop, count: int) -> dict[str, Fact]:
    wanted.say(f"recording {count:,} events")
    customer_ids = await seed_customers(place, CUSTOMERS, shop)
    before = perf_counter()
    await seed_events(place, count, customer_ids, shop)
    each_second = round(count / (perf_counter() - before))
    return {f"events recorded each second, {count:,}": each_second}


async def _read_in_turns(
    place: Place, wanted: Wanted, small: Shop, large: Shop
) -> tuple[Measured, Measured]:
    """One read of each, again and again."""
    on_small: list[float] = []
    on_large: list[float] = []
    ends_at = perf_counter() + wanted.seconds
    while perf_counter() < ends_at:
        for shop, took in ((small, on_small), (large, on_large)):
            before = perf_counter()
            await _read_year(place, shop)
            took.append((perf_counter() - before) * _MILLISECOND)
    return _measured(on_small), _measured(on_large)


def _measured(took: list[float]) -> Measured:
    return measured_of(took, sum(took) / _MILLISECOND)


async def _read_year(place: Place, shop: Shop) -> list[DayCount]:
    picture = await place.picture(shop)
    today = place.context.clock().date()
    async with place.context.database.reading() as tx:
        return await read_counts(
            tx,
            shop.operator,
            picture=picture,
            since=today - timedelta(days=YEAR_DAYS),
            until=today,
        )


async def _check(place: Place, shop: Shop, many: int) -> tuple[tuple[Target, ...], float]:
    """That the figure is that of the events themselves."""
    before = perf_counter()
    found = await compare(place.context.database, shop.operator, picture=await place.picture(shop))
    seconds = perf_counter() - before
    read = sum(one.events for one in await _read_year(place, shop))
    checks = (
        target_of("counters that differ from a recount", found.wrong, "equal", 0),
        target_of("events counted again", found.events, "equal", many),
        target_of("events in the figure of the year", read, "equal", many),
    )
    return checks, seconds
