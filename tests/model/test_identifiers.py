# ruff: noqa: RUF001 - look-alike letters are what is tested
"""Identifiers: expected values are written out; the short cuts are held against the libraries."""

import random
import re
import sys
from collections.abc import Iterator
from itertools import chain, product, starmap

import phonenumbers
import pytest
from email_validator import SPECIAL_USE_DOMAIN_NAMES, validate_email
from hypothesis import example, given, settings
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat as Format
from phonenumbers import PhoneNumberType as Type

from onefold.model.identifiers import (
    IdentifierKind,
    is_junk,
    normalise_email,
    normalise_national_id,
    normalise_phone,
    normalise_text,
    unique_value,
)
from onefold.model.identifiers.emails import email_by_library
from onefold.model.identifiers.national_ids import RULES_OF_COUNTRY
from onefold.model.identifiers.numbering_plans import calling_code_of
from onefold.model.identifiers.phones import (
    international_number,
    national_number,
    phone_by_library,
)
from onefold.model.identifiers.texts import WHITE_SPACE

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
CODES = sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)

LOCAL_PARTS = st.text(alphabet="azAZ09.!'+_-", min_size=1, max_size=12)
DOMAINS = st.text(alphabet="azAZ09.-", min_size=1, max_size=8) | st.sampled_from(
    ["example", "de", "xn--a", "xn--mller-kva", *SPECIAL_USE_DOMAIN_NAMES]
)
HOSTILE = [
    "", " ", "\x00", "\ud800", "😀" * 50, "\u202e+49 30\u202c", "a" + "\u0301\u0316" * 5_000,
    "+" * 10_000, "9" * 10_000, "@" * 10_000, "<" * 10_000, '"' * 900 + "@shop.example",
    "anna@" + "xn--" * 60 + ".example", "anna@xn--99999999999999999999999999.example", "0-" * 125,
    "1 x" * 80, "²³⁴⁵⁶⁷⁸", "٠١٢٣٤٥٦٧٨٩",
]  # fmt: skip


class TestNormaliseEmail:
    @pytest.mark.parametrize(("text", "expected"), [
        ("Anna.Rossi@Shop.Example", "anna.rossi@shop.example"),
        ("STRASSE@shop.example", "strasse@shop.example"), ("ΣΑΣ@shop.example", "σασ@shop.example"),
        ("σας@shop.example", "σασ@shop.example"),
        ("Mu\u0308ller@shop.example", "müller@shop.example"),
    ])  # fmt: skip
    def test_folds_the_case_of_the_whole_address(self, text: str, expected: str) -> None:
        assert normalise_email(text) == expected

    @pytest.mark.parametrize(("text", "expected"), [
        ("straße@shop.example", "straße@shop.example"),
        ("anna@straße.example", "anna@xn--strae-oqa.example"),
        ("anna@strasse.example", "anna@strasse.example"),
    ])  # fmt: skip
    def test_keeps_sharp_s_apart_from_ss(self, text: str, expected: str) -> None:
        assert normalise_email(text) == expected

    @pytest.mark.parametrize("domain", [
        "müller.example", "MÜLLER.example", "mu\u0308ller.example", "XN--MLLER-KVA.example",
    ])  # fmt: skip
    def test_writes_an_international_domain_in_one_way(self, domain: str) -> None:
        assert normalise_email(f"anna@{domain}") == "anna@xn--mller-kva.example"

    @pytest.mark.parametrize("text", [
        "  anna@shop.example\r\n", "\ufeffanna@shop.example", "\u202aanna@shop.example\u202c",
        "Anna Rossi <Anna@Shop.example>", '"Rossi, Anna" <anna@shop.example>',
        "<anna@shop.example>", '"anna"@shop.example', "anna@shop。example",
    ])  # fmt: skip
    def test_finds_the_address_in_what_is_around_it(self, text: str) -> None:
        assert normalise_email(text) == "anna@shop.example"

    @pytest.mark.parametrize("text", [
        "anna+news@shop.example", "a.n.n.a@shop.example", "o'hara@shop.example", "anna@1.example",
        '"anna rossi"@shop.example', "anna@" + "a" * 63 + ".example",
    ])  # fmt: skip
    def test_keeps_what_hosts_read_differently(self, text: str) -> None:
        assert normalise_email(text) == text

    @pytest.mark.parametrize("text", [
        "null", "@", "anna", "anna@shop", "anna@shop.example.", "anna@@shop.example",
        "anna@shop..example", "anna@-shop.example", "an na@shop.example", ".anna@shop.example",
        "anna@ab--cd.example", "anna@shop.example1", "anna@[192.0.2.1]",
        "anna@shop.example, bea@shop.example", "anna\x00@shop.example", "anna＠shop.example",
        "anna@😀.example", "anna@" + "a" * 64 + ".example", "a" * 250 + "@shop.example",
    ])  # fmt: skip
    def test_refuses_what_is_no_address(self, text: str) -> None:
        assert normalise_email(text) is None

    @pytest.mark.parametrize("name", SPECIAL_USE_DOMAIN_NAMES)
    def test_refuses_reserved_domains_as_the_library_does(self, name: str) -> None:
        assert normalise_email(f"anna@{name}") is None
        assert normalise_email(f"anna@shop.{name}") is None
        assert normalise_email(f"anna@{name}.example") == f"anna@{name}.example"

    @settings(max_examples=4_000, deadline=None)
    @given(
        st.text(alphabet="aZ09.-_+'@ <>\"\\\t\nß\u0301\u202e\x00", max_size=40)
        | st.builds("{}@{}.{}".format, LOCAL_PARTS, DOMAINS, DOMAINS)
    )
    @example("anna@" + "a" * 58 + ".example")
    @example("anna@" + "a" * 59 + ".example")
    @example("anna@shop.xn--a")
    def test_the_short_cut_agrees_with_the_library(self, text: str) -> None:
        assert normalise_email(text) == email_by_library(text)
        if text.isascii():
            assert normalise_email(text) == _library_address(text)


