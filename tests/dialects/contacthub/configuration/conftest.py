"""Callers of the configuration's operations, by role."""

from collections.abc import AsyncIterator

import httpx
import pytest

from onefold.actions.operators import issue_operator_token
from onefold.model.access import Role
from tests.builders import NOON, Shop
from tests.contracts.recorder import ContractTransport
from tests.dialects.contacthub.clients import MOUNT, Api, Clients


@pytest.fixture
async def admin(clients: Clients) -> Api:
    return await clients.acting_as(Role.ADMIN)


@pytest.fixture
async def operator(clients: Clients) -> Api:
    return await clients.acting_as(Role.OPERATOR)


@pytest.fixture
async def installer(transport: ContractTransport, shop: Shop) -> AsyncIterator[Api]:
    """The operator of the installation; paths are relative to no workspace."""
    async with shop.context.database.transaction() as tx:
        _, token = await issue_operator_token(tx, at=NOON)
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(transport=transport, base_url=MOUNT, headers=headers) as made:
        yield made


@pytest.fixture
async def guest(clients: Clients) -> Api:
    return await clients.acting_as(Role.GUEST)
