"""Which event types need which consent: Contacthub's shape and the core's."""

from collections.abc import Mapping
from typing import Any

from onefold.dialects.contacthub.shapes.paths import core_path, wire_path

Wire = dict[str, Any]

CONSENTS = "consents."


def policy_of(body: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    """Purpose -> event types, each once; what is no path of a consent is kept for the check."""
    found = {}
    for path, types in body.items():
        core = core_path(path) if path.startswith(CONSENTS) else None
        found[(core or path).removeprefix(CONSENTS)] = tuple(dict.fromkeys(types))
    return found


def wire_policy(policy: Mapping[str, tuple[str, ...]]) -> Wire:
    return {wire_path(CONSENTS + purpose): list(types) for purpose, types in policy.items()}
