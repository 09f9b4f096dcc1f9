"""Event types as the configuration shows them."""

import re
from typing import Any

Wire = dict[str, Any]

_CAPITAL = re.compile(r"(?=[A-Z])")


def wire_event_type(name: str, *, mode: str, about: str, schema: Wire, enabled: bool) -> Wire:
    return {
        "id": name,
        "type": name,
        "mode": mode,
        "label": label_of(name),
        "description": about,
        "propertiesSchema": schema,
        "enabled": enabled,
    }


def label_of(name: str) -> str:
    """`abandonedCart` as people write it: `Abandoned cart`."""
    return _CAPITAL.sub(" ", name).capitalize()
