"""What the published .NET client sends."""

from tests.builders import Shop
from tests.dialects.contacthub.clients import Api
from tests.dialects.contacthub.people import post_customer


class TestDotNet:
    """contacthub-sdk-dotnet: takes any success body with these words in it for a failure."""

    async def test_finds_no_error_in_what_went_well(self, client: Api, shop: Shop) -> None:
        ada = await post_customer(client, shop)
        answers = [
            await client.get(f"/customers/{ada['id']}"),
            await client.get("/customers", params={"nodeId": str(shop.node_id)}),
            await client.get("/events"),
            await client.delete(f"/customers/{ada['id']}"),
        ]

        for answer in answers:
            assert answer.status_code == 200
            assert "error" not in answer.text
            assert "logref" not in answer.text
        assert answers[-1].text == ""
