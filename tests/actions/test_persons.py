"""Persons of aggregate nodes follow every write of their customers."""

from dataclasses import replace
from datetime import date

from onefold.actions.aggregates import PROJECTION, store_aggregate_node
from onefold.actions.configuration import replace_properties
from onefold.actions.context import Context
from onefold.actions.jobs import take_due_job
from onefold.model.aggregates import Exclusion, Pattern
from onefold.model.properties import CUSTOMER_OWNER
from onefold.worker.handlers import HANDLERS
from onefold.worker.jobs import run_job
from tests.aggregating import BY_NAME_AND_BIRTHDAY, make_chain
from tests.audit import audit
from tests.builders import NOON, make_draft, make_patch

ADA = "ada@chain.example"


class TestAPerson:
    async def test_is_made_of_customers_with_equal_values(self, context: Context) -> None:
        chain = await make_chain(context)

        shop = await chain.customer(
            chain.first_id, external_id="1", contact__email=ADA, name__given="Ada"
        )
        web = await chain.customer(
            chain.second_id, external_id="2", contact__email=ADA.upper(), name__family="Byron"
        )

        (person,) = await chain.persons()
        assert await chain.together() == {frozenset({shop.id, web.id})}
        assert (person.profile.name.given, person.profile.name.family) == ("Ada", "Byron")
        assert person.node_id == chain.aggregate_id
        assert person.number > 0

    async def test_is_made_for_a_customer_alone(self, context: Context) -> None:
        chain = await make_chain(context)

        await chain.customer(chain.first_id, external_id="1", contact__email=ADA)
        await chain.customer(chain.second_id, external_id="2")

        assert len(await chain.persons()) == 2

    async def test_follows_a_change(self, context: Context) -> None:
        chain = await make_chain(context)
        ada = await chain.customer(chain.first_id, external_id="1", contact__email=ADA)
        (before,) = await chain.persons()

        await chain.shop.save([make_patch(ada.id, name__given="Ada")])

        (after,) = await chain.persons()
        assert after.id == before.id
        assert after.profile.name.given == "Ada"
        assert after.version == before.version + 1

    async def test_lets_go_of_a_customer_with_another_value(self, context: Context) -> None:
        chain = await make_chain(context)
        one = await chain.customer(chain.first_id, external_id="1", contact__email=ADA)
        two = await chain.customer(chain.second_id, external_id="2", contact__email=ADA)

        await chain.shop.save([make_patch(two.id, contact__email="bea@chain.example")])

        assert await chain.together() == {frozenset({one.id}), frozenset({two.id})}

    async def test_keeps_its_id_when_its_oldest_customer_goes(self, context: Context) -> None:
        chain = await make_chain(context)
        one = await chain.customer(chain.first_id, external_id="1", contact__email=ADA)
        two = await chain.customer(chain.second_id, external_id="2", contact__email=ADA)
        (before,) = await chain.persons()

        await chain.shop.delete(one.id)

        (after,) = await chain.persons()
        assert after.id == before.id
        assert await chain.together() == {frozenset({two.id})}

    async def test_goes_with_its_last_customer(self, context: Context) -> None:
        chain = await make_chain(context)
        one = await chain.customer(chain.first_id, external_id="1", contact__email=ADA)

        await chain.shop.delete(one.id)

        assert await chain.persons() == []

    async def test_is_found_within_one_batch(self, context: Context) -> None:
        chain = await make_chain(context, BY_NAME_AND_BIRTHDAY)
        drafts = [
            make_draft(
                (chain.first_id, chain.second_id)[number % 2],
                external_id=str(number),
                name__given="Ada",
                name__family=f"Byron {number // 2}",
                birth_date=date(1815, 12, 10),
            )
            for number in range(10)
        ]

        await chain.shop.save(drafts)

        assert sorted(map(len, await chain.together())) == [2] * 5

    async def test_is_nobody_whom_an_exclusion_keeps_out(self, context: Context) -> None:
        staff = Exclusion("contact.email", Pattern.CONTAINS, "@STAFF.")
        chain = await make_chain(context, exclusions=[staff])

        await chain.customer(chain.first_id, external_id="1", contact__email="a@staff.example")

        assert await chain.persons() == []

    async def test_is_not_made_of_customers_with_a_filler(self, context: Context) -> None:
        chain = await make_chain(context)

        await chain.customer(chain.first_id, external_id="1", contact__email="test@test.com")
        await chain.customer(chain.second_id, external_id="2", contact__email="test@test.com")

        assert len(await chain.persons()) == 2


class TestActivation:
    async def test_takes_in_who_is_there(self, context: Context) -> None:
        chain = await make_chain(context, active=False)
        one = await chain.customer(chain.first_id, external_id="1", contact__email=ADA)
        two = await chain.customer(chain.second_id, external_id="2", contact__email=ADA)
        assert await chain.persons() == []

        await chain.activate()
        assert await chain.run_jobs() == 1

        assert await chain.together() == {frozenset({one.id, two.id})}

    async def test_is_a_job_that_any_worker_does(self, context: Context) -> None:
        chain = await make_chain(context, active=False)
        one = await chain.customer(chain.first_id, external_id="1", contact__email=ADA)
        await chain.activate()

        operator = chain.shop.operator
        async with context.database.transaction() as tx:
            job = await take_due_job(
                tx, operator, kinds=[PROJECTION], holder="tests", at=context.clock()
            )
        assert job is not None
        await run_job(context, operator, job=job, handler=HANDLERS[PROJECTION])

        assert await chain.together() == {frozenset({one.id})}
        assert await chain.run_jobs() == 0


class TestOtherRulesOfTheWorkspace:
    async def test_for_merging_project_everybody_again(self, context: Context) -> None:
        chain = await make_chain(context, definitions={"points": {"schema": {"type": "integer"}}})
        for node_id, points in ((chain.first_id, 2), (chain.second_id, 3)):
            await chain.customer(
                node_id, external_id="1", contact__email=ADA, custom__points=points
            )
        (before,) = await chain.persons()

        picture = await chain.shop.picture()
        summed = {"points": {"schema": {"type": "integer"}, "merge_policy": "sum"}}
        async with context.database.transaction() as tx:
            await replace_properties(
                tx,
                chain.shop.operator,
                picture=picture,
                owner=CUSTOMER_OWNER,
                definitions=summed,
                at=NOON,
            )
        context.directory.forget()
        await chain.run_jobs()

        (after,) = await chain.persons()
        assert (before.profile.custom["points"] in (2, 3), after.profile.custom["points"]) == (
            True,
            5,
        )
        await audit(chain.shop)

    async def test_for_whose_values_win_project_everybody_again(self, context: Context) -> None:
        chain = await make_chain(context)
        for node_id, name in ((chain.first_id, "Ada"), (chain.second_id, "Bea")):
            await chain.customer(node_id, external_id=name, contact__email=ADA, name__given=name)

        picture = await chain.shop.picture()
        node = picture.workspace.node(chain.aggregate_id)
        turned = replace(node, entry_node_ids=node.entry_node_ids[::-1])
        async with context.database.transaction() as tx:
            await store_aggregate_node(
                tx, chain.shop.operator, picture=picture, node=turned, at=NOON
            )
        context.directory.forget()
        assert [one.profile.name.given for one in await chain.persons()] == ["Ada"]
        await chain.run_jobs()

        assert [one.profile.name.given for one in await chain.persons()] == ["Bea"]
        await audit(chain.shop)
