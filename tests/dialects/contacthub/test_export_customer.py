"""GET /customers/{customerId}/data."""

import pytest

from onefold.model.access import Role
from tests.builders import Shop
from tests.dialects.contacthub.clients import Api, Clients
from tests.dialects.contacthub.people import event_body, post_customer

EVENTS = 60


class TestExportCustomerData:
    @pytest.mark.behaviour("contacthub/exportCustomerData/1")
    async def test_has_every_event_at_once(self, client: Api, clients: Clients, shop: Shop) -> None:
        ada = await post_customer(client, shop)
        for _ in range(EVENTS):
            await client.post("/events", json=event_body(ada["id"]))
        officer = await clients.acting_as(Role.PRIVACY_OFFICER)

        answer = await officer.get(f"/customers/{ada['id']}/data")

        assert answer.status_code == 200
        assert len(answer.json()["events"]) == EVENTS

    @pytest.mark.behaviour("contacthub/exportCustomerData/2")
    async def test_is_noted_in_the_consent_log(
        self, client: Api, clients: Clients, shop: Shop
    ) -> None:
        ada = await post_customer(client, shop)
        officer = await clients.acting_as(Role.PRIVACY_OFFICER)

        await officer.get(f"/customers/{ada['id']}/data")

        lines = (await officer.get("/consent-logs")).json()["elements"]
        assert "DATA_PORTABILITY_REQUESTED" in {line["type"] for line in lines}
