"""Figures equal a recount of what happened, whatever happens in whatever order."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

import pytest

from onefold.actions.analytics import (
    count_customers,
    read_customer_events,
    read_customer_purchases,
    read_customer_trend,
    read_event_distribution,
    read_event_trend,
    read_purchases,
    read_registrations,
)
from onefold.actions.context import Context
from onefold.actions.event_changes import change_event, delete_event
from onefold.actions.rollups import compare
from onefold.model.access import Permission
from onefold.model.analytics import Deed, Interval, Period, Series
from onefold.model.errors import NotPermitted
from onefold.model.events import Event, EventChange, EventDraft
from onefold.model.ids import uuid7
from onefold.model.rollups import local_day
from onefold.model.workspaces import WorkspaceSettings
from tests.builders import NOON, Shop, by_session, make_patch, make_shop

ROME = "Europe/Rome"
STEPS = 60
SPAN = Period(NOON - timedelta(days=60), NOON + timedelta(days=60))
TYPES = ("viewedPage", "completedOrder", "searched")
CONTEXTS = ("WEB", "ECOMMERCE", "RETAIL")


@dataclass
class Diary:
    """Everything that a random shopkeeper did, noted beside the database."""

    random: Random
    customers: dict[UUID, tuple[datetime, bool]] = field(default_factory=dict)
    events: dict[UUID, Event] = field(default_factory=dict)
    deeds: list[tuple[str, Deed, datetime, UUID, str]] = field(default_factory=list)
    at: datetime = NOON

    def note(self, what: str, deed: Deed, entity: UUID, event_type: str = "") -> None:
        self.deeds.append((what, deed, self.at, entity, event_type))

    def moment(self) -> datetime:
        return NOON + timedelta(hours=self.random.randint(-900, 900))

    def anybody(self) -> UUID | None:
        return self.random.choice(sorted(self.customers)) if self.customers else None


async def add_customer(shop: Shop, diary: Diary) -> None:
    has_mobile = diary.random.random() < 0.5
    more = {"contact__mobile": "+44 7700 900001"} if has_mobile else {}
    number = len(diary.deeds)
    saved = await shop.customer(diary.at, contact__email=f"c{number}@shop.example", **more)
    diary.customers[saved.customer.id] = (diary.at, has_mobile)
    diary.note("customer", Deed.ADDED, saved.customer.id)


async def change_customer(shop: Shop, diary: Diary) -> None:
    customer_id = diary.anybody()
    if customer_id is None:
        return
    came, had_mobile = diary.customers[customer_id]
    mobile = None if had_mobile else "+44 7700 900002"
    await shop.save([make_patch(customer_id, contact__mobile=mobile)], at=diary.at)
    diary.customers[customer_id] = (came, not had_mobile)
    diary.note("customer", Deed.CHANGED, customer_id)


async def remove_customer(shop: Shop, diary: Diary) -> None:
    customer_id = diary.anybody()
    if customer_id is None or diary.random.random() < 0.7:
        return
    await shop.delete(customer_id, at=diary.at)
    del diary.customers[customer_id]
    diary.note("customer", Deed.REMOVED, customer_id)
    for event in [one for one in diary.events.values() if one.customer_id == customer_id]:
        del diary.events[event.id]
        diary.note("event", Deed.REMOVED, event.id, event.type)


async def add_events(shop: Shop, diary: Diary) -> None:
    drafts = [make_draft(shop, diary) for _ in range(diary.random.randint(1, 4))]
    for outcome in await shop.record(drafts, at=diary.at):
        event = outcome.event  # type: ignore[union-attr] # every draft is good
        diary.events[event.id] = event
        diary.note("event", Deed.ADDED, event.id, event.type)


def make_draft(shop: Shop, diary: Diary) -> EventDraft:
    at = diary.moment()
    customer_id = diary.anybody()
    properties = {
        "amount": {
            "total": diary.random.choice([1, 2.5, 10.125]),
            "local": {"currency": diary.random.choice(["EUR", "CHF"])},
        },
        "type": diary.random.choice(["sale", "return"]),
    }
    event_type = diary.random.choice(TYPES)
    visit = by_session(shop.node_id, str(diary.random.randint(1, 9)))
    return EventDraft(
        uuid7(at),
        event_type,
        diary.random.choice(CONTEXTS),
        at,
        properties if event_type == "completedOrder" else {},
        customer_id=customer_id,
        bring_back=None if customer_id else visit,
    )


async def change_some_event(shop: Shop, diary: Diary) -> None:
    if not diary.events:
        return
    event = diary.events[diary.random.choice(sorted(diary.events))]
    change = EventChange(
        occurred_at=diary.moment(),
        context=diary.random.choice(CONTEXTS),
        properties={"amount": {"total": 4}} if event.type == "completedOrder" else None,
    )
    picture = await shop.picture()
    async with shop.context.database.transaction() as tx:
        diary.events[event.id] = await change_event(
            tx,
            shop.operator,
            picture=picture,
            catalog=shop.context.catalog,
            event_id=event.id,
            decide=lambda _: change,
            at=diary.at,
        )
    diary.note("event", Deed.CHANGED, event.id, event.type)


async def delete_some_event(shop: Shop, diary: Diary) -> None:
    if not diary.events:
        return
    event = diary.events.pop(diary.random.choice(sorted(diary.events)))
    picture = await shop.picture()
    async with shop.context.database.transaction() as tx:
        await delete_event(tx, shop.operator, picture=picture, event_id=event.id, at=diary.at)
    diary.note("event", Deed.REMOVED, event.id, event.type)


async def tie_some_session(shop: Shop, diary: Diary) -> None:
    customer_id = diary.anybody()
    if customer_id is None:
        return
    value = f"{diary.random.randint(1, 9)}"
    taken = await shop.context.database.pool.fetchval(
        "SELECT count(*) FROM sessions WHERE workspace_id = $1 AND value = $2",
        shop.workspace_id,
        value,
    )
    if taken:
        return
    await shop.tie(customer_id, value, at=diary.at)
    for event in list(diary.events.values()):
        if event.customer_id is None and event.bring_back and event.bring_back.value == value:
            diary.events[event.id] = replace(event, customer_id=customer_id)
            diary.note("event", Deed.CHANGED, event.id, event.type)


STEPS_TO_TAKE = (
    add_events,
    add_events,
    add_customer,
    change_customer,
    remove_customer,
    change_some_event,
    delete_some_event,
    tie_some_session,
)


async def a_while_in_the_shop(context: Context, seed: int) -> tuple[Shop, Diary]:
    shop = await make_shop(context, settings=WorkspaceSettings(timezone=ROME))
    diary = Diary(Random(seed))  # noqa: S311 - chance for a test
    for _ in range(STEPS):
        step = diary.random.choice(STEPS_TO_TAKE)
        await step(shop, diary)
        diary.at += timedelta(hours=diary.random.randint(0, 9))
    return shop, diary


def points(series: list[Series]) -> Counter[tuple[str, str, str]]:
    return Counter(
        {(one.type, one.context, str(day)): value for one in series for day, value in one.points}
    )


@pytest.fixture(params=range(3))
async def lived(context: Context, request: pytest.FixtureRequest) -> tuple[Shop, Diary]:
    return await a_while_in_the_shop(context, request.param)


class TestFigures:
    async def test_equal_what_happened(self, lived: tuple[Shop, Diary], context: Context) -> None:
        shop, diary = lived
        picture = await shop.picture()
        zone = picture.workspace.zone()
        assert len(diary.events) > 10
        assert {one for _, one, *_ in diary.deeds} == set(Deed)

        async with context.database.reading() as tx:
            spread = await read_event_distribution(
                tx, shop.operator, picture=picture, period=SPAN, context=None, node_id=None
            )
            bought = await read_purchases(
                tx, shop.operator, picture=picture, period=SPAN, context=None, node_id=None
            )
            customers = await count_customers(tx, shop.operator, picture=picture, node_id=None)
            came = await read_registrations(
                tx,
                shop.operator,
                picture=picture,
                period=SPAN,
                interval=Interval.DAY,
                node_id=None,
            )

        assert points(spread) == Counter(
            (one.type, one.context, str(local_day(one.occurred_at, zone)))
            for one in diary.events.values()
        )
        assert sum(one.total for one in bought) == sum(map(total_of, diary.events.values()))
        assert customers.customers == len(diary.customers)
        assert customers.by_both == sum(has for _, has in diary.customers.values())
        assert dict(came) == Counter(local_day(at, zone) for at, _ in diary.customers.values())

    @pytest.mark.parametrize("deed", list(Deed))
    async def test_tell_what_was_done(
        self, lived: tuple[Shop, Diary], context: Context, deed: Deed
    ) -> None:
        shop, diary = lived
        picture = await shop.picture()
        zone = picture.workspace.zone()
        done = {
            (what, local_day(at, zone), entity, event_type)
            for what, one, at, entity, event_type in diary.deeds
            if one is deed
        }

        async with context.database.reading() as tx:
            asked = {"picture": picture, "period": SPAN, "deed": deed, "node_id": None}
            events = await read_event_trend(tx, shop.operator, **asked)  # type: ignore[arg-type] # the same for both
            customers = await read_customer_trend(tx, shop.operator, **asked)  # type: ignore[arg-type] # the same for both

        assert points(events) == Counter(
            (event_type, "", str(day)) for what, day, _, event_type in done if what == "event"
        )
        assert dict(customers) == Counter(day for what, day, _, _ in done if what == "customer")

    async def test_of_a_customer_equal_what_it_did(
        self, lived: tuple[Shop, Diary], context: Context
    ) -> None:
        shop, diary = lived
        picture = await shop.picture()
        zone = picture.workspace.zone()

        for customer_id in diary.customers:
            mine = [one for one in diary.events.values() if one.customer_id == customer_id]
            async with context.database.reading() as tx:
                did = await read_customer_events(
                    tx,
                    shop.operator,
                    picture=picture,
                    customer_id=customer_id,
                    period=SPAN,
                    interval=Interval.DAY,
                )
                bought = await read_customer_purchases(
                    tx, shop.operator, picture=picture, customer_id=customer_id, period=SPAN
                )

            assert points(did) == Counter(
                (one.type, "", str(local_day(one.occurred_at, zone))) for one in mine
            )
            assert sum(one.total for one in bought) == sum(map(total_of, mine))

    async def test_equal_a_recount(self, lived: tuple[Shop, Diary], context: Context) -> None:
        shop, diary = lived

        found = await compare(context.database, shop.operator, picture=await shop.picture())

        assert found.exact
        assert found.events == len(diary.events)

    async def test_need_the_permission(self, shop: Shop, context: Context) -> None:
        actor = replace(shop.operator, permissions=frozenset({Permission.EVENT_READ}))

        async with context.database.reading() as tx:
            with pytest.raises(NotPermitted):
                await count_customers(tx, actor, picture=await shop.picture(), node_id=None)


def total_of(event: Event) -> Decimal:
    if event.type != "completedOrder":
        return Decimal(0)
    total = Decimal(str(event.properties["amount"]["total"]))
    return -total if event.properties.get("type") == "return" else total
