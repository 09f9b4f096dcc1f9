"""Taking an import back: what it made goes, what it changed returns, what others did stays."""

from typing import Any

import pytest

from onefold.actions.context import Context
from onefold.actions.customers.read import read_history
from onefold.actions.imports.reverting import revert_import
from onefold.model.customers import Customer
from onefold.model.documents import document_of
from onefold.model.errors import Conflict, NotFound
from onefold.model.imports.reverting import RevertTally
from onefold.model.workspaces import UniquePolicy
from tests.aggregating import make_chain
from tests.audit import all_customers, audit, stored_identifiers
from tests.builders import NOON, Shop, make_patch, make_shop
from tests.importing import HOLDER, Importing, Interrupted, import_text, revert

PURCHASES = """
events:
  columns:
    customer: customer.external_id
    total: {to: properties.amount.total, type: number}
  set: {type: completedOrder, context: ECOMMERCE, properties.amount.local.currency: EUR}
"""


@pytest.fixture
async def crm(context: Context) -> Shop:
    """Ada, Bob and Cleo, with an order of Ada's."""
    crm = await make_shop(context, unique=UniquePolicy(("external_id",)))
    await crm.customer(
        external_id="ada",
        name__given="Ada",
        contact__email="ada@shop.example",
        national_id="756.9217.0769.85",
    )
    await crm.customer(external_id="bob", name__given="Bob", gender="m")
    await crm.customer(external_id="cleo", contact__mobile="+41791112233")
    await import_text(crm, "customer,date,total\nada,2026-03-01T10:00:00Z,5\n", PURCHASES)
    return crm


CHANGES = (
    "external_id,first_name,last_name,email,mobile,gender,national_id,city,"
    "consents.profiling.online.status\n"
    "ada,Adele,Keller,new@shop.example,,f,756.1234.5678.97,Zurich,yes\n"
    "bob,,Bauer,bob@shop.example,+41792223344,,,,\n"
    "eva,Eva,,eva@shop.example,,,,Basel,no\n"
    "ada,Ada-Maria,,,,,,Bern,\n"
    "fred,Fred,,,,,,,\n"
    "eva,,Elster,,,,,,\n"
)


async def state(shop: Shop) -> dict[str, Any]:
    """What an import must leave as it was: people, what points at them, events and counters."""
    pool = shop.context.database.pool
    found = await all_customers(shop)
    counters = {}
    for table, columns, sums in (
        ("event_rollups", "day, node_id, type, context, currency", "events, amount, revenue"),
        ("customer_rollups", "customer_id, type, currency, day", "events, amount, revenue"),
        ("node_rollups", "node_id", "added - removed, by_both, by_email, by_mobile"),
    ):
        summed = ", ".join(f"sum({one})" for one in sums.split(", "))
        rows = await pool.fetch(
            f"SELECT {columns}, {summed} FROM {table} WHERE workspace_id = $1"
            f" GROUP BY {columns} ORDER BY {columns}",
            shop.workspace_id,
        )
        counters[table] = [tuple(row) for row in rows if any(list(row)[len(columns.split(", ")) :])]
    events = await pool.fetch(
        "SELECT event_id, customer_id, properties FROM events WHERE workspace_id = $1"
        " ORDER BY event_id",
        shop.workspace_id,
    )
    return {
        "customers": {one.id: _document(one) for one in found},
        "identifiers": await stored_identifiers(shop),
        "events": [tuple(row) for row in events],
        **counters,
    }


def _document(customer: Customer) -> dict[str, Any]:
    """The record without the next key: what was given once is not given again."""
    document = document_of(customer.profile)
    document.pop("next_key", None)
    return document


