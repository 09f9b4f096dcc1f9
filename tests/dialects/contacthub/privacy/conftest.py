"""Callers of the operations on privacy."""

import pytest

from onefold.model.access import Role
from tests.dialects.contacthub.clients import Api, Clients


@pytest.fixture
async def officer(clients: Clients) -> Api:
    return await clients.acting_as(Role.PRIVACY_OFFICER)
