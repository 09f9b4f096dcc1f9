"""Retention in Contacthub's shapes, and its bodies in the core's words."""

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any
from uuid import UUID

from msgspec import UNSET

from onefold.dialects.contacthub.mapping.times import wire_time
from onefold.dialects.contacthub.shapes.retention import EventRetention
from onefold.model.errors import FieldError, Invalid
from onefold.model.retention import Months, Stock
from onefold.model.rollups import start_of_day

Wire = dict[str, Any]


def wire_months(months: Months) -> Wire:
    return {name: {"months": months[name]} for name in sorted(months)}


def wire_status(
    stock: Mapping[UUID, Mapping[str, tuple[int, Stock]]], zone: tzinfo
) -> dict[str, dict[str, Wire]]:
    """Node id, then event type."""
    return {
        str(node_id): {name: _status(*types[name], zone) for name in sorted(types)}
        for node_id, types in stock.items()
    }


def _status(months: int, stock: Stock, zone: tzinfo) -> Wire:
    """Counters go by days, so the oldest event is shown by the beginning of its day."""
    wire: Wire = {
        "months": months,
        "total": stock.total,
        "valid": stock.valid,
        "expired": stock.expired,
    }
    if stock.oldest is None:
        return wire
    return {**wire, "oldestDate": wire_time(start_of_day(stock.oldest, zone))}


def months_of(body: Mapping[str, EventRetention], *, under: str = "") -> Months:
    """Raises Invalid for a type without its number."""
    missing = tuple(
        FieldError(f"/{under.replace('.', '/')}{name}/months", "is required")
        for name, one in body.items()
        if one.months is UNSET
    )
    if missing:
        raise Invalid("the retention policy is not valid", fields=missing)
    return {name: one.months for name, one in body.items() if one.months is not UNSET}