class TestReverting:
    @pytest.mark.parametrize("batch_rows", [1000, 1, 2])
    async def test_leaves_everything_as_it_was(self, crm: Shop, batch_rows: int) -> None:
        before = await state(crm)
        done = await Importing(crm, CHANGES, batch_rows=batch_rows).run()
        assert await state(crm) != before

        taken_back = await revert(crm, done.job_id)

        assert await state(crm) == before
        assert (taken_back.removed, taken_back.restored, taken_back.kept) == (2, 2, 0)
        await audit(crm)

    async def test_takes_events_out_of_every_counter(self, crm: Shop) -> None:
        before = await state(crm)
        rows = "".join(
            f"{one},2026-0{month}-11T10:00:00Z,{month}.5\n"
            for one in ("ada", "bob", "ada", "cleo")
            for month in (1, 2, 3)
        )
        done = await Importing(crm, f"customer,date,total\n{rows}", PURCHASES, batch_rows=5).run()
        assert done.tally.events == 12

        taken_back = await revert(crm, done.job_id)

        assert taken_back.events == 12
        assert await state(crm) == before
        await audit(crm)

    @pytest.mark.parametrize("batches", [1, 2, 3])
    async def test_goes_on_where_it_was_broken_off(self, crm: Shop, batches: int) -> None:
        before = await state(crm)
        done = await Importing(crm, CHANGES, batch_rows=2).run()
        steps: list[RevertTally] = []

        def stop(tally: RevertTally) -> None:
            steps.append(tally)
            if len(steps) == batches:
                raise Interrupted

        with pytest.raises(Interrupted):
            await revert(crm, done.job_id, stop)
        taken_back = await revert(crm, done.job_id)

        assert (taken_back.removed, taken_back.restored) == (2, 2)
        assert await state(crm) == before
        await audit(crm)

    async def test_takes_back_what_an_unfinished_import_did(self, crm: Shop) -> None:
        before = await state(crm)
        importing = Importing(crm, CHANGES, batch_rows=2)
        await importing.stop_after(2)
        job_id = await crm.context.database.pool.fetchval(
            "SELECT job_id FROM jobs WHERE workspace_id = $1 AND state = 'RUNNING'",
            crm.workspace_id,
        )

        await revert(crm, job_id)

        assert await state(crm) == before

    async def test_takes_customers_out_of_their_persons(self, context: Context) -> None:
        chain = await make_chain(context)
        file = "contact.email,external_id\nada@chain.example,1\nbob@chain.example,2\n"
        web = await chain.customer(
            chain.second_id, external_id="7", contact__email="ada@chain.example"
        )
        before = await chain.persons()
        done = await import_text(chain.shop, file)
        together = await chain.together()

        await revert(chain.shop, done.job_id)

        assert frozenset({web.id}) not in together
        assert len(together) == 2
        assert [one.profile for one in await chain.persons()] == [one.profile for one in before]
        assert await chain.together() == {frozenset({web.id})}
        await audit(chain.shop)

    async def test_again_changes_nothing(self, crm: Shop) -> None:
        done = await import_text(crm, CHANGES)
        first = await revert(crm, done.job_id)
        before = await audit(crm)

        second = await revert(crm, done.job_id)

        assert second == first
        assert await audit(crm) == before

    async def test_stands_in_history(self, crm: Shop) -> None:
        done = await import_text(crm, CHANGES)

        await revert(crm, done.job_id)

        ada = next(one for one in await audit(crm) if one.profile.external_id == "ada")
        async with crm.context.database.reading() as tx:
            entries = await read_history(tx, crm.operator, customer_id=ada.id)
        assert [entry.operation for entry in entries] == ["create", "merge", "merge", "revert"]
        assert entries[-1].job_id == done.job_id

    async def test_lets_the_same_file_be_imported_anew(self, crm: Shop) -> None:
        done = await import_text(crm, CHANGES)
        after = await state(crm)
        await revert(crm, done.job_id)

        again = await import_text(crm, CHANGES)

        assert again.words == done.words
        people = (await state(crm))["customers"]
        assert len(people) == len(after["customers"])


