"""What events add to the counters."""

from datetime import UTC, date, datetime
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
    local_day,
    sum_by_day,
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
            EventKey(date(2026, 3, 2), COUNTER, "viewedPage", "WEB", ""): EventCount(1, Decimal(0)),
            EventKey(date(2026, 3, 3), COUNTER, "viewedPage", "WEB", ""): EventCount(1, Decimal(0)),
        }

    def test_keeps_currencies_apart_and_adds_the_money(self) -> None:
        counts = count_by_day([order(10.1), order(0.2), order(5, "CHF")], zone=UTC)

        assert counts == {
            EventKey(date(2026, 3, 2), COUNTER, "completedOrder", "WEB", ""): EventCount(
                2, Decimal("10.3")
            ),
            EventKey(date(2026, 3, 2), COUNTER, "completedOrder", "WEB", "CHF"): EventCount(
                1, Decimal(5)
            ),
        }

    def test_counts_a_total_that_no_counter_could_hold_without_its_money(self) -> None:
        (count,) = count_by_day([order(1e16), order(1e300)], zone=UTC).values()

        assert count == EventCount(2, Decimal(0))

    def test_keeps_four_places(self) -> None:
        (count,) = count_by_day([order(0.1 + 0.2), order(0.00001)], zone=UTC).values()

        assert count.amount == Decimal("0.3000")

    def test_takes_away_what_it_added(self) -> None:
        events = [order(10.1), order(3, type="return"), event()]
        come = count_by_day(events, zone=UTC)

        assert sum_by_day(come, count_by_day(events, zone=UTC, sign=-1)) == {}
        assert sum_by_day({}, come) == come

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


class TestCountByCustomer:
    def test_notes_first_and_last(self) -> None:
        counts = count_by_customer([event(at=LATE), event(at=NOON), event(customer_id=None)])

        assert counts == {
            CustomerKey(ANN, "viewedPage", ""): CustomerCount(2, Decimal(0), NOON, LATE)
        }
