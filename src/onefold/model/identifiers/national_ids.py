"""One national id, one spelling, and one country: 123456782 is a person in two of them."""

import re
import unicodedata
from collections.abc import Callable

from stdnum.at import vnr
from stdnum.bg import egn, pnf
from stdnum.br import cpf
from stdnum.ca import sin
from stdnum.ch import ssn as ahv
from stdnum.cl import rut
from stdnum.cz import rc
from stdnum.do import cedula
from stdnum.ec import ci
from stdnum.ee import ik
from stdnum.es import nif as spanish_nif
from stdnum.fi import hetu
from stdnum.fr import nir
from stdnum.hr import oib
from stdnum.ie import pps
from stdnum.il import idnr
from stdnum.in_ import aadhaar, pan
from stdnum.is_ import kennitala
from stdnum.it import codicefiscale
from stdnum.jp import in_ as my_number
from stdnum.kr import rrn
from stdnum.lt import asmens
from stdnum.lv import pvn
from stdnum.mu import nid
from stdnum.mx import curp
from stdnum.pl import pesel
from stdnum.pt import cc
from stdnum.pt import nif as portuguese_nif
from stdnum.ro import cnp
from stdnum.si import emso
from stdnum.sk import rc as slovak_rc
from stdnum.th import pin
from stdnum.tr import tckimlik
from stdnum.ua import rntrc
from stdnum.us import itin, ssn

from onefold.model.identifiers.national_rules import (
    belgian,
    danish,
    dutch,
    norwegian,
    south_african,
    swedish,
)
from onefold.model.identifiers.texts import BLANKS

_COUNTRY = re.compile("[A-Za-z]{2}")

NATIONAL_ID_CHARS_MIN = 5
NATIONAL_ID_CHARS_MAX = 64

Rule = Callable[[str], str]
"""Takes what was written without separators; returns the normal form or raises ValueError."""

RULES_OF_COUNTRY: dict[str, tuple[Rule, ...]] = {
    "AT": (vnr.validate,),
    "BE": (belgian,),
    "BG": (egn.validate, pnf.validate),
    "BR": (cpf.validate,),
    "CA": (sin.validate,),
    "CH": (ahv.validate,),
    "CL": (rut.validate,),
    "CZ": (rc.validate,),
    "DK": (danish,),
    "DO": (cedula.validate,),
    "EC": (ci.validate,),
    "EE": (ik.validate,),
    "ES": (spanish_nif.validate,),
    "FI": (hetu.validate,),
    "FR": (nir.validate,),
    "HR": (oib.validate,),
    "IE": (pps.validate,),
    "IL": (idnr.validate,),
    "IN": (aadhaar.validate, pan.validate),
    "IS": (kennitala.validate,),
    "IT": (codicefiscale.validate,),
    "JP": (my_number.validate,),
    "KR": (rrn.validate,),
    "LT": (asmens.validate,),
    "LV": (pvn.validate,),
    "MU": (nid.validate,),
    "MX": (curp.validate,),
    "NL": (dutch,),
    "NO": (norwegian,),
    "PL": (pesel.validate,),
    "PT": (cc.validate, portuguese_nif.validate),
    "RO": (cnp.validate,),
    "SE": (swedish,),
    "SI": (emso.validate,),
    "SK": (slovak_rc.validate,),
    "TH": (pin.validate,),
    "TR": (tckimlik.validate,),
    "UA": (rntrc.validate,),
    "US": (ssn.validate, itin.validate),
    "ZA": (south_african,),
}
"""Countries with one number for each person that can be checked; the first rule that fits wins.

Left out on purpose: Germany, the United Kingdom, Australia and others where "national id" may be
any of several papers, modules that check hardly more than a length (AR, CR, PE, PK), and those
that read a file (CN, ID, MY). Their numbers are kept as letters and digits.
"""

CENTURY_SIGNS = frozenset({"FI", "SE"})
"""Where the separator says in which century somebody was born, so that it has to stay."""


def normalise_national_id(text: str, country: str | None) -> str | None:
    """`IT:RSSMRA85T10A562S`, or without a known country the bare letters and digits.

    The country stands in the value because 9 digits that are valid in several countries are
    common. Where a country's numbers can be checked, one that fails the check gives None: it is a
    typing error or a filler, and the check is the best filter there is for both.
    """
    trimmed = text.strip(BLANKS)
    if len(trimmed) > NATIONAL_ID_CHARS_MAX:
        return None
    written = "".join(unicodedata.normalize("NFKC", trimmed).upper().split())
    plain = "".join(filter(str.isalnum, unicodedata.normalize("NFKC", written)))
    if not NATIONAL_ID_CHARS_MIN <= len(plain) <= NATIONAL_ID_CHARS_MAX:
        return None
    known = _known_country(country)
    rules = RULES_OF_COUNTRY.get(known)
    number = plain if rules is None else _check(written if known in CENTURY_SIGNS else plain, rules)
    return number if number is None or not known else f"{known}:{number}"


def _known_country(country: str | None) -> str:
    """The ISO code in capitals; "" for none and for anything that is no two-letter code."""
    if country is None or _COUNTRY.fullmatch(country) is None:
        return ""
    return country.upper()


def _check(written: str, rules: tuple[Rule, ...]) -> str | None:
    for rule in rules:
        try:
            return rule(written)
        except ValueError:  # stdnum's ValidationError, and int() of what is no digit
            continue
    return None
