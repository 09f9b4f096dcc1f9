"""Periods, intervals and what purchases come to."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from onefold.model.analytics import (
    Days,
    Interval,
    Period,
    Point,
    Population,
    Purchases,
    first_day,
    gathered,
    in_currency,
    months_before,
)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


class TestMonthsBefore:
    @pytest.mark.parametrize(
        ("at", "months", "before"),
        [
            ("2026-03-02T12:00", 1, "2026-02-02T12:00"),
            ("2026-03-31T12:00", 1, "2026-02-28T12:00"),
            ("2024-03-31T12:00", 1, "2024-02-29T12:00"),
            ("2024-02-29T12:00", 12, "2023-02-28T12:00"),
            ("2026-01-15T00:00", 1, "2025-12-15T00:00"),
            ("2026-03-02T12:00", 120, "2016-03-02T12:00"),
            ("0001-06-01T00:00", 12, "0001-01-01T00:00"),
        ],
    )
    def test_keeps_day_and_time(self, at: str, months: int, before: str) -> None:
        assert months_before(moment(at), months) == moment(before)


class TestPeriod:
    @pytest.mark.parametrize(
        ("start", "end", "zone", "days"),
        [
            ("2026-03-02T12:00", "2026-03-04T12:00", "UTC", ("2026-03-02", "2026-03-04")),
            ("2026-03-02T00:00", "2026-03-04T00:00", "UTC", ("2026-03-02", "2026-03-03")),
            ("2026-03-01T23:00", "2026-03-02T23:00", "Europe/Rome", ("2026-03-02", "2026-03-02")),
            ("2026-03-02T00:00", "2026-03-02T00:00", "UTC", ("2026-03-02", "2026-03-02")),
        ],
    )
    def test_has_whole_days_and_not_the_one_that_begins_at_its_end(
        self, start: str, end: str, zone: str, days: tuple[str, str]
    ) -> None:
        period = Period(moment(start), moment(end))

        assert period.days(ZoneInfo(zone)) == Days(*map(date.fromisoformat, days))


class TestFirstDay:
    @pytest.mark.parametrize(
        ("day", "interval", "first"),
        [
            ("2026-03-05", Interval.DAY, "2026-03-05"),
            ("2026-03-05", Interval.WEEK, "2026-03-02"),
            ("2026-03-02", Interval.WEEK, "2026-03-02"),
            ("2026-03-01", Interval.WEEK, "2026-02-23"),
            ("0001-01-03", Interval.WEEK, "0001-01-01"),
            ("2026-03-31", Interval.MONTH, "2026-03-01"),
        ],
    )
    def test_begins_weeks_on_monday(self, day: str, interval: Interval, first: str) -> None:
        assert first_day(date.fromisoformat(day), interval) == date.fromisoformat(first)


class TestGathered:
    def test_adds_days_up_and_leaves_out_what_comes_to_nothing(self) -> None:
        points = [
            Point(date(2026, 3, 3), 2),
            Point(date(2026, 3, 2), 1),
            Point(date(2026, 4, 1), 5),
            Point(date(2026, 4, 2), -5),
        ]

        assert gathered(points, Interval.MONTH) == (Point(date(2026, 3, 1), 3),)


class TestInCurrency:
    def test_reads_no_currency_as_that_of_the_workspace(self) -> None:
        named = Purchases("EUR", 1, 0, Decimal(1), Decimal(10), Decimal(9))
        bare = Purchases("", 3, 1, Decimal(2), Decimal(5), Decimal(4))
        other = Purchases("CHF", 1)

        assert in_currency([bare, named, other], "EUR") == [
            other,
            Purchases("EUR", 4, 1, Decimal(3), Decimal(15), Decimal(13)),
        ]

    def test_has_an_entry_for_the_workspace_in_any_case(self) -> None:
        assert in_currency([], "EUR") == [Purchases("EUR")]


class TestPurchases:
    def test_average_what_was_left_over_the_orders(self) -> None:
        found = Purchases("EUR", 4, 1, total=Decimal(10))

        assert (found.orders, found.average) == (3, Decimal("3.3333"))
        assert Purchases("EUR", 1, 1, total=Decimal(-5)).average == 0


class TestPopulation:
    def test_cannot_reach_the_others(self) -> None:
        assert Population(10, 1, 2, 3).unreachable == 4
