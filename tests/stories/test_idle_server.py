"""A server from its first start to its end: how long it takes, what it weighs, what it leaves."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

import psutil  # type: ignore[import-untyped] # it has no types
import pytest

from onefold.store.embedded import status
from tests.cli.caller import Caller
from tests.cli.commands import Commands
from tests.cli.conftest import SHOP
from tests.cli.databases import wait_for
from tests.cli.http_client import Client
from tests.cli.serving import Serving

MEGABYTES_IDLE_MAX = 150
REQUESTS = 2000
CLIENTS = 8
START_SECONDS_MAX = 30.0
STOP_SECONDS_MAX = 8.0


class Run:
    """Two starts of a server on one data directory, and what was measured."""

    def __init__(self, folder: Path) -> None:
        place = ("--data", str(folder / "data"))
        self.data_dir = folder / "data"
        self.commands = Commands(*place)
        cold = Serving(*place, folder=folder)
        self.cold_seconds = timed(cold)
        cold.stop()
        self.serving = Serving(*place, folder=folder)
        self.warm_seconds = timed(self.serving)

    def megabytes(self) -> float:
        """What the process that answers holds, without PostgreSQL."""
        return float(psutil.Process(self.serving.pid).memory_info().rss) / 2**20


def timed(serving: Serving) -> float:
    started = monotonic()
    serving.start()
    return monotonic() - started


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    with TemporaryDirectory(prefix="onefold-idle-") as folder:
        made = Run(Path(folder))
        yield made
        made.serving.close()


class TestAServer:
    def test_is_ready_soon_after_its_start(self, run: Run) -> None:
        print(f"ready after {run.cold_seconds:.1f} s cold, {run.warm_seconds:.1f} s warm")  # noqa: T201 - a figure

        assert run.cold_seconds < START_SECONDS_MAX
        assert run.warm_seconds < START_SECONDS_MAX

    def test_is_light_when_idle_and_after_many_requests(self, run: Run, tmp_path: Path) -> None:
        idle = run.megabytes()
        run.commands.apply(tmp_path, SHOP)
        made = run.commands.json(
            "token", "create", "contacthub", "--workspace", "shop", "--role", "admin"
        )
        url = f"postgresql://onefold@/onefold?host={run.data_dir}/sockets"
        caller = Caller(url, run.serving.port, made["token"])

        seconds = wait_for(many_requests(caller))

        after = run.megabytes()
        print(  # noqa: T201 - a figure
            f"{idle:.0f} MB idle, {after:.0f} MB after {REQUESTS} requests in {seconds:.1f} s"
        )
        assert idle < MEGABYTES_IDLE_MAX
        assert after < MEGABYTES_IDLE_MAX

    def test_leaves_no_process_behind(self, run: Run) -> None:
        ran = status(run.data_dir).is_running
        started = monotonic()

        ended = run.serving.stop()

        seconds = monotonic() - started
        found = status(run.data_dir)
        assert ran
        assert ended == 0
        assert seconds < STOP_SECONDS_MAX
        assert not found.is_running
        assert found.keeper_pid is None


async def many_requests(caller: Caller) -> float:
    """Customers, orders and searches in turns; how long they took."""

    async def visit(number: int) -> None:
        async with Client(caller.port) as client:
            for turn in range(REQUESTS // CLIENTS // 4):
                name = f"{number}-{turn}"
                made = await caller.create_customer(client, f"{name}@shop.example")
                customer_id = str(made.json()["id"])
                ordered = await caller.create_order(client, customer_id, name)
                path = f"{caller.path}/customers/{customer_id}"
                read = await client.send("GET", path, headers=caller.headers)
                found = await client.send("GET", caller.search_path, headers=caller.headers)
                statuses = [one.status for one in (made, ordered, read, found)]
                assert statuses == [201, 202, 200, 200]

    started = monotonic()
    await asyncio.gather(*(visit(number) for number in range(CLIENTS)))
    return monotonic() - started
