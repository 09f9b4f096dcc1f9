"""The house style that a reader can count: sizes, names, silence and ignores (style 4.3)."""

from collections.abc import Callable, Iterator
from textwrap import indent

import pytest

from tests.tidy import sizes, wording
from tests.tidy.sources import ROOT, Source, read_sources

Check = Callable[[Source], Iterator[str]]

CHECKS: list[Check] = [
    sizes.long_functions,
    sizes.long_files,
    sizes.long_lines,
    sizes.many_parameters,
    sizes.deep_nesting,
    wording.vague_modules,
    wording.vague_classes,
    wording.vague_functions,
    wording.missing_docstrings,
    wording.bare_ignores,
]
SQL_CHECKS: list[Check] = [sizes.long_files, sizes.long_lines]


def nested(*openers: str, body: str = "pass") -> str:
    """Write statements that stand inside each other."""
    for opener in reversed(openers):
        body = f"{opener}:\n{indent(body, '    ')}"
    return body


def levels_are_kept(statements: str) -> bool:
    return found_in(sizes.deep_nesting, nested("def f()", body=statements)) == []


def found_in(check: Check, text: str, path: str = "src/onefold/model/planted.py") -> list[str]:
    return list(check(Source(path, text)))


class TestTheTree:
    @pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
    def test_of_python_keeps_the_limits(self, check: Check) -> None:
        sources = read_sources("src", "tests")
        offences = [offence for source in sources for offence in check(source)]

        assert not offences, "\n".join(offences)

    @pytest.mark.parametrize("check", SQL_CHECKS, ids=lambda check: check.__name__)
    def test_of_sql_keeps_the_limits(self, check: Check) -> None:
        sources = read_sources("src", suffix=".sql")
        offences = [offence for source in sources for offence in check(source)]

        assert not offences, "\n".join(offences)

    def test_catches_broadly_where_it_is_allowed_only(self) -> None:
        sources = [
            source
            for source in read_sources("src", "tests")
            if source.path not in wording.BROAD_EXCEPT_ALLOWED
        ]
        offences = [found for source in sources for found in wording.broad_excepts(source)]

        assert not offences, "\n".join(offences)

    def test_needs_every_broad_except_that_is_allowed(self) -> None:
        unneeded = [
            path
            for path in wording.BROAD_EXCEPT_ALLOWED
            if (ROOT / path).exists()
            and not any(wording.broad_excepts(Source(path, (ROOT / path).read_text("utf-8"))))
        ]

        assert unneeded == []


class TestSizes:
    def test_catch_a_function_of_61_lines(self) -> None:
        sixty = "def f():\n" + "    x = 1\n" * 59

        assert found_in(sizes.long_functions, sixty) == []
        assert found_in(sizes.long_functions, sixty + "    x = 1\n") != []

    def test_catch_a_file_of_401_lines(self) -> None:
        assert found_in(sizes.long_files, "x = 1\n" * 400) == []
        assert found_in(sizes.long_files, "x = 1\n" * 401) != []

    def test_catch_a_line_of_101_characters(self) -> None:
        assert found_in(sizes.long_lines, "#" * 100) == []
        assert found_in(sizes.long_lines, "#" * 101) != []

    def test_do_not_count_an_ignore_with_its_reason(self) -> None:
        assert found_in(sizes.long_lines, "x" * 100 + "  # noqa: E501 - a link") == []
        assert found_in(sizes.long_lines, "x" * 101 + "  # noqa: E501 - a link") != []

    def test_catch_a_seventh_parameter_wherever_it_stands(self) -> None:
        assert found_in(sizes.many_parameters, "def f(tx, actor, a, b, *, c, d, e, f): ...") == []
        assert found_in(sizes.many_parameters, "def f(a, b, /, c, d, *, e, f, g): ...") != []
        assert found_in(sizes.many_parameters, "async def f(a, b, c, d, e, *f, **g): ...") != []

    def test_catch_a_fourth_level(self) -> None:
        three = ("for x in y", "if x", "while x")

        assert levels_are_kept(nested(*three))
        assert not levels_are_kept(nested(*three, "if z"))
        assert not levels_are_kept(nested(*three, "match z", "case 1"))
        assert not levels_are_kept(nested(*three, body="try: x()\nexcept A: y()"))

    def test_count_elif_and_else_on_the_level_of_their_if(self) -> None:
        chain = "if a: x()\nelif b: x()\nelif c: x()\nelse: x()"

        assert levels_are_kept(nested("for x in y", "if x", body=chain))
        assert not levels_are_kept(nested("for x in y", "if x", "if y", body=chain))

    @pytest.mark.parametrize("head", ["if a: x()\nelif b", "try: x()\nexcept A", "if a: x()\nelse"])
    def test_count_what_hangs_below_an_elif_or_except(self, head: str) -> None:
        assert levels_are_kept(nested(head, "if y", "if z"))
        assert not levels_are_kept(nested(head, "while x", "if y", "if z"))

    def test_count_opening_and_closing_as_one_act(self) -> None:
        two = ("for x in y", "if x")

        assert levels_are_kept(nested(*two, body="with a:\n    try: x()\n    except A: y()"))
        assert levels_are_kept(nested(*two, body="try:\n    with a: x()\nfinally: y()"))
        assert levels_are_kept(nested(*two, "with a", "with b"))
        assert not levels_are_kept(nested(*two, "with a", body="x()\nwith b: y()"))
        assert not levels_are_kept(
            nested(*two, body="try:\n    with a: x()\nfinally:\n    if y: z()")
        )

    def test_measure_a_nested_function_by_itself(self) -> None:
        three = nested("for x in y", "if x", "if z")

        assert levels_are_kept(nested("if a", "if b", "def g()", body=three))


