"""Every x-behaviour statement of a served operation has a test that names it."""

from textwrap import dedent

import pytest

from tests.contracts.behaviours import Named, named_in, named_in_tests
from tests.contracts.contract import DIALECTS, statements
from tests.contracts.coverage import Coverage
from tests.contracts.routing import routed_operations
from tests.contracts.uncovered import UNCOVERED
from tests.tidy.sources import Source


def project() -> Coverage:
    known = {id_: text for dialect in DIALECTS for id_, text in statements(dialect).items()}
    return Coverage(known, routed_operations(), named_in_tests(), UNCOVERED)


class TestStatements:
    def test_have_a_test_that_names_them(self) -> None:
        coverage = project()
        found = [f"{id_}: {coverage.known[id_]}" for id_ in coverage.open()]

        assert not found, "\n".join(found)

    def test_are_excused_only_while_they_need_it(self) -> None:
        assert project().idle_excuses() == []

    def test_are_named_as_the_contract_counts_them(self) -> None:
        found = project().troubles()

        assert not found, "\n".join(found)


KNOWN = {"a/list/1": "sorted", "a/list/2": "paged", "a/drop/1": "gone", "a/-/1": "everywhere"}


class TestCoverage:
    def coverage(self, *named: Named, **excused: str) -> Coverage:
        reasons = {id_.replace("_", "/"): reason for id_, reason in excused.items()}
        return Coverage(KNOWN, {"a/list"}, named, reasons)

    def test_asks_for_served_operations_and_whole_contracts(self) -> None:
        assert self.coverage().open() == ["a/list/1", "a/list/2", "a/-/1"]

    def test_takes_a_mark_or_an_excuse(self) -> None:
        coverage = self.coverage(Named("a/list/1", "x"), a_list_2="needs a second server")

        assert coverage.open() == ["a/-/1"]
        assert coverage.idle_excuses() == []

    def test_takes_no_mark_in_trouble(self) -> None:
        coverage = self.coverage(Named("a/list/1", "x", "marks no test that runs"))

        assert "a/list/1" in coverage.open()
        assert coverage.troubles() == ["x a/list/1 marks no test that runs"]

    def test_refuses_an_excuse_that_is_not_needed(self) -> None:
        coverage = self.coverage(Named("a/list/1", "x"), a_list_1="late", a_drop_1="not served")

        assert coverage.idle_excuses() == ["a/list/1", "a/drop/1"]
        assert self.coverage(a_list_1=" ", a_gone_1="gone").idle_excuses() == [
            "a/list/1",
            "a/gone/1",
        ]

    def test_refuses_a_mark_for_what_no_contract_says(self) -> None:
        assert self.coverage(Named("a/list/3", "x")).troubles() == ["x a/list/3 is in no contract"]


def read(text: str) -> list[tuple[str, str | None]]:
    return [(one.id, one.trouble) for one in named_in(Source("planted.py", dedent(text)))]


class TestMarks:
    def test_count_on_functions_classes_modules_and_parameters(self) -> None:
        found = read("""
            pytestmark = [pytest.mark.slow, pytest.mark.behaviour("a")]
            @pytest.mark.behaviour("b", "c")
            async def test_x(): ...
            @pytest.mark.behaviour("d")
            class TestX:
                @pytest.mark.behaviour("e")
                def test_y(self): ...
            @pytest.mark.parametrize("z", [pytest.param(1, marks=pytest.mark.behaviour("f"))])
            def test_z(z): ...
        """)

        assert sorted(found) == [(id_, None) for id_ in "abcdef"]

    @pytest.mark.parametrize(
        "text",
        [
            '@pytest.mark.behaviour("a")\ndef make_customer(): ...',
            '@pytest.mark.behaviour("a")\n@pytest.mark.skip\ndef test_x(): ...',
            '@pytest.mark.behaviour("a")\n@pytest.mark.xfail(strict=True)\ndef test_x(): ...',
            '@pytest.mark.behaviour(f"a/{b}")\ndef test_x(): ...',
            "@pytest.mark.behaviour(*ALL)\ndef test_x(): ...",
            "@pytest.mark.behaviour()\ndef test_x(): ...",
            'mark = pytest.mark.behaviour("a")',
        ],
    )
    def test_do_not_count_elsewhere(self, text: str) -> None:
        assert [trouble is not None for _, trouble in read(text)] == [True]
