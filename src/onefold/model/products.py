"""Products as events show them, one by one or as the lines of an order."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from onefold.model.errors import FieldError, Invalid
from onefold.model.events import Event

ID_LENGTH_MAX = 255
"""A longer id than an index holds is no id of a product."""

PRODUCT_EVENT_TYPES = (
    "completedOrder",
    "abandonedCart",
    "addedCompare",
    "addedProduct",
    "addedWishlist",
    "removedCompare",
    "removedProduct",
    "removedWishlist",
    "viewedProduct",
    "reviewedProduct",
)
_FACTS = (
    "sku",
    "name",
    "vendor",
    "category",
    "classifications",
    "shortDescription",
    "linkUrl",
    "imageUrl",
    "price",
    "weight",
    "unitOfMeasure",
)
"""What is said of a product itself and not of its sale."""


@dataclass(frozen=True, slots=True)
class Product:
    """`facts` are named as in events; they were said at `seen_at`, the newest of them."""

    id: str
    facts: Mapping[str, Any]
    seen_at: datetime


def products_in(events: Iterable[Event], event_types: Collection[str]) -> list[Product]:
    """Each product of these events once; what a newer event says wins."""
    found: dict[str, Product] = {}
    for event in sorted(events, key=lambda one: one.occurred_at):
        if event.type not in event_types:
            continue
        for product_id, facts in _shown_by(event):
            known = found.get(product_id)
            merged = {**known.facts, **facts} if known else facts
            found[product_id] = Product(product_id, merged, event.occurred_at)
    return list(found.values())


def check_event_types(event_types: Collection[str]) -> None:
    """Raises Invalid for a type that shows no products."""
    for event_type in event_types:
        if event_type not in PRODUCT_EVENT_TYPES:
            fields = (FieldError("settings.registry_event_types", "shows no products"),)
            raise Invalid("an event type shows no products", fields=fields)


def _shown_by(event: Event) -> Iterator[tuple[str, dict[str, Any]]]:
    listed = event.properties.get("products")
    lines = listed if isinstance(listed, list) else [_alone(event.properties)]
    for line in lines:
        if not isinstance(line, dict):
            continue
        product_id = line.get("id") or line.get("sku")
        if isinstance(product_id, str) and 0 < len(product_id) <= ID_LENGTH_MAX:
            names = (*_FACTS, "extended")
            yield product_id, {name: line[name] for name in names if line.get(name) is not None}


def _alone(properties: Mapping[str, Any]) -> dict[str, Any]:
    """An event of one product: what is extended in it is the event's."""
    return {name: value for name, value in properties.items() if name != "extended"}
