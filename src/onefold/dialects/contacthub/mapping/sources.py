"""Sources: Contacthub's shape and the core's."""

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from msgspec import UNSET

from onefold.dialects.contacthub.shapes.providers import provider_of
from onefold.dialects.contacthub.shapes.sources import SourceBody
from onefold.model.errors import FieldError, Invalid
from onefold.model.networks import network_of
from onefold.model.origins import origin_of
from onefold.model.workspaces import Source

Wire = dict[str, Any]

ADDRESSES = "allowedIPs"
PAGES = "allowedURLs"
API_PROPERTIES = "ApiSourceProperties"
_BETWEEN = re.compile(r"[\s,;]+")


def wire_source(source: Source, token: str | None) -> Wire:
    """Addresses that another door has set are shown too; those sent here stay as they were."""
    properties = dict(source.properties)
    if source.networks and ADDRESSES not in properties and _has_addresses(source.provider):
        properties[ADDRESSES] = list(source.networks)
    wire: Wire = {
        "id": str(source.id),
        "name": source.name,
        "description": source.description,
        "nodes": [str(one) for one in source.node_ids],
        "enabled": source.enabled,
        "provider": source.provider,
        "properties": properties,
    }
    return wire if token is None else {**wire, "token": token}


def source_of(
    body: SourceBody, *, source_id: UUID, provider: str, networks: tuple[str, ...] = ()
) -> Source:
    """The source that a body describes; raises Invalid for what can never be one.

    `networks` stay for a provider whose properties have no word for them.
    """
    properties = {} if body.properties is UNSET else body.properties
    if body.name is UNSET or not body.name.strip():
        raise _invalid("/name", "is required")
    if body.nodes is UNSET:
        raise _invalid("/nodes", "is required")
    return Source(
        id=source_id,
        name=body.name,
        provider=provider,
        node_ids=tuple(dict.fromkeys(UUID(one) for one in body.nodes)),
        description=body.description,
        enabled=body.enabled,
        properties=properties,
        networks=_networks_of(properties.get(ADDRESSES)) if _has_addresses(provider) else networks,
        origins=_origins_of(properties.get(PAGES) or ()),
    )


def _has_addresses(provider: str) -> bool:
    return provider_of(provider).properties == API_PROPERTIES


def _networks_of(sent: str | list[str] | None) -> tuple[str, ...]:
    """Text has its addresses separated by commas or blanks."""
    texts = _BETWEEN.split(sent) if isinstance(sent, str) else sent or []
    networks = []
    for text in filter(None, texts):
        try:
            networks.append(network_of(text))
        except ValueError as error:
            message = "holds something that is neither an address nor a network"
            raise _invalid(f"/properties/{ADDRESSES}", message) from error
    return tuple(dict.fromkeys(networks))


def _origins_of(pages: Sequence[str]) -> tuple[str, ...]:
    found = []
    for position, page in enumerate(pages):
        try:
            found.append(origin_of(page))
        except ValueError as error:
            raise _invalid(f"/properties/{PAGES}/{position}", "is not a page's address") from error
    return tuple(dict.fromkeys(found))


def _invalid(pointer: str, message: str) -> Invalid:
    name = pointer.rpartition("/")[2]
    return Invalid(f"{name} {message}", fields=(FieldError(pointer, message),))
