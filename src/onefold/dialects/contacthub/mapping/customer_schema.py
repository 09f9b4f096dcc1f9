"""The JSON Schema of a customer, put together from the contract and the workspace's own part."""

from collections.abc import Mapping
from typing import Any

from onefold.model.references import resolved, self_contained

Wire = dict[str, Any]

CUSTOMER = "CustomerFields"
EXTENDED = "ExtendedPropertiesValues"


def wire_customer_schema(document: Mapping[str, Any], *, extended: Wire, whole: bool) -> Wire:
    """What clients may send of a customer; `whole` has no references left in it."""
    schemas = {**document["components"]["schemas"], EXTENDED: extended}
    own = {"components": {"schemas": schemas}}
    found: Wire = (resolved if whole else self_contained)(schemas[CUSTOMER], own)
    return found
