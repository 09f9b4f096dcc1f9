"""Aggregate nodes: made, changed, set to work."""

from uuid import uuid4

import httpx
import pytest

from onefold.model.access import Role
from tests.builders import Shop
from tests.dialects.contacthub.clients import Api, Clients
from tests.dialects.contacthub.people import Json
from tests.dialects.contacthub.unions import BY_EMAIL, UNIONS, Union

FILTER: Json = {"property": "base.contacts.email", "value": "test", "pattern": "START_WITH"}


def paths_of(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 400, answer.text
    return [one["path"] for one in answer.json()["errors"]]


class TestCreating:
    async def test_answers_what_was_sent_and_reads_it_back(self, union: Union) -> None:
        other: Json = {"property": "tags.manual", "value": "staff", "pattern": "CONTAINS"}

        made = await union.make(exclusionFilters=[FILTER, other])

        assert made == union.body(exclusionFilters=[FILTER, other], id=made["id"], state="NEW")
        assert (await union.admin.get(f"{UNIONS}/{made['id']}")).json() == made

    @pytest.mark.behaviour("contacthub/createAggregateNode/1")
    async def test_aggregates_nobody_until_it_is_active(self, union: Union) -> None:
        made = await union.make()
        await union.customer("1", "ada@shop.example")
        await union.work(made)
        before = await union.persons(made)

        await union.activate(made)

        assert (made["state"], before) == ("NEW", [])
        (ada,) = await union.persons(made)
        assert ada["base"]["contacts"]["email"] == "ada@shop.example"
        assert (await union.admin.get(f"{UNIONS}/{made['id']}")).json()["state"] == "ACTIVE"

    @pytest.mark.behaviour("contacthub/createAggregateNode/2")
    async def test_needs_entry_nodes_of_the_workspace(self, union: Union, rival: Shop) -> None:
        other = await union.make()
        unknown = [[], [str(uuid4())], [str(rival.node_id)], [other["id"]]]

        for nodes in unknown:
            assert paths_of(await union.post(entryNodes=nodes)) == ["/entryNodes"]
        without = {name: value for name, value in union.body().items() if name != "entryNodes"}
        assert paths_of(await union.admin.post(UNIONS, json=without)) == ["/entryNodes"]

    @pytest.mark.behaviour("contacthub/createAggregateNode/3")
    async def test_takes_ten_filters_and_no_more(self, union: Union) -> None:
        ten = [{**FILTER, "value": f"test{number}"} for number in range(10)]

        made = await union.make(exclusionFilters=ten)
        refused = await union.post(exclusionFilters=[*ten, FILTER])

        assert made["exclusionFilters"] == ten
        assert paths_of(refused) == ["/exclusionFilters"]

    async def test_begins_with_the_usual_matching(self, union: Union) -> None:
        body = {name: union.body()[name] for name in ("name", "entryNodes")}

        made = (await union.admin.post(UNIONS, json=body)).json()

        assert made["matchingProperties"] == BY_EMAIL
        assert made["exclusionFilters"] == []
        assert (made["description"], made["imageUrl"]) == (None, None)

    @pytest.mark.parametrize(
        ("changes", "path"),
        [
            ({"name": " "}, "/name"),
            ({"matchingProperties": {"properties": []}}, "/matchingProperties/properties"),
            (
                {"matchingProperties": {"properties": ["base.shoe"]}},
                "/matchingProperties/properties/0",
            ),
            (
                {"matchingProperties": {"properties": ["base.credential.password"]}},
                "/matchingProperties/properties/0",
            ),
            ({"exclusionFilters": [{**FILTER, "pattern": "LIKE"}]}, "/exclusionFilters/0/pattern"),
            ({"exclusionFilters": [{**FILTER, "value": ""}]}, "/exclusionFilters/0/value"),
            ({"exclusionFilters": [FILTER, {}]}, "/exclusionFilters/1/property"),
            (
                {"exclusionFilters": [{**FILTER, "property": "base.likes"}]},
                "/exclusionFilters/0/property",
            ),
        ],
    )
    async def test_names_what_is_wrong(self, union: Union, changes: Json, path: str) -> None:
        assert paths_of(await union.post(**changes)) == [path]
        assert (await union.admin.get(UNIONS)).json()["elements"] == []


class TestListing:
    @pytest.mark.behaviour("contacthub/listAggregateNodes/1")
    async def test_shows_all_on_one_page(self, union: Union, guest: Api) -> None:
        first = await union.make()
        second = await union.make(name="Again")

        answer = (await guest.get(UNIONS, params={"page": "7", "size": "1"})).json()

        assert answer["elements"] == [first, second]
        assert answer["page"]["totalElements"] == 2
        assert answer["page"]["totalPages"] == 1

    async def test_of_all_nodes_tells_what_it_is_made_of(self, union: Union, guest: Api) -> None:
        made = await union.make(exclusionFilters=[FILTER])

        params = {"nodeType": "AGGREGATE"}
        (node,) = (await guest.get("/configuration/nodes", params=params)).json()["elements"]

        assert node == {
            "id": made["id"],
            "name": "Everybody",
            "description": "Both shops.",
            "nodeType": "AGGREGATE",
            "retentionState": False,
            "properties": {
                "state": "NEW",
                "entryNodes": made["entryNodes"],
                "exclusionFilters": [FILTER],
                "matchingProperties": BY_EMAIL,
            },
        }

    async def test_of_no_aggregate_node_finds_nothing(self, union: Union) -> None:
        for wanted in (uuid4(), "everybody", union.shop.node_id):
            path = f"{UNIONS}/{wanted}"
            answers = [
                await union.admin.get(path),
                await union.admin.put(path, json={"name": "x"}),
                await union.admin.put(f"{path}/state", json={"state": "ACTIVE"}),
            ]
            assert [one.status_code for one in answers] == [404] * 3


class TestChanging:
    async def test_replaces_what_may_change(self, union: Union) -> None:
        made = await union.make(exclusionFilters=[FILTER])
        body = {"name": "All", "state": "NEW", "entryNodes": made["entryNodes"]}

        answer = await union.admin.put(f"{UNIONS}/{made['id']}", json=body)

        assert answer.status_code == 200
        empty: Json = {"description": None, "imageUrl": None, "exclusionFilters": []}
        assert answer.json() == made | empty | {"name": "All"}

    @pytest.mark.behaviour("contacthub/updateAggregateNode/1")
    @pytest.mark.parametrize(
        ("changes", "path"),
        [
            ({"entryNodes": "first alone"}, "/entryNodes"),
            ({"matchingProperties": {"properties": ["externalId"]}}, "/matchingProperties"),
            ({"matchingProperties": BY_EMAIL | {"caseSensitive": True}}, "/matchingProperties"),
            ({"state": "ACTIVE"}, "/state"),
        ],
    )
    async def test_leaves_alone_what_it_is_made_of(
        self, union: Union, changes: Json, path: str
    ) -> None:
        made = await union.make()
        first = {"entryNodes": made["entryNodes"][:1]} if "entryNodes" in changes else {}

        answer = await union.admin.put(f"{UNIONS}/{made['id']}", json=made | changes | first)

        assert paths_of(answer) == [path]
        assert (await union.admin.get(f"{UNIONS}/{made['id']}")).json() == made
        assert (await union.admin.put(f"{UNIONS}/{made['id']}", json=made)).json() == made

    async def test_of_filters_lets_in_and_keeps_out(self, union: Union) -> None:
        made = await union.active()
        await union.customer("1", "test@shop.example")
        await union.customer("2", "ada@shop.example")
        path = f"{UNIONS}/{made['id']}"

        both = len(await union.persons(made))
        await union.admin.put(path, json=made | {"state": "ACTIVE", "exclusionFilters": [FILTER]})
        await union.work(made)
        one = len(await union.persons(made))
        await union.admin.put(path, json=made | {"state": "ACTIVE"})
        await union.work(made)

        assert (both, one, len(await union.persons(made))) == (2, 1, 2)


class TestState:
    @pytest.mark.behaviour("contacthub/updateAggregateNodeState/1")
    async def test_goes_from_new_to_active_and_nowhere_else(self, union: Union) -> None:
        made = await union.make()
        path = f"{UNIONS}/{made['id']}/state"

        for state in ("NEW", "LOCKED", "REMOVED"):
            assert paths_of(await union.admin.put(path, json={"state": state})) == ["/state"]
        await union.activate(made)
        for state in ("NEW", "ACTIVE", "LOCKED", "REMOVED"):
            assert paths_of(await union.admin.put(path, json={"state": state})) == ["/state"]
        for body in ({}, {"state": "AWAKE"}, {"state": None}):
            assert paths_of(await union.admin.put(path, json=body)) == ["/state"]
        assert (await union.admin.get(f"{UNIONS}/{made['id']}")).json()["state"] == "ACTIVE"


class TestRoles:
    async def test_are_those_of_the_contract(self, union: Union, clients: Clients) -> None:
        made = await union.make()
        path = f"{UNIONS}/{made['id']}"

        for role in Role:
            api = await clients.acting_as(role)
            readers = {Role.OPERATOR, Role.ADMIN, Role.USER, Role.GUEST}
            for one in (UNIONS, path):
                status = (await api.get(one)).status_code
                assert status == (200 if role in readers else 403), (role, one)
            writes = role in (Role.OPERATOR, Role.ADMIN)
            assert (await api.put(path, json=made)).status_code == (200 if writes else 403)
            if not writes:
                assert (await api.post(UNIONS, json=union.body())).status_code == 403
                answer = await api.put(f"{path}/state", json={"state": "ACTIVE"})
                assert answer.status_code == 403

    async def test_reach_no_node_beyond_their_own(
        self, union: Union, clients: Clients, shop: Shop
    ) -> None:
        made = await union.make()
        bound = await clients.acting_as(Role.ADMIN, node_ids=frozenset({shop.node_id}))

        assert (await bound.get(UNIONS)).json()["elements"] == []
        assert (await bound.get(f"{UNIONS}/{made['id']}")).status_code == 403
        assert (await bound.post(UNIONS, json=union.body())).status_code == 403