class TestWording:
    @pytest.mark.parametrize("name", ["utils", "data", "customer_helpers", "base", "job_manager"])
    def test_catches_a_vague_module(self, name: str) -> None:
        assert found_in(wording.vague_modules, "", f"src/onefold/model/{name}.py") != []
        assert found_in(wording.vague_modules, "", f"src/onefold/{name}/customers.py") != []

    @pytest.mark.parametrize("name", ["database", "informed", "commons", "baseline"])
    def test_knows_words_from_letters(self, name: str) -> None:
        assert found_in(wording.vague_modules, "", f"src/onefold/store/{name}.py") == []

    @pytest.mark.parametrize("name", ["JobManager", "DateHelper", "TextUtils"])
    def test_catches_a_vague_class(self, name: str) -> None:
        assert found_in(wording.vague_classes, f"class {name}: ...") != []

    @pytest.mark.parametrize("name", ["process", "_merge_helper", "common_fields"])
    def test_catches_a_vague_function(self, name: str) -> None:
        assert found_in(wording.vague_functions, f"def {name}(): ...") != []

    @pytest.mark.parametrize(
        "clause", ["", " Exception", " BaseException as e", " (ValueError, Exception)"]
    )
    def test_catches_a_broad_except(self, clause: str) -> None:
        assert found_in(wording.broad_excepts, f"try: x()\nexcept{clause}: y()") != []

    def test_catches_a_broad_suppress(self) -> None:
        assert found_in(wording.broad_excepts, "with contextlib.suppress(Exception): x()") != []

    def test_allows_a_narrow_except(self) -> None:
        assert found_in(wording.broad_excepts, "try: x()\nexcept (OSError, KeyError): y()") == []

    def test_catches_a_module_without_a_docstring(self) -> None:
        assert found_in(wording.missing_docstrings, "x = 1\n") != []
        assert found_in(wording.missing_docstrings, "") == []

    @pytest.mark.parametrize(
        "comment",
        [
            "noqa",
            "noqa: S608",
            "type: ignore",
            "type: ignore[arg-type]",
            "type: ignore # asyncpg has no types",
            "ruff: noqa: S608",
            "noqa: S608, S101  #",
        ],
    )
    def test_catches_an_ignore_without_code_or_reason(self, comment: str) -> None:
        assert found_in(wording.bare_ignores, f"x = 1  # {comment}\n") != []

    @pytest.mark.parametrize(
        "comment",
        [
            "noqa: S608 - names come from a list",
            "noqa: S608, S101  # names come from a list",
            "type: ignore[arg-type]  # asyncpg has no types",
        ],
    )
    def test_allows_an_ignore_with_code_and_reason(self, comment: str) -> None:
        assert found_in(wording.bare_ignores, f"x = 1  # {comment}\n") == []
