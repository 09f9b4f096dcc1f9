"""`onefold doctor`: finds what is planted, and nothing where all is well."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from onefold.store.embedded import Lease
from tests.cli.commands import Commands
from tests.cli.conftest import SHOP
from tests.cli.databases import tell
from tests.cli.people import write_customers

JOB = (
    "INSERT INTO jobs (workspace_id, job_id, kind, state, payload, progress, attempts, run_at,"
    " created_at, leased_until, updated_at) SELECT workspace_id, gen_random_uuid(), 'import',"
    " '{state}', '{{}}', '{{}}', 1, now(), now(), {until}, now() FROM workspaces"
)


@pytest.fixture
def url(postgres: Lease, template: str, commands_folder: Path) -> Iterator[str]:
    """A database that a test may damage, with one customer in it."""
    name = f"sick_{uuid4().hex}"
    tell(postgres.dsn("postgres"), f"CREATE DATABASE {name} TEMPLATE {template}")
    address = postgres.dsn(name)
    Commands("--database", address, "--key-file", str(commands_folder / "key")).apply(
        commands_folder, SHOP
    )
    write_customers(address, "shop", {"contact.email": "ada@shop.example"})
    yield address
    tell(postgres.dsn("postgres"), f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def commands_folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def commands(url: str, commands_folder: Path) -> Commands:
    return Commands("--database", url, "--key-file", str(commands_folder / "key"))


def found_bad(commands: Commands, *options: str) -> list[tuple[str, str]]:
    findings = commands.json("doctor", *options, status=1)
    return [(one["check"], one["detail"]) for one in findings if not one["ok"]]


class TestDoctor:
    def test_finds_nothing_where_all_is_well(self, commands: Commands) -> None:
        findings = commands.json("doctor", "--counters")

        assert [one["check"] for one in findings if not one["ok"]] == []
        assert {one["check"] for one in findings} >= {
            "PostgreSQL version",
            "fsync",
            "synchronous_commit",
            "schema",
            "identifiers of shop",
            "update stream of shop",
            "persons of shop",
            "jobs of shop",
            "counters of shop",
            "sealing key",
        }

    def test_finds_an_identifier_without_a_customer(self, commands: Commands, url: str) -> None:
        tell(
            url,
            "UPDATE identifiers SET customer_id = gen_random_uuid() WHERE kind = 'email'",
        )

        assert found_bad(commands) == [("identifiers of shop", "1 without a customer")]

    def test_finds_a_link_to_a_person_who_is_gone(self, commands: Commands, url: str) -> None:
        tell(
            url,
            "INSERT INTO person_links SELECT workspace_id, customer_id, node_id,"
            " gen_random_uuid(), '[]', now() FROM customers",
        )

        assert found_bad(commands) == [("persons of shop", "1 links that lead nowhere")]

    def test_finds_a_job_that_nobody_goes_on_with(self, commands: Commands, url: str) -> None:
        tell(url, JOB.format(state="RUNNING", until="now() - interval '1 minute'"))
        tell(url, JOB.format(state="RUNNING", until="now() + interval '1 minute'"))
        tell(url, JOB.format(state="FAILED", until="NULL"))

        assert found_bad(commands) == [("jobs of shop", "1 left in the middle, 1 failed")]

    def test_finds_a_gap_in_the_update_stream(self, commands: Commands, url: str) -> None:
        tell(url, "DELETE FROM updates")

        assert found_bad(commands) == [("update stream of shop", "1 positions missing")]

    def test_finds_a_key_that_others_can_read(
        self, commands: Commands, commands_folder: Path
    ) -> None:
        key = commands_folder / "key"
        key.chmod(0o644)

        assert found_bad(commands) == [("sealing key", f"{key}: others can read it")]

    def test_finds_a_schema_from_the_future(self, commands: Commands, url: str) -> None:
        tell(url, "INSERT INTO schema_migrations VALUES (9999, 'later', now())")

        assert found_bad(commands) == [("schema", "version 9999")]

    def test_finds_a_server_that_does_not_wait_for_the_disk(
        self, commands: Commands, url: str
    ) -> None:
        name = url.partition("@/")[2].partition("?")[0]
        tell(url, f"ALTER DATABASE {name} SET synchronous_commit = off")

        assert found_bad(commands) == [("synchronous_commit", "off")]

    def test_marks_what_is_bad_for_people(self, commands: Commands, url: str) -> None:
        tell(url, "DELETE FROM updates")

        lines = commands.run("doctor", status=1).splitlines()

        assert "BAD  update stream of shop: 1 positions missing" in lines
        assert "ok   identifiers of shop: 0 without a customer" in lines
