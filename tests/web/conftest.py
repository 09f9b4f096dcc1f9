"""The application in the tests' own process, on a database that a test may take away."""

from collections.abc import AsyncIterator

import httpx
import pytest

from onefold.assembly.application import application_on
from onefold.assembly.context import context_on
from onefold.store.database import Database
from tests.builders import Shop, make_shop


@pytest.fixture
async def own_shop(fresh_database: Database) -> Shop:
    """A shop alone in its database."""
    return await make_shop(context_on(fresh_database))


@pytest.fixture
async def web(own_shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the shop; paths are whole."""
    app, services, requests = application_on(own_shop.context)
    headers = {"Authorization": f"Bearer {own_shop.token}"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://onefold.example", headers=headers
    ) as made:
        yield made
    await services.drain()
    requests.flush()
