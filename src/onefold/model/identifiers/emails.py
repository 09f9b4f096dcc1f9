"""One e-mail address, one spelling: so that Ann@Shop.example and ann@shop.example are one."""

import re
import unicodedata

from email_validator import SPECIAL_USE_DOMAIN_NAMES, validate_email

from onefold.model.identifiers.texts import BLANKS

EMAIL_CHARS_MAX = 1_000
"""Room for an address (254) and the name before it; longer text is none and costs no parsing."""

EMAIL_BYTES_MAX = 254
"""RFC 3696 erratum 1690; folding case can lengthen a non-Latin address."""

_PLAIN_CHARS_MAX = 64
"""So short, no part can be over a limit (local part 64, label 63, domain 253, address 254)."""

_ATOM = r"[a-z0-9_!#$%&'*+/=?^`{|}~-]++"
_LABEL = r"[a-z0-9]++(?:-[a-z0-9]++)*+"
_RESERVED = "|".join(map(re.escape, SPECIAL_USE_DOMAIN_NAMES))
_PLAIN = re.compile(
    rf"{_ATOM}(?:\.{_ATOM})*+@(?:{_LABEL}\.)++(?!(?:{_RESERVED})\Z){_LABEL}(?<=[a-z])"
)
"""A subset of what the library takes: no quotes, no double hyphen (hence no Punycode), a
top-level domain that ends with a letter and is not reserved. Compiled from the library's own
list, and held against the library by tests/model/test_identifiers.py."""


def normalise_email(text: str) -> str | None:
    """The address with its case folded and its domain in ASCII; None when it is no address.

    The whole address is folded. RFC 5321 leaves the case of the local part to the receiving host,
    but hosts that tell Ann from ann are not met in practice, while people write both: keeping the
    case would miss real matches and prevent no wrong one. Dots and +tags stay: what they mean
    differs from host to host.
    """
    plain = text.strip().lower()
    if len(plain) <= _PLAIN_CHARS_MAX and text.isascii() and _PLAIN.fullmatch(plain):
        return plain
    return email_by_library(text)


def email_by_library(text: str) -> str | None:
    """The definition, through email-validator; normalise_email is a short cut to it.

    An IDN domain becomes ASCII (Punycode): the one form that DNS and mail servers compare, and
    one that no Unicode version changes. ß and ss stay two domains, as in IDNA 2008.
    """
    trimmed = text.strip(BLANKS)
    if len(trimmed) > EMAIL_CHARS_MAX:
        return None
    try:
        address = validate_email(
            trimmed,
            allow_smtputf8=True,
            allow_quoted_local=True,
            allow_display_name=True,
            check_deliverability=False,
        )
    except ValueError:  # EmailNotValidError, and what idna raises for some hostile labels
        return None
    found = f"{_fold_local_part(address.local_part)}@{address.ascii_domain}"
    return found if len(found.encode()) <= EMAIL_BYTES_MAX else None


def _fold_local_part(local_part: str) -> str:
    if local_part.isascii():
        return local_part.lower()
    folded = "".join(map(_fold_character, unicodedata.normalize("NFC", local_part)))
    return unicodedata.normalize("NFC", folded)


def _fold_character(character: str) -> str:
    """Simple case folding: full folding writes ß as ss, and those are two mailboxes."""
    for folded in (character.casefold(), character.lower()):
        if len(folded) == 1:
            return folded
    return character
