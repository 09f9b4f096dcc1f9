"""Cells as values: what is taken, and the words for what is not."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from onefold.model.imports.paths import ValueType
from onefold.model.imports.values import Notation, Unusable, check_format, converter

ZURICH = Notation(ZoneInfo("Europe/Zurich"))
ID = UUID("01a20000-0000-7000-8000-000000000000")


def convert(kind: ValueType, value: Any, notation: Notation = ZURICH) -> Any:
    made = converter(kind, notation)
    assert made is not None
    return made(value)


class TestValues:
    @pytest.mark.parametrize(
        ("kind", "written", "value"),
        [
            (ValueType.TEXT, "a", "a"),
            (ValueType.INTEGER, "-12", -12),
            (ValueType.INTEGER, 7, 7),
            (ValueType.INTEGER, "9" * 30, int("9" * 30)),
            (ValueType.NUMBER, "12", 12),
            (ValueType.NUMBER, "+1.50", 1.5),
            (ValueType.NUMBER, ".5", 0.5),
            (ValueType.NUMBER, "1e3", 1000.0),
            (ValueType.NUMBER, 2.5, 2.5),
            (ValueType.BOOLEAN, "Yes", True),
            (ValueType.BOOLEAN, "0", False),
            (ValueType.BOOLEAN, True, True),
            (ValueType.DATE, "1980-05-17", date(1980, 5, 17)),
            (ValueType.MOMENT, "2026-03-02T12:00:00Z", datetime(2026, 3, 2, 12, tzinfo=UTC)),
            (ValueType.MOMENT, "2026-03-02T12:00:00", datetime(2026, 3, 2, 11, tzinfo=UTC)),
            (ValueType.MOMENT, "2026-07-02", datetime(2026, 7, 1, 22, tzinfo=UTC)),
            (ValueType.LIST, " a; b ;;c", ("a", "b", "c")),
            (ValueType.LIST, '["a;b"]', ("a;b",)),
            (ValueType.LIST, ["a"], ("a",)),
            (ValueType.JSON, '{"a": [1, null]}', {"a": [1, None]}),
            (ValueType.JSON, [1], [1]),
            (ValueType.ID, str(ID), ID),
            (ValueType.ANY, 5, 5),
        ],
    )
    def test_are_read(self, kind: ValueType, written: Any, value: Any) -> None:
        found = convert(kind, written)

        assert found == value
        assert type(found) is type(value)

    @pytest.mark.parametrize(
        ("kind", "written", "reason"),
        [
            (ValueType.TEXT, 5, "must be text"),
            (ValueType.INTEGER, "1.0", "is not a whole number"),
            (ValueType.INTEGER, "1_000", "is not a whole number"),
            (ValueType.INTEGER, True, "is not a whole number"),
            (ValueType.INTEGER, "9" * 500, "is not a whole number"),
            (ValueType.INTEGER, 10**500, "is too large a number"),
            (ValueType.NUMBER, "NaN", "is not a number"),
            (ValueType.NUMBER, "1e999", "is too large a number"),
            (ValueType.NUMBER, "1,5", "is not a number"),
            (ValueType.NUMBER, "٣", "is not a number"),
            (ValueType.BOOLEAN, "maybe", "is neither true nor false"),
            (ValueType.BOOLEAN, 1, "is neither true nor false"),
            (ValueType.DATE, "1980-02-30", "is not a valid date"),
            (ValueType.DATE, "17.05.1980", "is not a valid date"),
            (ValueType.DATE, 19800517, "must be text"),
            (ValueType.MOMENT, "noon", "is not a valid date and time"),
            (ValueType.MOMENT, "0206-03-02", "lies outside of the years 1900 to 2199"),
            (ValueType.MOMENT, "0001-01-01T00:00:00+23:00", "lies outside of the years"),
            (ValueType.LIST, '["a", 5]', "is not a list of texts"),
            (ValueType.LIST, {"a": 1}, "is not a list of texts"),
            (ValueType.JSON, "{a: 1}", "is not valid JSON"),
            (ValueType.JSON, "[NaN]", "is not valid JSON"),
            (ValueType.JSON, "[" * 100_000, "is not valid JSON"),
            (ValueType.ID, "7", "is no id of ours"),
        ],
    )
    def test_are_refused_with_a_reason(self, kind: ValueType, written: Any, reason: str) -> None:
        with pytest.raises(Unusable, match=reason):
            convert(kind, written)


class TestNotation:
    def test_reads_dates_as_the_map_says(self) -> None:
        assert convert(ValueType.DATE, "19800517", Notation(format="%Y%m%d")) == date(1980, 5, 17)
        with pytest.raises(Unusable):
            convert(ValueType.DATE, "1980-05-17", Notation(format="%Y%m%d"))

    def test_reads_a_day_as_its_beginning_where_the_workspace_is(self) -> None:
        notation = Notation(ZoneInfo("America/New_York"), "%Y%m%d")

        found = convert(ValueType.MOMENT, "19970101", notation)

        assert found == datetime(1997, 1, 1, 5, tzinfo=UTC)

    @pytest.mark.parametrize(("form", "written"), [("epoch", "86400"), ("epoch_ms", 86_400_000)])
    def test_reads_seconds_and_milliseconds_since_1970(self, form: str, written: Any) -> None:
        found = convert(ValueType.MOMENT, written, Notation(format=form))

        assert found == datetime(1970, 1, 2, tzinfo=UTC)

    def test_refuses_a_moment_that_no_calendar_holds(self) -> None:
        with pytest.raises(Unusable):
            convert(ValueType.MOMENT, "1e300", Notation(format="epoch"))

    def test_reads_numbers_with_a_decimal_comma(self) -> None:
        assert convert(ValueType.NUMBER, "1.234,5", Notation(decimal=",")) == 1234.5

    def test_turns_numbers_into_text_where_that_is_asked_for(self) -> None:
        made = converter(ValueType.TEXT, ZURICH, lenient=True)

        assert made is not None
        assert (made(8001), made("x")) == ("8001", "x")
        with pytest.raises(Unusable):
            made(True)

    @pytest.mark.parametrize("form", ["%Q", "%Y%Y", "%"])
    def test_refuses_a_format_that_cannot_be_read(self, form: str) -> None:
        with pytest.raises(Unusable, match="has a format that cannot be read"):
            check_format(form)
