"""What events add to the counters."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from onefold.model.events import Event, money_of
from onefold.model.ids import uuid7
from onefold.model.rollups import (
    CustomerCount,
    CustomerKey,
    EventCount,
    EventKey,
    count_by_customer,
    count_by_day,
    count_change_by_customer,
    count_change_by_day,
    count_gone_by_day,
    count_new,
    difference,
    local_day,
    sum_counts,
)

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LATE = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
ANN = UUID("00000000-0000-7000-8000-000000000001")
COUNTER = UUID("00000000-0000-7000-8000-00000000000a")


def event(
    event_type: str = "viewedPage",
    properties: dict[str, Any] | None = None,
    *,
    at: datetime = NOON,
    customer_id: UUID | None = ANN,
) -> Event:
    return Event(
        id=uuid7(at),
        node_id=COUNTER,
        customer_id=customer_id,
        type=event_type,
        context="WEB",
        mode="ACTIVE",
        occurred_at=at,
        registered_at=at,
        updated_at=at,
        version=1,
        properties=properties or {},
    )


def order(total: Any, currency: str | None = None, **more: Any) -> Event:
    amount: dict[str, Any] = {"total": total}
    if currency:
        amount["local"] = {"currency": currency}
    return event("completedOrder", {"amount": amount, **more})


class TestCountNew:
    def test_counts_as_the_two_do_apart(self) -> None:
        zone = ZoneInfo("Europe/Rome")
        some = [
            order("10.50", "EUR"),
            order(7, type="return"),
            event(at=LATE),
            event(customer_id=None),
            replace(event(at=LATE), registered_at=NOON),
        ]

        by_day, by_customer = count_new(some, zone=zone)

        assert by_day == count_by_day(some, zone=zone)
        assert by_customer == count_by_customer(some, zone=zone)
        assert sum(one.events for one in by_day.values()) == 5
        assert sum(one.events for one in by_customer.values()) == 4


class TestMoneyOf:
    @pytest.mark.parametrize(
        ("properties", "money"),
        [
            ({}, ("", "0")),
            ({"amount": {}}, ("", "0")),
            ({"amount": {"total": 10}}, ("", "10")),
            ({"amount": {"total": 10.1}}, ("", "10.1")),
            ({"amount": {"total": 10.1, "local": {"currency": "CHF"}}}, ("CHF", "10.1")),
            ({"amount": {"total": 10}, "type": "return"}, ("", "-10")),
            ({"amount": {"total": -10}, "type": "return"}, ("", "-10")),
            ({"amount": {"total": -10}, "type": "sale"}, ("", "-10")),
            ({"amount": {"total": "12.50"}}, ("", "12.50")),
            ({"amount": {"total": "much"}}, ("", "0")),
            ({"amount": {"total": "NaN"}}, ("", "0")),
            ({"amount": {"total": "Infinity"}}, ("", "0")),
            ({"amount": {"total": True}}, ("", "0")),
            ({"amount": None}, ("", "0")),
        ],
    )
    def test_reads_a_purchase(self, properties: dict[str, Any], money: tuple[str, str]) -> None:
        assert money_of("completedOrder", properties) == (money[0], Decimal(money[1]))

    def test_is_nothing_for_any_other_event(self) -> None:
        assert money_of("abandonedCart", {"amount": {"total": 10}}) == ("", Decimal(0))


class TestCountByDay:
    def test_counts_by_the_day_of_the_workspace(self) -> None:
        counts = count_by_day([event(at=NOON), event(at=LATE)], zone=ZoneInfo("Europe/Rome"))

        assert counts == {
            EventKey(date(2026, 3, 2), COUNTER, "viewedPage", "WEB", ""): EventCount(1, added=1),
            EventKey(date(2026, 3, 3), COUNTER, "viewedPage", "WEB", ""): EventCount(1, added=1),
        }

    def test_keeps_currencies_apart_and_adds_the_money(self) -> None:
        counts = count_by_day([order(10.1), order(0.2), order(5, "CHF")], zone=UTC)

        assert counts == {
            EventKey(date(2026, 3, 2), COUNTER, "completedOrder", "WEB", ""): EventCount(
                2, Decimal("10.3"), Decimal("10.3"), added=2
            ),
            EventKey(date(2026, 3, 2), COUNTER, "completedOrder", "WEB", "CHF"): EventCount(
                1, Decimal(5), Decimal(5), added=1
            ),
        }

    def test_counts_a_total_that_no_counter_could_hold_without_its_money(self) -> None:
        (count,) = count_by_day([order(1e16), order(1e300)], zone=UTC).values()

        assert count == EventCount(2, added=2)

    def test_keeps_four_places(self) -> None:
        (count,) = count_by_day([order(0.1 + 0.2), order(0.00001)], zone=UTC).values()

        assert count.amount == Decimal("0.3000")

    def test_takes_away_what_it_added(self) -> None:
        events = [order(10.1), order(3, type="return"), event()]
        come = count_by_day(events, zone=UTC)

        assert sum_counts(come, count_by_day(events, zone=UTC, sign=-1)) == {}
        assert sum_counts({}, come) == come

    @pytest.mark.parametrize(
        ("at", "zone", "day"),
        [
            (datetime(1, 1, 1, tzinfo=UTC), "America/New_York", date(1, 1, 1)),
            (datetime(9999, 12, 31, 23, tzinfo=UTC), "Asia/Tokyo", date(9999, 12, 31)),
            (LATE, "Asia/Tokyo", date(2026, 3, 3)),
            (LATE, "America/New_York", date(2026, 3, 2)),
        ],
    )
    def test_finds_a_day_at_the_ends_of_the_calendar_too(
        self, at: datetime, zone: str, day: date
    ) -> None:
        assert local_day(at, ZoneInfo(zone)) == day

    def test_counts_what_was_recorded_on_the_day_of_recording(self) -> None:
        late = replace(event(at=NOON), registered_at=NOON + timedelta(days=2))

        assert count_by_day([late], zone=UTC) == {
            EventKey(date(2026, 3, 2), COUNTER, "viewedPage", "WEB", ""): EventCount(1),
            EventKey(date(2026, 3, 4), COUNTER, "viewedPage", "WEB", ""): EventCount(added=1),
        }


class TestCountGoneByDay:
    def test_takes_away_what_happened_and_notes_what_was_done(self) -> None:
        gone = count_gone_by_day([event(at=NOON)], zone=UTC, at=NOON + timedelta(days=2))

        assert gone == {
            EventKey(date(2026, 3, 2), COUNTER, "viewedPage", "WEB", ""): EventCount(-1, gone=1),
            EventKey(date(2026, 3, 4), COUNTER, "viewedPage", "WEB", ""): EventCount(removed=1),
        }


class TestCountChangeByDay:
    def test_moves_the_event_with_what_was_recorded(self) -> None:
        before = event(at=NOON)
        after = replace(before, context="MOBILE", version=2, updated_at=LATE)

        assert count_change_by_day(before, after, zone=UTC) == {
            EventKey(date(2026, 3, 2), COUNTER, "viewedPage", "WEB", ""): EventCount(-1, added=-1),
            EventKey(date(2026, 3, 2), COUNTER, "viewedPage", "MOBILE", ""): EventCount(
                1, added=1, changed=1
            ),
        }

    def test_counts_an_event_as_changed_once_a_day(self) -> None:
        before = replace(event(at=NOON), version=2)
        today = replace(before, version=3, updated_at=LATE)
        tomorrow = replace(before, version=3, updated_at=LATE + timedelta(hours=1))

        assert count_change_by_day(before, today, zone=UTC) == {}
        assert count_change_by_day(before, tomorrow, zone=UTC) == {
            EventKey(date(2026, 3, 3), COUNTER, "viewedPage", "WEB", ""): EventCount(changed=1)
        }


class TestCountByCustomer:
    def test_counts_by_day_and_leaves_nobody_out_but_nobody(self) -> None:
        events = [event(at=LATE), event(at=NOON), event(customer_id=None)]

        assert count_by_customer(events, zone=ZoneInfo("Europe/Rome")) == {
            CustomerKey(ANN, "viewedPage", "", date(2026, 3, 2)): CustomerCount(1),
            CustomerKey(ANN, "viewedPage", "", date(2026, 3, 3)): CustomerCount(1),
        }

    def test_follows_an_event_that_finds_its_customer(self) -> None:
        before = event(customer_id=None)
        after = replace(before, customer_id=ANN, version=2)

        assert count_change_by_customer(before, after, zone=UTC) == {
            CustomerKey(ANN, "viewedPage", "", date(2026, 3, 2)): CustomerCount(1)
        }


class TestDifference:
    def test_is_what_has_to_be_added(self) -> None:
        here, there = date(2026, 3, 2), date(2026, 3, 3)

        assert difference({here: EventCount(3)}, {here: EventCount(1), there: EventCount(2)}) == {
            here: EventCount(2),
            there: EventCount(-2),
        }
        assert difference({here: EventCount(3)}, {here: EventCount(3)}) == {}
