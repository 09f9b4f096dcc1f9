"""Everything on `--database URL`: a PostgreSQL over TCP with a password, and two servers on it."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.caller import Caller
from tests.cli.commands import Commands
from tests.cli.conftest import SHOP
from tests.cli.databases import ask, rows, tell, wait_for
from tests.cli.http_client import Client, Response
from tests.cli.plain_postgres import PASSWORD_IN_URL, PlainPostgres
from tests.cli.serving import Serving, wait_until

DATABASE = "warehouse_of_customers"


@pytest.fixture(scope="module")
def url(plain_postgres: PlainPostgres) -> str:
    tell(plain_postgres.url(), f"CREATE DATABASE {DATABASE}")
    return plain_postgres.url(DATABASE)


@pytest.fixture(scope="module")
def both(shop: Commands, folder: Path) -> Iterator[tuple[Serving, Serving]]:
    """Two servers that start at the same time."""
    second = Serving(*shop.place, folder=folder)
    second.start(ready=False)
    with Serving(*shop.place, folder=folder) as first, closing(second):
        second.wait_until_ready()
        yield first, second


@pytest.fixture(scope="module")
def callers(both: tuple[Serving, Serving], shop: Commands, url: str) -> tuple[Caller, Caller]:
    made = shop.json("token", "create", "contacthub", "--workspace", "shop", "--role", "admin")
    first, second = both
    return Caller(url, first.port, made["token"]), Caller(url, second.port, made["token"])


class TestCommands:
    def test_make_the_schema_once(self, commands: Commands) -> None:
        first = commands.json("migrate")
        again = commands.json("migrate")

        assert first["applied"][0] == "0001 workspaces"
        assert again == {"applied": []}

    def test_apply_once(self, commands: Commands, folder: Path) -> None:
        first = commands.apply(folder, SHOP)
        again = commands.apply(folder, SHOP)

        assert len(first) == 3
        assert again == []

    def test_make_and_revoke_tokens(self, shop: Commands) -> None:
        made = shop.json("token", "create", "contacthub", "--workspace", "shop")
        shop.run("token", "revoke", made["id"], "--workspace", "shop")

        left = shop.json("token", "list", "--workspace", "shop")
        assert made["id"] not in {one["id"] for one in left}

    def test_find_nothing_wrong(self, shop: Commands) -> None:
        assert [one for one in shop.json("doctor", "--counters") if not one["ok"]] == []

    def test_say_that_a_password_is_wrong_without_saying_it(
        self, plain_postgres: PlainPostgres, folder: Path
    ) -> None:
        wrong = plain_postgres.url().replace(PASSWORD_IN_URL, "guess-me")

        said = Commands("--database", wrong, "--key-file", str(folder / "k")).refusal("doctor")

        assert "password authentication failed" in said
        assert "guess-me" not in said

    def test_say_that_a_database_is_not_there(
        self, plain_postgres: PlainPostgres, folder: Path
    ) -> None:
        place = ("--database", plain_postgres.url("nowhere"), "--key-file", str(folder / "k"))

        assert 'database "nowhere" does not exist' in Commands(*place).refusal("migrate")


class TestTwoServers:
    def test_read_what_the_other_wrote(self, callers: tuple[Caller, Caller]) -> None:
        async def cross() -> Response:
            first, second = callers
            async with Client(first.port) as writer, Client(second.port) as reader:
                made = await first.create_customer(writer, "ada@shop.example")
                path = f"{second.path}/customers/{made.json()['id']}"
                return await reader.send("GET", path, headers=second.headers)

        read = wait_for(cross())

        assert read.status == 200
        assert read.json()["base"]["contacts"]["email"] == "ada@shop.example"

    def test_make_one_customer_of_one_address(
        self, callers: tuple[Caller, Caller], url: str
    ) -> None:
        async def all_at_once() -> list[Response]:
            async def write(caller: Caller, turn: int) -> Response:
                async with Client(caller.port) as client:
                    return await caller.create_customer(client, f"twin{turn % 5}@shop.example")

            return await asyncio.gather(
                *(write(caller, turn) for turn in range(20) for caller in callers)
            )

        made = wait_for(all_at_once())

        assert {one.status for one in made} == {201}
        assert len({one.json()["id"] for one in made}) == 5
        query = "SELECT count(*), count(DISTINCT number) FROM customers WHERE deleted_at IS NULL"
        assert rows(url, query) == [(6, 6)]

    def test_leave_no_gap_in_the_update_stream(
        self, callers: tuple[Caller, Caller], shop: Commands
    ) -> None:
        del callers

        assert [one for one in shop.json("doctor", "--counters") if not one["ok"]] == []


class TestWhenPostgresqlIsAway:
    """After the others: it takes the server down below everybody."""

    def test_answers_503_in_the_shape_of_the_dialect_and_comes_back_by_itself(
        self,
        both: tuple[Serving, Serving],
        callers: tuple[Caller, Caller],
        plain_postgres: PlainPostgres,
        url: str,
    ) -> None:
        serving, caller = both[0], callers[0]
        plain_postgres.stop("immediate")
        away = wait_for(_create(caller, "away@shop.example"))
        readiness = [one.status_of("/readyz") for one in both]
        alive = serving.status_of("/healthz")

        plain_postgres.start()
        back = wait_until(lambda: all(one.status_of("/readyz") == 200 for one in both), seconds=15)
        after = wait_for(_create(caller, "back@shop.example"))

        assert away.status == 503
        assert away.headers["retry-after"] == "1"
        told = json.loads(away.body)
        assert set(told) == {"message", "logref", "data", "errors"}
        assert readiness == [503, 503]
        assert alive == 200
        assert back
        assert after.status == 201
        query = "SELECT count(*) FROM identifiers WHERE kind = 'email' AND value = $1"
        assert ask(url, query, "away@shop.example") == 0
        assert ask(url, query, "back@shop.example") == 1


async def _create(caller: Caller, email: str) -> Response:
    async with Client(caller.port) as client:
        return await caller.create_customer(client, email)
