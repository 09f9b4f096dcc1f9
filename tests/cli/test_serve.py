"""`onefold serve` on a data directory: a server that others can work beside, and that stops."""

import asyncio
import signal
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from onefold.store.embedded import Lease, acquire
from tests.cli.caller import Caller, bearer
from tests.cli.commands import Commands
from tests.cli.conftest import SHOP
from tests.cli.databases import rows, tell, wait_for
from tests.cli.http_client import Client
from tests.cli.serving import Serving, wait_until

TOKEN_SECONDS_MAX = 2.0
STOP_SECONDS_MAX = 8.0


@pytest.fixture(scope="module")
def data_dir(folder: Path) -> Path:
    return folder / "data"


@pytest.fixture(scope="module")
def commands(data_dir: Path) -> Commands:
    return Commands("--data", str(data_dir))


@pytest.fixture(scope="module")
def lease(data_dir: Path) -> Iterator[Lease]:
    """Keeps PostgreSQL up between the servers of this module, which come and go."""
    with acquire(data_dir) as held:
        yield held


@pytest.fixture(scope="module")
def serving(data_dir: Path, folder: Path, lease: Lease) -> Iterator[Serving]:
    del lease
    with Serving("--data", str(data_dir), folder=folder) as server:
        yield server


@pytest.fixture(scope="module")
def caller(serving: Serving, commands: Commands, folder: Path, lease: Lease) -> Caller:
    commands.apply(folder, SHOP)
    made = commands.json("token", "create", "contacthub", "--workspace", "shop", "--role", "admin")
    return Caller(lease.dsn(), serving.port, made["token"])


class TestServing:
    def test_makes_a_key_for_its_owner_alone(self, serving: Serving, data_dir: Path) -> None:
        assert serving.status_of("/readyz") == 200
        assert (data_dir / "sealing.key").stat().st_mode & 0o777 == 0o600

    def test_says_where_it_listens(self, serving: Serving) -> None:
        (line,) = [one for one in serving.lines() if one["event"] == "serving"]

        assert line["address"] == serving.url

    def test_notes_it_in_the_data_directory(self, serving: Serving, data_dir: Path) -> None:
        assert (data_dir / "address").read_text().strip() == serving.url

    def test_answers_what_a_command_has_just_made(self, serving: Serving, caller: Caller) -> None:
        answered, _ = serving.get(caller.search_path, caller.headers)

        assert answered == 200

    @pytest.mark.parametrize(
        "command",
        [
            ("migrate",),
            ("doctor",),
            ("doctor", "--counters"),
            ("token", "list", "--workspace", "shop"),
        ],
        ids=" ".join,
    )
    def test_goes_on_while_a_command_works_beside_it(
        self, serving: Serving, commands: Commands, caller: Caller, command: tuple[str, ...]
    ) -> None:
        del caller

        commands.json(*command)

        assert serving.status_of("/readyz") == 200
        assert serving.child.poll() is None

    def test_tells_that_there_is_no_demo(self, serving: Serving, commands: Commands) -> None:
        del serving

        assert "there is no demo here" in commands.refusal("demo-credentials")


class TestTokens:
    def test_work_until_they_are_revoked(
        self, serving: Serving, commands: Commands, caller: Caller
    ) -> None:
        made = commands.json("token", "create", "contacthub", "--workspace", "shop")
        works = self._status(serving, caller, made["token"])

        commands.run("token", "revoke", made["id"], "--workspace", "shop")

        assert works == 200
        assert self._refused_within(serving, caller, made["token"], TOKEN_SECONDS_MAX)

    def test_work_until_their_source_is_switched_off(
        self, serving: Serving, commands: Commands, caller: Caller, folder: Path
    ) -> None:
        made = commands.json(
            "token", "create", "contacthub", "--workspace", "shop", "--source", "till"
        )
        works = self._status(serving, caller, made["token"])

        commands.apply(folder, SHOP + "        enabled: false\n")
        stopped = self._refused_within(serving, caller, made["token"], TOKEN_SECONDS_MAX)
        commands.apply(folder, SHOP + "        enabled: true\n")

        assert works == 200
        assert stopped

    def test_work_until_they_expire(
        self, serving: Serving, commands: Commands, caller: Caller, lease: Lease
    ) -> None:
        made = commands.json("token", "create", "contacthub", "--workspace", "shop", "--days", "1")
        works = self._status(serving, caller, made["token"])

        tell(
            lease.dsn(),
            "UPDATE tokens SET expires_at = expires_at - interval '1 day'"
            " WHERE expires_at IS NOT NULL",
        )

        assert works == 200
        assert self._refused_within(serving, caller, made["token"], TOKEN_SECONDS_MAX)

    @staticmethod
    def _status(serving: Serving, caller: Caller, token: str) -> int:
        return serving.get(caller.search_path, bearer(token))[0]

    def _refused_within(self, serving: Serving, caller: Caller, token: str, seconds: float) -> bool:
        return wait_until(lambda: self._status(serving, caller, token) == 401, seconds=seconds)


class TestStopping:
    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    def test_answers_what_is_under_way_and_ends_with_status_0(
        self, data_dir: Path, folder: Path, caller: Caller, lease: Lease, number: signal.Signals
    ) -> None:
        server = Serving("--data", str(data_dir), folder=folder)
        with server:
            load = wait_for(self._stop_under_load(server, caller, number))
            seconds = monotonic() - load["stopped_at"]
            ended = server.child.wait(STOP_SECONDS_MAX)

        assert ended == 0
        assert seconds < STOP_SECONDS_MAX
        assert load["answered"]
        assert set(load["answered"].values()) == {201}
        kept = rows(lease.dsn(), "SELECT value FROM identifiers WHERE kind = 'email'")
        assert set(load["answered"]) <= {value for (value,) in kept}
        assert "Traceback" not in server.written()

    async def _stop_under_load(
        self, server: Serving, caller: Caller, number: signal.Signals
    ) -> dict[str, Any]:
        """Eight clients that write until they are cut off; each either gets an answer or none."""
        answered: dict[str, int] = {}

        async def write(name: str) -> None:
            async with Client(server.port) as client:
                for turn in range(10_000):
                    email = f"{name}-{turn}-{number.name.lower()}@shop.example"
                    try:
                        response = await caller.create_customer(client, email)
                    except ConnectionError:
                        return
                    answered[email] = response.status

        clients = [asyncio.create_task(write(f"client{one}")) for one in range(8)]
        while len(answered) < 40:  # noqa: ASYNC110 - clients count, they send no event
            await asyncio.sleep(0.01)
        stopped_at = monotonic()
        server.child.send_signal(number)
        await asyncio.gather(*clients)
        return {"answered": answered, "stopped_at": stopped_at}
