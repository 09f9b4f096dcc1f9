"""Fixtures of the tests of bulk jobs."""

import pytest

from tests.builders import Shop
from tests.dialects.contacthub.bulk.loading import Loading
from tests.dialects.contacthub.clients import Api


@pytest.fixture
def loading(client: Api, shop: Shop) -> Loading:
    return Loading(client, shop)
