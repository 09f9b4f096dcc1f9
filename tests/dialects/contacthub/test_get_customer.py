"""GET /customers/{customerId}."""

from uuid import uuid4

import pytest

from onefold.actions.context import Context
from onefold.model.workspaces import UniquePolicy
from tests.builders import Shop, make_shop
from tests.contracts.recorder import ContractTransport
from tests.dialects.contacthub.clients import Api, Clients
from tests.dialects.contacthub.people import full_customer, post_customer


class TestGetCustomer:
    async def test_shows_everything(self, client: Api, shop: Shop) -> None:
        created = await post_customer(client, shop, **full_customer())

        answer = await client.get(f"/customers/{created['id']}")

        assert answer.status_code == 200
        assert answer.json() == created
        assert answer.json().keys() == {
            *("id", "nodeId", "intId", "externalId", "base", "consents", "extended", "extra"),
            *("tags", "enabled", "registeredAt", "updatedAt", "version", "deleted"),
            "sourceInfo",
        }

    async def test_shows_no_password(self, client: Api, shop: Shop) -> None:
        credential = {"username": "ada", "password": "correct horse"}
        created = await post_customer(client, shop, base={"credential": credential})

        answer = await client.get(f"/customers/{created['id']}")

        assert answer.json()["base"]["credential"] == {"username": "ada", "password": None}
        assert "horse" not in answer.text
        assert "argon2" not in answer.text

    @pytest.mark.behaviour("contacthub/getCustomer/1")
    @pytest.mark.parametrize(
        "customer_id", [str(uuid4()), "123", "not-existing", "%00", "%C3%BC", "x" * 3000, "-"]
    )
    async def test_of_nobody_is_not_found(self, client: Api, customer_id: str) -> None:
        answer = await client.get(f"/customers/{customer_id}")

        assert answer.status_code == 404
        assert answer.json()["errors"] == []
        assert "x" * 100 not in answer.text

    @pytest.mark.behaviour("contacthub/getCustomer/2")
    async def test_of_another_workspace_is_not_found(self, client: Api, rival: Shop) -> None:
        eve = await rival.customer(contact__email="eve@rival.example")

        answer = await client.get(f"/customers/{eve.customer.id}")

        assert answer.status_code == 404

    @pytest.mark.behaviour("contacthub/getCustomer/3")
    async def test_shows_absent_objects_as_null_and_absent_lists_as_empty(
        self, client: Api, shop: Shop
    ) -> None:
        saved = await shop.customer(contact__email="ada@shop.example")

        answer = await client.get(f"/customers/{saved.customer.id}")

        shown = answer.json()
        objects = ("address", "credential", "socialProfile")
        assert [shown["base"][name] for name in objects] == [None] * 3
        lists = ("educations", "likes", "jobs", "subscriptions")
        assert [shown["base"][name] for name in lists] == [[]] * 4
        assert shown["base"]["contacts"] == {
            "email": "ada@shop.example",
            "fax": None,
            "mobilePhone": None,
            "phone": None,
            "otherContacts": [],
            "mobileDevices": [],
        }
        assert [shown[name] for name in ("consents", "extended", "tags")] == [None] * 3

    @pytest.mark.behaviour("contacthub/getCustomer/3")
    async def test_shows_a_base_and_no_contacts_when_nothing_is_known(
        self, context: Context, transport: ContractTransport
    ) -> None:
        """The published client for Python looks into base without asking whether it is there."""
        shop = await make_shop(context, unique=UniquePolicy(()))
        client = Clients(transport, shop).bearing(shop.token)
        created = await client.post("/customers", json={"nodeId": str(shop.node_id)})

        answer = await client.get(f"/customers/{created.json()['id']}")

        assert answer.json()["base"]["contacts"] is None
        assert answer.json()["base"]["firstName"] is None
