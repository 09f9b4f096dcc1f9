"""The mark of an absent value, where absent and null differ."""

from enum import Enum
from typing import Final, Literal


class Unset(Enum):
    """One member, so that a type checker can tell it from every value."""

    UNSET = "unset"


UNSET: Final = Unset.UNSET
UnsetType = Literal[Unset.UNSET]
