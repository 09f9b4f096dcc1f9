"""An import that was broken off goes on exactly where its last commit was."""

import asyncio
from datetime import timedelta

import pytest

from onefold.actions.context import Context
from onefold.actions.imports.opening import Holder
from onefold.actions.imports.results import stored_verdicts
from onefold.actions.imports.running import Watch, run_import
from onefold.actions.jobs import read_job, renew_job
from onefold.model.errors import Conflict
from onefold.model.imports.verdicts import RowVerdict
from onefold.model.jobs import JobState
from onefold.model.workspaces import UniquePolicy
from tests.audit import audit
from tests.builders import Shop, make_shop
from tests.importing import Importing, people_csv


@pytest.fixture
async def crm(context: Context) -> Shop:
    return await make_shop(context, unique=UniquePolicy(("external_id",)))


class TestResuming:
    @pytest.mark.parametrize("batches", [1, 3, 4])
    async def test_stores_the_rest_and_nothing_twice(self, crm: Shop, batches: int) -> None:
        importing = Importing(crm, people_csv(100), batch_rows=20)
        await importing.stop_after(batches)
        assert len(await audit(crm)) == 20 * batches

        rest = await importing.run()

        assert rest.tally.created == rest.tally.rows == 100
        assert len(rest.verdicts) == 100 - 20 * batches
        assert len(await audit(crm)) == 100

    async def test_counts_quoted_line_breaks_and_broken_rows_as_the_first_run_did(
        self, crm: Shop
    ) -> None:
        content = (
            b'\xef\xbb\xbfexternal_id,first_name\r\n1,"A\r\nda"\r\n\r\n2\r\n3,"C\xc3\xa9o"\r\n'
        )
        content += b'4,"open\r\n5,Eva\r\n6,"F""red"\r\n'
        importing = Importing(crm, content, batch_rows=1)
        whole = await Importing(
            await make_shop(crm.context, unique=UniquePolicy(("external_id",))), content
        ).run()

        for _ in range(whole.tally.rows - 1):
            await importing.stop_after(1)
        last = await importing.run()

        assert last.tally.rows == whole.tally.rows == 6
        assert last.tally.problems == whole.tally.problems == {"columns": 1, "quotes": 1}
        assert [one.profile.name.given for one in await audit(crm)] == [
            "A\r\nda",
            "Céo",
            "Eva",
            'F"red',
        ]

    async def test_tells_what_the_first_run_did(self, crm: Shop) -> None:
        content = "external_id,birth_date\n1,\n2,never\n1,1980-05-17\n3,\n"
        importing = Importing(crm, content, batch_rows=2)
        await importing.stop_after(1)
        done = await importing.run()
        assert done.job_id is not None

        found: list[RowVerdict] = []
        async for verdicts in stored_verdicts(crm.context, crm.operator, job_id=done.job_id):
            found += verdicts

        assert [one.verdict.word for one in found] == ["created", "refused", "merged", "created"]
        assert [one.row for one in found] == [1, 2, 3, 4]
        assert found[1].problem is not None
        assert (found[1].problem.column, found[1].problem.reason) == (
            "birth_date",
            "is not a valid date",
        )
        assert found[2].entity_id == found[0].entity_id


class TestTwoProcesses:
    async def test_of_which_the_second_is_told_that_the_first_is_at_work(self, crm: Shop) -> None:
        """The second looks twice: between the looks the first has shown a sign of life."""
        importing = Importing(crm, people_csv(60), batch_rows=20)
        _, _, work = await importing.open()
        first = await importing.begin(work, Holder("first"))

        async def second() -> None:
            with pytest.raises(Conflict, match="another process is importing this file"):
                await importing.begin(work, Holder("second"))

        waiting = asyncio.create_task(second())
        await asyncio.sleep(0.1)
        async with crm.context.database.transaction() as tx:
            at = crm.context.clock()
            await renew_job(tx, crm.operator, job=first.job, progress={}, at=at)
        await waiting

    async def test_of_which_one_was_overtaken_stores_nothing_more(self, crm: Shop) -> None:
        importing = Importing(crm, people_csv(60), batch_rows=20)
        _, _, work = await importing.open()
        slow = await importing.begin(work, Holder("slow"))
        reader, order, _ = await importing.open()
        done = await importing.run(holder=Holder("quick", lambda name: name == "slow"))

        with pytest.raises(Conflict, match="another process has taken the job over"):
            await run_import(
                crm.context,
                crm.operator,
                order=order,
                reader=reader,
                job=slow.job,
                watch=Watch(),
            )

        assert done.tally.created == 60
        assert len(await audit(crm)) == 60

    async def test_of_which_one_died_leaves_its_job_when_the_lease_has_run_out(
        self, crm: Shop
    ) -> None:
        importing = Importing(crm, people_csv(20))
        _, _, work = await importing.open()
        dead = await importing.begin(work, Holder("dead"))
        await crm.context.database.pool.execute(
            "UPDATE jobs SET leased_until = $3 WHERE workspace_id = $1 AND job_id = $2",
            crm.workspace_id,
            dead.job.id,
            crm.context.clock() + timedelta(seconds=0.3),
        )

        done = await importing.run()

        assert done.job_id == dead.job.id
        assert done.tally.created == 20


class TestTheJob:
    async def test_is_done_and_released_at_the_end(self, crm: Shop) -> None:
        done = await Importing(crm, people_csv(30), batch_rows=20).run()
        assert done.job_id is not None

        async with crm.context.database.reading() as tx:
            job = await read_job(tx, crm.operator, job_id=done.job_id)

        assert job.state is JobState.DONE
        assert job.leased_by is None
        assert job.finished_at is not None
        assert (job.progress["rows"], job.progress["created"]) == (30, 30)
        assert job.payload["file"] == "rows.csv"

    async def test_is_given_back_when_the_import_breaks_off(self, crm: Shop) -> None:
        importing = Importing(crm, people_csv(60), batch_rows=20)
        await importing.stop_after(1)

        rest = await importing.run(holder=Holder("somebody else"))

        assert rest.tally.rows == 60
