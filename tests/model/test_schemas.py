"""Checks of JSON, and the findings they give."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from onefold.model.errors import FieldError
from onefold.model.schemas import ERRORS_MAX, Schema, parse_day, parse_moment

VALUE = "ann@shop.example"

PERSON: dict[str, Any] = {
    "type": "object",
    "properties": {
        "mail": {"type": "string", "maxLength": 5, "pattern": "^x"},
        "age": {"type": "integer", "minimum": 0, "maximum": 9},
        "born": {"type": "string", "format": "date"},
        "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 1, "minItems": 1},
        "kind": {"enum": ["a", "b"]},
        "either": {"anyOf": [{"type": "null"}, {"type": "integer"}]},
        "one": {"oneOf": [{"type": "string"}, {"maxLength": 3}]},
        "odd": {"type": "number", "multipleOf": 7},
        "a/b": {"type": "object", "required": ["c"]},
    },
    "additionalProperties": False,
}


class TestFindings:
    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            ({"mail": VALUE}, {("mail", "maxLength"), ("mail", "pattern")}),
            ({"age": -1}, {("age", "minimum")}),
            ({"age": 10}, {("age", "maximum")}),
            ({"age": VALUE}, {("age", "type")}),
            ({"born": VALUE}, {("born", "format")}),
            ({"tags": [VALUE, 5]}, {("tags", "maxItems"), ("tags.1", "type")}),
            ({"tags": []}, {("tags", "minItems")}),
            ({"kind": VALUE}, {("kind", "enum")}),
            ({"either": VALUE}, {("either", "anyOf")}),
            ({"one": 7}, set()),
            ({"one": "a"}, {("one", "oneOf")}),
            ({"odd": 8}, {("odd", "multipleOf")}),
            ({"a/b": {}}, {("a~1b.c", "required")}),
            ({"x.y": VALUE}, {("x~2y", "additionalProperties")}),
            ({"unknown": VALUE}, {("unknown", "additionalProperties")}),
            (VALUE, {("", "type")}),
        ],
    )
    def test_name_the_field_and_the_rule_and_never_the_value(
        self, value: object, expected: set[tuple[str, str]]
    ) -> None:
        found = Schema(PERSON).findings(value)

        assert {(one.path, one.code) for one in found} <= expected
        assert {one.path for one in found} == {path for path, _ in expected}
        assert all(VALUE not in one.message and one.message for one in found)
        assert Schema(PERSON).accepts(value) is (expected == set())

    def test_stand_under_the_place_that_is_given(self) -> None:
        assert Schema(PERSON).findings({"age": -1}, "custom") == (
            FieldError("custom.age", "is too small", "minimum"),
        )

    def test_are_pointers_on_demand(self) -> None:
        (found,) = Schema(PERSON).findings({"a/b": {}}, pointers=True)

        assert found.path == "/a~1b/c"

    def test_are_not_endless(self) -> None:
        found = Schema({"items": {"type": "string"}}).findings(list(range(1000)))

        assert len(found) == ERRORS_MAX


class TestSchema:
    @pytest.mark.parametrize(
        "document",
        [
            {"type": "text"},
            {"pattern": "("},
            {"$ref": "file:///etc/hostname"},
            {"$ref": "http://127.0.0.1:9/schema.json"},
            {"properties": {"a": {"$ref": "#/definitions/missing"}}},
        ],
    )
    def test_refuses_what_is_none_and_what_points_outside(self, document: dict[str, Any]) -> None:
        with pytest.raises(ValueError, match=r".+"):
            Schema(document)

    def test_is_not_held_up_by_a_hostile_pattern(self) -> None:
        assert not Schema({"pattern": "^(a+)+$"}).accepts("a" * 5000 + "!")


class TestMoments:
    @pytest.mark.parametrize(
        "text",
        [
            "2017-03-09T11:31:31.842Z",
            "2017-03-09t11:31:31.842z",
            "2017-03-09T11:31:31.842+00:00",
            "2017-03-09T11:31:31.842+0000",
            "2017-03-09T13:31:31.842000000+0200",
        ],
    )
    def test_are_read_in_every_form_that_clients_send(self, text: str) -> None:
        assert parse_moment(text) == datetime(2017, 3, 9, 11, 31, 31, 842_000, tzinfo=UTC)

    def test_keep_their_offset(self) -> None:
        moment = parse_moment("2017-03-09T11:31:31-09:30")

        assert moment is not None
        assert moment.tzinfo == timezone(timedelta(hours=-9.5))

    @pytest.mark.parametrize(
        "text",
        [
            "2017-03-09T11:31:31",
            "2017-03-09",
            "2017-02-30T00:00:00Z",
            "2017-03-09T25:00:00Z",
            "2017-03-09T11:31:31+99:00",
            "0000-01-01T00:00:00Z",
            "0001-01-01T00:00:00+02:00",
            "9999-12-31T23:59:59-02:00",
            "٢٠١٧-03-09T11:31:31Z",
            "2017-03-09T11:31:31Z\n",
            "",
        ],
    )
    def test_are_refused_without_zone_or_outside_of_the_calendar(self, text: str) -> None:
        assert parse_moment(text) is None


class TestDays:
    def test_are_read_in_one_form(self) -> None:
        assert parse_day("2017-03-09") == date(2017, 3, 9)
        assert parse_day("0001-01-01") == date(1, 1, 1)

    @pytest.mark.parametrize(
        "text", ["2017-W10-4", "20170309", "2017-3-9", "2017-02-30", "0000-01-01", "2017-03-09 "]
    )
    def test_are_refused_in_every_other(self, text: str) -> None:
        assert parse_day(text) is None
        assert not Schema({"format": "date"}).accepts(text)