class TestNormalisePhone:
    @pytest.mark.parametrize(("text", "expected"), [
        ("+44 20 7946 0123", "+442079460123"), ("+44 (0)20 7946 0123", "+442079460123"),
        ("+49 0171 3920012", "+491713920012"), ("+39 02 1234 5678", "+390212345678"),
        ("+378 0549 882914", "+3780549882914"), ("+54 9 11 2345-6789", "+5491123456789"),
        ("+54 11 15 2345-6789", "+5491123456789"), ("+54 11 2345 6789", "+541123456789"),
        ("+52 55 1234 5678", "+525512345678"), ("+52 1 55 1234 5678", "+525512345678"),
        ("+800 1234 5678", "+80012345678"), ("++49 30 23125012", "+493023125012"),
        ("Tel: +49 30 23125012", "+493023125012"), ("tel:+49-30-23125012", "+493023125012"),
        ("\u202a+49 30 23125012\u202c", "+493023125012"),
        ("＋４９\u3000３０\u3000２３１２５０１２", "+493023125012"),
        ("+٤٩٣٠٢٣١٢٥٠١٢", "+493023125012"),
        ("+49\u00a030\u200b23125012\n", "+493023125012"), ("+44 7700 900123", "+447700900123"),
        ("+33 6 39 98 12 34", "+33639981234"),
    ])  # fmt: skip
    def test_reads_a_number_that_names_its_country(self, text: str, expected: str) -> None:
        assert normalise_phone(text, None) == expected
        assert normalise_phone(text, "JP") == expected

    @pytest.mark.parametrize(("text", "region", "expected"), [
        ("(020) 7946-0123", "gb", "+442079460123"), ("0171/3920012", "DE", "+491713920012"),
        ("171 3920012", "DE", "+491713920012"), ("02 12345678", "IT", "+390212345678"),
        ("333.123.4567", "IT", "+393331234567"), ("393 123 4567", "IT", "+393931234567"),
        ("39 333 1234567", "IT", "+393331234567"), ("0039 333 1234567", "IT", "+393331234567"),
        ("011 15-2345-6789", "AR", "+5491123456789"),
        ("0 15 11 91234-5678", "BR", "+5511912345678"), ("8 912 345-67-89", "RU", "+79123456789"),
        ("8 (800) 555-35-35", "RU", "+78005553535"), ("1-212-555-0123", "US", "+12125550123"),
        ("011 44 20 7946 0123", "US", "+442079460123"), ("(876) 555-1234", "JM", "+18765551234"),
    ])  # fmt: skip
    def test_reads_a_number_as_dialled(self, text: str, region: str, expected: str) -> None:
        assert normalise_phone(text, region) == expected

    @pytest.mark.parametrize("region", [None, "", "ZZ", "001", "Germany", "\x00"])
    def test_does_not_guess_a_country(self, region: str | None) -> None:
        assert normalise_phone("030 23125012", region) is None
        assert normalise_phone("+49 30 23125012", region) == "+493023125012"

    @pytest.mark.parametrize(("text", "region"), [
        ("112", "DE"), ("+49112", None), ("911", "US"), ("12345", "DE"), ("555-0123", "US"),
        ("07700 900123", "GB"), ("17.05.1980", "DE"), ("+999 123456789", None),
        ("+0 171 3920012", "DE"), ("+1 212 555 0123 ext. 45", None), ("+1 212 555 0123 x45", None),
        ("+1-800-FLOWERS", None), ("+49 30 23125012 (mother)", None),
        ("+49 30 23125012 / +49 171 3920012", None), ("+49\x0030 23125012", None),
        ("+49 30 😀 23125012", None), ("+49 00 30 23125012", None),
    ])  # fmt: skip
    def test_refuses_what_is_no_whole_number(self, text: str, region: str | None) -> None:
        assert normalise_phone(text, region) is None

    def test_the_short_cut_agrees_with_the_library_on_every_plan(self) -> None:
        for region, text in _written_numbers():
            assert normalise_phone(text, region) == phone_by_library(text, region), text

    @settings(max_examples=4_000, deadline=None)
    @given(
        st.sampled_from(["", "+", "0", "00", " (", "+("]),
        st.sampled_from(["", *map(str, CODES)]),
        st.text(alphabet="0123456789012345678901234567890123456789 -()./x#,;", max_size=16),
        st.sampled_from([None, "DE", "IT", "US", "AR", "GB", "CA", "BR", *REGIONS]),
    )
    @example("+", "52", "15512345678", None)
    def test_the_short_cut_agrees_with_the_library(
        self, prefix: str, code: str, rest: str, region: str | None
    ) -> None:
        text = prefix + code + rest
        found = normalise_phone(text, region)

        assert found == phone_by_library(text, region)
        assert found is None or normalise_phone(found, None) == found

    @settings(max_examples=2_000, deadline=None)
    @given(st.sampled_from(CODES), st.text(alphabet="0123456789", min_size=4, max_size=13))
    def test_takes_only_what_the_library_calls_possible(self, code: int, rest: str) -> None:
        found = international_number(f"{code}{rest}")

        if found is not None:
            number = phonenumbers.parse(f"+{code}{rest}")
            assert phonenumbers.is_possible_number(number)
            assert found == phonenumbers.format_number(number, Format.E164)

    def test_the_short_cut_serves_every_kind_of_international_number(self) -> None:
        slow = [number for _, _, number in _examples() if international_number(number) is None]

        assert slow == ["13101234"]  # Canada's 310 numbers have no area code: too short elsewhere

    def test_the_short_cut_serves_nearly_all_numbers_as_dialled_at_home(self) -> None:
        dialled = [
            (re.sub(r"\D", "", phonenumbers.format_number(number, Format.NATIONAL)), region)
            for region in REGIONS
            if (number := phonenumbers.example_number(region)) is not None
        ]

        slow = [region for digits, region in dialled if national_number(digits, region) is None]

        assert len(dialled) > 240
        assert len(slow) < 10

    def test_no_calling_code_starts_another(self) -> None:
        assert all(a == b or not str(b).startswith(str(a)) for a, b in product(CODES, repeat=2))
        assert calling_code_of("3780549882914") == "378"
        assert calling_code_of("999123") is None


