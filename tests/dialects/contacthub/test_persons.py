"""Customers of aggregate nodes: who is one, what is read of them, and that nobody writes them."""

import json
from typing import Any

import pytest

from onefold.model.access import Role
from tests.audit import audit
from tests.dialects.contacthub.clients import Clients
from tests.dialects.contacthub.people import Json
from tests.dialects.contacthub.unions import ADA, STAFF, Union


async def entry_customers(union: Union, person: Json, **params: Any) -> Json:
    path = f"/customers/{person['id']}/entry-customers"
    answer = await union.admin.get(path, params={"page": 0, "size": 50, **params})
    assert answer.status_code == 200, answer.text
    return answer.json()


class TestPersons:
    @pytest.mark.behaviour("contacthub/createAggregateNode/5")
    async def test_are_one_where_the_matching_properties_agree(
        self, union: Union, everybody: Json
    ) -> None:
        first = await union.customer("1", ADA, base={"firstName": "Ada"})
        second = await union.customer(
            "2", "ADA@shop.example", second=True, base={"lastName": "Byron"}
        )
        await union.customer("3", "bea@shop.example", second=True)

        ada, bea = await union.persons(everybody)

        assert ada["nodeId"] == bea["nodeId"] == everybody["id"]
        assert (ada["base"]["firstName"], ada["base"]["lastName"]) == ("Ada", "Byron")
        assert bea["base"]["contacts"]["email"] == "bea@shop.example"
        made_of = await entry_customers(union, ada)
        assert made_of["elements"] == [first, second]
        assert (await union.admin.get(f"/customers/{ada['id']}")).json() == ada
        await audit(union.shop)

    async def test_follow_every_change(self, union: Union, everybody: Json) -> None:
        await union.customer("1", ADA, base={"firstName": "Ada"})
        second = await union.customer("2", ADA, second=True)
        (one,) = await union.persons(everybody)

        path = f"/customers/{second['id']}"
        await union.admin.patch(path, json={"base": {"contacts": {"email": "eve@shop.example"}}})
        apart = await union.persons(everybody)
        await union.admin.patch(path, json={"base": {"contacts": {"email": ADA}}})
        again = await union.persons(everybody)
        await union.admin.delete(path)
        left = await union.persons(everybody)

        assert [one["id"] for one in again] == [one["id"]]
        assert len(apart) == 2
        assert [(one["id"], one["base"]["firstName"]) for one in left] == [(one["id"], "Ada")]
        await audit(union.shop)

    @pytest.mark.behaviour("contacthub/createAggregateNode/4")
    async def test_do_not_include_whom_a_filter_keeps_out(self, union: Union) -> None:
        made = await union.active(exclusionFilters=[STAFF])
        staff = await union.customer("1", "till@staff.example")
        ada = await union.customer("2", ADA)
        for one in (staff, ada):
            await union.event(one["id"], properties={"title": one["externalId"]})

        persons = await union.persons(made)
        events = (await union.admin.get("/events", params={"nodeId": made["id"]})).json()

        assert [one["externalId"] for one in persons] == ["2"]
        assert [one["properties"]["title"] for one in events["elements"]] == ["2"]
        assert events["page"]["totalElements"] == 1
        figures = await union.admin.get("/stats/customers-snapshot", params={"nodeId": made["id"]})
        assert figures.json()["data"]["values"] == [{"key": "total", "value": 1}]

    async def test_are_searched_as_customers_are(self, union: Union, everybody: Json) -> None:
        await union.customer("1", ADA, base={"firstName": "Ada"}, tags={"manual": ["vip"]})
        await union.customer("2", ADA, second=True, base={"lastName": "Byron"})
        await union.customer("3", "bea@shop.example")
        condition = {
            "type": "composite",
            "conjunction": "and",
            "conditions": [
                {
                    "type": "atomic",
                    "attribute": name,
                    "operator": "EQUALS",
                    "value": value,
                }
                for name, value in (("base.lastName", "Byron"), ("tags.manual", "vip"))
            ],
        }
        query = json.dumps({"query": {"type": "simple", "are": {"condition": condition}}})

        found = await union.persons(everybody, query=query, fields="base.firstName")

        assert [one["base"] for one in found] == [{"firstName": "Ada"}]
        assert len(await union.persons(everybody, externalId="1")) == 1


