"""Values that people type to get past a form: they are stored, and never link anybody.

Everything is in the tables below. Domains below `.example` are not junk: RFC 2606 keeps them for
fictional people, and all our test data lives there. Nor is example.com as a whole, because that
is where people who try the product put theirs.
"""

import re

from onefold.model.identifiers.kinds import IdentifierKind

_WORDS_OF_LANGUAGE = {
    "computers": """null nil na nan nd undefined void empty string default objectobject nullnull
        undefinedundefined x xx xxx xxxx deleted redacted tbd tba todo""",
    "en": """none unknown unspecified missing blank notavailable notapplicable notprovided
        notspecified notset noname noid anonymous guest placeholder dummy fake test tests testing
        tester testtest test1 test123 asdf asdfasdf qwerty qwertz""",
    "de": "unbekannt keine keiner keineangabe nichtbekannt",
    "it": "sconosciuto sconosciuta nessuno nessuna nondisponibile nonpresente",
    "fr": "inconnu inconnue aucun aucune nondisponible nonrenseigne nonrenseigné",
    "es": "desconocido desconocida ninguno ninguna nodisponible",
    "pt": "desconhecido desconhecida nenhum nenhuma",
    "nl": "onbekend geen nvt",
}
JUNK_WORDS = frozenset(" ".join(_WORDS_OF_LANGUAGE.values()).split())
"""Whole values, compared without case, blanks and punctuation: "N/A" is "na"."""

_LOCAL_PARTS_OF_LANGUAGE = {
    "computers": "null undefined redacted mailerdaemon postmaster devnull bounce bounces",
    "en": """none unknown notavailable notapplicable notprovided noname anonymous placeholder dummy
        fake test tests testing tester testtest test1 test123 asdf asdfasdf qwerty qwertz
        noemail nomail noemails nomails nobody noone notreal""",
    "de": "unbekannt keine keineangabe keineemail keinemail",
    "it": "sconosciuto nessuno nessuna nondisponibile nonha noncomunica senzaemail senzamail",
    "fr": "inconnu aucun aucune nonrenseigne pasdemail sansemail",
    "es": "desconocido ninguno ninguna sinemail sincorreo",
    "pt": "desconhecido nenhum nenhuma sememail semdomail",
    "nl": "onbekend geen geenemail",
}
JUNK_LOCAL_PARTS = frozenset(" ".join(_LOCAL_PARTS_OF_LANGUAGE.values()).split())
"""What stands before the @, without punctuation and +tag. Not all words above: Nil and Nan are
given names, and na@ may be somebody's initials."""

JUNK_LOCAL_PREFIXES = (
    "noreply",
    "donotreply",
    "dontreply",
    "noresponder",
    "nichtantworten",
    "nepasrepondre",
    "nonrispondere",
    "naoresponda",
)
"""Senders that nobody reads, with whatever follows: no-reply-orders@."""

_DOMAINS = """
    test.com test.net test.org test.de test.it testing.com
    noemail.com nomail.com no-email.com no-mail.com noemail.net none.com none.net null.com
    na.com nowhere.com nobody.com invalid.com unknown.com
    domain.com yourdomain.com mydomain.com yourcompany.com yourmail.com
    fake.com fakeemail.com fakemail.com notreal.com dummy.com asdf.com qwerty.com xxx.com aaa.com
"""
JUNK_DOMAINS = frozenset(_DOMAINS.split())
"""Domains that are typed to fill a field."""

JUNK_TOP_DOMAINS = frozenset({"invalid", "test", "localhost", "local", "localdomain"})
"""Reserved by RFC 2606, 6761 and 6762, or by habit; the first four are no e-mail address at all
to normalise_email, but a caller may ask about a raw value."""

JUNK_DEVICES = frozenset(
    {
        "9774d56d682e549c",  # the Android id that a whole series of phones shared
        "004999010640000",  # the IMEI that cheap phones shared
        "020000000000",  # the MAC address that Android and iOS answer to everybody
    }
)

RUN_CHARS_MIN = {
    IdentifierKind.NATIONAL_ID: 4,
    IdentifierKind.PHONE: 7,
    IdentifierKind.EMAIL: 7,
    IdentifierKind.EXTERNAL_ID: 9,
    IdentifierKind.HANDLE: 9,
    IdentifierKind.DEVICE: 9,
    IdentifierKind.UNIQUE: 9,
}
"""From how many characters on 1234567 or 7777777 is a filler. An id of another system may well be
1111 or 1234567, simply because it counts; a national id may not."""

_UP, _DOWN = "01234567890123456789", "98765432109876543210"
_ALL_THE_SAME = re.compile(r"(.)\1*")
_CALLING_CODE_DIGITS_MAX = 3
_QUALIFIED = frozenset({IdentifierKind.NATIONAL_ID, IdentifierKind.HANDLE})
"""Kinds whose value may begin with a country or a network: IT:…, instagram:…"""

_NEVER_JUNK = frozenset({IdentifierKind.NUMBER})  # ours, given out one by one


def is_junk(kind: IdentifierKind, value: str) -> bool:
    """Whether the value, raw or in normal form, must not link two customers.

    A digest is never junk: ask about a unique property or a sealed id before it is hashed.
    """
    if kind in _NEVER_JUNK:
        return False
    if kind is IdentifierKind.EMAIL:
        return _is_junk_email(value.strip().casefold())
    _, colon, rest = value.partition(":")
    plain = _squeeze(rest if colon and kind in _QUALIFIED else value)
    if plain in JUNK_WORDS or not plain or not plain.strip("0"):
        return True
    if kind is IdentifierKind.PHONE:
        return _is_junk_number(plain)
    if kind is IdentifierKind.DEVICE and plain in JUNK_DEVICES:
        return True
    return _is_run(plain, RUN_CHARS_MIN[kind])


def _squeeze(value: str) -> str:
    folded = value.casefold()
    return folded if folded.isalnum() else "".join(filter(str.isalnum, folded))


def _is_junk_email(address: str) -> bool:
    local_part, at, domain = address.rpartition("@")
    if not at:
        return _squeeze(address) in JUNK_WORDS or not _squeeze(address).strip("0")
    if domain in JUNK_DOMAINS or domain.rpartition(".")[2] in JUNK_TOP_DOMAINS:
        return True
    plain = _squeeze(local_part.partition("+")[0])
    return (
        plain in JUNK_LOCAL_PARTS
        or plain.startswith(JUNK_LOCAL_PREFIXES)
        or not plain.strip("0")
        or _is_run(plain, RUN_CHARS_MIN[IdentifierKind.EMAIL])
    )


def _is_junk_number(digits: str) -> bool:
    """What follows the calling code, of one to three digits, is a filler, or the end is."""
    chars_min = RUN_CHARS_MIN[IdentifierKind.PHONE]
    if len(digits) - len(digits.rstrip(digits[-1])) >= chars_min:
        return True
    return any(_is_run(digits[code:], chars_min) for code in range(_CALLING_CODE_DIGITS_MAX + 1))


def _is_run(plain: str, chars_min: int) -> bool:
    """One character over and over, or the keys of a keyboard in order; leading zeros aside."""
    trimmed = plain.lstrip("0")
    if len(trimmed) < chars_min:
        return False
    return trimmed in _UP or trimmed in _DOWN or _ALL_THE_SAME.fullmatch(trimmed) is not None
