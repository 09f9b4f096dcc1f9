"""A server under load, and its processes that can be killed."""

import asyncio
import os
import signal
from pathlib import Path
from typing import Any

import asyncpg

from onefold.store.embedded import status
from tests.cli.caller import Caller
from tests.cli.commands import Commands
from tests.cli.conftest import SHOP
from tests.cli.databases import ask
from tests.cli.http_client import Client
from tests.cli.serving import Serving

BACK_SECONDS_MAX = 30.0
CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'onefold'"


class Site:
    """One data directory with one server; `url` is where its PostgreSQL is asked by the tests."""

    def __init__(self, folder: Path) -> None:
        self.data_dir = folder / "data"
        self.commands = Commands("--data", str(self.data_dir))
        self.serving = Serving("--data", str(self.data_dir), folder=folder).start()
        self.url = f"postgresql://onefold@/onefold?host={self.data_dir}/sockets"
        self.commands.apply(folder, SHOP)
        made = self.commands.json(
            "token", "create", "contacthub", "--workspace", "shop", "--role", "admin"
        )
        self.caller = Caller(self.url, self.serving.port, made["token"])

    def kill_server(self) -> None:
        self.serving.kill()

    def kill_postgres(self) -> None:
        os.kill(found(status(self.data_dir).server_pid), signal.SIGKILL)

    def kill_keeper(self) -> None:
        os.kill(found(status(self.data_dir).keeper_pid), signal.SIGKILL)

    def kill_all(self) -> None:
        there = status(self.data_dir)
        for pid in (there.keeper_pid, there.server_pid, self.serving.pid):
            os.kill(found(pid), signal.SIGKILL)
        self.serving.child.wait()

    async def cut_connections(self) -> None:
        """What an administrator does, or a restart of somebody's own server."""
        connection = await asyncpg.connect(self.url)
        try:
            await connection.execute(CUT)
        finally:
            await connection.close()

    async def restart(self) -> None:
        await asyncio.to_thread(self.serving.start)

    async def restart_if(self, ended: bool) -> None:  # noqa: FBT001 - what its name asks for
        if ended:
            await self.restart()

    async def watch_readiness(self, over: asyncio.Event) -> list[int]:
        """What /readyz says, told whenever it changes, until it is over and 200 again."""
        seen: list[int] = []
        async with asyncio.timeout(BACK_SECONDS_MAX), Client(self.serving.port) as client:
            while not over.is_set() or seen[-1:] != [200]:
                answered = (await client.get("/readyz")).status
                if seen[-1:] != [answered]:
                    seen.append(answered)
                await asyncio.sleep(0.01)
        return seen

    def faults(self) -> list[dict[str, Any]]:
        return [one for one in self.serving.lines() if one["event"] == "fault"]

    def postgres_started(self) -> str:
        """Another with every start of PostgreSQL."""
        return str(ask(self.url, "SELECT pg_postmaster_start_time()"))


def found(pid: int | None) -> int:
    assert pid is not None
    return pid
