"""Maps: what a YAML document may say, and how a wrong one is refused."""

from typing import Any

import pytest
import yaml

from onefold.model.errors import Invalid
from onefold.model.imports.maps import DROP, Reading, Rule, import_map
from onefold.model.imports.paths import ImportEntity, ValueType


def read(text: str) -> Any:
    return import_map(yaml.safe_load(text))


def complaints(text: str) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        read(text)
    return {one.path: one.message for one in refused.value.fields}


class TestAMap:
    def test_may_be_empty(self) -> None:
        assert read("").reading == Reading()
        assert read("").entity(None) is ImportEntity.CUSTOMERS

    def test_says_how_the_file_is_cut(self) -> None:
        found = read("{delimiter: tab, header: no, names: [a, b], encoding: cp1252}")

        assert found.reading == Reading(
            None, "\t", header=False, names=("a", "b"), encoding="cp1252"
        )

    def test_says_where_columns_go(self) -> None:
        found = read(
            """
            customers:
              columns:
                first: name.given
                born: {to: birth_date, format: "%d.%m.%y", on_error: drop}
                size: {to: custom.size, type: number, decimal: ","}
              set: {locale: de, address.street: "{road} {number}"}
            """
        ).of(ImportEntity.CUSTOMERS)

        assert found.columns == {
            "first": Rule("name.given"),
            "born": Rule("birth_date", format="%d.%m.%y", on_error=DROP),
            "size": Rule("custom.size", ValueType.NUMBER, decimal=","),
        }
        assert [(one.rule.to, one.value) for one in found.settings] == [
            ("locale", "de"),
            ("address.street", "{road} {number}"),
        ]

    def test_of_two_kinds_must_be_told_which(self) -> None:
        found = read("{customers: {}, events: {}}")

        assert found.entity(ImportEntity.EVENTS) is ImportEntity.EVENTS
        with pytest.raises(Invalid, match="say which with --entity"):
            found.entity(None)

    def test_of_one_kind_need_not(self) -> None:
        assert read("events: {columns: {a: type}}").entity(None) is ImportEntity.EVENTS


class TestAWrongMap:
    @pytest.mark.parametrize(
        ("text", "path", "message"),
        [
            ("colums: {}", "colums", "is not known; known are"),
            ("customer: {}", "customer", "is not known; did you mean customers?"),
            ("customers: {colums: {}}", "customers.colums", "did you mean columns?"),
            ("customers: []", "customers", "must be an object with `columns`"),
            ("customers: {columns: [a]}", "customers.columns", "must be an object"),
            ("customers: {columns: {a: 5}}", "customers.columns.a", "must be a core path"),
            ("customers: {columns: {a: {from: b}}}", "customers.columns.a", "must be a core path"),
            (
                "customers: {columns: {a: {to: b, typ: date}}}",
                "customers.columns.a.typ",
                "did you mean type?",
            ),
            (
                "customers: {columns: {a: {to: b, type: dat}}}",
                "customers.columns.a.type",
                "did you mean date",
            ),
            (
                "customers: {columns: {a: {to: b, on_error: ignore}}}",
                "customers.columns.a.on_error",
                "must be refuse or drop",
            ),
            (
                "customers: {columns: {a: {to: b, decimal: comma}}}",
                "customers.columns.a.decimal",
                "must be one character",
            ),
            (
                "customers: {columns: {a: {to: b, format: 5}}}",
                "customers.columns.a.format",
                "must be a text",
            ),
            ("customers: {set: {a: {template: 5}}}", "customers.set.a.template", "must be a text"),
            ("customers: {identity: [a]}", "customers.identity", "for events only"),
            ("events: {identity: a}", "events.identity", "must be a list"),
            ("delimiter: ab", "delimiter", "must be one character"),
            ("delimiter: 5", "delimiter", "must be one character"),
            ("header: maybe", "header", "must be yes or no"),
            ("header: no", "names", "are needed when the file has no header"),
            ("names: a", "names", "must be a list of names"),
            ("encoding: utf-16", "encoding", "is not a known encoding"),
            ("encoding: klingon", "encoding", "is not a known encoding"),
            ("format: xml", "format", "must be csv or jsonl"),
        ],
    )
    def test_is_refused_with_the_place(self, text: str, path: str, message: str) -> None:
        assert message in complaints(text)[path]

    def test_is_told_everything_at_once(self) -> None:
        assert set(complaints("{format: xml, header: maybe, customers: {columns: {a: 5}}}")) == {
            "format",
            "header",
            "customers.columns.a",
        }

    def test_that_is_no_object_is_refused(self) -> None:
        with pytest.raises(Invalid, match="a map is a YAML object"):
            read("- a\n- b\n")
