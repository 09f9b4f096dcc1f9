"""National ids whose python-stdnum module reads the clock or pads: the same checks without that.

The library refuses who "has not been born yet"; a normal form must not change with the day.
"""

from stdnum import luhn
from stdnum.dk import cpr
from stdnum.exceptions import InvalidChecksum, InvalidFormat, InvalidLength
from stdnum.nl import bsn
from stdnum.no import fodselsnummer
from stdnum.se import personnummer

_BSN_DIGITS_MIN = 8


def belgian(number: str) -> str:
    """Rijksregisternummer or BIS number; those born since 2000 are checked with a 2 in front."""
    _require_digits(number, 11)
    stated = int(number[9:])
    if stated not in {97 - int(century + number[:9]) % 97 for century in ("", "2")}:
        raise InvalidChecksum
    return number


def danish(number: str) -> str:
    """CPR number: its check digit is no longer always right, so only the date is held to."""
    _require_digits(number, 10)
    cpr.get_birth_date(number)
    return number


def dutch(number: str) -> str:
    """BSN: the library pads with zeros, and would take "12" for 000000012."""
    if len(number) < _BSN_DIGITS_MIN:
        raise InvalidLength
    found: str = bsn.validate(number)
    return found


def norwegian(number: str) -> str:
    """Fødselsnummer or D number, by both check digits."""
    _require_digits(number, 11)
    first, second = fodselsnummer.calc_check_digit1(number), fodselsnummer.calc_check_digit2(number)
    if number[9:] != first + second:
        raise InvalidChecksum
    return number


def south_african(number: str) -> str:
    _require_digits(number, 13)
    found: str = luhn.validate(number)
    return found


def swedish(number: str) -> str:
    """Personnummer, short (YYMMDD-NNNN) or long; the century of a short one is not guessed.

    Both forms stay apart: a short number can be that of a child and of somebody a hundred years
    older, so joining them would link two people.
    """
    written: str = personnummer.compact(number)
    digits = written[:-5] + written[-4:]
    if len(digits) not in {10, 12} or not _is_digits(digits) or written[-5] not in "+-":
        raise InvalidFormat
    luhn.validate(digits[-10:])
    return written


def _require_digits(number: str, count: int) -> None:
    if len(number) != count or not _is_digits(number):
        raise InvalidFormat


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
