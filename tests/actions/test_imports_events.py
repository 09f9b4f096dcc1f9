"""Importing events: each once, whoever sends the file how often."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from onefold.actions.context import Context
from onefold.model.errors import Invalid
from onefold.model.events import EventFilter
from onefold.model.imports.paths import ImportEntity
from onefold.model.workspaces import UniquePolicy, WorkspaceSettings
from onefold.store.search import EventPage, search_events
from tests.audit import audit, counted
from tests.builders import Shop, make_shop
from tests.importing import Importing, import_text

RULES = """
delimiter: comma
events:
  columns:
    customer: customer.external_id
    when: {to: occurred_at, format: "%d.%m.%Y %H:%M"}
    total: {to: properties.amount.total, type: number}
  set:
    type: completedOrder
    context: ECOMMERCE
    properties.orderId: "order-{id}"
    properties.amount.local.currency: EUR
"""
HEADER = "customer,when,total\n"


@pytest.fixture
async def crm(context: Context) -> Shop:
    """A node with two customers, in a workspace an hour or two east of Greenwich."""
    crm = await make_shop(
        context,
        unique=UniquePolicy(("external_id",)),
        settings=WorkspaceSettings(timezone="Europe/Zurich"),
    )
    await crm.customer(external_id="1")
    await crm.customer(external_id="2")
    return crm


async def find(crm: Shop) -> EventPage:
    async with crm.context.database.reading() as tx:
        return await search_events(
            tx, crm.workspace_id, wanted=EventFilter(), node_ids=None, offset=0, limit=1000
        )


class TestEvents:
    async def test_are_recorded_for_the_customer_with_the_external_id(self, crm: Shop) -> None:
        done = await import_text(crm, HEADER + "1,02.03.2026 12:00,12.5\n", RULES)

        one, _ = await audit(crm)
        (event,) = (await find(crm)).events
        assert done.words == ["recorded"]
        assert done.tally.events == 1
        assert done.verdicts[0].entity_id == event.id
        assert event.customer_id == one.id
        assert event.occurred_at == datetime(2026, 3, 2, 11, 0, tzinfo=UTC)
        assert event.properties == {
            "orderId": f"order-{event.id}",
            "amount": {"total": 12.5, "local": {"currency": "EUR"}},
        }
        assert await counted(crm, one.id) == [("completedOrder", "EUR", 1, Decimal("12.5"))]

    async def test_belong_to_the_day_that_the_file_names(self, crm: Shop) -> None:
        rules = RULES.replace('"%d.%m.%Y %H:%M"', '"%Y%m%d"')

        await import_text(crm, HEADER + "1,20260302,1\n", rules)

        days = await crm.context.database.pool.fetch(
            "SELECT day FROM event_rollups WHERE workspace_id = $1 AND events > 0",
            crm.workspace_id,
        )
        assert [str(day) for (day,) in days] == ["2026-03-02"]

    async def test_are_not_recorded_twice(self, crm: Shop) -> None:
        content = HEADER + "1,02.03.2026 12:00,12.5\n2,03.03.2026 12:00,7\n"
        await import_text(crm, content, RULES)
        before = (await find(crm)).events

        again = await import_text(crm, content, RULES)

        assert again.words == ["unchanged", "unchanged"]
        assert (await find(crm)).events == before
        await audit(crm)

    async def test_are_two_when_two_equal_rows_stand_in_the_file(self, crm: Shop) -> None:
        row = "1,02.03.2026 12:00,12.5\n"

        done = await Importing(crm, HEADER + row * 3, RULES, batch_rows=2).run()
        longer = await Importing(crm, HEADER + row * 4, RULES, batch_rows=2).run()

        assert done.words == ["recorded"] * 3
        assert longer.words == ["unchanged", "unchanged", "unchanged", "recorded"]
        assert (await find(crm)).total == 4

    async def test_stay_the_same_when_an_ignored_column_differs(self, crm: Shop) -> None:
        rules = RULES.replace("events:\n  columns:\n", "events:\n  columns:\n    export: ignore\n")
        await import_text(crm, "export,customer,when,total\nmon,1,02.03.2026 12:00,1\n", rules)

        again = await import_text(
            crm, "export,customer,when,total\ntue,1,02.03.2026 12:00,1\n", rules
        )

        assert again.words == ["unchanged"]

    async def test_are_told_apart_by_the_columns_that_the_map_names(self, crm: Shop) -> None:
        rules = RULES + "  identity: [customer, when]\n"
        await import_text(crm, HEADER + "1,02.03.2026 12:00,1\n", rules)

        corrected = await import_text(crm, HEADER + "1,02.03.2026 12:00,2\n", rules)

        assert corrected.words == ["unchanged"]

    async def test_are_refused_row_by_row(self, crm: Shop) -> None:
        done = await import_text(
            crm,
            HEADER + "3,02.03.2026 12:00,1\n1,soon,1\n1,02.03.2026 12:00,a lot\n1,,1\n,02.03.2026"
            " 12:00,1\n1,02.03.0206 12:00,1\n",
            RULES,
        )

        assert done.words == ["refused"] * 6
        assert done.reasons == [
            (1, "customer", "no customer of the node has this external id"),
            (2, "when", "is not a valid date and time"),
            (3, "total", "is not a number"),
            (4, "when", "is empty"),
            (5, "customer", "is empty"),
            (6, "when", "lies outside of the years 1900 to 2199"),
        ]
        assert (await find(crm)).total == 0

    async def test_meet_the_schema_of_their_type(self, crm: Shop) -> None:
        rules = RULES.replace("properties.orderId:", "properties.paymentMethod:")

        done = await import_text(crm, HEADER + "1,02.03.2026 12:00,1\n", rules)

        ((_, column, reason),) = done.reasons
        assert column == "set properties.paymentMethod"
        assert reason == "is not one of the allowed values"

    async def test_come_as_json_lines_too(self, crm: Shop) -> None:
        line = (
            '{"external_id": "1", "type": "viewedPage", "context": "WEB",'
            ' "date": "2026-03-02T12:00:00Z", "properties": {"url": "https://shop.example/"}}\n'
        )
        importing = Importing(crm, line * 2, entity=ImportEntity.EVENTS, name="events.jsonl")

        done = await importing.run()

        assert done.words == ["recorded", "recorded"]
        assert {event.type for event in (await find(crm)).events} == {"viewedPage"}

    async def test_get_partitions_for_the_months_they_reach_back_to(self, crm: Shop) -> None:
        await import_text(crm, HEADER + "1,02.03.1999 12:00,1\n", RULES)

        found = await crm.context.database.pool.fetchval("SELECT to_regclass('events_1999_03')")
        assert found is not None


class TestAMap:
    async def test_says_where_type_context_time_and_customer_come_from(self, crm: Shop) -> None:
        with pytest.raises(Invalid) as refused:
            await Importing(crm, "total\n1\n", "events: {columns: {total: ignore}}").run()

        assert [one.path for one in refused.value.fields] == [
            "type",
            "context",
            "occurred_at",
            "customer.external_id",
        ]


class TestResuming:
    async def test_gives_equal_rows_the_ids_that_they_would_have_had(self, crm: Shop) -> None:
        rows = "1,02.03.2026 12:00,12.5\n2,02.03.2026 12:00,5\n" * 6
        importing = Importing(crm, HEADER + rows, RULES, batch_rows=5)
        await importing.stop_after(1)

        rest = await importing.run()
        again = await importing.run()

        assert rest.words == ["recorded"] * 7
        assert again.words == ["unchanged"] * 12
        assert (await find(crm)).total == 12
        assert rest.tally.rows == 12
        await audit(crm)


class TestBatches:
    async def test_of_many_events_are_counted_exactly(self, crm: Shop) -> None:
        start = datetime(2026, 3, 1, 0, 30, tzinfo=UTC)
        rows = "".join(
            f"{1 + number % 2},{start + timedelta(hours=number):%d.%m.%Y %H:%M},{number}\n"
            for number in range(300)
        )

        done = await Importing(crm, HEADER + rows, RULES, batch_rows=64).run()

        one, two = await audit(crm)
        assert done.tally.events == 300
        totals = [
            sum(amount for _, _, _, amount in await counted(crm, customer.id))
            for customer in (one, two)
        ]
        assert sum(totals) == sum(range(300))
