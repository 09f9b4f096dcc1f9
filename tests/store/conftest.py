"""What tests of the store share: a second workspace, and one with properties of every type."""

import pytest

from onefold.actions.context import Context
from tests.builders import Shop, make_shop
from tests.store.searching import make_bazaar


@pytest.fixture
async def other_shop(context: Context) -> Shop:
    return await make_shop(context)


@pytest.fixture
async def bazaar(context: Context) -> Shop:
    return await make_bazaar(context)
