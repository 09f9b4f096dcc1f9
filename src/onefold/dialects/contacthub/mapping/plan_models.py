"""Models under which events are exported to Plan, and the properties that can be mapped to them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from onefold.model.workspaces import Source

Wire = dict[str, Any]
Definitions = Mapping[str, Mapping[str, Any]]

CONTACTPLAN = "CONTACTPLAN"
COLUMN_TYPE = "STRING"

EVENT_TYPES_OF_MODEL: Mapping[str, tuple[str, ...]] = {
    "ABANDONED_CART": ("abandonedCart",),
    "ATTENDANCE_EVENT": (
        "eventConfirmed",
        "eventDeclined",
        "eventEligible",
        "eventInvited",
        "eventNoShow",
        "eventNotInvited",
        "eventParticipated",
        "eventRegistered",
    ),
    "COUPON": ("grantedCoupon",),
    "ORDER": ("completedOrder", "orderShipped"),
    "ORDER_LINE": ("completedOrder",),
    "PRODUCT_INTERACTION": (
        "addedCompare",
        "addedProduct",
        "addedWishlist",
        "removedCompare",
        "removedProduct",
        "removedWishlist",
        "reviewedProduct",
        "viewedProduct",
    ),
    "SERVICE_SUBSCRIBED": ("serviceSubscribed",),
    "SERVICE_UNSUBSCRIBED": ("serviceUnsubscribed",),
    "WEB_BROWSING_EVENT": ("viewedPage", "viewedProductCategory", "searched", "clickedLink"),
}
"""Which events each model holds; inferred from the names."""

_MAPPINGS = ("eventPropertiesColumnMapping", "productsPropertiesColumnMapping")


def wire_plan_model(
    model: str, *, events: Iterable[Definitions], products: Definitions, sources: Iterable[Source]
) -> Wire:
    """The columns that Plan sources of the workspace name, and what can be mapped to them."""
    of_events: dict[str, Mapping[str, Any]] = {}
    for definitions in events:
        of_events = {**definitions, **of_events}
    columns = dict.fromkeys(_columns(model, sources))
    return {
        "plan": [{"name": name, "type": COLUMN_TYPE} for name in columns],
        "hub": {"event": _fields(of_events), "product": _fields(products)},
    }


def _columns(model: str, sources: Iterable[Source]) -> Iterator[str]:
    mappings = (
        one
        for source in sources
        if source.provider == CONTACTPLAN
        for name in _MAPPINGS
        for one in source.properties.get(name) or ()
        if one.get("model") == model
    )
    for one in mappings:
        yield from (pair["plan"] for pair in one.get("mapping") or () if "plan" in pair)


def _fields(definitions: Definitions) -> list[Wire]:
    return [
        _field(name, definition)
        for name, definition in definitions.items()
        if definition.get("enabled", True)
    ]


def _field(name: str, definition: Mapping[str, Any]) -> Wire:
    schema = definition["schema"]
    field: Wire = {"name": name, "type": schema["type"]}
    if "format" in schema:
        field["format"] = schema["format"]
    if definition.get("label"):
        field["contactlabProperties"] = {"label": definition["label"]}
    return field
