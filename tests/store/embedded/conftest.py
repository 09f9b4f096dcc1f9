"""Data directories for the tests, and no server left behind by any test."""

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest

from onefold.store.embedded import acquire, status
from tests.store.embedded.processes import is_stopped, wait_until
from tests.store.embedded.queries import People

ROOM_BYTES_MIN = 2_000_000_000


@pytest.fixture
def folder() -> Iterator[Path]:
    """Not tmp_path, whose name may be too long for a socket, and whose parents are closed."""
    made = short_folder()
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def new_data_dir(folder: Path) -> Iterator[Path]:
    """Where no server has been yet."""
    place = folder / "data"
    yield place
    end_server(place)


@pytest.fixture(scope="session")
def used_data_dir() -> Iterator[Path]:
    folder = short_folder()
    acquire(folder / "data").release()
    yield folder / "data"
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def data_dir(used_data_dir: Path) -> Iterator[Path]:
    """Where a server has been, stopped in order. Shared by tests, since initdb is slow."""
    yield used_data_dir
    end_server(used_data_dir)


@pytest.fixture
def people() -> People:
    return People()


def short_folder() -> Path:
    """In memory where there is room: much of the time of these tests is waiting for the disk."""
    memory = Path("/dev/shm")  # noqa: S108 - what is made in it has a random name
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > ROOM_BYTES_MIN
    place = memory if roomy else Path("/tmp")  # noqa: S108 - likewise
    made = Path(mkdtemp(prefix="onefold-test-", dir=place))
    made.chmod(0o755)
    return made


def end_server(place: Path) -> None:
    """Wait for the server to go by itself; end it if it does not, but tell."""
    if wait_until(lambda: is_stopped(place), seconds=10):
        return
    found = status(place)
    if found.keeper_pid:
        os.kill(found.keeper_pid, signal.SIGKILL)
    pytest.fail(f"a server was left behind: {found}")