class TestPrivacy:
    async def test_hands_over_what_all_their_customers_have(
        self, union: Union, everybody: Json, clients: Clients
    ) -> None:
        consents = {"profiling": {"online": {"status": True}}}
        ids = [
            (await union.customer(name, ADA, second=second, consents=consents))["id"]
            for name, second in (("1", False), ("2", True))
        ]
        events = {await union.event(one) for one in ids}
        await union.admin.post(f"/customers/{ids[1]}/sessions", json={"value": "visit-1"})
        (ada,) = await union.persons(everybody)
        officer = await clients.acting_as(Role.PRIVACY_OFFICER)

        told = (await officer.get(f"/customers/{ada['id']}/data")).json()

        assert told["customer"] == ada
        assert {one["id"] for one in told["events"]} == events
        assert {one["customerId"] for one in told["consentLogs"]} == set(ids)
        assert [one["value"] for one in told["sessions"]] == ["visit-1"]
        assert len(told["history"]) == 2
        for one in ids:
            lines = (await officer.get("/consent-logs", params={"customerId": one})).json()
            kinds = [line["type"] for line in lines["elements"]]
            assert sorted(kinds) == ["CONSENT_CHANGED", "DATA_PORTABILITY_REQUESTED"]
        await audit(union.shop)

    @pytest.mark.behaviour("contacthub/forgetCustomer/1")
    async def test_are_forgotten_with_their_customer(
        self, union: Union, everybody: Json, clients: Clients
    ) -> None:
        ada = await union.customer("1", ADA)
        officer = await clients.acting_as(Role.PRIVACY_OFFICER)

        answer = await officer.delete(f"/customers/{ada['id']}/data")

        assert answer.status_code == 204
        assert await union.persons(everybody) == []


class TestWriting:
    @pytest.mark.behaviour("contacthub/createAggregateNode/6")
    async def test_is_refused_for_persons(self, union: Union, everybody: Json) -> None:
        await union.customer("1", ADA)
        (ada,) = await union.persons(everybody)
        path, base = f"/customers/{ada['id']}", {"contacts": {"email": ADA}}
        body: Json = {"nodeId": everybody["id"], "base": base}
        attempts: list[tuple[str, str, Json]] = [
            ("POST", "/customers", body),
            ("PATCH", path, {"base": {"firstName": "Eve"}}),
            ("PUT", path, body),
            ("DELETE", path, None),
            ("POST", f"{path}/sessions", {"value": "visit-1"}),
            ("POST", f"{path}/likes", {"id": "tea", "name": "Tea"}),
            ("POST", f"{path}/subscriptions", {"id": "news", "subscribed": True}),
            (
                "POST",
                "/events",
                {"customerId": ada["id"], "type": "viewedPage", "context": "WEB", "properties": {}},
            ),
        ]

        for method, one, sent in attempts:
            answer = await union.admin.request(method, one, json=sent)
            assert answer.status_code == 403, (method, one, answer.text)

        assert await union.persons(everybody) == [ada]
        await audit(union.shop)

    async def test_is_refused_for_those_who_forget(
        self, union: Union, everybody: Json, clients: Clients
    ) -> None:
        await union.customer("1", ADA)
        (ada,) = await union.persons(everybody)
        officer = await clients.acting_as(Role.PRIVACY_OFFICER)

        answer = await officer.delete(f"/customers/{ada['id']}/data")

        assert answer.status_code == 403
        assert await union.persons(everybody) == [ada]


