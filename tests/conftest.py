"""What tests share: a real PostgreSQL made from a migrated template, and fresh workspaces."""

import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import httpx
import pytest

from onefold.actions.context import Context
from onefold.assembly.application import application_on
from onefold.assembly.context import context_on, utc_now
from onefold.store.database import Database
from onefold.store.embedded import Lease, acquire
from onefold.store.migrate import migrate
from onefold.store.partitions import ensure_months
from onefold.store.sealing import Sealer
from tests.builders import Shop, make_shop
from tests.contracts.recorder import ContractTransport

TEMPLATE = "template_onefold"
TEST_KEY = bytes(range(32))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Lease]:
    """The tests' own server; fsync stays on, as in production."""
    with tempfile.TemporaryDirectory(prefix="onefold-tests-") as folder:
        lease = acquire(Path(folder) / "data")
        yield lease
        lease.release()


@pytest.fixture(scope="session")
async def template(postgres: Lease) -> str:
    """A migrated, empty database from which others are copied."""
    await _execute(postgres, f"CREATE DATABASE {TEMPLATE}")
    dsn = postgres.dsn(TEMPLATE)
    await migrate(dsn, at=utc_now())
    database = await Database.open(dsn, Sealer(TEST_KEY), connections_max=1)
    async with database.reading() as tx:
        await ensure_months(tx, [utc_now().date().replace(day=1)])
    await database.close()
    return TEMPLATE


@pytest.fixture(scope="session")
async def main_database(postgres: Lease, template: str) -> AsyncIterator[Database]:
    """One database for all tests; each keeps to a workspace of its own."""
    name = f"main_{os.getpid()}"
    await _execute(postgres, f"CREATE DATABASE {name} TEMPLATE {template}")
    database = await Database.open(postgres.dsn(name), Sealer(TEST_KEY))
    yield database
    await database.close()


@pytest.fixture(scope="session")
def database(main_database: Database) -> asyncpg.Pool:
    """The pool on the migrated database, for tests that read the catalog."""
    return main_database.pool


@pytest.fixture
async def fresh_database(postgres: Lease, template: str) -> AsyncIterator[Database]:
    """A database of the test's own, for what concerns all workspaces."""
    name = f"fresh_{uuid4().hex}"
    await _execute(postgres, f"CREATE DATABASE {name} TEMPLATE {template}")
    database = await Database.open(postgres.dsn(name), Sealer(TEST_KEY), connections_max=4)
    yield database
    await database.close()
    await _execute(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
async def context(main_database: Database) -> AsyncIterator[Context]:
    context = context_on(main_database)
    yield context
    await context.directory.close()


@pytest.fixture
async def shop(context: Context) -> Shop:
    """A workspace with one entry node in which the e-mail is unique."""
    return await make_shop(context)


@pytest.fixture(scope="session")
async def transport(context: Context) -> AsyncIterator[ContractTransport]:
    """The server in this process; every answer that a test gets is held against the contract."""
    app, services, _ = application_on(context)
    yield ContractTransport(httpx.ASGITransport(app))
    await services.drain()


@pytest.fixture
async def client(transport: ContractTransport, shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    """A Contacthub client of the shop's source; paths are relative to the shop's workspace."""
    base = f"http://onefold.example/contacthub/hub/v1/workspaces/{shop.workspace_id}"
    headers = {"Authorization": f"Bearer {shop.token}"}
    async with httpx.AsyncClient(transport=transport, base_url=base, headers=headers) as made:
        yield made


async def _execute(postgres: Lease, statement: str) -> None:
    connection = await asyncpg.connect(postgres.dsn("postgres"))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
