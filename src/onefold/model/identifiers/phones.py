"""One telephone number, one spelling: E.164, so that 0171 39200-12 and +49 171 3920012 meet."""

import re

from phonenumbers import (
    SUPPORTED_REGIONS,
    CountryCodeSource,
    NumberParseException,
    PhoneNumber,
    ValidationResult,
    is_possible_number_with_reason,
    is_valid_number,
    national_significant_number,
    parse,
)

from onefold.model.identifiers.numbering_plans import (
    calling_code_of,
    is_assigned,
    plan_of_code,
    plan_of_region,
)

PHONE_CHARS_MAX = 250
"""The library's own limit."""

LETTERS_MAX = 2
"""The library reads three letters or more as keys of a telephone."""

_WRITTEN = re.compile(r"[ (]{0,2}(\+?)([0-9][0-9 ()./-]{4,38})")
"""A number and separators that the library drops: nothing here can begin an extension."""

_SEPARATORS = str.maketrans("", "", " ()./-")
_ABOLISHED = ((re.compile(r"\+521(?=\d{10}\Z)"), "+52"),)
"""Old ways to dial that customer files are still full of and the library has forgotten: the 1 of
Mexican mobiles, until 2019. WhatsApp writes it to this day."""

_FIRST_KEY = re.compile(r"[+\uff0b\d]")
_NAMES_ITS_COUNTRY = frozenset(
    {CountryCodeSource.FROM_NUMBER_WITH_PLUS_SIGN, CountryCodeSource.FROM_NUMBER_WITH_IDD}
)


def normalise_phone(text: str, region: str | None) -> str | None:
    """The number in E.164; None when it is none, or when nobody says which country it is of.

    `region` is the ISO country in which a number without a country code is read.
    """
    written = _WRITTEN.fullmatch(text)
    if written is not None:
        plus, rest = written.groups()
        digits = rest if rest.isdigit() else rest.translate(_SEPARATORS)
        found = international_number(digits) if plus else national_number(digits, region)
        if found is not None:
            return found
    return phone_by_library(text, region)


def international_number(digits: str) -> str | None:
    code = calling_code_of(digits)
    if code is None:
        return None
    plan, rest = plan_of_code(code), digits[len(code) :]
    if plan.keeps(rest):
        return "+" + digits
    number = plan.without_trunk(rest)  # +44 (0)20 …
    return f"+{code}{number}" if number is not None and plan.keeps(number) else None


def national_number(digits: str, region: str | None) -> str | None:
    plan = None if region is None else plan_of_region(region.upper())
    number = None if plan is None else plan.significant(digits)
    if plan is None or number is None:
        return None
    code = plan.calling_code
    if plan_of_code(code).keeps(number) and is_assigned(code, number):
        return f"+{code}{number}"
    return None


def phone_by_library(text: str, region: str | None) -> str | None:
    """The definition, through phonenumbers; normalise_phone is a short cut to it.

    A number that names its country need only be possible (whole, of a right length): the ranges
    that regulators keep for fiction are not "valid", and neither is a range that was opened after
    the library's last release. Where we supply the country, the number must be valid there: that
    keeps out most wrong guesses, and most digits that are no telephone number at all.

    An extension gives None as well: E.164 has no place for it, and without it the number is that
    of a switchboard, which colleagues share.
    """
    number = _modern(_parsed(text, region))
    if number is None or number.extension or _is_spelled(text):
        return None
    if is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
        return None
    if number.country_code_source not in _NAMES_ITS_COUNTRY and not is_valid_number(number):
        return None
    found = _e164(number)
    again = _parsed(found, None)
    return found if again is not None and _e164(again) == found else None


def _parsed(text: str, region: str | None) -> PhoneNumber | None:
    known = region.upper() if region is not None else None
    if len(text) > PHONE_CHARS_MAX:
        return None
    try:
        return parse(text, known if known in SUPPORTED_REGIONS else None, keep_raw_input=True)
    except NumberParseException:
        return None


def _modern(number: PhoneNumber | None) -> PhoneNumber | None:
    if number is None:
        return None
    written = _e164(number)
    for abolished, current in _ABOLISHED:
        if abolished.match(written):
            return _parsed(abolished.sub(current, written), None)
    return number


def _e164(number: PhoneNumber) -> str:
    return f"+{number.country_code}{national_significant_number(number)}"


def _is_spelled(text: str) -> bool:
    """Letters are a company's slogan or a remark ("1-800-FLOWERS", "… mother"), not a number."""
    first = _FIRST_KEY.search(text)
    rest = text[first.start() :] if first else ""
    return sum(character.isascii() and character.isalpha() for character in rest) > LETTERS_MAX
