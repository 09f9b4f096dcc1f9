"""What a purchase comes to: money, pieces, and whether it was a return."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from onefold.model.events import PURCHASE, Event, money_of

AMOUNT_ABS_MAX = Decimal(10) ** 15
"""A total above this is counted as an event, not as money: the counter could not hold it."""

_CENT = Decimal("0.0001")
_NOTHING = Decimal(0)
_RETURN = "return"


@dataclass(frozen=True, slots=True)
class Purchase:
    """What one event adds to counters of money; `returns` is 1 when goods came back.

    `revenue` is the total where the event does not tell it apart; `units` counts pieces, a line
    without a quantity as one.
    """

    currency: str = ""
    total: Decimal = _NOTHING
    revenue: Decimal = _NOTHING
    units: Decimal = _NOTHING
    returns: int = 0


NO_PURCHASE = Purchase()


def purchase_of(event: Event) -> Purchase:
    """NO_PURCHASE for every event but a completed order."""
    if event.type != PURCHASE:
        return NO_PURCHASE
    currency, total = money_of(event.type, event.properties)
    is_return = event.properties.get("type") == _RETURN
    revenue = _number((event.properties.get("amount") or {}).get("revenue"))
    if revenue is None:
        revenue = total
    return Purchase(
        currency,
        _countable(total),
        _countable(-abs(revenue) if is_return else revenue),
        _countable(_units(event.properties, is_return=is_return)),
        int(is_return),
    )


def _units(properties: Mapping[str, Any], *, is_return: bool) -> Decimal:
    lines = properties.get("products")
    if not isinstance(lines, list):
        return _NOTHING
    return sum(
        (_pieces(line, is_return=is_return) for line in lines if isinstance(line, dict)),
        _NOTHING,
    )


def _pieces(line: Mapping[str, Any], *, is_return: bool) -> Decimal:
    quantity = _number(line.get("quantity"))
    pieces = Decimal(1) if quantity is None else quantity
    return -abs(pieces) if is_return or line.get("type") == _RETURN else pieces


def _number(value: object) -> Decimal | None:
    if value is None or isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _countable(amount: Decimal) -> Decimal:
    if not amount or abs(amount) > AMOUNT_ABS_MAX:
        return _NOTHING
    return amount.quantize(_CENT)
