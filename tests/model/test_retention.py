"""How long events are kept, and which are due."""

from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from onefold.model.errors import Invalid
from onefold.model.retention import Due, Retention, RetentionRules, Stock, check_months, due

NOON = datetime(2026, 3, 31, 23, 30, tzinfo=UTC)
COUNTER = UUID("00000000-0000-7000-8000-00000000000a")
STAND = UUID("00000000-0000-7000-8000-00000000000b")
RULES = RetentionRules(
    {"searched": 12, "viewedPage": 3},
    Retention(months={"searched": 6}),
    {COUNTER: Retention(enabled=True, months={"viewedPage": 1})},
)


class TestRetentionRules:
    def test_take_the_narrowest_place_that_says_something(self) -> None:
        assert RULES.of_workspace() == {"searched": 6, "viewedPage": 3}
        assert RULES.of_node(COUNTER) == {"searched": 6, "viewedPage": 1}
        assert RULES.of_node(STAND) == RULES.of_workspace()

    def test_sweep_no_node_unasked(self) -> None:
        assert RULES.own(COUNTER).enabled
        assert not RULES.own(STAND).enabled


class TestDue:
    def test_goes_by_months_of_the_calendar_and_days_of_the_workspace(self) -> None:
        assert list(due(RULES, [COUNTER], at=NOON, zone=UTC)) == [
            Due(COUNTER, "searched", date(2025, 9, 30)),
            Due(COUNTER, "viewedPage", date(2026, 2, 28)),
        ]
        tokyo = next(due(RULES, [STAND], at=NOON, zone=ZoneInfo("Asia/Tokyo")))
        assert tokyo == Due(STAND, "searched", date(2025, 10, 1))

    def test_counts_months_where_the_day_is(self) -> None:
        """Half past midnight in Rome is the day before in UTC, and summer time has begun."""
        night = datetime(2026, 3, 29, 22, 30, tzinfo=UTC)

        (_, pages) = due(RULES, [STAND], at=night, zone=ZoneInfo("Europe/Rome"))

        assert pages == Due(STAND, "viewedPage", date(2025, 12, 30))


class TestStock:
    def test_is_valid_where_it_is_not_expired(self) -> None:
        assert Stock(10, 3, None).valid == 7


class TestCheckMonths:
    @pytest.mark.parametrize("many", [1, 1200])
    def test_lets_months_pass(self, many: int) -> None:
        check_months({"searched": many}, ["searched"])

    def test_names_everything_that_is_wrong(self) -> None:
        with pytest.raises(Invalid) as caught:
            check_months({"sneezed": 1, "searched": 0}, ["searched"], under="events.")

        assert [one.path for one in caught.value.fields] == [
            "events.sneezed",
            "events.searched.months",
        ]
