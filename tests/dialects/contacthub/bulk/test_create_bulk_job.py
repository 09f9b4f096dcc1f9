"""POST nodes/{nodeId}/bulk-jobs: what becomes a job, and how many may wait."""

import asyncio
from uuid import UUID, uuid4

import pytest

from onefold.model.access import Role
from onefold.model.ids import uuid7
from onefold.model.workspaces import Node, NodeKind
from tests.audit import all_customers
from tests.builders import NOON, Shop
from tests.dialects.contacthub.bulk.loading import HEADER, PEOPLE, Loading, counts
from tests.dialects.contacthub.clients import Clients


class TestCreateBulkJob:
    @pytest.mark.behaviour("contacthub/createBulkJob/1", "contacthub/createBulkJob/2")
    async def test_takes_a_form_with_a_file_and_begins_as_loaded(self, loading: Loading) -> None:
        job = await loading.load(PEOPLE)

        assert UUID(job["id"]).version == 7
        assert counts(job) == ("LOADED", 0, 0, 2)
        assert job["workspaceId"] == str(loading.shop.workspace_id)
        assert job["nodeId"] == str(loading.shop.node_id)
        assert (job["filename"], job["operation"]) == ("people.csv", "UPSERT")
        assert job["createdAt"] == job["updatedAt"]
        assert "errorMessage" not in job
        assert "eventType" not in job

    @pytest.mark.behaviour("contacthub/createBulkJob/2")
    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (b"", "the file is empty"),
            (b"\xef\xbb\xbf", "the file is empty"),
            (PEOPLE.encode("utf-16"), "the file is in UTF-16: save it as UTF-8"),
            (b"\x1f\x8b\x08\0", "the file is a gzip archive: unpack it first"),
            (b"100,John,doe@example.example\n", "column 1 is no property of a customer"),
            (b"base.firstNam\nJohn\n", "base.firstNam is no property of a customer"),
            (b"base.firstName,base.firstName\na,b\n", "base.firstName stands twice"),
            (b"base.firstName,\na,b\n", "column 2 has no name"),
            (b"base.credential.password\nsecret\n", "cannot come in a file"),
            (b"base.likes\n[]\n", "is a list of objects"),
            (b"nodeId\nx\n", "nodeId is set by the server alone"),
            (b'"externalId\n1\n', "a quote that is never closed"),
            (b"externalId\xff\n1\n", "the header cannot be read"),
        ],
    )
    async def test_has_failed_at_once_when_the_file_cannot_be_used(
        self, loading: Loading, content: bytes, reason: str
    ) -> None:
        job = await loading.load(content)

        assert counts(job) == ("FAILED", 0, 0, 0)
        assert reason in job["errorMessage"]
        assert "doe@" not in job["errorMessage"]
        assert await loading.work() == 0
        assert await loading.results(job) == []

    @pytest.mark.behaviour("contacthub/createBulkJob/3")
    async def test_refuses_the_eleventh_that_waits_in_a_node(self, loading: Loading) -> None:
        for _ in range(10):
            await loading.load(PEOPLE)

        refused = await loading.send(PEOPLE, operation="UPSERT")
        broken = await loading.load(b"")
        await loading.work()
        again = await loading.load(PEOPLE)

        assert refused.status_code == 409
        assert refused.json()["message"] == "there are 10 jobs waiting in this node"
        assert broken["status"] == "FAILED"
        assert again["status"] == "LOADED"

    @pytest.mark.behaviour("contacthub/createBulkJob/3")
    async def test_lets_ten_of_many_at_once_wait(self, loading: Loading) -> None:
        answers = await asyncio.gather(
            *(loading.send(PEOPLE, operation="UPSERT") for _ in range(14))
        )

        statuses = sorted(one.status_code for one in answers)
        assert statuses == [201] * 10 + [409] * 4
        assert (await loading.listed(status="LOADED"))["page"]["totalElements"] == 10

    @pytest.mark.behaviour("contacthub/createBulkJob/4")
    async def test_stores_rows_whatever_their_order(self, loading: Loading) -> None:
        lines = [f"{number},Given{number},p{number}@shop.example" for number in range(30)]
        rows = "\n".join([HEADER, *reversed(lines)]) + "\n"

        job = await loading.done(rows)

        assert counts(job) == ("PROCESSED", 30, 0, 30)
        stored = {one.profile.external_id for one in await all_customers(loading.shop)}
        assert stored == {str(number) for number in range(30)}

    @pytest.mark.behaviour("contacthub/createBulkJob/5")
    async def test_works_on_customers_when_nothing_is_said(self, loading: Loading) -> None:
        job = await loading.load(PEOPLE)

        assert job["entity"] == "CUSTOMER"

    @pytest.mark.behaviour("contacthub/createBulkJob/6")
    @pytest.mark.parametrize("operation", ["UPSERT", "INSERT"])
    async def test_needs_an_event_type_for_events(self, loading: Loading, operation: str) -> None:
        answer = await loading.send("context,date\n", operation=operation, entity="EVENT")
        unknown = await loading.send(
            "context,date\n", operation=operation, entity="EVENT", eventType="smiled"
        )

        assert answer.status_code == 400
        assert answer.json()["errors"][0]["path"] == "/eventType"
        assert unknown.json()["errors"][0]["path"] == "/eventType"

    @pytest.mark.behaviour("contacthub/createBulkJob/6")
    async def test_needs_none_to_delete_events(self, loading: Loading) -> None:
        job = await loading.load(f"id\n{uuid4()}\n", "DELETE", entity="EVENT")

        assert job["status"] == "LOADED"

    @pytest.mark.behaviour("contacthub/createBulkJob/7")
    async def test_reads_dotted_paths_and_commas(self, loading: Loading) -> None:
        content = (
            "\ufeffexternalId,base.contacts.email,base.dob,base.address.geo.lat,"
            "base.address.geo.lon,tags.manual,consents.softSpam.email.status,"
            "base.socialProfile.twitter,base.lastName\r\n"
            '7,ada@shop.example,1815-12-10,51.5,-0.1,tea;books,true,@ada,"Love, lace"\r\n'
        )

        job = await loading.done(content)

        assert counts(job) == ("PROCESSED", 1, 0, 1)
        (stored,) = await all_customers(loading.shop)
        answer = await loading.api.get(f"/customers/{stored.id}")
        body = answer.json()
        assert body["externalId"] == "7"
        assert body["base"]["dob"] == "1815-12-10"
        assert body["base"]["address"]["geo"] == {"lat": 51.5, "lon": -0.1}
        assert body["base"]["lastName"] == "Love, lace"
        assert body["base"]["socialProfile"]["twitter"] == "@ada"
        assert body["tags"]["manual"] == ["tea", "books"]
        assert body["consents"]["softSpam"]["email"]["status"] is True

    async def test_keeps_nothing_of_the_folders_in_a_name(self, loading: Loading) -> None:
        answer = await loading.send(PEOPLE, name="C:\\Users\\ada\\people.csv", operation="UPSERT")

        assert answer.json()["filename"] == "people.csv"