class TestNormaliseNationalId:
    @pytest.mark.parametrize(("text", "country", "expected"), [
        ("rss mra 85t10 a562s", "it", "IT:RSSMRA85T10A562S"), ("111.222.333", "NL", "NL:111222333"),
        ("54362315-K", "ES", "ES:54362315K"), ("x-2482300w", "ES", "ES:X2482300W"),
        ("85.07.30-033 28", "BE", "BE:85073003328"), ("17 07 30 033 84", "BE", "BE:17073003384"),
        ("211062-5629", "DK", "DK:2110625629"), ("151086 95088", "NO", "NO:15108695088"),
        ("131052a308t", "FI", "FI:131052A308T"), ("880320-0016", "SE", "SE:880320-0016"),
        ("8803200016", "SE", "SE:880320-0016"), ("880320+0016", "SE", "SE:880320+0016"),
        ("756.9217.0769.85", "CH", "CH:7569217076985"), ("536 90 4399", "US", "US:536904399"),
        ("7503305044089", "ZA", "ZA:7503305044089"),
    ])  # fmt: skip
    def test_checks_it_by_rule(self, text: str, country: str, expected: str) -> None:
        assert normalise_national_id(text, country) == expected

    @pytest.mark.parametrize(("text", "country"), [
        ("RSSMRA85T10A562X", "IT"), ("XXXXXX00X00X000X", "IT"), ("123456789", "NL"), ("12", "NL"),
        ("85073003329", "BE"), ("15108695089", "NO"), ("311362-5629", "DK"), ("880320-0017", "SE"),
        ("000-12-3456", "US"),
    ])  # fmt: skip
    def test_refuses_one_that_fails_the_check(self, text: str, country: str) -> None:
        assert normalise_national_id(text, country) is None

    @pytest.mark.parametrize(("text", "country", "expected"), [
        (" l01x-00t47 ", "DE", "DE:L01X00T47"), ("698 8048", "AU", "AU:6988048"),
        ("ａｂ １２３４５", None, "AB12345"), ("RSSMRA85T10A562S", None, "RSSMRA85T10A562S"),
        ("AB12345", "Italy", "AB12345"), ("1234", None, None), ("n/a", None, None),
        ("1" * 65, None, None),
    ])  # fmt: skip
    def test_keeps_it_otherwise(self, text: str, country: str | None, expected: str | None) -> None:
        assert normalise_national_id(text, country) == expected


