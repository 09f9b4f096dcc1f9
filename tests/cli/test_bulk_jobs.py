"""Bulk jobs on real servers and workers, which are killed in the middle: every row once."""

import csv
import json
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from tests.cli.caller import Caller
from tests.cli.commands import Commands
from tests.cli.conftest import SHOP
from tests.cli.databases import ask, rows
from tests.cli.serving import COMMAND, Serving, environment, wait_until

ROWS = 4_000
KILLS = 2
SECONDS_MAX = 60.0
STORED = (
    "SELECT count(*), count(DISTINCT profile ->> 'external_id'), max(version)"
    " FROM customers WHERE profile ->> 'external_id' LIKE $1"
)
BATCHES = (
    "SELECT min(batch), max(batch) + 1 - count(*), min(first_row), max(rows_done),"
    " sum(rows_done - first_row + 1) FROM job_batches WHERE job_id::text = $1"
)
ENTRIES = (
    "SELECT count(*) FROM updates JOIN customers ON customers.customer_id = updates.entity_id"
    " WHERE profile ->> 'external_id' LIKE $1"
)


class Loader:
    """Leaves files at a server and asks what became of them."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self.port = caller.port
        self.path = f"{caller.path}/nodes/{caller.node_id}/bulk-jobs"

    def load(self, prefix: str, many: int = ROWS) -> str:
        status, body = self._send("POST", self.path, form(people(prefix, many)), **FORM_HEADERS)
        assert status == 201, body
        return str(json.loads(body)["id"])

    def job(self, job_id: str) -> dict[str, Any]:
        status, body = self._send("GET", f"{self.path}/{job_id}")
        assert status == 200, body
        found: dict[str, Any] = json.loads(body)
        return found

    def wait_until_done(self, job_id: str, seconds: float = SECONDS_MAX) -> dict[str, Any]:
        assert wait_until(
            lambda: self.job(job_id)["status"] in ("PROCESSED", "FAILED"), seconds=seconds
        ), self.job(job_id)
        return self.job(job_id)

    def results(self, job_id: str) -> list[dict[str, str]]:
        _, body = self._send("GET", f"{self.path}/{job_id}/results")
        return list(csv.DictReader(StringIO(body.decode())))

    def _send(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[int, bytes]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, {**self._caller.headers, **headers})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def hang_up(self) -> None:
        """Sends the half of a form and goes."""
        half = form(people("half", 1_000))[:20_000]
        with socket.create_connection(("127.0.0.1", self.port)) as connection:
            head = f"POST {self.path} HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n"
            head += "".join(
                f"{name}: {value}\r\n"
                for name, value in {**self._caller.headers, **FORM_HEADERS}.items()
            )
            connection.sendall(head.encode() + b"\r\n" + half)
            time.sleep(0.2)


FORM_HEADERS = {"Content-Type": "multipart/form-data; boundary=limit"}


def form(content: str) -> bytes:
    text = (
        '--limit\r\nContent-Disposition: form-data; name="operation"\r\n\r\nINSERT\r\n'
        '--limit\r\nContent-Disposition: form-data; name="file"; filename="people.csv"\r\n\r\n'
        f"{content}\r\n--limit--\r\n"
    )
    return text.encode()


def people(prefix: str, many: int) -> str:
    """Rows that an INSERT would refuse if they were stored twice."""
    lines = [
        f"{prefix}-{number:06d},{prefix}.{number}@mail.example,Given{number}"
        for number in range(many)
    ]
    return "\n".join(["externalId,base.contacts.email,base.firstName", *lines])


@pytest.fixture(scope="module")
def loader(commands: Commands, folder: Path, url: str) -> Iterator[Loader]:
    """At a server that leaves the work to others."""
    commands.apply(folder, SHOP)
    made = commands.json("token", "create", "contacthub", "--workspace", "shop", "--role", "admin")
    with Serving(*commands.place, "--no-work", folder=folder) as serving:
        yield Loader(Caller(url, serving.port, made["token"]))


class Workers:
    """`onefold work` as processes."""

    def __init__(self, commands: Commands) -> None:
        self._commands = commands
        self.children: list[subprocess.Popen[bytes]] = []

    def start(self) -> subprocess.Popen[bytes]:
        child = subprocess.Popen(
            [*COMMAND, "work", *self._commands.place],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment(),
        )
        self.children.append(child)
        return child

    def close(self) -> list[int]:
        """How those that were not killed have ended."""
        living = [one for one in self.children if one.poll() is None]
        for one in living:
            one.send_signal(signal.SIGTERM)
        return [one.wait(SECONDS_MAX) for one in living]


@pytest.fixture
def workers(commands: Commands) -> Iterator[Workers]:
    made = Workers(commands)
    yield made
    made.close()


def assert_stored_once(url: str, prefix: str, job_id: str, many: int = ROWS) -> None:
    """Each row is a customer in its first version, in one batch, with one entry in the stream."""
    like = f"{prefix}-%"
    assert rows(url, STORED, like) == [(many, many, 1)]
    assert rows(url, BATCHES, job_id) == [(0, 0, 1, many, many)]
    assert ask(url, ENTRIES, like) == many


class TestAKilledWorker:
    def test_is_followed_by_another_that_stores_the_rest(
        self, loader: Loader, workers: Workers, url: str
    ) -> None:
        job_id = loader.load("killed")
        killed = 0
        for number in range(1, KILLS + 1):
            child = workers.start()
            if wait_until(
                lambda: loader.job(job_id)["processedEntities"] >= number * ROWS // (KILLS + 2),  # noqa: B023 - called at once
                seconds=SECONDS_MAX,
            ):
                child.send_signal(signal.SIGKILL)
                child.wait()
                killed += loader.job(job_id)["status"] == "PROCESSING"
        workers.start()

        job = loader.wait_until_done(job_id)

        assert killed > 0
        assert (job["status"], job["processedEntities"]) == ("PROCESSED", ROWS)
        assert {one["result"] for one in loader.results(job_id)} == {"CREATED"}
        assert_stored_once(url, "killed", job_id)
        assert ask(url, "SELECT count(*) FROM uploads") == 0

    def test_that_is_stopped_in_order_gives_the_job_up_at_once(
        self, loader: Loader, workers: Workers, url: str
    ) -> None:
        job_id = loader.load("stopped")
        child = workers.start()
        wait_until(lambda: loader.job(job_id)["processedEntities"] > 0, seconds=SECONDS_MAX)

        child.send_signal(signal.SIGTERM)
        ended = child.wait(SECONDS_MAX)
        given_up = loader.job(job_id)["status"]
        workers.start()
        loader.wait_until_done(job_id)

        assert ended == 0
        assert given_up in ("SCHEDULED", "PROCESSED")
        assert_stored_once(url, "stopped", job_id)


class TestTwoWorkers:
    def test_share_the_jobs_of_two_nodes(self, loader: Loader, workers: Workers, url: str) -> None:
        made = {f"both{number}": loader.load(f"both{number}", 1_000) for number in range(4)}

        for _ in range(2):
            workers.start()
        for job_id in made.values():
            loader.wait_until_done(job_id)

        for prefix, job_id in made.items():
            assert_stored_once(url, prefix, job_id, 1_000)
        assert workers.close() == [0, 0]


class TestAServer:
    def test_works_itself_and_goes_on_after_it_was_killed(
        self, loader: Loader, commands: Commands, folder: Path, url: str
    ) -> None:
        job_id = loader.load("served")
        with Serving(*commands.place, folder=folder) as first:
            wait_until(lambda: loader.job(job_id)["processedEntities"] > 0, seconds=SECONDS_MAX)
            first.kill()
        with Serving(*commands.place, folder=folder):
            job = loader.wait_until_done(job_id)

        assert job["status"] == "PROCESSED"
        assert_stored_once(url, "served", job_id)

    @pytest.mark.parametrize("workers", [1, 2])
    def test_begins_a_job_within_about_a_second(
        self, loader: Loader, commands: Commands, folder: Path, workers: int
    ) -> None:
        with Serving(*commands.place, "--workers", str(workers), folder=folder):
            loader.wait_until_done(loader.load(f"first{workers}", 10))
            loads = time.monotonic()
            job_id = loader.load(f"soon{workers}", 10)
            loader.wait_until_done(job_id)
            seconds = time.monotonic() - loads

        print(f"a job of ten rows was done after {seconds:.2f} s")  # noqa: T201 - a figure
        assert seconds < 5

    def test_keeps_nothing_of_a_client_that_hangs_up(self, loader: Loader, url: str) -> None:
        before = ask(url, "SELECT count(*) FROM jobs"), ask(url, "SELECT count(*) FROM uploads")

        loader.hang_up()
        time.sleep(0.5)

        after = ask(url, "SELECT count(*) FROM jobs"), ask(url, "SELECT count(*) FROM uploads")
        assert after == before
