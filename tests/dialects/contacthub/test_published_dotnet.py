"""What the published .NET client sends."""

from tests.builders import Shop
from tests.dialects.contacthub.clients import Api, Clients
from tests.dialects.contacthub.people import Json, post_customer


def of_python(clients: Clients, shop: Shop) -> Api:
    """Headers of the client for Python, sent with every method."""
    return clients.sending(
        {
            "Authorization": f"Bearer {shop.token}",
            "Content-Type": "application/json",
            "User-Agent": "python-requests/2.31.0",
            "Accept-Encoding": "gzip, deflate",
            "Accept": "*/*",
            "Connection": "keep-alive",
        }
    )


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


def compact(value: Json) -> Json:
    """Drop nulls, empty lists and empty objects, as the client for Node does."""
    if isinstance(value, dict):
        kept = {name: compact(one) for name, one in value.items()}
        return {name: one for name, one in kept.items() if one is not None} or None
    if isinstance(value, list):
        return [one for one in map(compact, value) if one is not None] or None
    return value
