"""What the tests of commands share: places to run them on."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from onefold.store.embedded import Lease
from tests.cli.commands import Commands
from tests.cli.databases import tell
from tests.cli.places import quick_folder
from tests.cli.plain_postgres import PlainPostgres

SHOP = """
workspaces:
  - slug: shop
    name: Shop
    nodes:
      - name: counter
        unique: {properties: [contact.email]}
    sources:
      - name: till
        nodes: [counter]
"""


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder for the files of a module, with a name that is short enough for a socket."""
    with quick_folder("cli") as made:
        yield made


@pytest.fixture(scope="module")
def url(postgres: Lease, template: str) -> Iterator[str]:
    """A migrated, empty database of the module's own, as an address."""
    name = f"cli_{uuid4().hex}"
    tell(postgres.dsn("postgres"), f"CREATE DATABASE {name} TEMPLATE {template}")
    yield postgres.dsn(name)
    tell(postgres.dsn("postgres"), f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def key_file(folder: Path) -> Path:
    return folder / "sealing.key"


@pytest.fixture(scope="module")
def commands(url: str, key_file: Path) -> Commands:
    """Commands on the module's database."""
    return Commands("--database", url, "--key-file", str(key_file))


@pytest.fixture(scope="module")
def shop(commands: Commands, folder: Path) -> Commands:
    """The same, once there is a workspace with a node and a source."""
    commands.apply(folder, SHOP)
    return commands


@pytest.fixture(scope="session")
def plain_postgres() -> Iterator[PlainPostgres]:
    with quick_folder("plain") as made:
        server = PlainPostgres(made)
        server.create()
        server.start()
        yield server
        if server.is_running():
            server.stop()
