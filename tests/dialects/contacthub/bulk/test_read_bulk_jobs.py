"""GET nodes/{nodeId}/bulk-jobs, .../{jobId} and .../{jobId}/results."""

from datetime import timedelta
from uuid import uuid4

import pytest

from onefold.actions.context import Context
from onefold.actions.imports.bulk import BULK_KIND, expire_bulk_jobs
from onefold.actions.jobs import enqueue_job, take_due_job
from onefold.actions.uploads import PIECE_BYTES
from onefold.model.ids import uuid7
from onefold.model.imports.verdicts import PROBLEMS_KEPT_MAX
from onefold.model.jobs import JobDraft
from onefold.model.workspaces import Node, NodeKind
from tests.builders import NOON, Shop
from tests.dialects.contacthub.bulk.loading import HEADER, PEOPLE, Loading, counts
from tests.dialects.contacthub.clients import Clients


class TestGetBulkJob:
    @pytest.mark.behaviour("contacthub/getBulkJob/1")
    async def test_finds_no_job_of_another_node_or_workspace(
        self, loading: Loading, shop: Shop, rival: Shop, clients: Clients
    ) -> None:
        job = await loading.load(PEOPLE)
        other = await shop.add_node(Node(uuid7(NOON), NodeKind.ENTRY, "Other"))
        api = clients.bearing(await shop.token_for(*shop.operator.roles))
        theirs = await Loading(loading.api, rival).api.get(f"/nodes/{rival.node_id}/bulk-jobs")

        for job_id in (job["id"], uuid4(), "123"):
            for path in (f"/nodes/{other.id}/bulk-jobs/{job_id}", f"{loading.path}/{uuid4()}"):
                assert (await api.get(path)).status_code == 404
                assert (await api.get(f"{path}/results")).status_code == 404
        assert theirs.status_code == 404

    async def test_finds_no_job_of_another_kind(self, loading: Loading, shop: Shop) -> None:
        draft = JobDraft(uuid7(NOON), "import", shop.node_id)
        async with shop.context.database.transaction() as tx:
            await enqueue_job(tx, shop.operator, draft=draft, at=NOON)

        answer = await loading.api.get(f"{loading.path}/{draft.id}")

        assert answer.status_code == 404
        assert (await loading.listed())["elements"] == []

    async def test_shows_one_that_is_under_way(self, loading: Loading, context: Context) -> None:
        made = await loading.load(PEOPLE)

        async with context.database.transaction() as tx:
            await take_due_job(
                tx,
                loading.shop.operator,
                kinds=[BULK_KIND],
                holder="test",
                at=context.clock(),
            )

        job = await loading.job(made["id"])
        assert counts(job) == ("PROCESSING", 0, 0, 2)
        assert job["updatedAt"] > job["createdAt"]


class TestGetBulkJobResults:
    @pytest.mark.behaviour("contacthub/getBulkJobResults/1")
    async def test_answers_when_the_job_has_come_to_its_end(self, loading: Loading) -> None:
        job = await loading.load(PEOPLE)
        path = f"{loading.path}/{job['id']}/results"

        early = await loading.api.get(path)
        await loading.work()
        late = await loading.api.get(path)
        failed = await loading.load(b"")

        assert early.status_code == 409
        assert early.json()["message"] == "the job has not come to its end yet"
        assert late.status_code == 200
        assert await loading.results(failed) == []

    @pytest.mark.behaviour("contacthub/getBulkJobResults/2")
    async def test_has_columns_of_its_own(self, loading: Loading) -> None:
        job = await loading.done(PEOPLE + "102,No,nobody\n")

        answer = await loading.api.get(f"{loading.path}/{job['id']}/results")

        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        head, *lines = answer.text.splitlines()
        assert head == "row,result,id,column,message"
        assert [line.split(",")[:2] for line in lines] == [
            ["1", "CREATED"],
            ["2", "CREATED"],
            ["3", "REFUSED"],
        ]
        assert lines[2] == "3,REFUSED,,base.contacts.email,is not a valid email"

    async def test_has_a_line_for_each_row_of_a_long_file(self, loading: Loading) -> None:
        """Several batches, several pieces, more refusals than reasons are kept for."""
        many = PROBLEMS_KEPT_MAX + 200
        rows = [
            f"{number},{'x' * 250},{'' if number < many else f'p{number}@shop.example'}"
            for number in range(many + 900)
        ]
        content = "\n".join([HEADER, *rows]) + "\n"
        assert len(content) > 2 * PIECE_BYTES

        job = await loading.done(content)

        assert counts(job) == ("PROCESSED", 900, many, many + 900)
        results = await loading.results(job)
        assert [int(one["row"]) for one in results] == list(range(1, many + 901))
        assert [one["result"] for one in results] == ["REFUSED"] * many + ["CREATED"] * 900


