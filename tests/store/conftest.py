"""A second workspace beside the first."""

import pytest

from onefold.actions.context import Context
from tests.builders import Shop, make_shop


@pytest.fixture
async def other_shop(context: Context) -> Shop:
    return await make_shop(context)
