"""Callers of the configuration's operations, by role."""

import pytest

from onefold.model.access import Role
from tests.dialects.contacthub.clients import Api, Clients


@pytest.fixture
async def admin(clients: Clients) -> Api:
    return await clients.acting_as(Role.ADMIN)


@pytest.fixture
async def operator(clients: Clients) -> Api:
    return await clients.acting_as(Role.OPERATOR)


@pytest.fixture
async def guest(clients: Clients) -> Api:
    return await clients.acting_as(Role.GUEST)
