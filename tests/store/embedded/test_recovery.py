"""After any kill -9 the next lease or `ensure` has the server back, with every committed row."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from onefold.store.embedded import acquire, status
from tests.store.embedded.processes import (
    BusySession,
    Holder,
    environment,
    is_alive,
    keeper_pid,
    server_pid,
    wait_until,
)
from tests.store.embedded.queries import People, ask

TURNS = Path(__file__).with_name("turns.py")


def kill(*pids: int) -> None:
    for pid in pids:
        os.kill(pid, signal.SIGKILL)


class TestKillOfThePostmaster:
    async def test_loses_no_committed_row(self, data_dir: Path, people: People) -> None:
        with acquire(data_dir) as lease:
            await people.add(lease, 20_000)
            killed = server_pid(data_dir)

            kill(killed)
            lease.ensure()

            assert await people.count(lease) == 20_000
            assert server_pid(data_dir) != killed

    async def test_is_repaired_without_being_asked(self, data_dir: Path) -> None:
        with acquire(data_dir) as lease:
            killed = server_pid(data_dir)

            kill(killed)

            assert wait_until(
                lambda: (
                    status(data_dir).server_pid not in {killed, None}
                    and status(data_dir).state == "ready"
                ),
                seconds=10,
            )
            assert await ask(lease.dsn(), "SELECT 1") == 1

    async def test_does_not_wait_for_a_session_that_computes(self, data_dir: Path) -> None:
        # A backend that is busy does not notice that its postmaster died; it would hold the
        # memory and the files for as long as its query takes.
        with acquire(data_dir) as lease, BusySession(lease.dsn()):
            kill(server_pid(data_dir))
            lease.ensure()

            assert await ask(lease.dsn(), "SELECT 1") == 1

    async def test_many_times_in_a_row_is_survived(self, data_dir: Path, people: People) -> None:
        with acquire(data_dir) as lease:
            for turn in range(1, 4):
                await people.add(lease, 100)
                kill(server_pid(data_dir))
                lease.ensure()
                assert await people.count(lease) == 100 * turn


class TestKillOfTheKeeper:
    async def test_ends_its_server_and_ensure_brings_it_back(
        self, data_dir: Path, people: People
    ) -> None:
        with acquire(data_dir) as lease:
            await people.add(lease, 100)
            killed, server = keeper_pid(data_dir), server_pid(data_dir)

            kill(killed)
            assert wait_until(lambda: not is_alive(server), seconds=10)
            lease.ensure()

            assert await people.count(lease) == 100
            assert keeper_pid(data_dir) != killed

    async def test_is_repaired_at_once_when_ensure_comes_at_once(self, data_dir: Path) -> None:
        with acquire(data_dir) as lease:
            kill(keeper_pid(data_dir))
            lease.ensure()
            await asyncio.sleep(0.5)  # the old server, which still answered, would be gone by now

            assert await ask(lease.dsn(), "SELECT 1") == 1

    def test_does_not_make_the_next_keeper_forget_a_silent_holder(self, data_dir: Path) -> None:
        with Holder(data_dir) as silent:
            silent.holding()
            with acquire(data_dir) as lease:
                kill(keeper_pid(data_dir))
                assert wait_until(lambda: not status(data_dir).is_running, seconds=10)
                lease.ensure()
                server = server_pid(data_dir)
            time.sleep(1.5)

            assert server_pid(data_dir) == server

            silent.kill()
            assert wait_until(lambda: not is_alive(server), seconds=5)


class TestKillOfAll:
    async def test_keeper_and_postmaster_loses_no_row(self, data_dir: Path, people: People) -> None:
        with acquire(data_dir) as lease:
            await people.add(lease, 20_000)

            kill(keeper_pid(data_dir), server_pid(data_dir))
            lease.ensure()

            assert await people.count(lease) == 20_000

    async def test_with_a_session_that_computes_loses_no_row(
        self, data_dir: Path, people: People
    ) -> None:
        with acquire(data_dir) as lease:
            await people.add(lease, 100)
            with BusySession(lease.dsn()):
                kill(keeper_pid(data_dir), server_pid(data_dir))
                lease.ensure()

                assert await people.count(lease) == 100

    async def test_holder_keeper_and_postmaster_loses_no_row(
        self, data_dir: Path, people: People
    ) -> None:
        with Holder(data_dir) as holder:
            holder.holding()
            with acquire(data_dir) as lease:
                await people.add(lease, 100)
                lease.release()
            kill(keeper_pid(data_dir), server_pid(data_dir), holder.child.pid)

            with acquire(data_dir) as lease:
                assert await people.count(lease) == 100

    async def test_is_recovered_by_many_at_once(self, data_dir: Path) -> None:
        with Holder(data_dir) as first, Holder(data_dir) as second, acquire(data_dir) as lease:
            first.holding()
            second.holding()

            kill(keeper_pid(data_dir), server_pid(data_dir))
            first.tell("ensure")
            second.tell("ensure")
            lease.ensure()

            assert first.said().startswith("done ")
            assert second.said().startswith("done ")
            assert await ask(lease.dsn(), "SELECT 1") == 1
            assert wait_until(lambda: status(data_dir).leases == 3, seconds=3)


class TestRestartOfTheMachine:
    async def test_survives_process_ids_that_now_belong_to_strangers(
        self, data_dir: Path, people: People
    ) -> None:
        with acquire(data_dir) as lease:
            await people.add(lease, 100)
            kill(keeper_pid(data_dir), server_pid(data_dir))
            lease.release()
        trace = data_dir / "cluster" / "postmaster.pid"
        lines = trace.read_text("utf-8").split("\n")
        trace.write_text("\n".join([str(os.getpid()), *lines[1:]]), "utf-8")
        socket_trace = data_dir / "sockets" / ".s.PGSQL.5432.lock"
        socket_trace.write_text("\n".join([str(os.getpid()), *lines[1:]]), "utf-8")

        with acquire(data_dir) as lease:
            assert await people.count(lease) == 100


class TestFirstStart:
    @pytest.mark.parametrize("seconds", [0.0, 0.1, 0.3])
    def test_interrupted_by_a_kill_is_begun_again(self, new_data_dir: Path, seconds: float) -> None:
        unfinished = new_data_dir / "cluster.unfinished"
        with Holder(new_data_dir) as holder:
            assert wait_until(unfinished.exists, seconds=10)
            time.sleep(seconds)
            kill(keeper_pid(new_data_dir))
            holder.kill()

        with acquire(new_data_dir):
            assert server_pid(new_data_dir)

        assert not unfinished.exists()

    async def test_takes_no_half_made_cluster_for_a_whole_one(self, new_data_dir: Path) -> None:
        (new_data_dir / "cluster.unfinished" / "base").mkdir(parents=True)
        (new_data_dir / "cluster.unfinished" / "PG_VERSION").write_text("18\n", "utf-8")

        with acquire(new_data_dir) as lease:
            assert await ask(lease.dsn(), "SELECT 1") == 1

    async def test_interrupted_before_the_database_was_made_makes_it(self, data_dir: Path) -> None:
        with acquire(data_dir) as lease:
            await ask(lease.dsn("postgres"), "DROP DATABASE onefold WITH (FORCE)")

        with acquire(data_dir) as lease:
            assert await ask(lease.dsn(), "SELECT current_database()") == "onefold"


class TestRaces:
    def test_of_two_processes_taking_quick_turns_end_well(self, data_dir: Path) -> None:
        commands = [[sys.executable, str(TURNS), str(data_dir), "20", str(seed)] for seed in (1, 2)]
        running = [
            subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment())
            for command in commands
        ]

        assert [one.communicate(timeout=60)[0] for one in running] == ["20 turns\n"] * 2
