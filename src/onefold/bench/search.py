"""GET customers by query, on 100,000 of them; against an indexed SELECT of the same rows."""

from collections.abc import Callable
from typing import NamedTuple

from onefold.bench.load import Load
from onefold.bench.people import FAMILIES
from onefold.bench.place import Place, Wanted
from onefold.bench.probes import Probe, floor_name, run_probe
from onefold.bench.report import Case, Report
from onefold.bench.requests import search_by_email, search_by_family, search_newest
from onefold.bench.seeding import seed_customers
from onefold.bench.servers import Running, serve_onefold
from onefold.bench.statements import statement
from onefold.bench.turns import compare_in_turns

CUSTOMERS = 100_000
CONNECTIONS = 8
QUESTIONS = 1000
PREPARATIONS = (
    "create_floor_names",
    "index_floor_families",
    "index_floor_emails",
    "index_floor_changes",
    "analyze_floor_names",
    "analyze_customers",
    "analyze_identifiers",
)


class Question(NamedTuple):
    """One kind of search: the request about customer n, and the floor's statement."""

    name: str
    request: Callable[[int], bytes]
    probe: Probe


async def measure_search(place: Place, wanted: Wanted) -> Report:
    customers = wanted.rows or CUSTOMERS
    await seed_customers(place, customers)
    for name in PREPARATIONS:
        await place.run_sql(statement(name))
    async with serve_onefold(place) as server:
        cases = [
            await _compare(place, wanted, server, question, customers)
            for question in questions_about(place, customers)
        ]
    return Report("search", "customers by query", tuple(cases), facts={"customers": customers})


def questions_about(place: Place, customers: int) -> list[Question]:
    shop = place.shop
    return [
        Question(
            "e-mail equals",
            lambda number: search_by_email(shop, number),
            Probe("floor_search_email", ((0, customers - 1),)),
        ),
        Question(
            "family name equals",
            lambda number: search_by_family(shop, number),
            Probe("floor_search_family", ((0, FAMILIES - 1),)),
        ),
        Question("first page", lambda _: search_newest(shop), Probe("floor_search_newest")),
    ]


async def _compare(
    place: Place, wanted: Wanted, server: Running, question: Question, customers: int
) -> Case:
    requests = [question.request(number * 7919 % customers) for number in range(QUESTIONS)]
    ours = Load(server, lambda _: requests, CONNECTIONS)
    return await compare_in_turns(
        wanted,
        f"{question.name}, c={CONNECTIONS}",
        lambda number: ours.measure(wanted, number),
        floor_name(place, question.probe),
        lambda _: run_probe(place, question.probe, wanted, clients=CONNECTIONS),
    )