class TestNormaliseText:
    @pytest.mark.parametrize(("text", "exact", "folded"), [
        ("  Foo\t\u00a0Bar ", "Foo Bar", "foo bar"), ("e\u0301", "é", "é"), ("\u212b", "Å", "å"),
        ("Straße", "Straße", "strasse"), ("ΌΣΟΣ", "ΌΣΟΣ", "όσοσ"),
        ("\ufeffC-1\u200b", "C-1", "c-1"), ("می\u200cخواهم", "می\u200cخواهم", "می\u200cخواهم"),
        ("C\x001", "C\ufffd1", "c\ufffd1"), ("C\ud8001", "C\ufffd1", "c\ufffd1"),
        (" \u2003 ", "", ""),
    ])  # fmt: skip
    def test_writes_equal_texts_in_one_way(self, text: str, exact: str, folded: str) -> None:
        assert normalise_text(text, case_sensitive=True) == exact
        assert normalise_text(text, case_sensitive=False) == folded

    @settings(max_examples=2_000, deadline=None)
    @given(st.text())
    def test_is_stable_and_can_be_stored(self, text: str) -> None:
        for exact in (True, False):
            found = normalise_text(text, case_sensitive=exact)
            assert b"\x00" not in found.encode()
            assert normalise_text(found, case_sensitive=exact) == found

    def test_knows_all_white_space(self) -> None:
        assert {c for c in map(chr, range(sys.maxunicode + 1)) if c.isspace()} == set(WHITE_SPACE)


class TestIsJunk:
    @pytest.mark.parametrize("kind", set(IdentifierKind) - {IdentifierKind.NUMBER})
    @pytest.mark.parametrize("value", ["", "NULL", "None", "unknown", "0", "0000", "-", "N/A"])
    def test_knows_what_stands_for_nothing(self, kind: IdentifierKind, value: str) -> None:
        assert is_junk(kind, value)

    @pytest.mark.parametrize(("kind", "value"), [
        ("email", "test@test.com"), ("email", "test+1@shop.example"),
        ("email", "no-reply@shop.example"), ("email", "do_not_reply.orders@shop.example"),
        ("email", "anna@example.invalid"), ("email", "n.o.mail@shop.example"),
        ("phone", "1234567890"), ("phone", "+441234567890"), ("phone", "+390000000000"),
        ("phone", "+15555555555"), ("phone", "+393330000000"), ("national_id", "AR:11111111"),
        ("national_id", "US:123456789"), ("external_id", "1234567890"),
        ("external_id", "999999999"), ("handle", "[object Object]"),
        ("device", "00000000-0000-0000-0000-000000000000"), ("device", "02:00:00:00:00:00"),
        ("device", "9774D56D682E549C"), ("handle", "instagram:null"), ("handle", "instagram:"),
    ])  # fmt: skip
    def test_knows_fillers(self, kind: str, value: str) -> None:
        assert is_junk(IdentifierKind(kind), value)

    @pytest.mark.parametrize(("kind", "value"), [
        ("email", "anna@shop.example"), ("email", "anna@example.com"),
        ("email", "nil@shop.example"), ("email", "testa@shop.example"), ("phone", "+393331234567"),
        ("phone", "+447700900123"), ("phone", "+12125550100"), ("national_id", "NL:111222333"),
        ("external_id", "1111"), ("external_id", "1234567"), ("external_id", "C-0"),
        ("number", "0"), ("unique", "0f3ad2b1c4e5968778695a4b3c2d1e0f"),
    ])  # fmt: skip
    def test_leaves_real_values_alone(self, kind: str, value: str) -> None:
        assert not is_junk(IdentifierKind(kind), value)


