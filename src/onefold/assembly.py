"""Puts the house together from settings; the one file that knows every floor."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from time import monotonic
from typing import Any

import yaml

from onefold.actions.context import Context
from onefold.actions.directory import Directory
from onefold.actions.transaction import Database
from onefold.model.event_catalog import EventCatalog
from onefold.settings import Settings
from onefold.store.embedded import Lease, acquire
from onefold.store.migrate import migrate
from onefold.store.sealing import Sealer, new_key

PRIVATE_FILE = 0o600


def utc_now() -> datetime:
    """The only clock; everything below the doors is told the time."""
    return datetime.now(UTC)


@cache
def contract_folder() -> Path:
    """Where the contracts are: in the package, or beside it in a checkout."""
    packaged = Path(str(files("onefold") / "contracts"))
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "contracts"


@cache
def read_contract(name: str) -> dict[str, Any]:
    text = (contract_folder() / f"{name}.yaml").read_text(encoding="utf-8")
    document: dict[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)  # noqa: S506 - safe, in C
    return document


def sealer_of(settings: Settings) -> Sealer:
    """The sealer with the key of `key_file`, made at the first start."""
    path = settings.key_file
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=PRIVATE_FILE)
        path.write_text(new_key().hex(), encoding="ascii")
    return Sealer(bytes.fromhex(path.read_text(encoding="ascii").strip()))


class Server:
    """The PostgreSQL behind the settings: our own, held by a lease, or somebody else's."""

    def __init__(self, settings: Settings) -> None:
        self.lease: Lease | None = None
        if settings.data_dir is not None:
            self.lease = acquire(settings.data_dir, settings.bin_dir)
        self._url = settings.database_url or ""

    @property
    def dsn(self) -> str:
        return self.lease.dsn() if self.lease is not None else self._url

    def release(self) -> None:
        if self.lease is not None:
            self.lease.release()


@asynccontextmanager
async def open_context(settings: Settings, *, connections_max: int = 10) -> AsyncIterator[Context]:
    """Everything that actions need, on a migrated database; closed in order at the end."""
    server = Server(settings)
    try:
        await migrate(server.dsn, at=utc_now())
        database = await Database.open(
            server.dsn, sealer_of(settings), connections_max=connections_max
        )
        try:
            yield context_on(database)
        finally:
            await database.close()
    finally:
        server.release()


def context_on(database: Database) -> Context:
    return Context(
        database=database,
        directory=Directory(database, clock=utc_now, ticks=monotonic),
        catalog=EventCatalog(read_contract("contacthub-events")),
        clock=utc_now,
    )
