"""SQL that runs on one server and on a cluster: scale-out section 6, rule by rule.

test_catalog.py asks the tables (rules 1 to 7), this file asks the statements. Three rules are
not for a reader of text: 10 (one transaction, one workspace), 18 and 19 (what `migrate` and
`doctor` do where the extension is there).
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from tests.tidy.migration_rules import MIGRATION_RULES, SHARED_RULES, misnumbered
from tests.tidy.set_functions import functions_in_set, unsteady
from tests.tidy.sources import Source, read_sources
from tests.tidy.sql_rules import RULES, offences
from tests.tidy.statements import STORE, Statement, read_migrations, read_queries, split_queries

PLANTED = Path(__file__).parent / "planted"
ALL_RULES = RULES | MIGRATION_RULES

# Words that no Python string or name of ours holds, and the rule that says so.
BANNED_IN_PYTHON = {
    "constraint_name": "15: errors are told apart by SQLSTATE",
    "advisory_lock": "14: locks are rows",
    "advisory_xact_lock": "14: locks are rows",
    "pg_current_xact": "7: no transaction ids",
    "pg_current_snapshot": "7: no transaction ids",
    "DETACH CONCURRENTLY": "17: a cluster refuses it",
}


def planted(opening: str) -> list[tuple[str, Statement]]:
    return [
        (name, statement)
        for name in ALL_RULES
        for statement in split_queries(name, (PLANTED / f"{name}.sql").read_text("utf-8"))
        if statement.place.startswith(f"{name}.{opening}_")
    ]


def place_of(value: object) -> str | None:
    return value.place if isinstance(value, Statement) else None


def banned_words(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        texts = [text for _, text in ast.iter_fields(node) if isinstance(text, str)]
        for word, rule in BANNED_IN_PYTHON.items():
            if any(word in text for text in texts):
                yield source.at(getattr(node, "lineno", 1), f"{word} (rule {rule})")


class TestQueries:
    @pytest.mark.parametrize("name", RULES)
    def test_keep_the_rule(self, name: str) -> None:
        found = offences(RULES[name], read_queries())

        assert not found, "\n".join(found)

    async def test_set_values_by_immutable_functions(self, database: asyncpg.Pool) -> None:
        found = [
            f"{query.place} calls {name}() in SET"
            for query in read_queries()
            for name in await unsteady(database, functions_in_set(query))
        ]

        assert not found, "\n".join(found)


class TestMigrations:
    @pytest.mark.parametrize("name", MIGRATION_RULES | SHARED_RULES)
    def test_keep_the_rule(self, name: str) -> None:
        found = offences((MIGRATION_RULES | SHARED_RULES)[name], read_migrations())

        assert not found, "\n".join(found)

    def test_are_numbered_without_a_gap(self) -> None:
        assert list(misnumbered([file.stem for file in (STORE / "migrations").glob("*.sql")])) == []

    @pytest.mark.parametrize(
        "names", [["0002_nodes"], ["0001_a", "0003_b"], ["0001_a", "0001_b"], ["1_a"], ["0001-a"]]
    )
    def test_would_be_caught_misnumbered(self, names: list[str]) -> None:
        assert list(misnumbered(names)) != []


class TestPython:
    def test_says_nothing_that_a_cluster_cannot_do(self) -> None:
        found = [offence for source in read_sources("src") for offence in banned_words(source)]

        assert not found, "\n".join(found)

    @pytest.mark.parametrize(
        "text",
        [
            "error.constraint_name == 'customers_pkey'",
            "await connection.execute('SELECT pg_advisory_lock(1)')",
            "await connection.execute(f'SELECT pg_try_advisory_xact_lock({key})')",
            "getattr(error, 'constraint_name')",
        ],
    )
    def test_would_be_caught(self, text: str) -> None:
        assert list(banned_words(Source("planted.py", text))) != []


class TestRules:
    @pytest.mark.parametrize(("name", "statement"), planted("kept"), ids=place_of)
    def test_let_pass(self, name: str, statement: Statement) -> None:
        assert list(ALL_RULES[name](statement)) == []

    @pytest.mark.parametrize(("name", "statement"), planted("broken"), ids=place_of)
    def test_catch(self, name: str, statement: Statement) -> None:
        assert list(ALL_RULES[name](statement)) != []

    def test_are_all_planted_both_ways(self) -> None:
        kept = {name for name, _ in planted("kept")}
        broken = {name for name, _ in planted("broken")}

        assert kept == broken == set(ALL_RULES)

    async def test_know_which_functions_are_immutable(self, database: asyncpg.Pool) -> None:
        query = Statement(
            "planted",
            "INSERT INTO a (b) VALUES (concat($1::text)) ON CONFLICT (b) DO UPDATE"
            " SET b = lower(excluded.b), c = jsonb_build_object('d', $2::text)",
        )

        assert functions_in_set(query) == {"lower", "jsonb_build_object"}
        assert await unsteady(database, {"lower", "jsonb_build_object"}) == ["jsonb_build_object"]
