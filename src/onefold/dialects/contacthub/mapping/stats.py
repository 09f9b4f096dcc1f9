"""Figures in Contacthub's shapes, and the names of its indicators."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from onefold.dialects.contacthub.mapping.times import wire_time
from onefold.model.analytics import Deed, Interval, Period, Point, Population, Purchases, Series

Wire = dict[str, Any]

INTERVALS: Mapping[str, Interval] = {
    "DAILY": Interval.DAY,
    "WEEKLY": Interval.WEEK,
    "MONTHLY": Interval.MONTH,
}
DEEDS: Mapping[str, Deed] = {
    "ADDED": Deed.ADDED,
    "UPDATED": Deed.CHANGED,
    "DELETED": Deed.REMOVED,
}
ALL = "ALL"
ECOMMERCE = "ECOMMERCE"
SCOPES = (ECOMMERCE, "RETAIL", ALL)

WEB_INDICATORS: Mapping[str, str] = {
    "pageViews": "viewedPage",
    "productViews": "viewedProduct",
    "categoryViews": "viewedProductCategory",
    "searches": "searched",
    "linkClicks": "clickedLink",
    "logins": "loggedIn",
    "compiledForms": "formCompiled",
    "abandonedSessions": "abandonedSession",
}
"""Name of a web indicator -> the event type that it counts."""

SHOP_INDICATORS: Mapping[str, str] = {
    "abandonedCarts": "abandonedCart",
    "addedProducts": "addedProduct",
    "removedProducts": "removedProduct",
}
"""The same for the indicators of an online shop, beside its orders."""

_TIMESERIES = "timeseries"
_KEY_VALUE = "keyValue"
_CURRENCY = "currency"
_NUMBER = "number"
_PLACES_LEAST = Decimal("0.01")


def wire_period(period: Period) -> Wire:
    return {"start": wire_time(period.start), "end": wire_time(period.end)}


def wire_series(points: Iterable[Point], category: str) -> Wire:
    return {"category": category, "type": _TIMESERIES, "values": _values(points)}


def wire_types(series: Iterable[Series]) -> list[Wire]:
    return [wire_series(one.points, one.type) for one in series]


def wire_contexts(series: Iterable[Series]) -> list[Wire]:
    return [{**wire_series(one.points, one.type), "context": one.context} for one in series]


def wire_categories(series: Iterable[Series]) -> list[Wire]:
    """Of one customer: the only series whose values are text."""
    return [
        {
            "category": one.type,
            "type": _TIMESERIES,
            "values": [{**value, "value": str(value["value"])} for value in _values(one.points)],
        }
        for one in series
    ]


def wire_population(population: Population) -> Wire:
    return {
        "category": "CustomersSnapshot",
        "type": _KEY_VALUE,
        "values": [{"key": "total", "value": population.customers}],
    }


def wire_channels(population: Population) -> Wire:
    counts = {
        "emailMobile": population.by_both,
        "emailOnly": population.by_email,
        "mobileOnly": population.by_mobile,
        "notReachable": population.unreachable,
    }
    return {
        "category": "communicationChannels",
        "type": _KEY_VALUE,
        "values": [{"key": key, "value": str(count)} for key, count in counts.items()],
    }


def wire_behaviours(purchases: Sequence[Purchases]) -> list[Wire]:
    """What one customer bought."""
    return [
        *(
            _money("totalSpending", one, one.total) | {"revenue": _amount(one.revenue)}
            for one in purchases
        ),
        *(
            _money("averageSpending", one, one.average) | {"revenue": _amount(one.revenue)}
            for one in purchases
        ),
        *_orders(purchases),
    ]


def wire_purchases(purchases: Sequence[Purchases]) -> list[Wire]:
    return [
        *(_money("totalRevenue", one, one.revenue) for one in purchases),
        *(_money("averageOrderValue", one, one.average) for one in purchases),
        *_orders(purchases),
    ]


def wire_shop(purchases: Sequence[Purchases], counts: Mapping[str, int]) -> list[Wire]:
    """An online shop's indicators; `counts` are by event type."""
    return [
        *(_money("totalSales", one, one.total) for one in purchases),
        *(_money("averageOrderValue", one, one.average) for one in purchases),
        *_orders(purchases),
        *(_count(name, counts[event_type]) for name, event_type in SHOP_INDICATORS.items()),
    ]


def wire_web(counts: Mapping[str, int]) -> list[Wire]:
    return [
        {
            "name": name,
            "category": "eventsKPI",
            "type": _KEY_VALUE,
            "values": [{"key": name, "value": counts[event_type]}],
        }
        for name, event_type in WEB_INDICATORS.items()
    ]


def _orders(purchases: Sequence[Purchases]) -> list[Wire]:
    """What is counted whatever the currency."""
    return [
        _count("totalOrders", sum(one.orders for one in purchases)),
        _count("totalReturns", sum(one.returns for one in purchases)),
        _count("unitsSold", sum((one.units for one in purchases), Decimal(0))),
    ]


def _money(name: str, purchases: Purchases, value: Decimal) -> Wire:
    return {
        "name": name,
        "type": _CURRENCY,
        "currency": purchases.currency,
        "value": _amount(value),
        "total": _amount(purchases.total),
    }


def _count(name: str, value: int | Decimal) -> Wire:
    text = format(Decimal(value).normalize(), "f")
    return {"name": name, "type": _NUMBER, "value": text}


def _amount(value: Decimal) -> str:
    """With two places, or as many as it has."""
    shortest = value.normalize()
    cents = value.quantize(_PLACES_LEAST)
    return format(cents if cents == value else shortest, "f")


def _values(points: Iterable[Point]) -> list[Wire]:
    return [{"datetime": one.day.isoformat(), "value": one.value} for one in points]
