"""GET /customers/{customerId}."""

import httpx
import pytest

from tests.builders import Shop


class TestGetCustomer:
    @pytest.mark.behaviour("contacthub/getCustomer/3")
    async def test_shows_absent_objects_as_null_and_absent_lists_as_empty(
        self, client: httpx.AsyncClient, shop: Shop
    ) -> None:
        saved = await shop.customer(contact__email="ada@shop.example")

        answer = await client.get(f"/customers/{saved.customer.id}")

        assert answer.status_code == 200
        shown = answer.json()
        assert shown["base"]["address"] is None
        assert shown["base"]["educations"] == []
        assert shown["consents"] is None