class TestEntryCustomers:
    @pytest.mark.behaviour("contacthub/listEntryCustomers/1")
    async def test_are_paged_by_whoever_asks(self, union: Union, everybody: Json) -> None:
        first = await union.customer("1", ADA)
        second = await union.customer("2", ADA, second=True)
        (ada,) = await union.persons(everybody)
        path = f"/customers/{ada['id']}/entry-customers"

        for asked, missing in (({"page": 0}, "size"), ({"size": 1}, "page"), ({}, "page")):
            answer = await union.admin.get(path, params=asked)
            assert answer.status_code == 400
            assert [one["path"] for one in answer.json()["errors"]] == [f"/{missing}"]
        pages = [await entry_customers(union, ada, page=page, size=1) for page in (0, 1, 2)]

        assert [one["elements"] for one in pages] == [[first], [second], []]
        assert [one["page"]["totalElements"] for one in pages] == [2, 2, 2]
        assert pages[1]["page"]["totalPages"] == 2

    @pytest.mark.behaviour("contacthub/listEntryCustomers/2")
    async def test_are_not_those_of_an_entry_customer(self, union: Union, everybody: Json) -> None:
        assert everybody["state"] == "NEW"
        ada = await union.customer("1", ADA)
        params = {"page": 0, "size": 1}

        answer = await union.admin.get(f"/customers/{ada['id']}/entry-customers", params=params)
        nobody = await union.admin.get("/customers/nobody/entry-customers", params=params)

        assert answer.status_code == 400
        assert [one["path"] for one in answer.json()["errors"]] == ["/customerId"]
        assert nobody.status_code == 404

    async def test_are_read_by_roles_of_the_contract(
        self, union: Union, everybody: Json, clients: Clients
    ) -> None:
        await union.customer("1", ADA)
        (ada,) = await union.persons(everybody)

        for role in Role:
            api = await clients.acting_as(role)
            answer = await api.get(
                f"/customers/{ada['id']}/entry-customers", params={"page": 0, "size": 1}
            )
            may = role in (Role.OPERATOR, Role.ADMIN, Role.USER, Role.APPLICATION)
            assert answer.status_code == (200 if may else 403), role


class TestEvents:
    async def test_of_a_person_are_those_of_its_customers(
        self, union: Union, everybody: Json
    ) -> None:
        first = await union.customer("1", ADA)
        second = await union.customer("2", ADA, second=True)
        wanted = {await union.event(one["id"]) for one in (first, second)}
        await union.event((await union.customer("3", "bea@shop.example"))["id"])
        (ada, _) = await union.persons(everybody)

        answer = await union.admin.get("/events", params={"customerId": ada["id"]})

        assert {one["id"] for one in answer.json()["elements"]} == wanted

    async def test_of_the_node_are_those_of_its_persons_and_of_nobody_known(
        self, union: Union, everybody: Json
    ) -> None:
        hers = await union.event((await union.customer("1", ADA))["id"])
        brought = {"type": "SESSION_ID", "value": "visit-1", "nodeId": str(union.second.id)}
        nobodys = await union.event(None, bringBackProperties=brought)
        waiting = await union.make(name="Waiting")

        found = [
            (await union.admin.get("/events", params={"nodeId": node["id"]})).json()["elements"]
            for node in (everybody, waiting)
        ]

        assert [{one["id"] for one in events} for events in found] == [{hers, nobodys}, set()]


class TestUpdates:
    async def test_tell_what_became_of_persons(self, union: Union, everybody: Json) -> None:
        reader = union.admin
        start = (await reader.get("/updates/last-offset")).json()["lastOffset"]
        await union.customer("1", ADA, base={"firstName": "Ada"})
        second = await union.customer("2", "bea@shop.example", second=True)
        before = await union.persons(everybody)
        await reader.patch(
            f"/customers/{second['id']}", json={"base": {"contacts": {"email": ADA}}}
        )

        params = {"offset": start, "nodeId": everybody["id"], "size": 100}
        updates = (await reader.get("/updates", params=params)).json()["updates"]

        ada, bea = (one["id"] for one in before)
        told = [(one["operation"], one["entity"]["data"]["id"]) for one in updates]
        assert told[:2] == [("CREATE", ada), ("CREATE", bea)]
        assert sorted(told[2:]) == [("DELETE", bea), ("UPDATE", ada)]
