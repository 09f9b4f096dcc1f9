"""Every query is one statement with a purpose, fits the migrated schema, and is run by somebody."""

import ast
import re
from collections.abc import Iterator

import asyncpg
import pytest

from tests.tidy.sources import Source, read_sources
from tests.tidy.statements import STORE, Statement, misfits, read_queries

# SQL is a file, so that the checks see it. The exceptions say why; this list only shrinks.
SQL_IN_PYTHON_ALLOWED = {
    "src/onefold/store/migrate.py": "asks for the version before there is a schema",
    "src/onefold/store/search.py": "compiles a filter tree, the only composed SQL",
}

_SQL = re.compile(
    r"\s*(SELECT\s|INSERT\s+INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|WITH\s+\w+\s+AS\s)"
)


def strings_of_sql(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and _SQL.match(node.value)
        ):
            yield source.at(node.lineno, "holds SQL that belongs in a file")


async def unprepared(database: asyncpg.Pool, queries: list[Statement]) -> list[str]:
    """What the server says against each query: names, types, parameters of unknown type."""
    found = []
    async with database.acquire() as connection:
        for query in queries:
            try:
                await connection.prepare(query.text)
            except asyncpg.PostgresError as error:
                found.append(f"{query.place}: {error}")
    return found


class TestFiles:
    def test_are_rows_of_queries(self) -> None:
        found = [
            offence
            for file in (STORE / "sql").glob("*.sql")
            for offence in misfits(file.stem, file.read_text("utf-8"))
        ]

        assert not found, "\n".join(found)

    def test_may_begin_with_a_remark(self) -> None:
        assert list(misfits("a", "-- All about a.\n\n-- b --\n-- Why.\nSELECT 1;\n")) == []

    @pytest.mark.parametrize(
        "text",
        [
            "SELECT 1;\n",
            "-- a --\nSELECT 1;\n",
            "-- a --\n-- \nSELECT 1;\n",
            "-- a --\n-- Why.\nSELECT 1\n",
            "-- a --\n-- Why.\nSELECT 1; SELECT 2;\n",
            "-- a --\n-- Why.\nSELEC 1;\n",
            "-- a --\n-- Why.\n",
            "-- a --\n-- Why.\nSELECT 1;\n-- a --\n-- Why.\nSELECT 2;\n",
            "-- a --\n-- Why.\nSELECT 1;\n-- B c --\n-- Why.\nSELECT 2;\n",
        ],
    )
    def test_would_be_caught(self, text: str) -> None:
        assert list(misfits("planted", text)) != []


class TestQueries:
    async def test_prepare_on_the_migrated_schema(self, database: asyncpg.Pool) -> None:
        found = await unprepared(database, read_queries())

        assert not found, "\n".join(found)

    @pytest.mark.parametrize(
        "text",
        [
            "SELECT slgu FROM workspace_slugs;",
            "SELECT slug FROM workspace_slogans;",
            "SELECT slug FROM workspace_slugs WHERE workspace_id = $1::text;",
            "SELECT $1 IS NULL;",
        ],
    )
    async def test_would_be_caught(self, database: asyncpg.Pool, text: str) -> None:
        assert await unprepared(database, [Statement("planted", text)]) != []

    def test_are_each_run_from_their_topic(self) -> None:
        code = {source.path: source.text for source in read_sources("src/onefold/store")}
        unused = [
            query.place
            for query in read_queries()
            if not any(
                re.search(rf"\b{query.place.split('.')[1]}\b", text) for text in code.values()
            )
        ]

        assert not unused, "\n".join(unused)

    def test_live_in_files(self) -> None:
        found = [
            offence
            for source in read_sources("src")
            if source.path not in SQL_IN_PYTHON_ALLOWED
            for offence in strings_of_sql(source)
        ]

        assert not found, "\n".join(found)

    def test_would_be_caught_in_python(self) -> None:
        texts = [
            "x = 'SELECT a FROM b'",
            "x = f'''\n  DELETE FROM {b}'''",
            "x = 'UPDATE b SET c = 1'",
        ]

        assert all(any(strings_of_sql(Source("planted.py", text))) for text in texts)
        assert not any(strings_of_sql(Source("planted.py", "x = 'Select a customer'")))
