"""Fixtures of the tests of Contacthub."""

import pytest

from onefold.actions.context import Context
from onefold.model.access import Role
from tests.builders import Shop, make_shop
from tests.contracts.recorder import ContractTransport
from tests.dialects.contacthub.clients import Api, Clients
from tests.dialects.contacthub.people import Json
from tests.dialects.contacthub.unions import Union, make_union


@pytest.fixture
def clients(transport: ContractTransport, shop: Shop) -> Clients:
    return Clients(transport, shop)


@pytest.fixture
async def browser(clients: Clients) -> Api:
    """A page that anybody can read: it may write, and must not learn."""
    return await clients.acting_as(Role.BROWSER)


@pytest.fixture
async def reader(clients: Clients) -> Api:
    """A caller that may read the update stream."""
    return await clients.acting_as(Role.USER)


@pytest.fixture
async def rival(context: Context) -> Shop:
    """Another workspace on the same server."""
    return await make_shop(context)


@pytest.fixture
async def union(clients: Clients, shop: Shop) -> Union:
    """Two entry nodes over which aggregate nodes can be made."""
    return await make_union(clients, shop)


@pytest.fixture
async def everybody(union: Union) -> Json:
    """An aggregate node over both, at work."""
    return await union.active()
