"""`onefold serve --workers 2`: several processes that answer, count and end as one."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from pathlib import Path

import psutil  # type: ignore[import-untyped] # it has no types
import pytest

from onefold.store.embedded import Lease
from tests.cli.caller import Caller
from tests.cli.commands import Commands
from tests.cli.conftest import SHOP
from tests.cli.serving import Serving, wait_until

LEAVE_SECONDS_MAX = 60.0
START_SECONDS_MAX = 60.0
CALLERS = 8


@pytest.fixture(scope="module")
def place(commands: Commands, folder: Path) -> tuple[str, ...]:
    commands.apply(folder, SHOP)
    return (*commands.place, "--workers", "2")


@pytest.fixture(scope="module")
def serving(place: tuple[str, ...], folder: Path) -> Iterator[Serving]:
    with Serving(*place, folder=folder) as server:
        assert wait_until(lambda: len(answering(server)) == 2, seconds=START_SECONDS_MAX)
        yield server


@pytest.fixture(scope="module")
def caller(serving: Serving, commands: Commands, url: str) -> Caller:
    made = commands.json("token", "create", "contacthub", "--workspace", "shop", "--role", "admin")
    return Caller(url, serving.port, made["token"])


def answering(server: Serving) -> set[str]:
    """The processes that answer several callers at once."""
    with ThreadPoolExecutor(CALLERS) as callers:
        return set(callers.map(lambda _: process_of(server), range(3 * CALLERS))) - {""}


def process_of(server: Serving) -> str:
    """Who answers: the first half of a request's id is the process's own."""
    try:
        _, body = server.get("/contacthub/hub/v1/workspaces/x/customers")
    except (OSError, HTTPException):
        return ""
    logref: str = body.split(b'"logref":"')[1][:36].decode()
    return logref[19:28]


def workers_of(server: Serving) -> list[int]:
    return [child.pid for child in psutil.Process(server.pid).children() if is_worker(child)]


def is_worker(child: psutil.Process) -> bool:
    try:
        return "spawn_main" in " ".join(child.cmdline())
    except psutil.Error:  # it has ended meanwhile
        return False


class TestWorkers:
    def test_all_answer(self, serving: Serving) -> None:
        # Which of them takes a connection is the kernel's to say; it may be one for a while.
        assert wait_until(lambda: len(answering(serving)) == 2, seconds=START_SECONDS_MAX)
        assert len(workers_of(serving)) == 2

    def test_tell_the_figures_of_all(self, serving: Serving, caller: Caller) -> None:
        for _ in range(20):
            assert serving.get(caller.search_path, caller.headers)[0] == 200

        told = [serving.get("/metrics")[1].decode() for _ in range(8)]

        name = 'dialect="contacthub",operation="searchCustomers",status="200"'
        counts = {line for text in told for line in text.splitlines() if name in line}
        assert counts == {"onefold_requests_total{" + name + "} 20.0"}

    def test_are_replaced_when_they_die(self, serving: Serving) -> None:
        before = workers_of(serving)

        os.kill(before[0], signal.SIGKILL)

        assert wait_until(
            lambda: len(workers_of(serving)) == 2 and before[0] not in workers_of(serving),
            seconds=START_SECONDS_MAX,
        )
        assert serving.status_of("/readyz") == 200

    def test_end_with_the_first_of_them(self, serving: Serving) -> None:
        workers = workers_of(serving)

        ended = serving.stop()

        assert ended == 0
        assert not any(psutil.pid_exists(worker) for worker in workers)
        assert "Traceback" not in serving.written()

    @pytest.mark.parametrize("ready", [True, False])
    def test_leave_when_the_first_of_them_was_killed(
        self, place: tuple[str, ...], folder: Path, postgres: Lease, *, ready: bool
    ) -> None:
        """Also when they were still loading then, and could not ask who their parent was."""
        del postgres
        server = Serving(*place, folder=folder).start(ready=ready)
        assert wait_until(lambda: len(workers_of(server)) == 2, seconds=START_SECONDS_MAX)
        workers = workers_of(server)

        server.kill()

        assert workers
        assert wait_until(
            lambda: not any(psutil.pid_exists(worker) for worker in workers),
            seconds=LEAVE_SECONDS_MAX,
        )
        assert server.status_of("/healthz") is None
