"""Definitions of custom properties, and values held against them."""

from typing import Any

import pytest

from onefold.model.errors import FieldError, Invalid
from onefold.model.properties import Definitions, check_definition

TEXT = {"schema": {"type": "string"}}


def findings(definition: dict[str, Any], value: object) -> list[tuple[str, str]]:
    definitions = Definitions({"customer": {"size": definition}})
    found = definitions.findings("customer", {"size": value}, "custom")
    return [(one.path, one.message) for one in found]


class TestFindings:
    @pytest.mark.parametrize(
        ("definition", "value"),
        [
            (TEXT, "x" * 255),
            (TEXT, ""),
            (TEXT, None),
            ({**TEXT, "max_length": 6000}, "x" * 6000),
            ({"schema": {"type": "number"}}, 1.5),
            ({"schema": {"type": "integer"}}, 1.0),
            ({"schema": {"type": "boolean"}}, False),
            ({"schema": {"type": "object"}}, {"any": {"thing": [1]}}),
            ({"schema": {"type": "array", "items": {"type": "string"}}}, ["x" * 500, "y" * 499]),
            ({"schema": {"type": "string", "enum": ["S", "M"]}}, "S"),
            ({"schema": {"type": "string", "enum": ["S", "M"]}}, None),
            ({"schema": {"type": "string", "format": "date"}}, "2017-03-09"),
            ({"schema": {"type": "string", "format": "unheard-of"}}, "x"),
        ],
    )
    def test_are_none_for_a_value_of_the_right_form(
        self, definition: dict[str, Any], value: object
    ) -> None:
        assert findings(definition, value) == []

    @pytest.mark.parametrize(
        ("definition", "value", "message"),
        [
            (TEXT, "x" * 256, "is longer than 255 characters"),
            ({**TEXT, "max_length": 10}, "x" * 11, "is longer than 10 characters"),
            (TEXT, 5, "must be of type null or string"),
            ({"schema": {"type": "integer"}}, 1.5, "must be of type null or integer"),
            ({"schema": {"type": "integer"}}, True, "must be of type null or integer"),
            (
                {"schema": {"type": "array", "items": {"type": "string"}}},
                ["x" * 500, "y" * 500],
                "holds more than 1000 characters in total",
            ),
            (
                {"schema": {"type": "array", "items": {"type": "string"}}, "max_length": 3},
                ["ab", "c"],
                "holds more than 3 characters in total",
            ),
            (
                {"schema": {"type": "string", "enum": ["S"]}},
                "L",
                "is not one of the allowed values",
            ),
            ({**TEXT, "enabled": False}, "x", "is not a known property"),
        ],
    )
    def test_say_what_is_wrong(
        self, definition: dict[str, Any], value: object, message: str
    ) -> None:
        assert findings(definition, value) == [("custom.size", message)]

    def test_name_an_item_of_a_list(self) -> None:
        definition = {"schema": {"type": "array", "items": {"type": "string"}}}

        assert findings(definition, ["a", 5]) == [("custom.size.1", "must be of type string")]

    def test_name_a_property_that_nobody_defined(self) -> None:
        assert Definitions({}).findings("customer", {"colour": 1}, "custom") == (
            FieldError("custom.colour", "is not a known property", "additionalProperties"),
        )

    def test_of_something_that_is_no_object_do_not_fail(self) -> None:
        (found,) = Definitions({}).findings("customer", ["x"], "extended")

        assert (found.path, found.code) == ("extended", "type")


class TestCheckDefinition:
    def test_accepts_every_type(self) -> None:
        for kind in ("string", "number", "integer", "boolean", "array", "object"):
            check_definition("shoe size", {"schema": {"type": kind}, "max_length": 6000})

    @pytest.mark.parametrize(
        ("name", "definition", "path"),
        [
            ("", TEXT, ""),
            ("a.b", TEXT, "a.b"),
            ("a", {"schema": {"type": "text"}}, "a.type"),
            ("a", {"schema": {}}, "a.type"),
            ("a", {}, "a.type"),
            ("a", {"schema": "string"}, "a.type"),
            ("a", {**TEXT, "max_length": 0}, "a.maxLength"),
            ("a", {**TEXT, "max_length": 6001}, "a.maxLength"),
            ("a", {**TEXT, "max_length": "10"}, "a.maxLength"),
            ("a", {"schema": {"type": "string", "pattern": "("}}, "a"),
            ("a", {"schema": {"type": "object", "$ref": "file:///etc/hostname"}}, "a"),
        ],
    )
    def test_refuses_one_that_could_never_be_used(
        self, name: str, definition: dict[str, Any], path: str
    ) -> None:
        with pytest.raises(Invalid) as refused:
            check_definition(name, definition)

        assert [one.path for one in refused.value.fields] == [path]