class TestWhatOthersDidSince:
    async def test_keeps_the_fields_that_were_changed_again(self, crm: Shop) -> None:
        done = await import_text(crm, "external_id,first_name,last_name\nbob,Robert,Bauer\n")
        bob = next(one for one in await audit(crm) if one.profile.external_id == "bob")
        await crm.save([make_patch(bob.id, name__given="Rob")], at=NOON)

        taken_back = await revert(crm, done.job_id)

        bob = next(one for one in await audit(crm) if one.id == bob.id)
        assert (bob.profile.name.given, bob.profile.name.family) == ("Rob", None)
        assert taken_back.kept == 1
        assert taken_back.problems == ((str(bob.id), "was changed since, keeps /name/given"),)

    async def test_keeps_a_customer_that_was_written_since_with_what_was_written(
        self, crm: Shop
    ) -> None:
        done = await import_text(crm, "external_id,first_name,city\neva,Eva,Basel\n")
        eva = (await crm.customer(external_id="eva", gender="f")).customer

        taken_back = await revert(crm, done.job_id)

        eva = next(one for one in await audit(crm) if one.id == eva.id)
        assert document_of(eva.profile) == {
            "external_id": "eva",
            "gender": "f",
            "next_key": 2,
        }
        assert (taken_back.removed, taken_back.restored, taken_back.kept) == (0, 1, 1)
        assert taken_back.problems == (
            (str(eva.id), "was changed since: stays, keeps /external_id"),
        )

    async def test_keeps_a_customer_that_did_something_since(self, crm: Shop) -> None:
        done = await import_text(crm, "external_id,first_name\neva,Eva\n")
        await import_text(crm, "customer,date,total\neva,2026-03-01T10:00:00Z,5\n", PURCHASES)

        taken_back = await revert(crm, done.job_id)

        eva = next(one for one in await audit(crm) if one.profile.external_id == "eva")
        assert eva.profile.name.given is None
        assert taken_back.problems == (
            (str(eva.id), "has events or sessions: stays, keeps /external_id"),
        )

    async def test_leaves_an_event_alone_that_another_import_brought(self, crm: Shop) -> None:
        content = "customer,date,total\nbob,2026-03-01T10:00:00Z,5\n"
        first = await import_text(crm, content, PURCHASES)
        await revert(crm, first.job_id)
        await import_text(crm, content, PURCHASES)
        before = await state(crm)

        await revert(crm, first.job_id)

        assert await state(crm) == before

    async def test_passes_over_a_customer_who_is_gone(self, crm: Shop) -> None:
        done = await import_text(crm, CHANGES)
        eva = next(one for one in await audit(crm) if one.profile.external_id == "eva")
        await crm.delete(eva.id)

        taken_back = await revert(crm, done.job_id)

        assert taken_back.removed == 1
        await audit(crm)

    async def test_keeps_a_value_that_somebody_else_has_taken(self, crm: Shop) -> None:
        """Bob got another key by the import, and his old one went to somebody new."""
        bob = next(one for one in await audit(crm) if one.profile.external_id == "bob")
        done = await import_text(crm, f"id,external_id\n{bob.id},robert\n")
        other = (await crm.customer(external_id="bob", name__given="Bobby")).customer

        taken_back = await revert(crm, done.job_id)

        found = {one.id: one.profile.external_id for one in await audit(crm)}
        assert (found[bob.id], found[other.id]) == ("robert", "bob")
        assert taken_back.kept == 1


class TestAJob:
    async def test_that_there_is_not_cannot_be_taken_back(self, crm: Shop) -> None:
        with pytest.raises(NotFound):
            await revert(crm, crm.node_id)

    async def test_that_runs_is_left_to_whom_it_belongs(self, crm: Shop) -> None:
        importing = Importing(crm, CHANGES)
        _, _, work = await importing.open()
        begun = await importing.begin(work)

        with pytest.raises(Conflict, match="another process is at work on it"):
            await revert_import(
                crm.context,
                crm.operator,
                job_id=begun.job.id,
                holder=HOLDER,
                report=lambda _: None,
            )

    async def test_that_is_being_taken_back_is_not_begun_again(self, crm: Shop) -> None:
        importing = Importing(crm, CHANGES, batch_rows=2)
        done = await importing.run()

        def stop(_: RevertTally) -> None:
            raise Interrupted

        with pytest.raises(Interrupted):
            await revert(crm, done.job_id, stop)

        with pytest.raises(Conflict, match="is being taken back"):
            await importing.run()