class TestListBulkJobs:
    @pytest.mark.behaviour("contacthub/listBulkJobs/1")
    async def test_filters_by_status_and_entity_together(self, loading: Loading) -> None:
        event = {"entity": "EVENT", "eventType": "viewedPage"}
        done = await loading.done(PEOPLE)
        failed = await loading.load(b"")
        failed_events = await loading.load(b"", **event)
        waiting = await loading.load(PEOPLE)
        waiting_events = await loading.load("externalId,context,date\n", **event)

        async def ids(**query: str) -> list[str]:
            return [one["id"] for one in (await loading.listed(**query))["elements"]]

        assert await ids(status="PROCESSED") == [done["id"]]
        assert await ids(status="FAILED") == [failed_events["id"], failed["id"]]
        assert await ids(status="FAILED", entity="CUSTOMER") == [failed["id"]]
        assert await ids(entity="EVENT") == [waiting_events["id"], failed_events["id"]]
        assert await ids(status="LOADED", entity="CUSTOMER") == [waiting["id"]]
        assert await ids(status="PROCESSING") == []
        assert await ids(status="STOPPED") == []

    async def test_shows_one_that_is_to_be_gone_on_with(self, loading: Loading) -> None:
        made = await loading.load(PEOPLE)
        await loading.shop.context.database.pool.execute(
            "UPDATE jobs SET started_at = created_at WHERE job_id = $1", made["id"]
        )

        (listed,) = (await loading.listed(status="SCHEDULED"))["elements"]

        assert (listed["id"], listed["status"]) == (made["id"], "SCHEDULED")

    async def test_pages_newest_first_unless_told_otherwise(self, loading: Loading) -> None:
        made = [(await loading.load(PEOPLE))["id"] for _ in range(5)]

        first = await loading.listed(size=2)
        last = await loading.listed(size=2, page=2)
        other = await loading.listed(size=2, sort="createdAt,asc")

        assert [one["id"] for one in first["elements"]] == made[:2:-1]
        assert [one["id"] for one in last["elements"]] == made[:1]
        assert [one["id"] for one in other["elements"]] == made[:2]
        assert first["page"]["totalElements"] == 5
        assert first["page"]["totalPages"] == 3

    @pytest.mark.parametrize(
        ("name", "value"),
        [("status", "DONE"), ("entity", "customer"), ("sort", "name"), ("sort", "createdAt,up")],
    )
    async def test_names_a_parameter_that_is_wrong(
        self, loading: Loading, name: str, value: str
    ) -> None:
        answer = await loading.api.get(loading.path, params={name: value})

        assert answer.status_code == 400
        assert answer.json()["errors"][0]["path"] == f"/{name}"


class TestExpiring:
    async def test_forgets_jobs_and_results_of_long_ago(self, loading: Loading) -> None:
        context = loading.shop.context
        job = await loading.done(PEOPLE)
        now = context.clock()

        await expire_bulk_jobs(context, at=now + timedelta(days=89))
        kept = await loading.api.get(f"{loading.path}/{job['id']}/results")
        await expire_bulk_jobs(context, at=now + timedelta(days=91))
        gone = await loading.api.get(f"{loading.path}/{job['id']}/results")

        assert (kept.status_code, gone.status_code) == (200, 404)
        left = await context.database.pool.fetchval(
            "SELECT count(*) FROM job_batches WHERE job_id = $1", job["id"]
        )
        assert left == 0
