"""A dry run says what an import would do, row by row, and leaves nothing behind."""

import pytest

from onefold.actions.context import Context
from onefold.model.imports.paths import ImportEntity
from onefold.model.workspaces import UniquePolicy
from tests.audit import audit
from tests.builders import Shop, make_shop
from tests.importing import Importing, people_csv

TABLES = ("customers", "identifiers", "history", "consent_log", "updates", "events", "jobs")


@pytest.fixture
async def crm(context: Context) -> Shop:
    return await make_shop(context, unique=UniquePolicy(("external_id",)))


async def row_counts(shop: Shop) -> dict[str, int]:
    pool = shop.context.database.pool
    return {
        table: await pool.fetchval(
            f"SELECT count(*) FROM {table} WHERE workspace_id = $1",
            shop.workspace_id,
        )
        for table in (*TABLES, "job_batches", "node_rollups", "event_rollups")
    }


class TestADryRun:
    async def test_gives_the_verdicts_of_the_import_and_stores_nothing(self, crm: Shop) -> None:
        known = await crm.customer(external_id="k", name__given="Kim")
        content = (
            "external_id,first_name,last_name,birth_date\n"
            "1,Ada,,\nk,Kim,,\nk,,Keller,\n2,,,never\n1,,Keller,\n1,Ada,Keller,\n,,,\n2,Bob,,\n"
        )
        before = await row_counts(crm)

        for batch_rows in (1000, 1):
            rehearsed = await Importing(crm, content, batch_rows=batch_rows).rehearse()

            assert rehearsed.words == [
                "created",
                "unchanged",
                "merged",
                "refused",
                "merged",
                "unchanged",
                "refused",
                "created",
            ]
            assert await row_counts(crm) == before
            assert [str(one.entity_id)[:8] for one in rehearsed.verdicts[:3]] == [
                "00000000",
                str(known.customer.id)[:8],
                str(known.customer.id)[:8],
            ]
        done = await Importing(crm, content).run()
        assert done.words == rehearsed.words
        assert done.reasons == rehearsed.reasons

    async def test_takes_no_number_and_no_place_in_the_stream(self, crm: Shop) -> None:
        await Importing(crm, people_csv(30), batch_rows=10).rehearse()

        saved = await crm.customer(external_id="1")

        assert saved.customer.number == 1
        await audit(crm)

    async def test_knows_a_file_that_was_imported_before(self, crm: Shop) -> None:
        content = "external_id,first_name\n1,Ada\n1,Eva\n"
        await Importing(crm, content).run()

        again = await Importing(crm, content).rehearse()

        assert again.words == ["unchanged", "unchanged"]

    async def test_judges_events_too(self, crm: Shop) -> None:
        await crm.customer(external_id="1")
        content = (
            "external_id,date,type,context,properties\n"
            '1,2026-03-02T12:00:00Z,viewedPage,WEB,"{""url"": ""https://shop.example/""}"\n'
            "2,2026-03-02T12:00:00Z,viewedPage,WEB,\n"
            "1,2026-03-02T12:00:00Z,viewedMoon,WEB,\n"
        )

        rehearsed = await Importing(crm, content, entity=ImportEntity.EVENTS).rehearse()

        assert rehearsed.words == ["recorded", "refused", "refused"]
        assert (await row_counts(crm))["events"] == 0
