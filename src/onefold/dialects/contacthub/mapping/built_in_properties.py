"""Base properties as the configuration shows them."""

from collections.abc import Collection
from typing import Any

from onefold.dialects.contacthub.mapping.event_types import label_of
from onefold.dialects.contacthub.shapes.built_in_properties import BASE, BASE_PROPERTIES

Wire = dict[str, Any]


def wire_base_property(name: str, disabled: Collection[str]) -> Wire:
    return {
        "name": name,
        "description": ", ".join(label_of(part) for part in name.split(".")),
        "enabled": is_enabled(name, disabled),
    }


def is_enabled(name: str, disabled: Collection[str]) -> bool:
    return not BASE_PROPERTIES[name] <= set(disabled)


def base_property(text: str) -> str | None:
    """The name that a path means, with `base.` before it or without; None for no property."""
    name = text.removeprefix(BASE)
    return name if name in BASE_PROPERTIES else None