class TestUniqueValue:
    def test_is_a_short_digest_that_never_changes(self) -> None:
        found = unique_value(["base.contacts.email"], ["Anna@Shop.example"], case_sensitive=False)

        assert found == "65e15413a797901b4c6cbaa0e610417c"

    def test_compares_values_in_normal_form(self) -> None:
        one = unique_value(["a", "b"], [" Anna  Rossi", 5.0], case_sensitive=False)

        assert one == unique_value(["b", "a"], [5, "ANNA ROSSI"], case_sensitive=False)
        assert one != unique_value(["b", "a"], [5, "ANNA ROSSI"], case_sensitive=True)

    def test_keeps_different_tuples_apart(self) -> None:
        values: list[object] = [None, "", "-", "5", 5, True, "True", [5], ["5"], {"5": 5}, "ab"]
        pairs = list(product(values, repeat=2))

        digests = {unique_value(["x", "y"], pair, case_sensitive=True) for pair in pairs}

        assert len(digests) == len(pairs)
        assert unique_value(["x", "y"], ["a", "bc"], case_sensitive=True) not in digests

    def test_refuses_a_value_too_few(self) -> None:
        with pytest.raises(ValueError, match="shorter"):
            unique_value(["x", "y"], ["a"], case_sensitive=True)


class TestEveryFunction:
    @settings(max_examples=3_000, deadline=None)
    @given(
        st.text() | st.text(alphabet="0123456789ABCDEFGHXKZ-+./²٣", min_size=5, max_size=19),
        st.sampled_from([None, *RULES_OF_COUNTRY, "x"]),
    )
    def test_takes_any_text(self, text: str, region: str | None) -> None:
        _run_all(text, region)

    @pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
    def test_takes_hostile_text(self, text: str) -> None:
        for region in (None, text, *RULES_OF_COUNTRY):
            _run_all(text, region)


def _run_all(text: str, region: str | None) -> None:
    email = normalise_email(text)
    phone = normalise_phone(text, region)
    national_id = normalise_national_id(text, region)
    normalise_text(text, case_sensitive=False)
    unique_value([text], [text], case_sensitive=False)
    for kind in IdentifierKind:
        is_junk(kind, text)
    assert email is None or normalise_email(email) == email
    assert national_id is None or national_id.rpartition(":")[0] in {"", (region or "").upper()}
    assert phone is None or re.fullmatch(r"\+[1-9][0-9]{2,19}", phone, re.ASCII)


def _library_address(text: str) -> str | None:
    try:
        found = validate_email(
            text.strip(),
            allow_quoted_local=True,
            allow_display_name=True,
            check_deliverability=False,
        ).ascii_email
    except ValueError:
        return None
    return found.lower() if found else None


def _examples() -> Iterator[tuple[str, str, str]]:
    """Every example number of every type that the library has: region, home and full digits."""
    of_regions = starmap(phonenumbers.example_number_for_type, product(REGIONS, Type.values()))
    of_world = map(phonenumbers.example_number_for_non_geo_entity, CODES)
    for number in filter(None, chain(of_regions, of_world)):
        home = phonenumbers.national_significant_number(number)
        region = phonenumbers.region_code_for_number(number) or "001"
        yield region, home, f"{number.country_code}{home}"


def _written_numbers() -> Iterator[tuple[str, str]]:
    """The examples and variants with other digits, in the ways in which people write them."""
    chance = random.Random(1)  # noqa: S311 - not for secrets
    for region, home, full in _examples():
        code = full.removesuffix(home)
        other = "".join(c if chance.random() < 0.7 else chance.choice("0123456789") for c in home)
        for number in (home, other, other[:-1], home + "1"):
            yield region, f"+{code}{number}"
            yield region, f"+{code} (0){number[:2]}-{number[2:]}"
            yield region, number
            yield region, f"0{number[:3]}/{number[3:]}"
            yield region, f"({number[:3]}) {number[3:]}"
            yield region, f"00{code}{number}"
            yield chance.choice(REGIONS), f"{code} {number}"
