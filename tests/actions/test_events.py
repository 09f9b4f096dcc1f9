"""Recording events."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from onefold.actions.context import Context
from onefold.actions.event_changes import find_events, read_event
from onefold.actions.events import Recorded, check_draft, record_events
from onefold.actions.workspaces import change_workspace
from onefold.model.access import Actor, Permission
from onefold.model.errors import Invalid, NotFound, NotPermitted
from onefold.model.events import EventFilter
from onefold.model.ids import NIL, uuid7
from onefold.model.workspaces import (
    Node,
    NodeKind,
    WorkspaceSettings,
    WorkspaceStatus,
)
from tests.audit import audit, counted
from tests.builders import (
    NOON,
    Shop,
    by_external_id,
    by_session,
    make_event,
    make_shop,
)


class TestAnEventOfACustomer:
    async def test_is_stored_as_it_was_answered(self, shop: Shop, context: Context) -> None:
        ada = (await shop.customer(contact__email="ada@shop.example")).customer
        draft = replace(
            make_event("viewedPage", {"title": "Hats"}, customer_id=ada.id),
            context_info={"client": {"userAgent": "x"}},
            tracking={"ga": {"utm_source": "mail"}},
        )

        event = await shop.event(draft)

        assert (event.customer_id, event.node_id) == (ada.id, shop.node_id)
        assert (event.mode, event.version) == ("ACTIVE", 1)
        async with context.database.reading() as tx:
            assert await read_event(tx, shop.operator, event_id=event.id) == event
        await audit(shop)

    async def test_is_stored_once_however_often_it_is_sent(self, shop: Shop) -> None:
        ada = (await shop.customer(contact__email="ada@shop.example")).customer
        draft = make_event("completedOrder", {"amount": {"total": 5}}, customer_id=ada.id)
        other = replace(draft, properties={"amount": {"total": 7}})

        first = await shop.record([draft, other])
        second = await shop.record([other], job_id=uuid7(NOON))
        third = await shop.record([other])

        assert [one.new for one in first if isinstance(one, Recorded)] == [True, False]
        assert [one.new for one in second if isinstance(one, Recorded)] == [False]
        assert [one.new for one in third if isinstance(one, Recorded)] == [False]
        assert await counted(shop, ada.id) == [("completedOrder", "", 1, Decimal(5))]
        await audit(shop)

    async def test_of_nobody_is_refused_alone(self, shop: Shop, context: Context) -> None:
        ada = (await shop.customer(contact__email="ada@shop.example")).customer
        other = await make_shop(context)
        bob = (await other.customer(contact__email="bob@shop.example")).customer

        unknown, foreign, fine = await shop.record(
            [
                make_event(customer_id=uuid7(NOON)),
                make_event(customer_id=bob.id),
                make_event(customer_id=ada.id),
            ]
        )

        assert isinstance(unknown, NotFound)
        assert isinstance(foreign, NotFound)
        assert isinstance(fine, Recorded)
        await audit(shop)

    async def test_of_a_deleted_one_is_refused(self, shop: Shop) -> None:
        ada = (await shop.customer(contact__email="ada@shop.example")).customer
        await shop.delete(ada.id)

        (outcome,) = await shop.record([make_event(customer_id=ada.id)])

        assert isinstance(outcome, NotFound)


class TestAnEventBroughtBack:
    async def test_by_its_external_id_goes_to_the_oldest_customer(self, shop: Shop) -> None:
        ada = (await shop.customer(contact__email="ada@shop.example", external_id="A1")).customer
        bob = (await shop.customer(contact__email="bob@shop.example", external_id="A1")).customer

        event = await shop.event(make_event(bring_back=by_external_id(shop.node_id, "A1")))

        assert event.customer_id == min(ada.id, bob.id)
        await audit(shop)

    async def test_by_an_external_id_is_found_in_any_spelling_of_blanks(self, shop: Shop) -> None:
        ada = (await shop.customer(contact__email="ada@shop.example", external_id="A1")).customer

        outcomes = await shop.record(
            [
                make_event(bring_back=by_external_id(shop.node_id, value))
                for value in ("A1", " A1", "A1 ", "a1")
            ]
        )

        owners = [one.event.customer_id for one in outcomes if isinstance(one, Recorded)]
        assert owners == [ada.id, ada.id, ada.id, None]

    async def test_by_an_unknown_external_id_is_nobody_s(self, shop: Shop) -> None:
        event = await shop.event(make_event(bring_back=by_external_id(shop.node_id, "A1")))

        assert event.customer_id is None
        await audit(shop)

    async def test_by_the_external_id_of_another_node_is_nobody_s(self, shop: Shop) -> None:
        stand = await shop.add_node(replace(shop.node, id=uuid7(NOON), name="Stand"))
        await shop.customer(contact__email="ada@shop.example", external_id="A1")

        event = await shop.event(make_event(bring_back=by_external_id(stand.id, "A1")))

        assert (event.customer_id, event.node_id) == (None, stand.id)

    async def test_by_a_session_that_is_tied_goes_to_its_customer(self, shop: Shop) -> None:
        ada = (await shop.customer(contact__email="ada@shop.example")).customer
        await shop.tie(ada.id, "s1")

        event = await shop.event(make_event(bring_back=by_session(shop.node_id, "s1")))

        assert event.customer_id == ada.id
        await audit(shop)

    async def test_by_two_sessions_that_look_alike_is_each_its_own(self, shop: Shop) -> None:
        ada = (await shop.customer(contact__email="ada@shop.example")).customer
        await shop.tie(ada.id, "s1")

        outcomes = await shop.record(
            [
                make_event(bring_back=by_session(shop.node_id, value))
                for value in ("s1", " s1", "S1", "s1")
            ]
        )

        owners = [one.event.customer_id for one in outcomes if isinstance(one, Recorded)]
        assert owners == [ada.id, None, None, ada.id]

    @pytest.mark.parametrize("by", [by_session, by_external_id])
    async def test_to_no_entry_node_is_refused(self, shop: Shop, by: type) -> None:
        union = await shop.add_node(Node(uuid7(NOON), NodeKind.AGGREGATE, "Union"))

        outcomes = await shop.record(
            [make_event(bring_back=by(NIL, "1")), make_event(bring_back=by(union.id, "1"))]
        )

        assert all(isinstance(one, Invalid) for one in outcomes)
        rows = await shop.context.database.pool.fetch(
            "SELECT 1 FROM identifiers WHERE workspace_id = $1", shop.workspace_id
        )
        assert rows == []


class TestAnEventThatCannotBe:
    async def test_stored_is_refused_without_its_neighbours(self, shop: Shop) -> None:
        ada = (await shop.customer(contact__email="ada@shop.example")).customer
        fine = make_event(customer_id=ada.id)

        outcomes = await shop.record(
            [
                replace(fine, id=uuid7(NOON), type="danced"),
                replace(fine, id=uuid7(NOON), bring_back=by_session(shop.node_id, "s1")),
                replace(fine, id=uuid7(NOON), customer_id=None),
                fine,
            ]
        )

        assert [type(one) for one in outcomes] == [Invalid, Invalid, Invalid, Recorded]

    async def test_of_its_type_just_now_is_refused(self, context: Context) -> None:
        settings = WorkspaceSettings(disabled_event_types=("viewedPage",))
        shop = await make_shop(context, settings=settings)
        ada = (await shop.customer(contact__email="ada@shop.example")).customer

        off, on = await shop.record(
            [make_event(customer_id=ada.id), make_event("viewedProduct", customer_id=ada.id)]
        )

        assert isinstance(off, Invalid)
        assert isinstance(on, Recorded)

    async def test_checked_says_what_is_wrong(self, shop: Shop, context: Context) -> None:
        draft = make_event(properties={"nope": 1}, customer_id=uuid7(NOON))

        with pytest.raises(Invalid) as refused:
            check_draft(shop.operator, draft, picture=await shop.picture(), catalog=context.catalog)

        assert [one.path for one in refused.value.fields] == ["properties.nope"]

    async def test_written_in_a_suspended_workspace_is_refused(
        self, shop: Shop, context: Context
    ) -> None:
        workspace = replace((await shop.picture()).workspace, status=WorkspaceStatus.SUSPENDED)
        async with context.database.transaction() as tx:
            await change_workspace(tx, shop.operator, workspace=workspace, at=NOON)

        with pytest.raises(NotPermitted):
            await shop.record([make_event(bring_back=by_session(shop.node_id, "s1"))])

    async def test_reached_by_its_sender_is_refused(self, shop: Shop, context: Context) -> None:
        ada = (await shop.customer(contact__email="ada@shop.example")).customer
        bound = Actor(
            shop.workspace_id,
            None,
            "source",
            frozenset(),
            frozenset({Permission.EVENT_WRITE}),
            frozenset({uuid7(NOON)}),
        )

        async with context.database.transaction() as tx:
            outcomes = await record_events(
                tx,
                bound,
                picture=await shop.picture(),
                catalog=context.catalog,
                drafts=[
                    make_event(customer_id=ada.id),
                    make_event(bring_back=by_session(shop.node_id, "s1")),
                ],
                at=NOON,
            )

        assert [type(one) for one in outcomes] == [NotPermitted, NotPermitted]
        await audit(shop)


class TestAnOddMonth:
    @pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Tokyo"])
    async def test_holds_events_as_every_other(self, context: Context, zone: str) -> None:
        shop = await make_shop(context, settings=WorkspaceSettings(timezone=zone))
        ada = (await shop.customer(contact__email="ada@shop.example")).customer
        moments = [
            datetime(1, 1, 1, tzinfo=UTC),
            datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC),
            datetime(1970, 1, 1, tzinfo=UTC),
            datetime(2031, 7, 1, tzinfo=UTC),
            datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        ]

        outcomes = await shop.record([make_event(customer_id=ada.id, at=at) for at in moments])

        assert all(isinstance(one, Recorded) for one in outcomes)
        async with context.database.reading() as tx:
            page = await find_events(
                tx,
                shop.operator,
                picture=await shop.picture(),
                wanted=EventFilter(customer_id=ada.id),
                offset=0,
                limit=10,
            )
        instant = timedelta(microseconds=1)
        expected = [moments[0] + instant, *moments[1:-1], moments[-1] - instant]
        assert [one.occurred_at for one in page.events] == expected[::-1]
        await audit(shop)
        await shop.delete(ada.id)
        await audit(shop)