class TestWhoMay:
    async def test_leaves_a_file_in_a_node_within_reach(
        self, loading: Loading, clients: Clients, shop: Shop
    ) -> None:
        other = await shop.add_node(Node(uuid7(NOON), NodeKind.ENTRY, "other"))
        bound = await clients.acting_as(Role.APPLICATION, node_ids=frozenset({other.id}))

        answer = await Loading(bound, shop).send(PEOPLE, operation="UPSERT")

        assert answer.status_code == 403

    @pytest.mark.parametrize("role", [Role.BROWSER, Role.GUEST])
    async def test_is_refused_to_whom_the_contract_does_not_name(
        self, clients: Clients, shop: Shop, role: Role
    ) -> None:
        loading = Loading(await clients.acting_as(role), shop)

        answer = await loading.send(PEOPLE, operation="UPSERT")
        listed = await loading.api.get(loading.path)

        assert answer.status_code == 403
        assert listed.status_code == 403

    async def test_finds_no_unknown_node(self, loading: Loading) -> None:
        files = {"file": ("a.csv", PEOPLE.encode())}
        for node in (uuid4(), "none"):
            answer = await loading.api.post(
                f"/nodes/{node}/bulk-jobs", data={"operation": "UPSERT"}, files=files
            )
            assert answer.status_code == 404

    async def test_is_refused_for_an_aggregate_node(self, loading: Loading, shop: Shop) -> None:
        union = await shop.add_node(Node(uuid7(NOON), NodeKind.AGGREGATE, "all"))

        answer = await loading.api.get(f"/nodes/{union.id}/bulk-jobs")

        assert answer.status_code == 403
