"""Largest payloads of events, type by type."""

from collections.abc import Collection, Mapping
from typing import Any

from onefold.model.errors import FieldError, Invalid

Wire = dict[str, Any]

EVENT_BYTES_SHOWN = 65_535
"""What a type without a size of its own shows: the general limit of 64 kB."""


def wire_sizes(names: Collection[str], bytes_max: Mapping[str, int]) -> Wire:
    return {name: {"maxBytes": bytes_max.get(name, EVENT_BYTES_SHOWN)} for name in names}


def sizes_of(body: Mapping[str, Wire], names: Collection[str]) -> dict[str, int]:
    """Event type -> bytes; a type that is left out has the general limit again.

    Raises Invalid for a type that there is not, and for one without a size.
    """
    for name, size in body.items():
        if name not in names:
            raise _invalid(f"/{name}", "is not an event type")
        if "maxBytes" not in size:
            raise _invalid(f"/{name}/maxBytes", "is required")
    return {name: size["maxBytes"] for name, size in body.items()}


def _invalid(pointer: str, message: str) -> Invalid:
    return Invalid("the sizes are not valid", fields=(FieldError(pointer, message),))
