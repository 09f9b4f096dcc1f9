"""One statement over and over: pgbench and our own loop, on a real PostgreSQL."""

from collections.abc import AsyncIterator

import pytest

from onefold.bench.place import Place, Wanted, open_place, read_machine
from onefold.bench.probes import Probe, find_pgbench, loop_statement, run_probe, script_of
from onefold.bench.statements import statement, statement_of_store

UPSERT = Probe("upsert_floor_customer", ((0, 1), (0, 9), (10, 1000)))


@pytest.fixture(scope="module")
async def place() -> AsyncIterator[Place]:
    async with open_place() as opened:
        await opened.run_sql(statement("create_floor_customers"))
        yield opened


class TestScriptOf:
    def test_draws_every_parameter(self) -> None:
        lines = script_of(UPSERT).splitlines()

        assert lines[:3] == [
            "\\set a1 random(0, 1)",
            "\\set a2 random(0, 9)",
            "\\set a3 random(10, 1000)",
        ]
        assert "CASE WHEN :a1::integer = 0 THEN :a2::bigint ELSE :a3::bigint END" in script_of(
            UPSERT
        )
        assert "$" not in script_of(UPSERT)


class TestStatementOfStore:
    def test_is_the_product_s_own(self) -> None:
        assert "FROM customers" in statement_of_store("customers", "find_customer")


class TestRunProbe:
    async def test_measures_with_pgbench(self, place: Place) -> None:
        assert find_pgbench(place) is not None

        measured = await run_probe(place, UPSERT, Wanted(seconds=1), clients=2)

        assert measured.operations > 10
        assert 0 < measured.p50_ms <= measured.p99_ms
        assert await self.stored(place) > 0

    async def test_measures_without_pgbench(self, place: Place) -> None:
        before = await self.stored(place)

        measured = await loop_statement(place, UPSERT, Wanted(seconds=0.3), clients=2)

        assert measured.operations > 10
        assert 0 < measured.p50_ms <= measured.p99_ms
        assert await self.stored(place) >= before

    @staticmethod
    async def stored(place: Place) -> int:
        (row,) = await place.read_sql("SELECT count(*) FROM floor_customers")
        return int(row[0])


class TestReadMachine:
    async def test_tells_that_answers_are_durable(self, place: Place) -> None:
        machine = await read_machine(place)

        assert machine.durable
        assert machine.postgresql.startswith("18.")
