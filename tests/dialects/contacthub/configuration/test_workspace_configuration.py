"""The workspace's own configuration."""

from typing import Any

import pytest

from onefold.actions.rollups import compare
from tests.builders import Shop, make_event
from tests.dialects.contacthub.clients import Api

PATH = "/configuration"


async def changed(api: Api, **body: Any) -> dict[str, Any]:
    answer = await api.put(PATH, json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


class TestGetWorkspaceConfiguration:
    @pytest.mark.behaviour("contacthub/getWorkspaceConfiguration/1")
    async def test_shows_a_tier_that_may_be_null(self, admin: Api, shop: Shop) -> None:
        answer = await admin.get(PATH)

        assert answer.json() == {
            "name": (await shop.picture()).workspace.name,
            "industry": "NotDefined",
            "logo": None,
            "timezone": "UTC",
            "currency": "EUR",
            "customerUniquenessPolicy": "MERGE",
            "tier": None,
        }

    async def test_is_for_administrators(self, guest: Api, client: Api) -> None:
        assert (await guest.get(PATH)).status_code == 403
        assert (await client.get(PATH)).status_code == 403


class TestUpdateWorkspaceConfiguration:
    async def test_replaces_what_was_there(self, admin: Api) -> None:
        sent = {
            "name": "Records",
            "industry": "Luxury",
            "logo": "https://records.example/logo.png",
            "timezone": "Europe/Paris",
            "currency": "USD",
            "customerUniquenessPolicy": None,
        }

        answered = await changed(admin, **sent)

        assert answered == sent | {"customerUniquenessPolicy": "MERGE", "tier": None}
        assert (await admin.get(PATH)).json() == answered

    async def test_gives_what_is_left_out_its_default(self, admin: Api) -> None:
        await changed(admin, name="Records", industry="GDO", logo="https://records.example/a.png")

        answered = await changed(admin)

        assert answered["name"] == "Records"
        assert (answered["industry"], answered["logo"]) == ("NotDefined", None)
        assert (answered["timezone"], answered["currency"]) == ("Europe/Rome", "EUR")

    @pytest.mark.behaviour("contacthub/updateWorkspaceConfiguration/1")
    @pytest.mark.parametrize("policy", ["BLOCK", "NO_CHECK", "merge", 1])
    async def test_refuses_any_policy_but_merge(self, admin: Api, policy: object) -> None:
        answer = await admin.put(PATH, json={"customerUniquenessPolicy": policy})

        assert answer.status_code == 400
        assert answer.json()["errors"][0]["path"] == "/customerUniquenessPolicy"

    @pytest.mark.behaviour("contacthub/updateWorkspaceConfiguration/2")
    async def test_ignores_a_tier(self, admin: Api) -> None:
        answered = await changed(admin, tier=9)

        assert answered["tier"] is None

    @pytest.mark.parametrize(
        ("body", "path"),
        [
            ({"timezone": "Europe/Atlantis"}, "/timezone"),
            ({"timezone": "../etc/passwd"}, "/timezone"),
            ({"currency": "euro"}, "/currency"),
            ({"industry": "Fishing"}, "/industry"),
            ({"logo": "no address"}, "/logo"),
            ({"name": " "}, "/name"),
        ],
    )
    async def test_refuses_what_makes_no_sense(
        self, admin: Api, body: dict[str, Any], path: str
    ) -> None:
        before = (await admin.get(PATH)).json()

        answer = await admin.put(PATH, json=body)

        assert answer.status_code == 400
        assert [one["path"] for one in answer.json()["errors"]] == [path]
        assert (await admin.get(PATH)).json() == before

    async def test_counts_the_days_anew_in_another_time_zone(self, admin: Api, shop: Shop) -> None:
        customer = (await shop.customer(contact__email="ada@shop.example")).customer
        await shop.event(make_event(customer_id=customer.id))

        await changed(admin, timezone="Pacific/Kiritimati")

        found = await compare(shop.context.database, shop.operator, picture=await shop.picture())
        assert (found.events, found.exact) == (1, True)
