"""`serve --demo`: the calls that it prints, and those that `demo-credentials` describes, work."""

import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import httpx
import pytest

from onefold.store.embedded import Lease
from tests.cli.commands import Commands
from tests.cli.databases import tell
from tests.cli.serving import Serving

CALL = re.compile(r"curl -H 'Authorization: (?P<header>[^']+)' '(?P<url>[^']+)'")


@pytest.fixture(scope="module")
def commands(postgres: Lease, template: str) -> Iterator[Commands]:
    name = f"demo_{uuid4().hex}"
    tell(postgres.dsn("postgres"), f"CREATE DATABASE {name} TEMPLATE {template}")
    with TemporaryDirectory(prefix="onefold-demo-") as folder:
        key = Path(folder) / "sealing.key"
        yield Commands("--database", postgres.dsn(name), "--key-file", str(key))
    tell(postgres.dsn("postgres"), f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def serving(commands: Commands) -> Iterator[Serving]:
    with (
        TemporaryDirectory(prefix="onefold-demo-") as folder,
        Serving(*commands.place, "--demo", folder=Path(folder)) as server,
    ):
        yield server


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False, timeout=30) as made:
        yield made


def has_elements(answer: httpx.Response) -> bool:
    return any(isinstance(value, list) and value for value in answer.json().values())


class TestServeDemo:
    def test_prints_calls_that_work(self, serving: Serving, client: httpx.Client) -> None:
        calls = CALL.findall(serving.written())

        answers = [client.get(url, headers={"Authorization": header}) for header, url in calls]

        assert len(calls) >= 4
        assert [answer.status_code for answer in answers] == [200] * len(calls)
        assert all(has_elements(answer) for answer in answers)

    def test_prints_where_the_documents_are(self, serving: Serving, client: httpx.Client) -> None:
        (address,) = re.findall(r"docs +(http\S+)", serving.written())

        page = client.get(address)

        assert address.startswith(serving.url)
        assert page.status_code == 200
        assert page.headers["content-type"].startswith("text/html")

    def test_is_called_as_demo_credentials_say(
        self, serving: Serving, commands: Commands, client: httpx.Client
    ) -> None:
        described = commands.json("demo-credentials", "--port", str(serving.port))

        for facts in described.values():
            path = f"{facts['base_url']}/workspaces/{facts['workspace_id']}/customers"
            for node_id in facts["node_ids"].values():
                query = {"nodeId": node_id, "size": 2}
                answer = client.get(path, params=query, headers=facts["headers"])
                assert answer.status_code == 200
                assert len(answer.json()["elements"]) == 2
        assert set(described["contacthub"]["node_ids"]) == {"people", "shop"}

    def test_leaves_nothing_for_the_doctor(self, serving: Serving, commands: Commands) -> None:
        del serving

        assert all(one["ok"] for one in commands.json("doctor", "--counters"))
