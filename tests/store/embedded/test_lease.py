"""One server for all who hold a lease, started by the first and stopped after the last."""

import os
import socket
import time
from pathlib import Path

import pytest

from onefold.store.embedded import Lease, acquire, status
from tests.store.embedded.processes import (
    Holder,
    is_alive,
    is_stopped,
    server_pid,
    wait_until,
)
from tests.store.embedded.queries import People, ask


class TestLease:
    async def test_starts_a_server_that_asyncpg_can_reach(self, new_data_dir: Path) -> None:
        with acquire(new_data_dir) as lease:
            assert await ask(lease.dsn(), "SELECT current_database()") == "onefold"
            assert await ask(lease.dsn("postgres"), "SELECT current_user") == "onefold"

    async def test_finds_again_what_was_written_before(
        self, data_dir: Path, people: People
    ) -> None:
        with acquire(data_dir) as lease:
            await people.add(lease, 10)

        with acquire(data_dir) as lease:
            assert await people.count(lease) == 10

    async def test_is_shared_with_other_processes(self, data_dir: Path) -> None:
        with Holder(data_dir) as first:
            first.holding()
            server = server_pid(data_dir)
            with acquire(data_dir) as lease:
                assert server_pid(data_dir) == server

                first.does("release")

                assert await ask(lease.dsn(), "SELECT 1") == 1
                assert server_pid(data_dir) == server

    def test_last_release_stops_the_server_before_it_returns(self, data_dir: Path) -> None:
        first, second = acquire(data_dir), acquire(data_dir)
        server = server_pid(data_dir)

        first.release()
        assert is_alive(server)

        second.release()
        assert not is_alive(server)

    def test_may_be_released_twice(self, data_dir: Path) -> None:
        lease = acquire(data_dir)

        lease.release()
        lease.release()

        assert is_stopped(data_dir)

    async def test_comes_back_when_asked_for_after_release(self, data_dir: Path) -> None:
        with acquire(data_dir) as lease:
            lease.release()

            lease.ensure()

            assert await ask(lease.dsn(), "SELECT 1") == 1

    def test_ends_with_its_process_however_that_ends(self, data_dir: Path) -> None:
        with Holder(data_dir) as holder:
            holder.holding()
            server = server_pid(data_dir)

            holder.kill()

            assert wait_until(lambda: not is_alive(server), seconds=5)

    def test_of_a_killed_process_does_not_end_those_of_others(self, data_dir: Path) -> None:
        with Holder(data_dir) as holder, acquire(data_dir):
            holder.holding()
            server = server_pid(data_dir)

            holder.kill()
            time.sleep(1.5)

            assert server_pid(data_dir) == server

    async def test_taken_while_the_server_stops_gets_a_server(self, data_dir: Path) -> None:
        with Holder(data_dir) as holder:
            holder.holding()
            holder.tell("release")
            with acquire(data_dir) as lease:
                assert holder.said().startswith("done ")
                assert await ask(lease.dsn(), "SELECT 1") == 1

    def test_of_a_parent_is_not_ended_by_a_forked_child(self, data_dir: Path) -> None:
        with acquire(data_dir) as lease:
            server = server_pid(data_dir)
            child = os.fork()
            if child == 0:
                lease.release()
                os._exit(0)
            os.waitpid(child, 0)
            time.sleep(0.3)

            assert server_pid(data_dir) == server
            assert status(data_dir).leases == 1

    def test_of_a_forked_child_outlives_its_parents(self, data_dir: Path) -> None:
        lease = acquire(data_dir)
        server = server_pid(data_dir)
        ready_end, go_end = socket.socketpair()
        child = os.fork()
        if child == 0:
            hold_in_child(lease, go_end)
        go_end.close()
        with ready_end:
            assert ready_end.recv(1) == b"1"

            lease.release()

            assert server_pid(data_dir) == server
            ready_end.send(b"1")
            os.waitpid(child, 0)

    @pytest.mark.parametrize("cycles", [20])
    def test_is_never_lost_in_quick_turns_of_two_processes(
        self, data_dir: Path, cycles: int
    ) -> None:
        with Holder(data_dir) as other:
            other.holding()
            for _ in range(cycles):
                other.tell("release")
                with acquire(data_dir):
                    assert other.said().startswith("done ")
                    other.tell("ensure")
                assert other.said().startswith("done ")
                server_pid(data_dir)


def hold_in_child(lease: Lease, go_end: socket.socket) -> None:
    lease.ensure()
    go_end.send(b"1")
    go_end.recv(1)
    lease.release()
    os._exit(0)
