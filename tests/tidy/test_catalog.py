"""Tables that stand on one server and on a cluster: scale-out section 6, rules 1 to 7."""

from pathlib import Path

import asyncpg
import pytest

from onefold.store.tables import GLOBAL_TABLES, OWNED_BY_CUSTOMER, POINTS_AT_CUSTOMER
from tests.tidy.catalog import Catalog, read_catalog
from tests.tidy.catalog_rules import CATALOG_RULES, Ownership
from tests.tidy.statements import Statement, split_queries

PLANTED = Path(__file__).parent / "planted"

OURS = Ownership(GLOBAL_TABLES, OWNED_BY_CUSTOMER, POINTS_AT_CUSTOMER)
PLANTED_LISTS = Ownership(
    {"tokens": "finds the workspace"}, {"customers", "events"}, {"identifiers": "keyed by value"}
)


def planted(opening: str) -> list[tuple[str, Statement]]:
    return [
        (rule, tables)
        for rule in CATALOG_RULES
        for tables in split_queries(rule, (PLANTED / f"catalog_{rule}.sql").read_text("utf-8"))
        if tables.place.startswith(f"{rule}.{opening}_")
    ]


def place_of(value: object) -> str | None:
    return value.place if isinstance(value, Statement) else None


async def catalog_of(database: asyncpg.Pool, tables: Statement) -> Catalog:
    """Make the planted tables in a schema of their own, read the catalog, and leave nothing."""
    async with database.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        try:
            await connection.execute("CREATE SCHEMA planted")
            await connection.execute("SET LOCAL search_path TO planted")
            await connection.execute(tables.text)
            return await read_catalog(connection)
        finally:
            await transaction.rollback()


class TestMigratedTables:
    @pytest.mark.parametrize("rule", CATALOG_RULES)
    async def test_keep_the_rule(self, database: asyncpg.Pool, rule: str) -> None:
        async with database.acquire() as connection:
            catalog = await read_catalog(connection)
        offences = list(CATALOG_RULES[rule](catalog, OURS))

        assert catalog.tables
        assert not offences, "\n".join(offences)


class TestRules:
    @pytest.mark.parametrize(("rule", "tables"), planted("kept"), ids=place_of)
    async def test_let_pass(self, database: asyncpg.Pool, rule: str, tables: Statement) -> None:
        catalog = await catalog_of(database, tables)

        assert list(CATALOG_RULES[rule](catalog, PLANTED_LISTS)) == []

    @pytest.mark.parametrize(("rule", "tables"), planted("broken"), ids=place_of)
    async def test_catch(self, database: asyncpg.Pool, rule: str, tables: Statement) -> None:
        catalog = await catalog_of(database, tables)

        assert list(CATALOG_RULES[rule](catalog, PLANTED_LISTS)) != []

    def test_are_all_planted_both_ways(self) -> None:
        kept = {rule for rule, _ in planted("kept")}
        broken = {rule for rule, _ in planted("broken")}

        assert kept == broken == set(CATALOG_RULES)
