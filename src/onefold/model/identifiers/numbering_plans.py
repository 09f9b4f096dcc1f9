"""The telephone numbering plans of phonenumbers, compiled once for checks without its parser.

Every rule here repeats one of the library and names it; where the library's reading is not plain,
the answer is "not sure", never a guess.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from phonenumbers import (
    COUNTRY_CODE_TO_REGION_CODE,
    SUPPORTED_REGIONS,
    PhoneMetadata,
    PhoneNumberDesc,
)

_REGIONS_OF_CODE = {str(code): tuple(of) for code, of in COUNTRY_CODE_TO_REGION_CODE.items()}
_CODE_DIGITS_MAX = 3
_NEVER = "(?!)"

_Pattern = re.Pattern[str]


@dataclass(frozen=True, slots=True)
class NumberingPlan:
    """How numbers are written inside one region, and how long they are without any prefix."""

    calling_code: str
    lengths: frozenset[int]
    general: _Pattern
    trunk: _Pattern | None
    dial_out: _Pattern | None

    def keeps(self, number: str) -> bool:
        """Whether the library leaves this number, written after "+49", exactly as it is."""
        return len(number) in self.lengths and self.without_trunk(number) == number

    def significant(self, digits: str) -> str | None:
        """The number without its trunk prefix; None when the reading is not plain.

        A number that starts like a call abroad, or like the region's own calling code, is plain
        only when it is a whole number of the region as it stands.
        """
        if self.dial_out is not None and self.dial_out.match(digits):
            return None
        if digits.startswith(self.calling_code) and not self._is_whole(digits):
            return None
        return self.without_trunk(digits)

    def without_trunk(self, number: str) -> str | None:
        """As _maybe_strip_national_prefix_carrier_code, without its carrier and rewrite cases."""
        prefix = None if self.trunk is None else self.trunk.match(number)
        if prefix is None:
            return number
        if prefix.lastindex is not None:  # it holds a carrier code, or is to be rewritten
            return None
        rest = number[prefix.end() :]
        if rest == number or self._is_whole(rest):
            return rest
        stays = self.general.fullmatch(number) and not self.general.fullmatch(rest)
        return number if stays else None

    def _is_whole(self, number: str) -> bool:
        return len(number) in self.lengths and self.general.fullmatch(number) is not None


def calling_code_of(digits: str) -> str | None:
    """The calling code that an international number starts with; no code starts another."""
    for length in range(1, _CODE_DIGITS_MAX + 1):
        if digits[:length] in _REGIONS_OF_CODE:
            return digits[:length]
    return None


@cache
def plan_of_code(calling_code: str) -> NumberingPlan:
    """The plan of the main region of a calling code (the United States for 1)."""
    return _compile(calling_code, _metadata(calling_code, _REGIONS_OF_CODE[calling_code][0]))


def plan_of_region(region: str) -> NumberingPlan | None:
    return _plan_of_known(region) if region in SUPPORTED_REGIONS else None


@cache
def _plan_of_known(region: str) -> NumberingPlan:
    for calling_code, regions in _REGIONS_OF_CODE.items():
        if region in regions:
            return _compile(calling_code, _metadata(calling_code, region))
    raise LookupError(region)


def is_assigned(calling_code: str, number: str) -> bool:
    """Whether some region of the calling code has such numbers: is_valid_number of the library."""
    return _assigned(calling_code, len(number)).fullmatch(number) is not None


@cache
def _assigned(calling_code: str, length: int) -> _Pattern:
    """All numbers of one length, as one expression: 25 regions share +1."""
    regions = _REGIONS_OF_CODE[calling_code]
    if len(regions) == 1:  # then the library does not look at leading digits
        return re.compile(_assigned_in(_metadata(calling_code, regions[0]), length))
    return re.compile(_first_of([_metadata(calling_code, of) for of in regions], length))


def _first_of(plans: Sequence[PhoneMetadata], length: int) -> str:
    """_region_code_for_number_from_list: a region's leading digits decide, right or wrong."""
    if not plans:
        return _NEVER
    own, others = _assigned_in(plans[0], length), _first_of(plans[1:], length)
    leading = plans[0].leading_digits
    if leading is None:
        return f"(?:{own}|{others})"
    return f"(?:(?={leading}){own}|(?!{leading}){others})"


def _assigned_in(plan: PhoneMetadata, length: int) -> str:
    """_number_type_helper: the general pattern, and that of at least one type of number."""
    types = [
        plan.premium_rate,
        plan.toll_free,
        plan.shared_cost,
        plan.voip,
        plan.personal_number,
        plan.pager,
        plan.uan,
        plan.voicemail,
        plan.fixed_line,
    ]
    if not plan.same_mobile_and_fixed_line_pattern:
        types.append(plan.mobile)
    of_a_type = "|".join(_pattern(kind, length) for kind in types)
    return rf"(?:(?={_pattern(plan.general_desc, length)}\Z)(?:{of_a_type}))"


def _pattern(kind: PhoneNumberDesc | None, length: int) -> str:
    """_is_number_matching_desc: no lengths named means those of the general pattern."""
    if kind is None or not kind.national_number_pattern:
        return _NEVER
    if kind.possible_length and length not in kind.possible_length:
        return _NEVER
    return f"(?:{kind.national_number_pattern})"


def _compile(calling_code: str, plan: PhoneMetadata) -> NumberingPlan:
    general = plan.general_desc
    lengths = frozenset(general.possible_length if general else ())
    return NumberingPlan(
        calling_code=calling_code,
        lengths=lengths,
        general=re.compile((general and general.national_number_pattern) or _NEVER),
        trunk=_compile_optional(plan.national_prefix_for_parsing),
        dial_out=_compile_optional(plan.international_prefix),
    )


def _compile_optional(pattern: str | None) -> _Pattern | None:
    return re.compile(pattern) if pattern else None


def _metadata(calling_code: str, region: str) -> PhoneMetadata:
    found = PhoneMetadata.metadata_for_region_or_calling_code(int(calling_code), region)
    if found is None:
        raise LookupError(f"no numbering plan for +{calling_code} {region}")
    return found
